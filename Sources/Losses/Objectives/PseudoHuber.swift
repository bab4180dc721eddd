/// Pseudo-Huber loss, `delta^2 (sqrt(1 + (r / delta)^2) - 1)` with `r = score - y`: a smooth form
/// of Huber's.
///
/// Any finite target; identity link. With `q = sqrt(1 + (r / delta)^2)`: gradient `r / q`, exact
/// Hessian `1 / q^3`, positive but so small far off that a Newton step overshoots by `q^2`; the
/// suggested policy is the upper bound `1 / q`.
///
/// Charbonnier et al., "Deterministic edge-preserving regularization in computed imaging", IEEE
/// Transactions on Image Processing 6 (1997).
public struct PseudoHuber: PointwiseObjective {
  /// The residual around which the loss turns linear, in the unit of the target.
  public let delta: Double

  /// Pseudo-Huber loss with the given turning point, a positive number.
  public init(delta: Double = 1) {
    precondition(delta > 0 && delta.isFinite, "pseudo-Huber's delta is a positive number")
    self.delta = delta
  }

  public var name: String { "pseudo-huber" }
  public var parameters: [String: Double] { ["delta": delta] }
  public var defaultMetric: Metric { .mae }

  public func loss(_ row: borrowing Row) -> Double {
    // sqrt(1 + t^2) - 1 loses all digits of small t; t^2 / (1 + sqrt(1 + t^2)) none.
    let residual = row.score - row.target
    return residual * (residual / (1 + root(residual)))
  }

  /// `sqrt(1 + (r / delta)^2)`, also where the square overflows.
  private func root(_ residual: Double) -> Double {
    let ratio = (residual / delta).magnitude
    return ratio > 1e150 ? ratio : (1 + ratio * ratio).squareRoot()
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let residual = row.score - row.target
    let q = root(residual)
    return Derivatives(gradient: residual / q, hessian: 1 / (q * q * q))
  }

  public var curvature: Curvature {
    Curvature(
      policy: .upperBound,
      reason: "The exact Hessian falls with the cube of the residual: Newton steps overshoot.",
      offers: [.majoriser(formula: "1 / sqrt(1 + ((score - y) / delta)^2)", atZero: 1)])
  }
}

extension Catalogue.Entry {
  static let pseudoHuber = Self(
    name: "pseudo-huber",
    expression: "let delta = 1; delta^2 * (sqrt(1 + ((score - y) / delta)^2) - 1)",
    purpose: "Huber's loss without its kink in the slope", parameters: [.delta]
  ) { arguments throws(CatalogueError) in PseudoHuber(delta: arguments["delta"]) }
}
