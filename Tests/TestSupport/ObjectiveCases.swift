public import Losses
import Tabular

/// An objective with a way to draw rows it accepts, for tests that run over all of them.
public struct ObjectiveCase: Sendable, CustomStringConvertible {
  /// The objective.
  public let objective: any Objective
  /// Draws a target.
  public let drawTarget: @Sendable (inout RandomGenerator) -> Double

  public var description: String { objective.name }

  /// Every shipped objective; softmax with 2, 3 and 10 classes.
  public static let all: [ObjectiveCase] = [
    ObjectiveCase(objective: SquaredError()) { 20 * $0.normal() },
    ObjectiveCase(objective: SizeNormalisedSquaredError()) { 100 * $0.uniform() },
    ObjectiveCase(objective: Logistic()) { Double($0.index(below: 2)) },
    ObjectiveCase(objective: SoftmaxCrossEntropy(classes: 2)) { Double($0.index(below: 2)) },
    ObjectiveCase(objective: SoftmaxCrossEntropy(classes: 3)) { Double($0.index(below: 3)) },
    ObjectiveCase(objective: SoftmaxCrossEntropy(classes: 10)) { Double($0.index(below: 10)) },
  ]

  init(
    objective: any Objective, drawTarget: @escaping @Sendable (inout RandomGenerator) -> Double
  ) {
    self.objective = objective
    self.drawTarget = drawTarget
  }

  /// `count` rows: scores of about unit size times `scale`, targets, row data over five decades.
  public func rows(_ count: Int, scale: Double = 3, seed: UInt64) -> ObjectiveSample {
    var generator = RandomGenerator(seed: seed)
    let width = objective.scoresPerRow
    let columns = objective.rowDataNames.count
    return ObjectiveSample(
      objective: objective,
      scores: (0..<count * width).map { _ in scale * generator.normal() },
      targets: (0..<count).map { _ in drawTarget(&generator) },
      rowData: (0..<count * columns).map { _ in 100_000 / (1 + 99_999 * generator.uniform()) })
  }
}

/// Rows with scores, and what an objective makes of them.
public struct ObjectiveSample: Sendable {
  public let objective: any Objective
  public var scores: [Double]
  public var targets: [Double]
  public var rowData: [Double]

  public init(
    objective: any Objective, scores: [Double], targets: [Double], rowData: [Double] = []
  ) {
    self.objective = objective
    self.scores = scores
    self.targets = targets
    self.rowData = rowData
  }

  /// Calls `body` with the rows.
  public func withRows<Result>(_ body: (borrowing Rows) throws -> Result) rethrows -> Result {
    try body(
      Rows(
        targets: targets.span, rowData: rowData.span,
        rowDataCount: objective.rowDataNames.count))
  }

  /// The loss of each row.
  public var losses: [Double] { losses(under: objective) }

  /// The loss of each row under an objective that reads the same rows.
  public func losses(under objective: any Objective) -> [Double] {
    var losses = [Double](repeating: .nan, count: targets.count)
    withRows { rows in
      var span = losses.mutableSpan
      objective.losses(at: scores.span, rows, into: &span)
    }
    return losses
  }

  /// Gradients and Hessians, `[rows x scoresPerRow]`.
  public var derivatives: (gradients: [Double], hessians: [Double]) {
    derivatives(under: objective)
  }

  /// Gradients and Hessians under an objective that reads the same rows.
  public func derivatives(
    under objective: any Objective
  ) -> (gradients: [Double], hessians: [Double]) {
    var gradients = [Double](repeating: .nan, count: scores.count)
    var hessians = gradients
    withRows { rows in
      var g = gradients.mutableSpan
      var h = hessians.mutableSpan
      objective.derivatives(at: scores.span, rows, gradients: &g, hessians: &h)
    }
    return (gradients, hessians)
  }

  /// Full Hessians, `[rows x scoresPerRow x scoresPerRow]`.
  public func fullHessians(under objective: any Objective) -> [Double] {
    var matrices = [Double](repeating: .nan, count: scores.count * objective.scoresPerRow)
    withRows { rows in
      var span = matrices.mutableSpan
      objective.fullHessians(at: scores.span, rows, into: &span)
    }
    return matrices
  }
}
