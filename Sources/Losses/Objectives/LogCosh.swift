import RealModule

/// Log-cosh loss, `log(cosh(score - y))`: half the squared error for small residuals, the absolute
/// error less log(2) for large ones, in one smooth formula.
///
/// Any finite target; identity link. With `r = score - y`: gradient `tanh(r)`, exact Hessian
/// `1 - tanh(r)^2`, which vanishes like `exp(-2 |r|)`; the suggested policy is the upper bound
/// `tanh(r) / r`. Finite for every finite score.
///
/// Green, "Bayesian reconstructions from emission tomography data using a modified EM algorithm",
/// IEEE Transactions on Medical Imaging 9 (1990).
public struct LogCosh: PointwiseObjective {
  /// Log-cosh loss.
  public init() {}

  public var name: String { "log-cosh" }
  public var defaultMetric: Metric { .mae }

  public func loss(_ row: borrowing Row) -> Double {
    let size = (row.score - row.target).magnitude
    // For small residuals the general form would subtract nearly equal numbers.
    if size < 1e-2 {
      let square = size * size
      return square * (0.5 - square * (1.0 / 12 - square * (1.0 / 45 - square * (17.0 / 2520))))
    }
    return size + .log(onePlus: .exp(-2 * size)) - .log(2)
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let residual = row.score - row.target
    // 1 - tanh^2 without cancellation.
    let e = Double.exp(-2 * residual.magnitude)
    return Derivatives(gradient: .tanh(residual), hessian: 4 * e / ((1 + e) * (1 + e)))
  }

  public var curvature: Curvature {
    Curvature(
      policy: .upperBound,
      reason: "The exact Hessian vanishes exponentially for outliers: Newton steps overshoot.",
      offers: [.majoriser(formula: "tanh(score - y) / (score - y)", atZero: 1)])
  }
}

extension Catalogue.Entry {
  static let logCosh = Self(
    name: "log-cosh", expression: "logcosh(score - y)",
    purpose: "squared for errors below one unit, absolute above, smooth everywhere"
  ) { _ throws(CatalogueError) in LogCosh() }
}
