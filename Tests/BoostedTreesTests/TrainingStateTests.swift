import Foundation
import TestSupport
import Testing

@testable import BoostedTrees

/// A fit that is interrupted after any round and continued from its encoded state ends in the same
/// model bytes as one that never was.
@Suite("Training states") struct TrainingStateTests {
  /// What a fit is made of, in fits that use every part of the state.
  struct Fit: Sendable, CustomTestStringConvertible {
    var name: String
    var booster: Booster
    var train: Table
    var validation: Table?
    var patience: Int?
    var testDescription: String { name }

    func data(threads: Int) throws -> FitData {
      var booster = booster
      booster.threads = threads
      let plan = RoundPlan(most: 8, last: 8, patience: patience)
      return try FitData(booster, train, validation: validation, plan: plan)
    }
  }

  static func fits() throws -> [Fit] {
    func booster(_ objective: any Objective) -> Booster {
      Booster(objective: objective, learningRate: 0.3, leaves: 6, recordsTrainingLoss: true)
    }
    let table = try TestTables.make(seed: 1, .init(rows: 400, missing: 0.1, hasWeights: true))
    let other = try TestTables.make(seed: 2, .init(rows: 200, missing: 0.1))
    let binary = try table.withTarget((table.target ?? []).map { $0 > 0.7 ? 1 : 0 })
    let classes = try TestTables.make(seed: 3, .init(rows: 300, classes: 3))
    // Derivatives over so many decades that a later round needs a wider format than the first.
    let sized = try TestTables.makeSized(seed: 4, .init(rows: 600))
    // Hessians that vanish in the tails: rounds are shortened, and the guard stays wary after them.
    let far = try TestTables.make(seed: 33, .init(rows: 500, levels: 0))
    let farTable = try far.withTarget((far.target ?? []).map { 300 + 80 * $0 })
    var tails = booster(Self.pseudoHuber)
    tails.curvature = .exact
    let slopes = CustomObjective("slopes") { row in
      Derivatives(gradient: row.score - row.target, hessian: 1)
    }
    var fits = [
      Fit(name: "squared", booster: booster(SquaredError()), train: table),
      Fit(name: "logistic", booster: booster(Logistic()), train: binary),
      Fit(name: "softmax", booster: booster(Closures.softmax(classes: 3)), train: classes),
      Fit(name: "leaf solver", booster: booster(AbsoluteError()), train: table),
      Fit(name: "sized", booster: booster(Closures.sne), train: sized),
      Fit(name: "shortened", booster: tails, train: farTable),
      Fit(name: "without loss", booster: booster(slopes), train: table),
    ]
    for (place, validation) in [(0, other), (6, other), (5, farTable)] {
      var fit = fits[place]
      (fit.name, fit.validation, fit.patience) = (fit.name + ", stops early", validation, 2)
      fits.append(fit)
    }
    // Ends before its last round.
    var noise = fits[0]
    let shuffled = Array((other.target ?? []).reversed())
    (noise.name, noise.validation, noise.patience) = (
      "stops early, on noise", try other.withTarget(shuffled), 2
    )
    return fits + [noise]
  }

  /// Curvature falls with the third power of the error, as far from it as the tails are.
  static let pseudoHuber = CustomObjective(
    "pseudo-huber", loss: { row in (1 + (row.score - row.target).squared()).squareRoot() - 1 }
  ) { row in
    let error = row.score - row.target
    let root = (1 + error * error).squareRoot()
    return Derivatives(gradient: error / root, hessian: 1 / (root * root * root))
  }

  private func decoded(_ state: TrainingState, asJSON: Bool) throws -> TrainingState {
    guard asJSON else {
      let encoder = PropertyListEncoder()
      encoder.outputFormat = .binary
      return try PropertyListDecoder().decode(TrainingState.self, from: encoder.encode(state))
    }
    return try JSONDecoder().decode(TrainingState.self, from: JSONEncoder().encode(state))
  }

  @Test("continued after any round, the same model", arguments: try! fits(), [1, 3])
  func continued(fit: Fit, threads: Int) throws {
    let data = try fit.data(threads: threads)
    let whole = try BoostingSession(data).run(progress: nil)
    let expected = try ModelFile.bytes(of: whole)
    let interrupted = try BoostingSession(data)
    var rounds = 0
    repeat {
      let state = try decoded(interrupted.state, asJSON: rounds % 2 == 0)
      #expect(state.roundCount == rounds)
      // On other threads, too.
      let continued = try BoostingSession(fit.data(threads: 4 - threads), continuing: state)
      let forest = try continued.run(progress: nil)
      #expect(try ModelFile.bytes(of: forest) == expected, "after round \(rounds)")
      #expect(forest.log.rounds.map(\.trainLoss) == whole.log.rounds.map(\.trainLoss))
      #expect(forest.log.rounds.map(\.validationLoss) == whole.log.rounds.map(\.validationLoss))
      #expect(forest.log.rounds.map(\.shortenedLeaves) == whole.log.rounds.map(\.shortenedLeaves))
      #expect(forest.log.bestRound == whole.log.bestRound && forest.log.halt == whole.log.halt)
      rounds += 1
    } while try interrupted.step()
    #expect(rounds == whole.log.rounds.count + 1)
    #expect(try ModelFile.bytes(of: interrupted.forest) == expected)
  }

  @Test("the fits are such as use every part of the state") func fitsUseAll() throws {
    var formats: Set<SumFormat> = []
    var (shortened, early, kept) = (0, 0, 0)
    for fit in try Self.fits() {
      let session = try BoostingSession(fit.data(threads: 1))
      let forest = try session.run(progress: nil)
      formats.insert(session.state.format)
      shortened += forest.log.rounds.count { $0.shortenedLeaves > 0 }
      early += forest.log.rounds.count < 8 ? 1 : 0
      kept += forest.roundCount < forest.log.rounds.count ? 1 : 0
      #expect(forest.log.rounds.count > 1, "\(fit.name)")
    }
    #expect(formats.count > 1 && shortened > 0 && early > 0 && kept > 0)
  }

  @Test("progress that ends a fit leaves a state to continue from") func stopped() throws {
    let fit = try Self.fits()[0]
    let session = try BoostingSession(fit.data(threads: 1))
    let short = try session.run { $0.round < 3 }
    #expect(short.roundCount == 3 && !session.state.isFinished)
    let rest = try BoostingSession(fit.data(threads: 1), continuing: session.state)
    let whole = try BoostingSession(fit.data(threads: 1)).run(progress: nil)
    #expect(try ModelFile.bytes(of: rest.run(progress: nil)) == ModelFile.bytes(of: whole))
    #expect(try rest.step() == false)
  }

  @Test("states of other fits are refused") func refused() throws {
    let fits = try Self.fits()
    let session = try BoostingSession(fits[0].data(threads: 1))
    _ = try session.step()
    func refusal(_ fit: Fit, _ change: (inout TrainingState) -> Void = { _ in }) throws -> String? {
      var state = session.state
      change(&state)
      let data = try fit.data(threads: 1)
      do {
        _ = try BoostingSession(data, continuing: state)
        return nil
      } catch {
        return error.reason
      }
    }
    #expect(try refusal(fits[0]) == nil)
    #expect(try refusal(fits[2])?.contains("400 scores of training rows") == true)
    #expect(try refusal(fits[7])?.contains("0 scores of validation rows") == true)
    #expect(try refusal(fits[0]) { $0.trees.removeAll() }?.contains("0 trees of 1 rounds") == true)
    #expect(try refusal(fits[0]) { $0.stepGuard.largestSteps = [] } != nil)
    #expect(try refusal(fits[0]) { $0.losses.integrals = [] } != nil)
    #expect(
      try refusal(fits[0]) { $0.trees[0].nodes[0].columnAndDirection = 9 }?
        .contains("a column that the model lacks") == true)
  }
}
