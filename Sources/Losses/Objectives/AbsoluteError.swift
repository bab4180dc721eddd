/// Absolute error, `|score - y|`, whose minimiser is the median.
///
/// Any finite target; identity link. Gradient `sign(score - y)`, 0 at the target. The second
/// derivative is 0 everywhere else and says nothing, so the Hessian written is the surrogate 1:
/// a Newton step is then the mean sign, at most one unit of the target long. Boosted trees do
/// better with the ``leafSolver``, the weighted median of the leaf's residuals (Friedman, "Greedy
/// Function Approximation", Annals of Statistics 29, 2001, algorithm 3).
public struct AbsoluteError: PointwiseObjective {
  /// Absolute error.
  public init() {}

  public var name: String { "absolute" }
  public var defaultMetric: Metric { .mae }

  public func loss(_ row: borrowing Row) -> Double { (row.score - row.target).magnitude }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let difference = row.score - row.target
    return Derivatives(gradient: difference > 0 ? 1 : (difference < 0 ? -1 : 0), hessian: 1)
  }

  public var leafSolver: LeafSolver? { Self.residualQuantile(level: 0.5) }

  public var curvature: Curvature {
    Curvature(
      isExact: false,
      reason: "The exact Hessian is 0; the surrogate 1 bounds a step by one unit of the target.",
      offers: [.residualMajoriser(formula: "1 / |score - y|", numerator: 1)])
  }
}

extension Catalogue.Entry {
  static let absolute = Self(
    name: "absolute", expression: "abs(score - y)",
    purpose: "the median; large errors count in proportion, outliers hardly move it"
  ) { _ throws(CatalogueError) in AbsoluteError() }
}
