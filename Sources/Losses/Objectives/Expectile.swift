/// Expectile loss, `|level - [y < score]| (score - y)^2`: the squared error with unequal weights
/// for errors above and below; at level 1/2 half the squared error.
///
/// Any finite target; identity link. With `w = 1 - level` above the target and `level` below:
/// gradient `2 w (score - y)`, exact Hessian `2 w`, positive and nearly constant, so Newton steps
/// suit it well.
///
/// Newey & Powell, "Asymmetric Least Squares Estimation and Testing", Econometrica 55 (1987).
public struct Expectile: PointwiseObjective {
  /// The weight of errors below the target, between 0 and 1.
  public let level: Double

  /// The expectile loss at `level`.
  public init(_ level: Double) {
    precondition(level > 0 && level < 1, "an expectile's level lies between 0 and 1")
    self.level = level
  }

  public var name: String { "expectile" }
  public var parameters: [String: Double] { ["level": level] }
  public var defaultMetric: Metric { .rmse }
  public var curvature: Curvature { .convex }

  public func loss(_ row: borrowing Row) -> Double {
    let difference = row.score - row.target
    return (difference > 0 ? 1 - level : level) * difference * difference
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let difference = row.score - row.target
    let weight = 2 * (difference > 0 ? 1 - level : level)
    return Derivatives(gradient: weight * difference, hessian: weight)
  }
}

extension Catalogue.Entry {
  static let expectile = Self(
    name: "expectile",
    expression: "let level = 0.5; if(score > y, 1 - level, level) * (score - y)^2",
    purpose: "like a quantile, but weighing errors by their square", parameters: [.level]
  ) { arguments throws(CatalogueError) in Expectile(arguments["level"]) }
}
