/// An objective written as its loss alone; gradient and Hessian are exact, by second-order jets.
///
/// ```swift
/// let sne = DifferentiableObjective("sne", rowData: ["size"]) { row in
///   ((row.score - row.target) / row.data[0]).squared()
/// }
/// ```
///
/// Scores, target and row data are ``Jet`` values, of which only a score varies. With `K` scores
/// per row the loss is evaluated `K` times for gradient and diagonal Hessian, and
/// `K (K + 1) / 2` times for the full Hessian.
///
/// A loss with parameters is fastest as a type that conforms to ``DifferentiableLoss``.
public struct DifferentiableObjective: ClosureObjective {
  /// One row as the loss sees it: scores carry derivatives.
  public typealias Variables = LossVariables<Jet>
  /// The loss of a row.
  public typealias Loss = @Sendable (borrowing Variables) -> Jet

  public let name: String
  public let scoresPerRow: Int
  public let rowDataNames: [String]
  public let link: Link
  public let parameters: [String: Double]
  public let scoreAdjustment: ScoreAdjustment?
  public let defaultMetric: Metric
  let namesMetric: Bool
  private let declared: Declarations
  private let loss: Loss
  private let loops: RowLoops

  /// An objective from its loss; the arguments are those of ``CustomObjective``.
  @inlinable
  @inline(__always)
  public init(
    _ name: String, scoresPerRow: Int = 1, rowData: [String] = [], link: Link = .identity,
    parameters: [String: Double] = [:], scoreAdjustment: ScoreAdjustment? = nil,
    metric: Metric? = nil,
    curvature: Curvature? = nil, leafSolver: LeafSolver? = nil,
    startingScores: StartingScores? = nil, validate: RowValidation? = nil,
    loss: @escaping Loss
  ) {
    self.init(
      name: name, scoresPerRow: scoresPerRow, rowData: rowData, link: link,
      parameters: parameters, scoreAdjustment: scoreAdjustment, metric: metric,
      declared: Declarations(
        curvature: curvature, leafSolver: leafSolver, start: startingScores, validation: validate),
      loss: loss, loops: RowLoops(loss))
  }

  @usableFromInline
  init(
    name: String, scoresPerRow: Int, rowData: [String], link: Link,
    parameters: [String: Double], scoreAdjustment: ScoreAdjustment?, metric: Metric?,
    declared: Declarations, loss: @escaping Loss, loops: RowLoops
  ) {
    precondition(scoresPerRow > 0, "an objective has at least one score per row")
    self.name = name
    self.scoresPerRow = scoresPerRow
    self.rowDataNames = rowData
    self.link = link
    self.parameters = parameters
    self.scoreAdjustment = scoreAdjustment
    self.defaultMetric = metric ?? .rmse
    namesMetric = metric != nil
    self.declared = declared
    self.loss = loss
    self.loops = loops
  }

  public var curvature: Curvature { declared.curvature ?? .given }
  public var leafSolver: LeafSolver? { declared.leafSolver }

  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    declared.start?(rows, weights)
  }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try declared.validate(rows, of: self)
  }

  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    loops.losses?(scores, rows, scoresPerRow, &losses)
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    loops.derivatives(scores, rows, scoresPerRow, &gradients, &hessians)
  }

  public var hasFullHessian: Bool { true }

  public func fullHessians(
    at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) {
    JetLoops.fullHessians(scores, rows, width: scoresPerRow, into: &matrices, loss)
  }

  /// Writes the derivative of each row's loss by its target, `[rows]`, and the mixed derivatives
  /// by target and score, `[rows x scoresPerRow]`: how the gradient moves with the target.
  ///
  /// Exact, by jets along the target and along target and score together (polarisation).
  /// `2 scoresPerRow + 1` evaluations of the loss per row.
  public func targetDerivatives(
    at scores: Span<Double>, _ rows: borrowing Rows, first: inout MutableSpan<Double>,
    mixed: inout MutableSpan<Double>
  ) {
    JetLoops.targetDerivatives(
      scores, rows, width: scoresPerRow, first: &first, mixed: &mixed, loss)
  }
}
