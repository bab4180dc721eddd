/// An objective that is another one but for what it says itself.
///
/// Every requirement of ``Objective`` is answered by the base, so a conformer writes what differs and
/// nothing else: the defaults of ``Objective`` are never taken by mistake.
///
/// ```swift
/// struct Renamed: ForwardingObjective {
///   let base: any Objective
///   var name: String { "my \(base.name)" }
/// }
/// ```
///
/// A conformer that changes ``Objective/derivatives(at:_:gradients:hessians:)`` changes
/// ``Objective/gradients(at:_:into:)`` and ``Objective/lossesAndGradients(at:_:losses:gradients:)``
/// alike.
public protocol ForwardingObjective: Objective {
  /// The objective underneath.
  var base: any Objective { get }
}

extension ForwardingObjective {
  public var name: String { base.name }
  public var scoresPerRow: Int { base.scoresPerRow }
  public var rowDataNames: [String] { base.rowDataNames }
  public var link: Link { base.link }
  public var parameters: [String: Double] { base.parameters }
  public var scoreAdjustment: ScoreAdjustment? { base.scoreAdjustment }
  public var defaultMetric: Metric { base.defaultMetric }
  public var hasLoss: Bool { base.hasLoss }
  public var lossFormula: (any Objective)? { base.lossFormula }
  public var reach: Reach { base.reach }
  public var leafSolver: LeafSolver? { base.leafSolver }
  public var curvature: Curvature { base.curvature }
  public var hasFullHessian: Bool { base.hasFullHessian }

  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    base.startingScores(rows, weights: weights)
  }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) { try base.validate(rows) }

  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    base.losses(at: scores, rows, into: &losses)
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    base.derivatives(at: scores, rows, gradients: &gradients, hessians: &hessians)
  }

  public func gradients(
    at scores: Span<Double>, _ rows: borrowing Rows, into gradients: inout MutableSpan<Double>
  ) {
    base.gradients(at: scores, rows, into: &gradients)
  }

  public func lossesAndGradients(
    at scores: Span<Double>, _ rows: borrowing Rows,
    losses: inout MutableSpan<Double>, gradients: inout MutableSpan<Double>
  ) {
    base.lossesAndGradients(at: scores, rows, losses: &losses, gradients: &gradients)
  }

  public func fullHessians(
    at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) {
    base.fullHessians(at: scores, rows, into: &matrices)
  }
}
