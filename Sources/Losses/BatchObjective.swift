/// An objective written as closures over whole blocks of rows, for full control.
///
/// The closures get row-major `[rows x scoresPerRow]` spans, as ``Objective`` describes.
public struct BatchObjective: Objective {
  /// Writes gradients and Hessians of a block of rows.
  public typealias BatchDerivatives =
    @Sendable (Span<Double>, borrowing Rows, inout MutableSpan<Double>, inout MutableSpan<Double>)
    -> Void
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
  private let lossesBody: BatchLosses?
  private let derivativesBody: BatchDerivatives

  /// An objective from block functions; the arguments are those of ``CustomObjective``.
  public init(
    _ name: String, scoresPerRow: Int = 1, rowData: [String] = [], link: Link = .identity,
    parameters: [String: Double] = [:], scoreAdjustment: ScoreAdjustment? = nil,
    metric: Metric? = nil, losses: BatchLosses? = nil, derivatives: @escaping BatchDerivatives
  ) {
    precondition(scoresPerRow > 0, "an objective has at least one score per row")
    self.name = name
    self.scoresPerRow = scoresPerRow
    self.rowDataNames = rowData
    self.link = link
    self.parameters = parameters
    self.scoreAdjustment = scoreAdjustment
    self.defaultMetric = metric ?? .rmse
    self.lossesBody = losses
    self.derivativesBody = derivatives
  }

  public var hasLoss: Bool { lossesBody != nil }

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
}
