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
  private let loss: RowLoss?
  private let body: Body

  private enum Body {
    case one(RowDerivatives)
    case several(RowDerivativesOfSeveral)
  }

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
  public init(
    _ name: String, rowData: [String] = [], link: Link = .identity,
    parameters: [String: Double] = [:], scoreAdjustment: ScoreAdjustment? = nil,
    metric: Metric? = nil, loss: RowLoss? = nil, derivatives: @escaping RowDerivatives
  ) {
    self.init(
      name: name, scoresPerRow: 1, rowData: rowData, link: link, parameters: parameters,
      scoreAdjustment: scoreAdjustment, metric: metric ?? .rmse, loss: loss,
      body: .one(derivatives))
  }

  /// An objective with several scores per row (one per class, quantile, parameter, ...).
  ///
  /// `derivatives` writes the gradient into its second argument and the diagonal of the Hessian
  /// into its third, `scoresPerRow` elements each.
  public init(
    _ name: String, scoresPerRow: Int, rowData: [String] = [], link: Link = .identity,
    parameters: [String: Double] = [:], scoreAdjustment: ScoreAdjustment? = nil,
    metric: Metric? = nil, loss: RowLoss? = nil, derivatives: @escaping RowDerivativesOfSeveral
  ) {
    precondition(scoresPerRow > 0, "an objective has at least one score per row")
    self.init(
      name: name, scoresPerRow: scoresPerRow, rowData: rowData, link: link,
      parameters: parameters, scoreAdjustment: scoreAdjustment, metric: metric ?? .rmse,
      loss: loss, body: .several(derivatives))
  }

  private init(
    name: String, scoresPerRow: Int, rowData: [String], link: Link, parameters: [String: Double],
    scoreAdjustment: ScoreAdjustment?, metric: Metric, loss: RowLoss?, body: Body
  ) {
    self.name = name
    self.scoresPerRow = scoresPerRow
    self.rowDataNames = rowData
    self.link = link
    self.parameters = parameters
    self.scoreAdjustment = scoreAdjustment
    self.defaultMetric = metric
    self.loss = loss
    self.body = body
  }

  /// The loss as jets, where it was given so.
  var formula: DifferentiableObjective?

  public var lossFormula: (any Objective)? { formula }

  public var hasLoss: Bool { loss != nil }

  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    guard let loss else { preconditionFailure("objective '\(name)' was given no loss") }
    for index in 0..<rows.count {
      losses[index] = loss(rows.row(index, scores: scores, scoresPerRow: scoresPerRow))
    }
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    switch body {
    case .one(let derivatives):
      for index in 0..<rows.count {
        let pair = derivatives(rows.row(index, scores: scores, scoresPerRow: 1))
        gradients[index] = pair.gradient
        hessians[index] = pair.hessian
      }
    case .several(let derivatives):
      var gradient = [Double](repeating: 0, count: scoresPerRow)
      var hessian = gradient
      for index in 0..<rows.count {
        var g = gradient.mutableSpan
        var h = hessian.mutableSpan
        derivatives(rows.row(index, scores: scores, scoresPerRow: scoresPerRow), &g, &h)
        for k in 0..<scoresPerRow {
          gradients[index * scoresPerRow + k] = gradient[k]
          hessians[index * scoresPerRow + k] = hessian[k]
        }
      }
    }
  }
}
