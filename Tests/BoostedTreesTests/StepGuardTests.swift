import Formulas
import Foundation
import Parallel
import TestSupport
import Testing

@testable import BoostedTrees

/// Rounds that would raise the training loss.
@Suite struct StepGuardTests {
  private func booster(_ objective: any Objective, rounds: Int = 30) -> Booster {
    Booster(
      objective: objective, rounds: rounds, leaves: 8, checksObjective: false,
      recordsTrainingLoss: true, threads: 1)
  }

  private func losses(_ forest: Forest) -> [Double] {
    forest.log.rounds.compactMap(\.trainLoss)
  }

  /// Squared error whose Hessian is wrong by a factor.
  private func squared(hessian factor: Double) -> CustomObjective {
    CustomObjective(
      "squared",
      loss: { ($0.score - $0.target) * ($0.score - $0.target) }
    ) { row in
      .init(gradient: 2 * (row.score - row.target), hessian: 2 * factor)
    }
  }

  @Test("a Hessian too small by any factor still trains", arguments: [0.04, 1e-3, 1e-6, 1e-12])
  func tooSmall(factor: Double) throws {
    let table = try TestTables.make(seed: 31, .init(rows: 600))
    let right = try booster(squared(hessian: 1)).fit(table)
    let wrong = try booster(squared(hessian: factor)).fit(table)
    #expect(right.log.rounds.allSatisfy { $0.shortenedLeaves == 0 })
    #expect(wrong.log.rounds.contains { $0.shortenedLeaves > 0 })
    let (a, b) = (losses(right), losses(wrong))
    #expect(zip(b, b.dropFirst()).allSatisfy { $1 <= $0 * (1 + 1e-9) })
    let (last, lastRight) = (try #require(b.last), try #require(a.last))
    #expect(last < 1.5 * lastRight, "\(last) against \(lastRight)")
    let use = try #require(CurvatureUse(wrong.log))
    #expect(use.isWorthTelling && use.shortenedText?.contains("rounds steps were short") == true)
    #expect(try #require(CurvatureUse(right.log)).shortenedText == nil)
  }

  /// Losses with a kink at the target, on targets of any size: what is left of the absolute error is
  /// near that of the absolute error itself.
  @Test(
    "kinks hold no leaf",
    arguments: [
      ("square(score - y) + abs(score - y)", 1.0), ("square(score - y) + abs(score - y)", 1e6),
      ("logcosh(score - y) + abs(score - y)", 1), ("logcosh(score - y) + abs(score - y)", 1e6),
      ("sqrt(1 + square(score - y)) + abs(score - y)", 1),
      ("sqrt(1 + square(score - y)) + abs(score - y)", 1e6),
      // Flat beyond a few units: of a million of them it says nothing.
      ("log1p(abs(score - y))", 1),
    ])
  func kinks(text: String, unit: Double) throws {
    let table = try TestTables.make(seed: 31, .init(rows: 600))
    let scaled = try table.withTarget((table.target ?? []).map { unit * $0 })
    func error(_ objective: any Objective) throws -> Double {
      let forest = try booster(objective).fit(scaled)
      let predictions = try forest.predictions(for: scaled)
      return zip(predictions, scaled.target ?? []).reduce(0) { $0 + ($1.0 - $1.1).magnitude }
    }
    let (kinked, absolute) = (
      try error(ExpressionObjective(text)), try error(AbsoluteError())
    )
    #expect(kinked < 1.25 * absolute, "\(kinked) against \(absolute)")
  }

  /// sqrt(1 + r^2) - 1, whose curvature (1 + r^2)^-1.5 is gone a few units away, where every row
  /// is at the start: the first Newton step is millions long.
  private static let pseudoHuber = CustomObjective(
    "pseudo-huber",
    loss: { row in
      let r = row.score - row.target
      return (1 + r * r).squareRoot() - 1
    }
  ) { row in
    let r = row.score - row.target
    let root = (1 + r * r).squareRoot()
    return .init(gradient: r / root, hessian: 1 / (root * root * root))
  }

  private static func farTargets(seed: UInt64) throws -> Table {
    let table = try TestTables.make(seed: seed, .init(rows: 900, missing: 0.1))
    return try table.withTarget((table.target ?? []).map { 200 + 100 * $0 })
  }

  @Test("vanishing curvature ends in no absurdity", arguments: 0..<4 as Range<UInt64>)
  func vanishing(seed: UInt64) throws {
    let table = try Self.farTargets(seed: seed)
    let forest = try booster(Self.pseudoHuber, rounds: 60).fit(table)
    let predictions = try forest.predictions(for: table)
    let target = table.target ?? []
    #expect(predictions.allSatisfy { $0 > -400 && $0 < 900 })
    let error = zip(predictions, target).reduce(0) { $0 + ($1.0 - $1.1).magnitude } / 900
    let mean = target.reduce(0, +) / 900
    let spread = target.reduce(0) { $0 + ($1 - mean).magnitude } / 900
    #expect(error < 0.9 * spread, "\(error) of \(spread)")
    let all = losses(forest)
    // Without the check the gradient's integral is gone by, and a sample of rows before that: a
    // round may raise the loss a little before it is noticed.
    let (first, last) = (try #require(all.first), try #require(all.last))
    #expect(last <= first && all.allSatisfy { $0 <= 1.1 * first })
  }

  @Test("without a loss the gradient's integral decides")
  func withoutALoss() throws {
    let table = try TestTables.make(seed: 32, .init(rows: 600))
    let closure = CustomObjective("squared") { row in
      .init(gradient: 2 * (row.score - row.target), hessian: 2e-6)
    }
    // Squared errors are parabolas, whose integral is exact: the same steps, the same trees.
    let alone = try booster(closure).fit(table)
    let withLoss = try booster(squared(hessian: 1e-6)).fit(table)
    #expect(alone.log.rounds.contains { $0.shortenedLeaves > 0 })
    #expect(alone.trees == withLoss.trees)
  }

  @Test("the loss's unit does not matter", arguments: [0x1p-30, 0x1p20])
  func units(factor: Double) throws {
    let table = try Self.farTargets(seed: 8)
    let scaled = CustomObjective(
      "scaled",
      loss: { row in
        let r = row.score - row.target
        return factor * ((1 + r * r).squareRoot() - 1)
      }
    ) { row in
      let r = row.score - row.target
      let root = (1 + r * r).squareRoot()
      return .init(gradient: factor * (r / root), hessian: factor * (1 / (root * root * root)))
    }
    #expect(
      try booster(scaled).fit(table).trees.map(\.values)
        == booster(Self.pseudoHuber).fit(table).trees.map(\.values))
  }

  @Test("shortened rounds do not depend on threads, and are what the forest predicts")
  func threads() throws {
    let plain = try TestTables.make(seed: 33, .init(rows: 9_000, levels: 0, hasWeights: true))
    let table = try plain.withTarget((plain.target ?? []).map { 300 + 80 * $0 })
    var booster = booster(Self.pseudoHuber, rounds: 12)
    // The policy that is derived of this loss overshoots nowhere.
    booster.curvature = .exact
    let one = try booster.fit(table, validation: table)
    #expect(one.log.rounds.contains { $0.shortenedLeaves > 0 })
    for threads in [2, 3, 7] {
      booster.threads = threads
      let other = try booster.fit(table, validation: table)
      #expect(try ModelFile.bytes(of: other) == ModelFile.bytes(of: one))
      #expect(other.log.rounds.map(\.shortenedLeaves) == one.log.rounds.map(\.shortenedLeaves))
    }
    let rows = try ObjectiveRows(table, for: Self.pseudoHuber)
    let scores = try one.scores(for: table)
    var tracker = LossTracker(Self.pseudoHuber, rows, scores: scores)
    #expect(tracker.loss(at: scores) == one.log.rounds.last?.trainLoss)
    #expect(one.log.rounds.map(\.validationLoss) == one.log.rounds.map(\.trainLoss))
  }

  @Test("several scores are shortened together", arguments: [0.1, 0.01])
  func severalScores(factor: Double) throws {
    let table = try TestTables.make(seed: 34, .init(rows: 500, classes: 3))
    let softmax = CustomObjective("softmax", scoresPerRow: 3, link: .softmax, metric: .logLoss) {
      row, gradients, hessians in
      for k in 0..<3 { gradients[k] = row.scores[k] }
      StableMath.softmax(&gradients, in: 0..<3)
      for k in 0..<3 { hessians[k] = factor * gradients[k] * (1 - gradients[k]) }
      gradients[Int(row.target)] -= 1
    }
    let forest = try booster(softmax).fit(table)
    let all = losses(forest)
    #expect(forest.log.rounds.contains { $0.shortenedLeaves > 0 })
    #expect(zip(all, all.dropFirst()).allSatisfy { $1 <= $0 + 1e-9 })
    let found = try #require(forest.evaluate(on: table, metrics: [.logLoss])["log-loss"])
    // Without features: the entropy of the classes, about 1.
    #expect(found < 0.7, "\(found)")
  }

  /// Contract: at any learning rate up to 1 the training loss falls round by round.
  @Test("no round raises the training loss", arguments: ObjectiveCase.all, [0.1, 1])
  func everyObjective(_ testCase: ObjectiveCase, learningRate: Double) throws {
    let table = try EveryObjectiveTests.table(testCase, seed: 6)
    var booster = EveryObjectiveTests.booster(testCase.objective)
    booster.learningRate = learningRate
    booster.rounds = 12
    let forest = try booster.fit(table)
    let all = losses(forest)
    let rises = zip(all, all.dropFirst()).filter { $1 > $0 + 1e-6 * max(1, $0.magnitude) }
    #expect(rises.isEmpty, "\(testCase) \(all)")
    // Scores that are probabilities leave their domain at any rate.
    if learningRate == 0.1, testCase.objective.scoresPerRow == 1,
      !testCase.traits.contains(.probabilityScores)
    {
      let shortened = forest.log.rounds.reduce(0) { $0 + $1.shortenedLeaves }
      #expect(shortened == 0, "\(testCase): \(shortened)")
    }
  }

  /// Most rows of every leaf lie at the kink where training starts: any step raises the loss, though
  /// the few rows beside it pull.
  @Test("at a kink training ends, and says so")
  func kink() throws {
    let target = (0..<300).map { row in row % 10 < 7 ? 5.0 : row % 10 == 7 ? 4 : 6 }
    let table = try Table(
      features: (0..<300).flatMap { [Float($0 % 2), Float($0 % 3)] }, featureNames: ["a", "b"],
      target: target)
    let absolute = Kinked()
    let forest = try booster(absolute).fit(table)
    #expect(losses(forest).allSatisfy { $0.isFinite })
    let rows = try ObjectiveRows(table, for: absolute)
    let scores = AlignedBuffer(repeating: 5.01, count: 300)
    var looking = try StepGuard(
      absolute, rows, of: table, learningRate: 0.1, trustsLoss: true, scores: scores,
      pool: WorkerPool(threads: 1))
    let built = BuiltTree(
      tree: Tree(value: 0.01), leafNodes: [0], leafValues: [0.01], slopes: [-0.3])
    var steps = RoundSteps(
      trees: [built], leafOfRow: AlignedBuffer(repeating: 0, count: 300), rowCount: 300)
    let before = [Double](repeating: 5, count: 300)
    let shortened = looking.shorten(&steps, number: 1, scores: scores, before: before)
    #expect(shortened == nil)
  }
}

/// The absolute error without a leaf solver, from 5.
private struct Kinked: PointwiseObjective {
  let name = "absolute"
  let defaultMetric = Metric.mae
  func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? { [5] }
  func loss(_ row: borrowing Row) -> Double { (row.score - row.target).magnitude }
  func derivatives(_ row: borrowing Row) -> Derivatives {
    let sign: Double = row.score > row.target ? 1 : row.score < row.target ? -1 : 0
    return .init(gradient: sign, hessian: 1)
  }
}
