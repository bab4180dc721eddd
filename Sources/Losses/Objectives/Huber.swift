/// Huber's loss: `r^2 / 2` up to `|r| = delta`, then `delta (|r| - delta / 2)`, with
/// `r = score - y`.
///
/// Squares small errors and counts large ones linearly, so that outliers pull no harder than
/// `delta`. Any finite target; identity link. Gradient `r` kept within `+-delta`. The exact Hessian
/// is 1 inside (the kink included) and 0 outside, where Newton steps would ignore the row; the
/// suggested policy is the upper bound `min(1, delta / |r|)`.
///
/// Huber, "Robust Estimation of a Location Parameter", Annals of Mathematical Statistics 35 (1964).
public struct Huber: PointwiseObjective {
  /// The residual where the loss turns linear, in the unit of the target.
  public let delta: Double

  /// Huber's loss with the given turning point, a positive number.
  public init(delta: Double = 1) {
    precondition(delta > 0 && delta.isFinite, "Huber's delta is a positive number")
    self.delta = delta
  }

  public var name: String { "huber" }
  public var parameters: [String: Double] { ["delta": delta] }
  public var defaultMetric: Metric { .mae }

  public func loss(_ row: borrowing Row) -> Double {
    let size = (row.score - row.target).magnitude
    return size <= delta ? size * size / 2 : delta * (size - delta / 2)
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let residual = row.score - row.target
    return Derivatives(
      gradient: min(max(residual, -delta), delta), hessian: residual.magnitude <= delta ? 1 : 0)
  }

  public var curvature: Curvature {
    Curvature(
      policy: .upperBound,
      reason: "The exact Hessian is 0 for outliers: steps of rows far off would have no length.",
      offers: [.majoriser(formula: "min(1, delta / |score - y|)", atZero: 1)])
  }
}

extension Catalogue.Entry {
  static let huber = Self(
    name: "huber",
    expression: "let delta = 1; let r = abs(score - y); "
      + "if(r <= delta, r^2 / 2, delta * (r - delta / 2))",
    purpose: "the mean of well-behaved rows, with outliers pulling no harder than delta",
    parameters: [.delta]
  ) { arguments throws(CatalogueError) in Huber(delta: arguments["delta"]) }
}
