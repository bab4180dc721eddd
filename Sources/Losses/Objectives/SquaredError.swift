/// Squared error, `(score - y)^2`, or half of it.
///
/// Gradient `2 (score - y)`, Hessian `2`; for the half-scaled form, as statistics and most boosting
/// libraries write it, `score - y` and `1`. Any finite target; identity link. Both forms have the
/// same minimum and grow the same trees.
public struct SquaredError: PointwiseObjective {
  /// Whether the loss is `(score - y)^2 / 2`.
  public let isHalved: Bool
  private let hessian: Double

  /// Squared error, or half of it.
  public init(half: Bool = false) {
    isHalved = half
    hessian = half ? 1 : 2
  }

  public var name: String { "squared" }
  public var parameters: [String: Double] { isHalved ? ["half": 1] : [:] }
  public var curvature: Curvature { .convex }
  public var defaultMetric: Metric { .rmse }

  public func loss(_ row: borrowing Row) -> Double {
    let difference = row.score - row.target
    return difference * difference * (hessian / 2)
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    Derivatives(gradient: hessian * (row.score - row.target), hessian: hessian)
  }
}

extension Catalogue.Entry {
  static let squared = Self(
    name: "squared", expression: "(score - y)^2",
    purpose: "regression where an error of one unit matters equally in every row; with the "
      + "option 'half', half of it",
    options: ["half"]
  ) { arguments throws(CatalogueError) in SquaredError(half: arguments.has("half")) }
}
