import Foundation
import Testing

@testable import BoostedTrees

@Suite struct BoosterTests {
  /// What the training kept as scores is what the forest predicts: bins and thresholds agree.
  @Test(arguments: 0..<3 as Range<UInt64>)
  func trainingScoresArePredictions(seed: UInt64) throws {
    var options = TestTables.Options(rows: 3_000, columns: 6, levels: 0, missing: 0.2)
    options.hasWeights = true
    var table = try TestTables.make(seed: seed, options)
    // Neighbouring numbers, infinities and signed zeros are where the two could part.
    let odd: [Float] = [
      1, Float(1).nextUp, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude,
      .greatestFiniteMagnitude, .nan,
    ]
    let features = table.features.enumerated().map { place, value in
      place % 6 == 5 ? odd[Int(value.isNaN ? 8 : (value.magnitude * 1_000).rounded()) % 9] : value
    }
    table = try Table(
      features: features, featureNames: table.featureNames, target: table.target,
      weights: table.weights)
    let booster = Booster(
      objective: SquaredError(), rounds: 12, leaves: 20, recordsTrainingLoss: true)
    let forest = try booster.fit(table)
    let scores = try forest.scores(for: table)
    let rows = try ObjectiveRows(table, for: booster.objective)
    var tracker = LossTracker(booster.objective, rows, scores: scores)
    #expect(tracker.loss(at: scores) == forest.log.rounds.last?.trainLoss)
    for threads in [2, 3] { #expect(try forest.scores(for: table, threads: threads) == scores) }
    for row in stride(from: 0, to: 3_000, by: 7) {
      var score = forest.header.initialScores[0]
      for tree in forest.trees { score += tree.values[tree.leaf(of: table.features(ofRow: row))] }
      #expect(score == scores[row])
    }
  }

  @Test func lossesFallAndAreLogged() throws {
    let table = try TestTables.make(seed: 1, .init(rows: 1_000, classes: 2))
    let booster = Booster(objective: Logistic(), rounds: 15, recordsTrainingLoss: true)
    var seen: [TrainingRound] = []
    let forest = try booster.fit(table, validation: table) { round in
      seen.append(round)
      return true
    }
    #expect(seen == forest.log.rounds && seen.map(\.round) == Array(1...15))
    let losses = seen.compactMap(\.trainLoss)
    #expect(losses.count == 15 && zip(losses, losses.dropFirst()).allSatisfy { $1 < $0 })
    #expect(seen.compactMap(\.validationLoss) == losses)
    #expect(forest.roundCount == 15 && forest.log.bestRound == 15)
    #expect(seen.allSatisfy { $0.adjustedHessians == 0 })
  }

  @Test func progressEndsTraining() throws {
    let table = try TestTables.make(seed: 2)
    let forest = try Booster(objective: SquaredError(), rounds: 50).fit(table, validation: nil) {
      $0.round < 4
    }
    #expect(forest.roundCount == 4)
  }

  @Test(arguments: [true, false])
  func earlyStoppingKeepsTheBestRound(hasLoss: Bool) throws {
    let table = try TestTables.make(seed: 3, .init(rows: 600, levels: 0, classes: 2))
    let train = table.subset(Array(0..<300))
    let test = table.subset(Array(300..<600))
    let closure = CustomObjective("logistic", link: .logit) { row in
      let p = StableMath.sigmoid(row.score)
      return Derivatives(gradient: p - row.target, hessian: p * (1 - p))
    }
    var booster = Booster(
      objective: hasLoss ? Logistic() as any Objective : closure, rounds: 400, learningRate: 0.3,
      minChildRows: 2, earlyStopping: EarlyStopping(rounds: 10))
    let forest = try booster.fit(train, validation: test)
    let losses = forest.log.rounds.compactMap(\.validationLoss)
    let best = try #require(losses.indices.min { losses[$0] < losses[$1] }) + 1
    #expect(forest.log.bestRound == best && forest.roundCount == best)
    #expect(losses.count == best + 10 && losses.count < 400)
    // The kept part is what as many rounds without stopping give.
    booster.rounds = best
    booster.earlyStopping = nil
    #expect(try booster.fit(train).trees == forest.trees)
  }

  /// A start whose loss is not a number is no reason to keep no tree at all.
  @Test func earlyStoppingSurvivesAStartWithoutALoss() throws {
    let table = try Table(
      features: (0..<100).map(Float.init), featureNames: ["a"],
      target: (0..<100).map { $0 < 50 ? -1 : 1 })
    let objective = CustomObjective(
      "undefined at 0",
      loss: { $0.score == 0 ? .nan : ($0.score - $0.target) * ($0.score - $0.target) },
      derivatives: { .init(gradient: 2 * ($0.score - $0.target), hessian: 2) })
    let forest = try Booster(
      objective: objective, rounds: 8, earlyStopping: EarlyStopping(rounds: 5),
      checksObjective: false
    ).fit(table, validation: table)
    #expect(forest.header.initialScores == [0])
    #expect(forest.roundCount == 8)
  }

  /// Squared error whose leaf solver tells whether it was given groups.
  private struct AsksForGroups: PointwiseObjective {
    let name = "asks for groups"
    let defaultMetric = Metric.rmse
    var reach: Reach { .group }
    var leafSolver: LeafSolver? { { _, rows, _, _ in rows.groups.isEmpty ? 100 : 1 } }
    func loss(_ row: borrowing Row) -> Double {
      (row.score - row.target) * (row.score - row.target)
    }
    func derivatives(_ row: borrowing Row) -> Derivatives {
      .init(gradient: 2 * (row.score - row.target), hessian: 2)
    }
  }

  @Test func leafSolversAreGivenTheGroups() throws {
    let table = try Table(
      features: (0..<100).map(Float.init), featureNames: ["a"], target: (0..<100).map(Double.init),
      groups: (0..<100).map { $0 / 10 })
    let forest = try Booster(objective: AsksForGroups(), rounds: 1, learningRate: 0.5).fit(table)
    let tree = try #require(forest.trees.first)
    for (node, value) in zip(tree.nodes, tree.values) where node.isLeaf { #expect(value == 0.5) }
  }

  @Test func modelFilesRoundTrip() throws {
    let table = try TestTables.make(seed: 4, .init(missing: 0.2, classes: 3))
    let forest = try Booster(objective: SoftmaxCrossEntropy(classes: 3), rounds: 4).fit(table)
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("forest-\(UUID()).model").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try forest.save(to: path)
    let read = try Forest(contentsOf: path)
    #expect(read.trees == forest.trees && read.header == forest.header)
    #expect(try read.predictions(for: table) == forest.predictions(for: table))
  }

  /// Payloads whose bytes are whole but whose trees are not.
  @Test func unsoundTreesAreRefused() throws {
    let table = try TestTables.make(seed: 5)
    let forest = try Booster(objective: SquaredError(), rounds: 1).fit(table)
    func refuses(_ change: (inout Tree) -> Void) -> Bool {
      var damaged = forest
      change(&damaged.trees[0])
      var encoder = BinaryEncoder()
      damaged.encodePayload(into: &encoder)
      var decoder = BinaryDecoder(encoder.bytes[...])
      do {
        _ = try Forest(header: forest.header, payload: &decoder)
        return false
      } catch {
        return error.code == .invalidModelFile
      }
    }
    #expect(!refuses { _ in })
    #expect(refuses { $0.nodes[0].left = 0 })
    #expect(refuses { $0.nodes[0].right = 1_000 })
    #expect(refuses { $0.nodes[0].columnAndDirection = 4 })
    #expect(refuses { $0.nodes[0].threshold = .nan })
    #expect(refuses { $0.values.removeLast() })
    #expect(refuses { $0.nodes[2].left = -1 })
    // A leaf that names a column would have it read, far outside the row.
    #expect(
      refuses { tree in
        let leaf = tree.nodes.firstIndex { $0.isLeaf } ?? 0
        tree.nodes[leaf].columnAndDirection = 0x7fff_ffff
      })
  }

  @Test func curvaturePoliciesTouchWhatTheySay() throws {
    let table = try TestTables.make(seed: 6, .init(rows: 400))
    // Curvature is negative where the target is: not a convex loss, but a legal question.
    let objective = CustomObjective("wavy") { row in
      let curvature = row.target < 0 ? -0.5 : 1.5
      return Derivatives(gradient: curvature * (row.score - row.target), hessian: curvature)
    }
    let negative = (table.target ?? []).count { $0 < 0 }
    var booster = Booster(objective: objective, rounds: 2)
    func touched(_ policy: CurvaturePolicy) throws -> Int {
      booster.curvature = policy
      return try booster.fit(table).log.rounds[0].adjustedHessians
    }
    #expect(negative > 20)
    #expect(try touched(.exact) == negative)
    #expect(try touched(.absolute) == negative)
    #expect(try touched(.floor(0.1)) == negative)
    #expect(try touched(.constant(2)) == 400)
    // A constant curvature of 1 makes the leaf of squared error's half the mean residual.
    let plain = try Booster(
      objective: CustomObjective("half") { .init(gradient: $0.score - $0.target, hessian: 1) },
      rounds: 3
    ).fit(table)
    let constant = try Booster(
      objective: CustomObjective("half") { .init(gradient: $0.score - $0.target, hessian: 1) },
      rounds: 3, curvature: .constant(1)
    ).fit(table)
    #expect(plain.trees == constant.trees)
  }

  /// Fewer histograms than leaves: children are then built from their rows.
  @Test func boundedHistogramMemoryChangesNothing() throws {
    let table = try TestTables.make(seed: 7, .init(rows: 3_000, columns: 5, levels: 0))
    let booster = Booster(objective: SquaredError(), rounds: 1, leaves: 40)
    let free = try booster.fit(table)
    let bounded = try HistogramLimitProbe.tree(of: table, booster, histograms: 3)
    #expect(free.trees[0].nodes == bounded.nodes)
  }
}
