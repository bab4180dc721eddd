/// An objective written as closures over whole blocks of rows, for full control.
///
/// The closures get row-major `[rows x scoresPerRow]` spans, as ``Objective`` describes.
public struct BatchObjective: ClosureObjective {
  /// Writes gradients and Hessians of a block of rows.
  public typealias BatchDerivatives =
    @Sendable (Span<Double>, borrowing Rows, inout MutableSpan<Double>, inout MutableSpan<Double>)
    -> Void
  /// Writes the full Hessians of a block of rows.
  public typealias BatchFullHessians =
    @Sendable (Span<Double>, borrowing Rows, inout MutableSpan<Double>) -> Void
  /// Writes the losses of a block of rows.
  public typealias BatchLosses =
    @Sendable (Span<Double>, borrowing Rows, inout MutableSpan<Double>) -> Void

  public let name: String
  public let scoresPerRow: Int
  public let rowDataNames: [String]
  public let link: Link
  public let parameters: [String: Double]
  public let scoreAdjustment: ScoreAdjustment?
  public let defaultMetric: Metric
  let namesMetric: Bool
  public let reach: Reach
  private let declared: Declarations
  private let lossesBody: BatchLosses?
  private let fullHessiansBody: BatchFullHessians?
  private let derivativesBody: BatchDerivatives

  /// An objective from block functions; the arguments are those of ``CustomObjective``.
  ///
  /// - Parameters:
  ///   - reach: which rows the loss of one depends on; learners keep those together in a block.
  ///   - fullHessians: writes `[rows x scoresPerRow x scoresPerRow]`; learners do not need it.
  public init(
    _ name: String, scoresPerRow: Int = 1, rowData: [String] = [], link: Link = .identity,
    parameters: [String: Double] = [:], scoreAdjustment: ScoreAdjustment? = nil,
    metric: Metric? = nil,
    curvature: Curvature? = nil, leafSolver: LeafSolver? = nil,
    startingScores: StartingScores? = nil, validate: RowValidation? = nil,
    reach: Reach = .row, losses: BatchLosses? = nil, derivatives: @escaping BatchDerivatives,
    fullHessians: BatchFullHessians? = nil
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
    declared = Declarations(
      curvature: curvature, leafSolver: leafSolver, start: startingScores, validation: validate)
    self.reach = reach
    self.fullHessiansBody = fullHessians
    self.lossesBody = losses
    self.derivativesBody = derivatives
  }

  public var hasLoss: Bool { lossesBody != nil }

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
    guard let lossesBody else { preconditionFailure("objective '\(name)' was given no loss") }
    lossesBody(scores, rows, &losses)
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    derivativesBody(scores, rows, &gradients, &hessians)
  }

  public var hasFullHessian: Bool { fullHessiansBody != nil }

  public func fullHessians(
    at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) {
    guard let fullHessiansBody else {
      preconditionFailure("objective '\(name)' gives the diagonal of its Hessian only")
    }
    fullHessiansBody(scores, rows, &matrices)
  }
}
