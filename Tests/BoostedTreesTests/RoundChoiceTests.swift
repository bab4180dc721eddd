import OrderedCollections
import Foundation
import Testing

@testable import BoostedTrees

/// Rounds chosen on held-out rows, and the forest fitted again on all.
@Suite struct RoundChoiceTests {
  private func noisy(_ rows: Int, seed: UInt64, weights: Bool = false) throws -> Table {
    var options = TestTables.Options(rows: rows, levels: 0, classes: 2)
    options.hasWeights = weights
    return try TestTables.make(seed: seed, options)
  }

  /// The forest is that of as many rounds on all rows, byte for byte, whatever the threads.
  @Test(arguments: [false, true])
  func theRefitIsAFitOfTheChosenNumber(weights: Bool) throws {
    let train = try noisy(900, seed: 3, weights: weights)
    var booster = Booster(objective: Logistic(), learningRate: 0.3, threads: 1)
    let chosen = try booster.fit(train)
    let choice = try #require(chosen.log.choice)
    #expect(choice.basis == .heldOut && choice.isRefitted && choice.heldOutRule == .random)
    #expect(chosen.log.bestRound == chosen.roundCount && chosen.roundCount < Booster.mostRounds)
    let losses = chosen.log.rounds.compactMap(\.validationLoss)
    #expect(losses.indices.min { losses[$0] < losses[$1] } == chosen.roundCount - 1)
    let bytes = try ModelFile.bytes(of: chosen)
    for threads in [2, 3] {
      booster.threads = threads
      #expect(try ModelFile.bytes(of: booster.fit(train)) == bytes)
    }
    booster.rounds = chosen.roundCount
    #expect(try ModelFile.bytes(of: booster.fit(train)) == bytes)
    // Another seed holds out the same rows.
    booster.rounds = nil
    booster.seed = 99
    #expect(try ModelFile.bytes(of: booster.fit(train)) == bytes)
  }

  @Test func aNumberIsExact() throws {
    let train = try noisy(900, seed: 4)
    let booster = Booster(objective: Logistic(), rounds: 150)
    #expect(try booster.fit(train).roundCount == 150)
    // Also where validation rows are followed.
    #expect(try booster.fit(train, validation: noisy(100, seed: 5)).roundCount == 150)
  }

  /// Queries are held out whole, a table of survival times by chance.
  @Test func rowsThatDependOnOneAnother() throws {
    let table = try TestTables.make(seed: 6, .init(rows: 600, levels: 5))
    let queries = try Table(
      features: table.features, featureNames: table.featureNames,
      target: table.target?.map { $0 > 0 ? 1 : 0 }, groups: (0..<600).map { $0 / 12 })
    let ranking = try Booster(objective: LambdaMART()).fit(queries)
    #expect(ranking.log.choice?.heldOutRule == .group && ranking.log.choice?.isRefitted == true)
    // 600 rows, 15 % of them, in queries of 12.
    #expect(ranking.log.choice?.heldOutRows == 84 || ranking.log.choice?.heldOutRows == 96)
    let survival = try Table(
      features: table.features, featureNames: table.featureNames,
      target: table.target?.map { 1 + $0.magnitude },
      rowData: ["event": (0..<600).map { Double($0 % 2) }])
    let cox = try Booster(objective: Cox()).fit(survival)
    #expect(cox.log.choice?.heldOutRule == .random && cox.log.choice?.isRefitted == true)
  }

  /// An objective that suggests an adjustment gets it, in search and refit.
  @Test func adjustmentsAreTheDefault() throws {
    var generator = RandomGenerator(seed: 8)
    let sizes = (0..<500).map { _ in 1 + 1000 * generator.uniform() }
    let x = (0..<500).map { _ in generator.uniform() }
    let table = try Table(
      features: x.map(Float.init), featureNames: ["x"], target: zip(x, sizes).map { $0 * $1 },
      rowData: ["size": sizes])
    let forest = try Booster(objective: SizeNormalisedSquaredError()).fit(table)
    #expect(forest.header.objective.adjustment == .multiplied(by: "size"))
    #expect(try forest.evaluate(on: table, metrics: [.rmsne])["rmsne"] ?? 1 < 0.05)
    let plain = try Booster(objective: SizeNormalisedSquaredError(), adjustsScores: false).fit(
      table)
    #expect(plain.header.objective.adjustment == nil)
  }
}
