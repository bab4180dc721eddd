/// An objective written as closures over one row: gradient and Hessian, and the loss if you have it.
///
/// ```swift
/// let sne = CustomObjective("sne", rowData: ["size"]) { row in
///   let size = row.data[0]
///   return .init(
///     gradient: 2 * (row.score - row.target) / (size * size), hessian: 2 / (size * size))
/// }
/// ```
public struct CustomObjective: Objective {
  /// Derivatives of a row with one score.
  public typealias RowDerivatives = @Sendable (borrowing Row) -> Derivatives
  /// Derivatives of a row with several scores, written into spans of `scoresPerRow` elements.
  public typealias RowDerivativesOfSeveral =
    @Sendable (borrowing Row, inout MutableSpan<Double>, inout MutableSpan<Double>) -> Void
  /// The loss of a row.
  public typealias RowLoss = @Sendable (borrowing Row) -> Double

  public let name: String
  public let scoresPerRow: Int
  public let rowDataNames: [String]
  public let link: Link
  public let parameters: [String: Double]
  public let scoreAdjustment: ScoreAdjustment?
  public let defaultMetric: Metric
  private let loops: RowLoops

  /// An objective with one score per row.
  ///
  /// - Parameters:
  ///   - name: the name for reports and model files.
  ///   - rowData: the side columns the closures read as `row.data[0]`, `row.data[1]`, ...
  ///   - link: how a score becomes a prediction.
  ///   - parameters: numbers to keep in the model file.
  ///   - scoreAdjustment: a per-row scale or offset that learners may apply.
  ///   - metric: the metric to show by default; RMSE if nil.
  ///   - loss: the loss of a row. Without it, curves show the integral of the gradient.
  ///   - derivatives: gradient and Hessian of a row, not multiplied by its weight.
  @inlinable
  @inline(__always)
  public init(
    _ name: String, rowData: [String] = [], link: Link = .identity,
    parameters: [String: Double] = [:], scoreAdjustment: ScoreAdjustment? = nil,
    metric: Metric? = nil, loss: RowLoss? = nil, derivatives: @escaping RowDerivatives
  ) {
    self.init(
      name: name, scoresPerRow: 1, rowData: rowData, link: link, parameters: parameters,
      scoreAdjustment: scoreAdjustment, metric: metric,
      loops: RowLoops(loss: loss, derivatives: derivatives))
  }

  /// An objective with several scores per row (one per class, quantile, parameter, ...).
  ///
  /// `derivatives` writes the gradient into its second argument and the diagonal of the Hessian
  /// into its third, `scoresPerRow` elements each.
  @inlinable
  @inline(__always)
  public init(
    _ name: String, scoresPerRow: Int, rowData: [String] = [], link: Link = .identity,
    parameters: [String: Double] = [:], scoreAdjustment: ScoreAdjustment? = nil,
    metric: Metric? = nil, loss: RowLoss? = nil, derivatives: @escaping RowDerivativesOfSeveral
  ) {
    self.init(
      name: name, scoresPerRow: scoresPerRow, rowData: rowData, link: link,
      parameters: parameters, scoreAdjustment: scoreAdjustment, metric: metric,
      loops: RowLoops(loss: loss, derivatives: derivatives))
  }

  @usableFromInline
  init(
    name: String, scoresPerRow: Int, rowData: [String], link: Link, parameters: [String: Double],
    scoreAdjustment: ScoreAdjustment?, metric: Metric?, loops: RowLoops
  ) {
    precondition(scoresPerRow > 0, "an objective has at least one score per row")
    self.name = name
    self.scoresPerRow = scoresPerRow
    self.rowDataNames = rowData
    self.link = link
    self.parameters = parameters
    self.scoreAdjustment = scoreAdjustment
    self.defaultMetric = metric ?? .rmse
    self.loops = loops
  }

  /// The loss as jets, where it was given so.
  @usableFromInline
  var formula: DifferentiableObjective?

  public var lossFormula: (any Objective)? { formula }

  public var hasLoss: Bool { loops.losses != nil }

  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    guard let loop = loops.losses else {
      preconditionFailure("objective '\(name)' was given no loss")
    }
    loop(scores, rows, scoresPerRow, &losses)
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    loops.derivatives(scores, rows, scoresPerRow, &gradients, &hessians)
  }
}
