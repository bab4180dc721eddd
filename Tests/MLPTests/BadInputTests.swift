import Foundation
import Learning
import Losses
import Tabular
import Testing

@testable import MLP

@Suite struct BadInputTests {
  private let learner = Perceptron(hidden: [8], objective: SquaredError(), epochs: 3)

  private func error(
    _ learner: Perceptron, _ table: Table, validation: Table? = nil
  ) -> LearningError? {
    do {
      _ = try learner.fit(table, validation: validation)
      return nil
    } catch {
      return error
    }
  }

  @Test func tablesThatCannotBeUsedAreRefused() throws {
    let empty = try Table(features: [], featureNames: ["a"], target: [], source: "empty.h5")
    #expect(error(learner, empty)?.code == .noRows)
    let weightless = try makeTable(columns: [[1, 2]], target: [1, 2], weights: [0, 0])
    #expect(error(learner, weightless)?.code == .noRows)
    let blind = try Table(features: [1, 2], featureNames: ["a"], source: "blind.h5")
    #expect(error(learner, blind)?.code == .noTarget)
    var sne = learner
    sne.objective = SizeNormalisedSquaredError()
    let plain = try makeTable(columns: [[1, 2]], target: [1, 2])
    #expect(error(sne, plain)?.code == .missingRowData)
    let zero = try plain.withRowData("size", [1, 0])
    #expect(error(sne, zero)?.code == .invalidRow)
    #expect(error(sne, zero)?.reason.contains("row 1") == true)
    var softmax = learner
    softmax.objective = SoftmaxCrossEntropy(classes: 2)
    #expect(error(softmax, plain)?.code == .invalidRow)
    // The validation rows are held to the same rules.
    #expect(error(learner, plain, validation: blind)?.code == .noTarget)
    let renamed = try Table(features: [1], featureNames: ["b"], target: [1])
    #expect(error(learner, plain, validation: renamed)?.code == .columnMismatch)
  }

  @Test func optionsOutOfRangeAreRefused() throws {
    let table = try makeTable(columns: [[1, 2]], target: [1, 2])
    let changes: [(inout Perceptron) -> Void] = [
      { $0.hidden = [8, 0] }, { $0.hidden = [-1] }, { $0.hidden = [1 << 30] },
      { $0.hidden = [Int](repeating: 2, count: 65) }, { $0.epochs = 0 }, { $0.epochs = -5 },
      { $0.batchSize = 0 }, { $0.batchSize = 1 << 40 }, { $0.weightDecay = -1 },
      { $0.weightDecay = .nan }, { $0.threads = 0 }, { $0.threads = 100_000 },
      { $0.optimizer = .adam(learningRate: 0) }, { $0.optimizer = .adam(learningRate: .nan) },
      { $0.optimizer = .adam(beta1: 1) }, { $0.optimizer = .adamW(beta2: -0.1) },
      { $0.optimizer = .adam(epsilon: 0) }, { $0.optimizer = .sgd(momentum: 1) },
      { $0.optimizer = .sgd(learningRate: .infinity) },
    ]
    for change in changes {
      var changed = learner
      change(&changed)
      #expect(error(changed, table)?.code == .invalidOption)
    }
  }

  @Test func oneRowIsPredictedAsItIs() throws {
    let table = try makeTable(columns: [[3], [.nan]], target: [42])
    // One row leaves nothing but the initial score, its target.
    #expect(try learner.fit(table).predictions(for: table) == [42])
  }

  @Test func oneClassIsPredictedAlways() throws {
    let table = try makeTable(rows: 50, columns: 2, seed: 1) { _, _ in 1 }
    for objective in [Logistic(), SoftmaxCrossEntropy(classes: 3)] as [any Objective] {
      var learner = learner
      learner.objective = objective
      let network = try learner.fit(table)
      #expect(try network.evaluate(on: table, metrics: [.accuracy]).entries[0].value == 1)
      #expect(try network.predictions(for: table).allSatisfy(\.isFinite))
    }
  }

  @Test func featuresThatSayNothingLeaveTheMean() throws {
    let nan = [Float](repeating: .nan, count: 4)
    let table = try makeTable(columns: [nan, [7, 7, 7, 7]], target: [1, 2, 3, 6])
    for prediction in try learner.fit(table).predictions(for: table) {
      // The mean of the targets; three epochs move the bias by 3 * 1e-3 deviations at most.
      #expect(abs(prediction - 3) < 0.01)
    }
    let none = try Table(features: [], featureNames: [], target: [1, 2, 3, 6])
    for prediction in try learner.fit(none).predictions(for: none) {
      #expect(abs(prediction - 3) < 0.01)
    }
  }

  @Test("features of any scale are usable", arguments: [1e-38, 1e-30, 1e30, 1e38] as [Float])
  func scales(scale: Float) throws {
    func fit(_ scale: Float) throws -> [Double] {
      let values = (0..<64).map { Float($0 - 32) / 32 }
      let table = try makeTable(
        columns: [values.map { $0 * scale }], target: values.map { Double($0) })
      var learner = learner
      learner.epochs = 200
      learner.optimizer = .adam(learningRate: 0.01)
      let network = try learner.fit(table)
      #expect(try network.evaluate(on: table, metrics: [.r2]).entries[0].value > 0.9)
      return try network.predictions(for: table)
    }
    for (a, b) in try zip(fit(scale), fit(1)) { #expect(abs(a - b) < 1e-3) }
  }

  @Test func infiniteFeaturesAreMissing() throws {
    let table = try makeTable(
      columns: [[1, .infinity, 2, -.infinity, 3, 4]], target: [1, 9, 2, 9, 3, 4])
    let other = try makeTable(columns: [[1, .nan, 2, .nan, 3, 4]], target: [1, 9, 2, 9, 3, 4])
    #expect(try bytes(learner.fit(table)) == bytes(learner.fit(other)))
  }

  @Test func aDerivativeThatIsNotFiniteNamesItsRow() throws {
    // Row 5 of the source is row 2 of the subset.
    let whole = try makeTable(
      columns: [[0, 1, 2, 3, 4, 5, 6]], target: [0, 1, 2, 3, 4, -1, 6])
    let table = whole.subset([0, 1, 5, 6])
    var learner = learner
    learner.objective = CustomObjective("root") { row in
      .init(gradient: row.score - row.target.squareRoot(), hessian: 1)
    }
    let refused = try #require(error(learner, table))
    #expect(refused.code == .nonFiniteDerivative)
    #expect(refused.reason.contains("row 5"))
    #expect(refused.reason.contains("'root'"))
    // Not at the initial score, 0.375, but once the network comes near the last target.
    learner.objective = CustomObjective("cliff") { row in
      let isNear = row.score > 0.7 && row.target == 6
      return .init(gradient: isNear ? .nan : row.score - row.target / 6, hessian: 1)
    }
    learner.optimizer = .adam(learningRate: 0.05)
    learner.epochs = 200
    let steps = try makeTable(columns: [[-3, 1, 2, 40]], target: [0, 1, 2, 6])
    let late = try #require(error(learner, steps))
    #expect(late.code == .nonFiniteDerivative)
    #expect(late.reason.contains("row 3") && late.reason.contains("in epoch "))
  }

  /// 8 rows of which row 3 of the source has weight 0 and no finite derivative.
  @Test func aRowOfWeightZeroInfluencesNothing() throws {
    let broken = CustomObjective("broken") { row in
      let bad = row.target == 1e9
      return .init(gradient: bad ? .nan : row.score - row.target, hessian: bad ? .infinity : 1)
    }
    let table = try makeTable(
      columns: [[0, 1, 2, .nan, 4, 5, 6, 7]], target: [0, 1, 2, 1e9, 4, 5, 6, 7],
      weights: [1, 2, 1, 0, 1, 1, 3, 1])
    var learner = learner
    learner.objective = broken
    learner.recordsTrainingLoss = true
    let network = try learner.fit(table, validation: table)
    let without = try learner.fit(table.withoutWeightlessRows)
    #expect(try bytes(network) == bytes(without))
    #expect(network.log.rounds.allSatisfy { $0.validationLoss?.isFinite == true })
  }

  @Test func aLossThatIsNotANumberNamesItsRow() throws {
    let objective = CustomObjective(
      "undefined", loss: { $0.target == 6 && $0.score > 0.2 ? .nan : $0.score * $0.score }
    ) { .init(gradient: $0.score - $0.target / 6, hessian: 1) }
    var learner = learner
    learner.objective = objective
    learner.checksObjective = false
    learner.epochs = 200
    learner.optimizer = .adam(learningRate: 0.05)
    let train = try makeTable(columns: [[-3, 1, 2, 40]], target: [0, 1, 2, 5])
    let whole = try makeTable(columns: [[0, 1, -3, 40]], target: [0, 1, 2, 6])
    let refused = try #require(error(learner, train, validation: whole.subset([0, 3])))
    #expect(refused.code == .nonFiniteDerivative)
    #expect(refused.reason.contains("row 3") && refused.reason.contains("epoch"))
  }

  @Test func anInfiniteStartIsRefused() throws {
    let objective = StartingAtInfinity()
    var learner = learner
    learner.objective = objective
    let refused = try #require(error(learner, makeTable(columns: [[1, 2]], target: [1, 2])))
    #expect(refused.reason.contains("initial scores"))
  }

  @Test func divergenceAdvisesALowerLearningRate() throws {
    let table = try makeTable(rows: 60, columns: 3, seed: 2) { x, _ in x[0] }
    var learner = learner
    learner.hidden = [8, 8]
    learner.optimizer = .sgd(learningRate: 1e6)
    learner.epochs = 50
    let diverged = try #require(error(learner, table))
    #expect(diverged.code == .nonFiniteDerivative)
    #expect(diverged.reason.contains("lower the learning rate"))
  }

  /// Once told to lower a rate of 1e-9: the derivative of one row was beyond what Float holds.
  @Test func aDerivativeBeyondFloatIsNamedWithItsRow() throws {
    let targets = (0..<60).map { $0 == 17 ? -400.0 : Double($0 % 5) }
    let table = try makeTable(columns: [targets.map { Float($0 / 400) }], target: targets)
    var learner = learner
    learner.objective = DifferentiableObjective("linex") { row in
      .exp(row.score - row.target) - (row.score - row.target)
    }
    learner.optimizer = .adam(learningRate: 1e-9)
    let refused = try #require(error(learner, table))
    #expect(refused.reason.contains("row 17") && refused.reason.contains("derivative"))
    #expect(!refused.reason.contains("learning rate"))
  }

  /// A rate so high that the loss ends above the start's, at finite numbers.
  @Test func aRisingLossIsNeverReturned() throws {
    let table = try makeTable(rows: 60, columns: 3, seed: 2) { x, _ in x[0] }
    var learner = learner
    learner.hidden = []
    learner.epochs = 3
    for rate in [0.1, 0.6, 2, 8] {
      learner.optimizer = .sgd(learningRate: rate)
      guard let network = try? learner.fit(table) else { continue }
      let target = try #require(table.target)
      let scores = try network.scores(for: table)
      let mean = target.reduce(0, +) / 60
      let loss = zip(scores, target).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let start = target.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      #expect(loss <= start * 10, "rate \(rate)")
    }
  }
}

private struct StartingAtInfinity: PointwiseObjective {
  let name = "starts nowhere"
  let defaultMetric = Metric.rmse
  func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? { [.infinity] }
  func loss(_ row: borrowing Row) -> Double {
    (row.score - row.target) * (row.score - row.target)
  }
  func derivatives(_ row: borrowing Row) -> Derivatives {
    .init(gradient: 2 * (row.score - row.target), hessian: 2)
  }
}
