/// Pinball loss of one quantile, `level (y - score)` below the target and
/// `(1 - level) (score - y)` above it; its minimiser is the quantile at `level`.
///
/// Any finite target; identity link. Gradient `-level` below the target, `1 - level` above,
/// `1/2 - level` at it. The second derivative is 0 everywhere else; the Hessian written is the
/// surrogate 1. Boosted trees do better with the ``leafSolver``, the weighted quantile of the
/// leaf's residuals. ``Quantiles`` fits several levels at once.
///
/// Koenker & Bassett, "Regression Quantiles", Econometrica 46 (1978).
public struct Quantile: PointwiseObjective {
  /// The share of targets that should lie below the score, between 0 and 1.
  public let level: Double

  /// The pinball loss of the quantile at `level`.
  public init(_ level: Double) {
    precondition(level > 0 && level < 1, "a quantile's level lies between 0 and 1")
    self.level = level
  }

  public var name: String { "quantile" }
  public var parameters: [String: Double] { ["level": level] }
  public var defaultMetric: Metric { .pinball([level]) }

  public func loss(_ row: borrowing Row) -> Double {
    Pinball.loss(row.target - row.score, level: level)
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    Derivatives(gradient: Pinball.slope(row.target - row.score, level: level), hessian: 1)
  }

  public var leafSolver: LeafSolver? { Self.residualQuantile(level: level) }

  public var curvature: Curvature {
    Curvature(
      isExact: false,
      reason: "The exact Hessian is 0; the surrogate 1 bounds a step by one unit of the target.",
      offers: [.residualMajoriser(formula: "1 / (2 |score - y|)", numerator: 0.5)])
  }
}
