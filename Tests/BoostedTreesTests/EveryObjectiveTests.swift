import Formulas
import Learning
import Tabular
import TestSupport
import Testing

@testable import BoostedTrees
@testable import Losses

/// Forests under every shipped objective.
@Suite("Every objective, boosted")
struct EveryObjectiveTests {
  /// Rows an objective accepts, with a feature that tells something of the target and one that
  /// tells nothing.
  static func table(_ testCase: ObjectiveCase, seed: UInt64) throws -> Table {
    let sample = testCase.rows(300, seed: seed)
    var generator = RandomGenerator(seed: seed, stream: 1)
    let spread = (sample.targets.max() ?? 1) - (sample.targets.min() ?? 0)
    let features = sample.targets.flatMap { target in
      [Float(target + 0.2 * spread * generator.normal()), Float(generator.uniform())]
    }
    let names = testCase.objective.rowDataNames
    var table = try Table(
      features: features, featureNames: ["telling", "idle"], target: sample.targets,
      groups: sample.groups.isEmpty ? nil : sample.groups, source: "drawn")
    for (column, name) in names.enumerated() {
      table = try table.withRowData(
        name, (0..<300).map { sample.rowData[$0 * names.count + column] })
    }
    return table
  }

  static func booster(_ objective: any Objective) -> Booster {
    Booster(
      objective: objective, rounds: 8, leaves: 6, minChildRows: 5, recordsTrainingLoss: true,
      threads: 1)
  }

  @Test("training lowers the loss", arguments: ObjectiveCase.all)
  func lossFalls(_ testCase: ObjectiveCase) throws {
    let forest = try Self.booster(testCase.objective).fit(Self.table(testCase, seed: 3))
    let losses = forest.log.rounds.compactMap(\.trainLoss)
    let first = try #require(losses.first)
    let last = try #require(losses.last)
    #expect(losses.count > 1 && last < first, "\(first) to \(last)")
  }

  /// Contract: `l` and `c * l` grow the same trees, bit for bit if `c` is a power of two.
  @Test("the loss's unit does not matter", arguments: ObjectiveCase.all)
  func unitsDoNotMatter(_ testCase: ObjectiveCase) throws {
    let table = try Self.table(testCase, seed: 4)
    let plain = try Self.booster(testCase.objective).fit(table)
    for factor in [0x1p-20, 0x1p+9] {
      let scaled = try Self.booster(Scaled(base: testCase.objective, factor: factor)).fit(table)
      // Gains are in the loss's unit; the trees themselves are not.
      #expect(scaled.trees.map(\.nodes) == plain.trees.map(\.nodes), "times \(factor)")
      #expect(scaled.trees.map(\.values) == plain.trees.map(\.values), "times \(factor)")
    }
    #expect(plain.trees.contains { $0.leafCount > 1 })
    let tiny = try Self.booster(Scaled(base: testCase.objective, factor: 1e-6)).fit(table)
    let loss = try #require(plain.log.rounds.last?.trainLoss)
    let tinyLoss = try #require(tiny.log.rounds.last?.trainLoss)
    expectClose(tinyLoss * 1e6, loss, relative: 1e-4, absolute: 1e-9)
  }

  @Test("leaves of the absolute error are medians of their residuals")
  func medians() throws {
    let table = try Table(
      features: [0, 0, 0, 1, 1, 1].map(Float.init), featureNames: ["side"],
      target: [1, 2, 60, 100, 110, 500], source: "made")
    let forest = try Booster(
      objective: AbsoluteError(), rounds: 1, learningRate: 1, minChildWeight: 0, minChildRows: 1
    ).fit(table)
    #expect(try forest.scores(for: table) == [2, 2, 2, 110, 110, 110])
  }

  @Test("leaves of the pinball loss are weighted quantiles")
  func quantiles() throws {
    let target = (0..<200).map { Double($0 % 100) }
    let table = try Table(
      features: (0..<200).map { $0 < 100 ? 0 : 1 }, featureNames: ["side"],
      target: target.enumerated().map { $0.offset < 100 ? $0.element : 1000 + $0.element },
      weights: (0..<200).map { $0 % 100 < 50 ? 3 : 1 }, source: "made")
    let forest = try Booster(
      objective: Quantile(0.9), rounds: 1, learningRate: 1, minChildWeight: 0,
      minChildRows: 1
    ).fit(table)
    let scores = try forest.scores(for: table)
    // Weights 3 for 0..<50 and 1 for 50..<100: nine tenths of 200 are passed from 79 to 80.
    #expect(scores[0] == 79.5 && scores[150] == 1079.5)
  }

  @Test("ranking learns the order within groups, and refuses scattered groups")
  func ranking() throws {
    var generator = RandomGenerator(seed: 5)
    let target = (0..<600).map { _ in Double(generator.index(below: 4)) }
    let features = target.flatMap { target in
      [Float(target + generator.normal()), Float(generator.normal())]
    }
    func table(_ groups: [Int]) throws -> Table {
      try Table(
        features: features, featureNames: ["a", "b"], target: target, groups: groups,
        source: "made")
    }
    let objective = try Catalogue.objective("lambdamart")
    let booster = Booster(objective: objective, rounds: 30, leaves: 8, threads: 1)
    let queries = try table((0..<600).map { $0 / 12 })
    let forest = try booster.fit(queries)
    let metric = try Catalogue.metric("ndcg(5)")
    let learnt = try #require(forest.evaluate(on: queries, metrics: [metric])[metric.name])
    var idle = booster
    idle.rounds = 0
    let unlearnt = try #require(
      idle.fit(queries).evaluate(on: queries, metrics: [metric])[metric.name])
    #expect(learnt > unlearnt + 0.1, "\(unlearnt) to \(learnt)")
    let parallel = try Booster(objective: objective, rounds: 30, leaves: 8, threads: 3).fit(queries)
    #expect(parallel.trees == forest.trees)
    let scattered = try table((0..<600).map { $0 % 50 })
    let error = #expect(throws: LearningError.self) { try booster.fit(scattered) }
    #expect(error?.reason.contains("begins again") == true)
  }

  @Test("an unsound objective is refused before round one, unless told not to look")
  func unsound() throws {
    let table = try TestTables.make(seed: 1, .init(rows: 200))
    let flipped = CustomObjective(
      "flipped", loss: { ($0.score - $0.target) * ($0.score - $0.target) },
      derivatives: { .init(gradient: 2 * ($0.target - $0.score), hessian: 2) })
    let error = #expect(throws: LearningError.self) {
      try Booster(objective: flipped, rounds: 2).fit(table)
    }
    #expect(error?.code == .unsoundObjective)
    #expect(error?.reason.contains("the sign is flipped") == true)
    _ = try Booster(objective: flipped, rounds: 2, checksObjective: false).fit(table)
  }

  /// The absolute error with the Hessian that it has, 0, or a stand-in.
  private struct Absolute: PointwiseObjective {
    let hessian: Double
    let base = AbsoluteError()
    var name: String { "absolute" }
    var defaultMetric: Metric { base.defaultMetric }
    var leafSolver: LeafSolver? { base.leafSolver }
    func loss(_ row: borrowing Row) -> Double { base.loss(row) }
    func derivatives(_ row: borrowing Row) -> Derivatives {
      .init(gradient: base.derivatives(row).gradient, hessian: hessian)
    }
  }

  @Test("a Hessian of zero is refused, but for a leaf solver or a policy that makes it positive")
  func zeroHessian() throws {
    let table = try TestTables.make(seed: 2, .init(rows: 200))
    let solved = try Booster(objective: Absolute(hessian: 0), rounds: 5, threads: 1).fit(table)
    #expect(solved.trees.count == 5)
    let right = try Booster(objective: Absolute(hessian: 1), rounds: 5, threads: 1).fit(table)
    #expect(solved.trees == right.trees)
    let unsolved = CustomObjective("no curvature") { row in
      .init(gradient: 2 * (row.score - row.target), hessian: 0)
    }
    var booster = Booster(objective: unsolved, rounds: 5, threads: 1)
    let error = #expect(throws: LearningError.self) { try booster.fit(table) }
    #expect(error?.code == .unsoundObjective)
    #expect(error?.reason.contains("Hessian is zero in every row") == true)
    booster.curvature = .constant(1)
    #expect(try booster.fit(table).trees.count == 5)
  }

  @Test("the check looks at Hessians as the curvature policy leaves them")
  func policyBeforeCheck() throws {
    let table = try TestTables.make(seed: 3, .init(rows: 200))
    let negative = CustomObjective("negative") { row in
      .init(gradient: 2 * (row.score - row.target), hessian: -2)
    }
    var booster = Booster(objective: negative, rounds: 3, threads: 1)
    let error = #expect(throws: LearningError.self) { try booster.fit(table) }
    #expect(error?.reason.contains("Hessian is negative in every row") == true)
    booster.curvature = .absolute
    #expect(try booster.fit(table).trees.count == 3)
  }
}

/// `factor` times an objective.
private struct Scaled: Objective {
  let base: any Objective
  let factor: Double

  var name: String { base.name }
  var scoresPerRow: Int { base.scoresPerRow }
  var rowDataNames: [String] { base.rowDataNames }
  var scoreAdjustment: ScoreAdjustment? { base.scoreAdjustment }
  var link: Link { base.link }
  var defaultMetric: Metric { base.defaultMetric }
  var hasLoss: Bool { base.hasLoss }
  var reach: Reach { base.reach }
  var leafSolver: LeafSolver? { base.leafSolver }

  /// What the base offers, computed from its own derivatives and then scaled.
  var curvature: Curvature {
    let inner = base.curvature
    return Curvature(
      isExact: inner.isExact, policy: inner.policy, reason: inner.reason,
      offers: inner.offers.map { offer in
        CurvatureOffer(offer.name, formula: offer.formula, purpose: offer.purpose) {
          scores, rows, gradients, hessians in
          let own = gradients.indices.map { gradients[$0] / factor }
          for index in hessians.indices { hessians[index] /= factor }
          offer.write(scores, rows, own.span, &hessians)
          for index in hessians.indices { hessians[index] *= factor }
        }
      })
  }

  func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    base.startingScores(rows, weights: weights)
  }

  func validate(_ rows: borrowing Rows) throws(ObjectiveError) { try base.validate(rows) }

  func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    base.losses(at: scores, rows, into: &losses)
    for index in losses.indices { losses[index] *= factor }
  }

  func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows, gradients: inout MutableSpan<Double>,
    hessians: inout MutableSpan<Double>
  ) {
    base.derivatives(at: scores, rows, gradients: &gradients, hessians: &hessians)
    for index in gradients.indices {
      gradients[index] *= factor
      hessians[index] *= factor
    }
  }
}

/// Formulas and closures beside the shipped objectives they are the losses of.
@Suite("No privileges, boosted")
struct NoPrivilegesTests {
  /// Default metrics of both fits, which are to agree within 1 %.
  @Test("a formula trains as well as the objective of its name", arguments: FormulaCase.all)
  func formulas(_ formula: FormulaCase) throws {
    for seed in [3, 5, 8] as [UInt64] {
      let table = try EveryObjectiveTests.table(formula.rows, seed: seed)
      var learner = EveryObjectiveTests.booster(formula.named)
      learner.adjustsScores = true
      let named = try learner.fit(table)
      learner.objective = formula.typed
      let typed = try learner.fit(table)
      let metric = formula.named.defaultMetric
      let a = try #require(named.evaluate(on: table, metrics: [metric])[metric.name])
      let b = try #require(typed.evaluate(on: table, metrics: [metric])[metric.name])
      expectClose(b, a, relative: 0.01)
      expectClose(
        try #require(typed.log.rounds.last?.trainLoss),
        try #require(named.log.rounds.last?.trainLoss), relative: 0.01, absolute: 1e-9)
    }
  }

  /// Contract: a closure with the same arithmetic gives a bit-identical model. With what the shipped
  /// objective declares, whatever that is; and without, derived from the loss.
  @Test("a closure gives the bytes of the shipped objective", arguments: PointwiseCase.all)
  func closures(_ pointwise: PointwiseCase) throws {
    let table = try EveryObjectiveTests.table(pointwise.rows, seed: 6)
    var learner = EveryObjectiveTests.booster(pointwise.shipped)
    let shipped = try learner.fit(table)
    learner.objective = pointwise.declared
    #expect(try ModelFile.bytes(of: learner.fit(table)) == ModelFile.bytes(of: shipped))
    // Bounds may be infinite, which only a declared validation accepts.
    guard !pointwise.shipped.rowDataNames.contains("upper") else { return }
    learner.objective = pointwise.undeclared
    #expect(try learner.fit(table).trees == shipped.trees)
  }

  /// Right values: the same fits of the shipped objective. Without a curvature of its own pseudo-Huber
  /// once ended at an RMSE of 1e7 on such targets.
  @Test(
    "losses that do not ship train at any scale of the targets",
    arguments: [
      "abs(score - y) / size", "max(0, abs(score - y) - 0.01 * size)",
      "logcosh((score - y) / size)",
      "log1p(((score - y) / size)^2)",
    ])
  func othersTrain(_ text: String) throws {
    var generator = RandomGenerator(seed: 9)
    for scale in [1e-6, 1, 1e6] {
      let x = (0..<400).map { _ in generator.uniform() }
      let target = x.map { scale * (20 * $0 + generator.normal()) }
      let table = try Table(
        features: x.map(Float.init), featureNames: ["x"], target: target, source: "made"
      ).withRowData("size", x.map { _ in 10 * scale })
      var learner = Booster(
        objective: try ExpressionObjective(text), rounds: 60, recordsTrainingLoss: true, threads: 1)
      for adjusts in [false, true] {
        learner.adjustsScores = adjusts
        let forest = try learner.fit(table)
        let rmse = try #require(forest.evaluate(on: table, metrics: [.rmse])["rmse"])
        // The noise is 1, the spread of the targets 6.
        #expect(rmse < 1.5 * scale, "scale \(scale), adjusted \(adjusts)")
      }
    }
  }
}
