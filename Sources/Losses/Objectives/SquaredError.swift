/// Squared error, `(score - y)^2`.
///
/// Gradient `2 (score - y)`, Hessian `2`. Any finite target; identity link.
public struct SquaredError: PointwiseObjective {
  /// Squared error.
  public init() {}

  public var name: String { "squared" }
  public var curvature: Curvature { .convex }
  public var defaultMetric: Metric { .rmse }

  public func loss(_ row: borrowing Row) -> Double {
    let difference = row.score - row.target
    return difference * difference
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    Derivatives(gradient: 2 * (row.score - row.target), hessian: 2)
  }
}
