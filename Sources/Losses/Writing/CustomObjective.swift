/// An objective written as closures over one row: gradient and Hessian, and the loss if you have it.
///
/// ```swift
/// let sne = CustomObjective("sne", rowData: ["size"]) { row in
///   let size = row.data[0]
///   return .init(
///     gradient: 2 * (row.score - row.target) / (size * size), hessian: 2 / (size * size))
/// }
/// ```
public struct CustomObjective: ClosureObjective {
  /// Derivatives of a row with one score.
  public typealias RowDerivatives = @Sendable (borrowing Row) -> Derivatives
  /// Derivatives of a row with several scores, written into spans of `scoresPerRow` elements.
  public typealias RowDerivativesOfSeveral =
    @Sendable (borrowing Row, inout MutableSpan<Double>, inout MutableSpan<Double>) -> Void
  /// The full Hessian of a row with several scores, written into `scoresPerRow^2` elements.
  public typealias RowFullHessian = @Sendable (borrowing Row, inout MutableSpan<Double>) -> Void
  /// The loss of a row.
  public typealias RowLoss = @Sendable (borrowing Row) -> Double

  public let name: String
  public let scoresPerRow: Int
  public let rowDataNames: [String]
  public let link: Link
  public let parameters: [String: Double]
  public let scoreAdjustment: ScoreAdjustment?
  public let defaultMetric: Metric
  let namesMetric: Bool
  private let declared: Declarations
  private let loops: RowLoops
  private let fullHessian: RowFullHessian?
  /// The loss as jets, where it was given so.
  private let formula: DifferentiableObjective?

  /// An objective with one score per row.
  ///
  /// - Parameters:
  ///   - name: the name for reports and model files.
  ///   - rowData: the side columns the closures read as `row.data[0]`, `row.data[1]`, ...
  ///   - link: how a score becomes a prediction.
  ///   - parameters: numbers to keep in the model file.
  ///   - scoreAdjustment: a per-row scale or offset that learners may apply.
  ///   - metric: the metric to show by default; if nil, RMSE, or in reports that of the shipped objective
  ///     with the same loss.
  ///   - curvature: what the Hessian is, the policy that suits it, and what may stand in its place; if
  ///     nil, derived from the loss (``Objective/resolved(on:)``).
  ///   - leafSolver: the best constant for a leaf of a tree; if nil, derived likewise.
  ///   - startingScores: the constant scores to start from; if nil, found by Newton steps.
  ///   - validate: throws for rows that the loss is not defined for; if nil, targets and row data that
  ///     are not finite numbers are refused.
  ///   - loss: the loss of a row. Without it, curves show the integral of the gradient.
  ///   - derivatives: gradient and Hessian of a row, not multiplied by its weight.
  @inlinable
  @inline(__always)
  public init(
    _ name: String, rowData: [String] = [], link: Link = .identity,
    parameters: [String: Double] = [:], scoreAdjustment: ScoreAdjustment? = nil,
    metric: Metric? = nil,
    curvature: Curvature? = nil, leafSolver: LeafSolver? = nil,
    startingScores: StartingScores? = nil, validate: RowValidation? = nil,
    loss: RowLoss? = nil, derivatives: @escaping RowDerivatives
  ) {
    self.init(
      name: name, scoresPerRow: 1, rowData: rowData, link: link, parameters: parameters,
      scoreAdjustment: scoreAdjustment, metric: metric,
      declared: Declarations(
        curvature: curvature, leafSolver: leafSolver, start: startingScores, validation: validate),
      loops: RowLoops(loss: loss, derivatives: derivatives))
  }

  /// An objective with several scores per row (one per class, quantile, parameter, ...).
  ///
  /// `derivatives` writes the gradient into its second argument and the diagonal of the Hessian
  /// into its third, `scoresPerRow` elements each. `fullHessian` writes the whole matrix, row-major
  /// `[scoresPerRow x scoresPerRow]`, whose diagonal is that of `derivatives`; learners do not need it.
  @inlinable
  @inline(__always)
  public init(
    _ name: String, scoresPerRow: Int, rowData: [String] = [], link: Link = .identity,
    parameters: [String: Double] = [:], scoreAdjustment: ScoreAdjustment? = nil,
    metric: Metric? = nil,
    curvature: Curvature? = nil, leafSolver: LeafSolver? = nil,
    startingScores: StartingScores? = nil, validate: RowValidation? = nil,
    loss: RowLoss? = nil, derivatives: @escaping RowDerivativesOfSeveral,
    fullHessian: RowFullHessian? = nil
  ) {
    self.init(
      name: name, scoresPerRow: scoresPerRow, rowData: rowData, link: link,
      parameters: parameters, scoreAdjustment: scoreAdjustment, metric: metric,
      declared: Declarations(
        curvature: curvature, leafSolver: leafSolver, start: startingScores, validation: validate),
      loops: RowLoops(loss: loss, derivatives: derivatives), fullHessian: fullHessian)
  }

  @usableFromInline
  init(
    name: String, scoresPerRow: Int, rowData: [String], link: Link, parameters: [String: Double],
    scoreAdjustment: ScoreAdjustment?, metric: Metric?, declared: Declarations, loops: RowLoops,
    formula: DifferentiableObjective.Loss? = nil, fullHessian: RowFullHessian? = nil
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
    self.loops = loops
    self.fullHessian = fullHessian
    self.formula = formula.map {
      DifferentiableObjective(
        name, scoresPerRow: scoresPerRow, rowData: rowData, link: link, parameters: parameters,
        scoreAdjustment: scoreAdjustment, metric: metric, loss: $0)
    }
  }

  public var hasLoss: Bool { loops.losses != nil }

  public var lossFormula: (any Objective)? { formula }

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

  public var hasFullHessian: Bool { fullHessian != nil }

  public func fullHessians(
    at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) {
    guard let fullHessian else {
      preconditionFailure("objective '\(name)' gives the diagonal of its Hessian only")
    }
    let size = scoresPerRow * scoresPerRow
    var matrix = [Double](repeating: 0, count: size)
    for index in 0..<rows.count {
      var span = matrix.mutableSpan
      fullHessian(rows.row(index, scores: scores, scoresPerRow: scoresPerRow), &span)
      for place in 0..<size { matrices[index * size + place] = matrix[place] }
    }
  }
}
