import BoostedTrees
import Foundation
import Testing

/// Numbers that go wrong: weights of 0, derivatives, losses and leaf constants that are not finite,
/// curvature that is 0.
@Suite struct FaultTests {
  private func error(
    _ booster: Booster, _ table: Table, validation: Table? = nil
  ) -> LearningError? {
    do {
      _ = try booster.fit(table, validation: validation)
      return nil
    } catch {
      return error
    }
  }

  /// A column that tells low targets from high ones, and noise.
  private static func steps(rows: Int = 100) throws -> Table {
    var features: [Float] = []
    for row in 0..<rows { features += [row % 2, row * 7 % 13].map { Float($0) } }
    return try Table(
      features: features,
      featureNames: ["side", "noise"], target: (0..<rows).map { Double($0 % 2) * 10 },
      source: "steps.h5")
  }

  @Test("a row of weight 0 influences nothing", arguments: [CurvaturePolicy.exact, .constant(2)])
  func weightless(policy: CurvaturePolicy) throws {
    let plain = try TestTables.make(seed: 21, .init(rows: 500, missing: 0.1))
    var (features, target) = (plain.features, plain.target ?? [])
    for row in stride(from: 0, to: 500, by: 9) {
      target[row] = 1e9
      for column in 0..<4 { features[row * 4 + column] = column == 0 ? .nan : -1e30 }
    }
    let table = try Table(
      features: features, featureNames: plain.featureNames, target: target,
      weights: target.indices.map { target[$0] == 1e9 ? 0 : 1 + Double($0 % 2) })
    let objective = CustomObjective(
      "broken",
      loss: { $0.target == 1e9 ? .infinity : ($0.score - $0.target) * ($0.score - $0.target) }
    ) { row in
      guard row.target < 1e9 else { return .init(gradient: .nan, hessian: -.infinity) }
      return .init(gradient: 2 * (row.score - row.target), hessian: 2)
    }
    let booster = Booster(
      objective: objective, rounds: 6, curvature: policy, recordsTrainingLoss: true)
    let forest = try booster.fit(table, validation: table)
    let kept = table.subset(target.indices.filter { target[$0] < 1e9 })
    let without = try booster.fit(kept, validation: kept)
    #expect(forest.trees == without.trees && forest.trees.contains { $0.leafCount > 4 })
    #expect(try ModelFile.bytes(of: forest) == ModelFile.bytes(of: without))
    #expect(forest.log.rounds.map(\.trainLoss) == without.log.rounds.map(\.trainLoss))
    #expect(forest.log.rounds.map(\.validationLoss) == without.log.rounds.map(\.validationLoss))
    #expect(forest.log.hessiansPerRound == kept.rowCount)
    #expect(
      try forest.evaluate(on: table, metrics: [.rmse]).entries
        == forest.evaluate(on: kept, metrics: [.rmse]).entries)
  }

  /// Residuals of 5 shrink by a tenth per round: high rows stand at 5 + 5 (1 - 0.9^4) = 6.72 when
  /// round 5 asks for derivatives, and at 6.36 the round before.
  @Test("a derivative that goes wrong in round 5 names row and round", arguments: [false, true])
  func derivatives(isHessian: Bool) throws {
    let whole = try Self.steps()
    var target = try #require(whole.target)
    target[51] = 10.001
    let table = try whole.withTarget(target).subset(Array(20..<100))
    for value in [Double.nan, .infinity, -.infinity] {
      let objective = CustomObjective("cliff") { row in
        let isOver = row.target == 10.001 && row.score > 6.5
        return .init(
          gradient: isOver && !isHessian ? value : row.score - row.target,
          hessian: isOver && isHessian ? value : 1)
      }
      let found = try #require(error(Booster(objective: objective, rounds: 20), table))
      #expect(found.code == .nonFiniteDerivative)
      #expect(found.reason.contains("steps.h5: row 51:") && found.reason.contains("round 5,"))
    }
  }

  @Test func aLossThatIsNotANumberNamesRowAndRound() throws {
    let whole = try Self.steps()
    let objective = CustomObjective(
      "hollow",
      loss: { row in
        row.target == 11 && row.score > 6.5
          ? .nan : (row.score - row.target) * (row.score - row.target)
      }
    ) { .init(gradient: 2 * ($0.score - $0.target), hessian: 2) }
    var target = try #require(whole.target)
    target[31] = 11
    let validation = try whole.withTarget(target).subset(Array(10..<40))
    let booster = Booster(
      objective: objective, rounds: 20, earlyStopping: EarlyStopping(rounds: 5))
    let found = try #require(error(booster, whole, validation: validation))
    #expect(found.code == .nonFiniteDerivative)
    // After round 4 the high rows stand at 6.72.
    #expect(found.reason.contains("row 31:") && found.reason.contains("round 4;"))
  }

  /// Absolute error with a solver and a Hessian of one's choice.
  private struct Solved: PointwiseObjective {
    var hessian = 0.0
    var solver: LeafSolver? = AbsoluteError().leafSolver
    var name: String { "solved" }
    var defaultMetric: Metric { .mae }
    var leafSolver: LeafSolver? { solver }
    func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
      AbsoluteError().leafSolver.map { solver in
        let zeros = [Double](repeating: 0, count: rows.count)
        return [solver(zeros.span, rows, weights, 0)]
      }
    }
    func loss(_ row: borrowing Row) -> Double { (row.score - row.target).magnitude }
    func derivatives(_ row: borrowing Row) -> Derivatives {
      let sign: Double = row.score > row.target ? 1 : row.score < row.target ? -1 : 0
      return .init(gradient: sign, hessian: hessian)
    }
  }

  /// The exact Hessian of the absolute error, 0, gives the trees of the usual surrogate, 1.
  @Test("leaf solvers need no curvature", arguments: [false, true])
  func flatHessians(hasWeights: Bool) throws {
    var options = TestTables.Options(rows: 700, missing: 0.1)
    options.hasWeights = hasWeights
    let table = try TestTables.make(seed: 22, options)
    let booster = Booster(
      objective: Solved(hessian: 0), rounds: 10, l2: 0.5, threads: 1)
    var other = booster
    other.objective = Solved(hessian: 1)
    let (flat, surrogate) = try (booster.fit(table), other.fit(table))
    #expect(flat.trees == surrogate.trees && flat.trees[0].leafCount > 4)
    #expect(flat.log.rounds.allSatisfy { $0.adjustedHessians == 700 })
    #expect(surrogate.log.rounds.allSatisfy { $0.adjustedHessians == 0 })
    let use = try #require(CurvatureUse(flat.log))
    #expect(use.policy == "exact" && use.hessians == 7000 && use.changed == 7000 && use.share == 1)
    var parallel = booster
    parallel.threads = 3
    #expect(try parallel.fit(table).trees == flat.trees)
  }

  @Test func withoutCurvatureOrLeafSolverThereIsNoStep() throws {
    // A smooth loss whose Hessian was forgotten: of straight lines leaves would be solved.
    let forgotten = CustomObjective("forgotten") { row in
      .init(gradient: 2 * (row.score - row.target), hessian: 0)
    }
    let booster = Booster(objective: forgotten, rounds: 5, checksObjective: false)
    let found = try #require(error(booster, Self.steps()))
    #expect(found.code == .unsoundObjective && found.reason.contains("constant(1)"))
    var constant = booster
    constant.curvature = .constant(1)
    #expect(try constant.fit(Self.steps()).trees.count == 5)
  }

  @Test("a leaf constant that is not finite names its leaf", arguments: [Double.nan, .infinity])
  func leafConstants(value: Double) throws {
    let broken = Solved(
      hessian: 1,
      solver: { scores, rows, weights, score in
        // The first leaf of low targets is fine, the leaf of high ones is not.
        rows.targets[0] > 5 ? value : 1
      })
    let found = try #require(
      error(
        Booster(objective: broken, rounds: 3, checksObjective: false),
        try Self.steps().subset(Array(10..<100))))
    #expect(found.code == .nonFiniteDerivative)
    #expect(found.reason.contains("round 1") && found.reason.contains("45 rows"))
    #expect(found.reason.contains("row 11"))
  }

  private struct StartingAtNaN: PointwiseObjective {
    let name = "starts nowhere"
    let defaultMetric = Metric.rmse
    var leafSolver: LeafSolver? { { _, _, _, _ in .nan } }
    func loss(_ row: borrowing Row) -> Double { (row.score - row.target).magnitude }
    func derivatives(_ row: borrowing Row) -> Derivatives {
      .init(gradient: row.score - row.target, hessian: 1)
    }
  }

  @Test func aStartThatIsNotFiniteIsRefused() throws {
    let booster = Booster(objective: StartingAtNaN(), checksObjective: false)
    let found = try #require(error(booster, Self.steps()))
    #expect(found.code == .nonFiniteDerivative && found.reason.contains("initial scores"))
  }

  @Test func curvatureUseCountsPerRound() throws {
    var log = TrainingLog()
    #expect(CurvatureUse(log) == nil)
    log.curvature = .floor(0.5)
    log.hessiansPerRound = 200
    log.rounds = [0, 30, 10].enumerated().map {
      TrainingRound(round: $0.offset + 1, seconds: 0, adjustedHessians: $0.element)
    }
    let use = try #require(CurvatureUse(log))
    // 40 of 600; round 2 changed 30 of 200.
    #expect(use.policy == "floor(0.5)" && use.hessians == 600 && use.changed == 40)
    #expect(use.share == 40.0 / 600 && use.isWorthTelling)
    #expect(use.worstRound?.round == 2 && use.worstRound?.share == 0.15)
    log.curvature = .exact
    log.rounds = log.rounds.map { TrainingRound(round: $0.round, seconds: 0) }
    let idle = try #require(CurvatureUse(log))
    #expect(!idle.isWorthTelling && idle.worstRound == nil && idle.changedPerRound.isEmpty)
  }
}
