import RealModule

/// Squared error of `log(1 + prediction)`, `(log(1 + exp(score)) - log(1 + y))^2`.
///
/// For non-negative targets over several decades; log link, so predictions are positive. With
/// `p = sigmoid(score)` and `r = softplus(score) - log1p(y)`: gradient `2 r p`, exact Hessian
/// `2 p^2 + 2 r p (1 - p)`, negative for predictions far too small. The suggested policy is the
/// Fisher information `2 p^2` (Gauss-Newton). Finite for every finite score.
public struct SquaredLogError: PointwiseObjective {
  /// Squared logarithmic error.
  public init() {}

  public var name: String { "squared-log" }
  public var link: Link { .log }
  public var defaultMetric: Metric { .rmsle }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireFinite(rows)
    try requireTargets(rows, "be 0 or more") { $0 >= 0 }
  }

  public func loss(_ row: borrowing Row) -> Double {
    let residual = StableMath.softplus(row.score) - .log(onePlus: row.target)
    return residual * residual
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let residual = StableMath.softplus(row.score) - .log(onePlus: row.target)
    let p = StableMath.sigmoid(row.score)
    return Derivatives(
      gradient: 2 * residual * p, hessian: 2 * p * p + 2 * residual * p * (1 - p))
  }

  /// The score whose softplus is the mean of `log1p(y)`: the minimum, unless all targets are 0,
  /// which is only approached.
  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    let mean = weightedMean(rows.count, weights) { .log(onePlus: rows.targets[$0]) }
    return [mean > 1e-9 ? StableMath.inverseSoftplus(mean) : .log(1e-9)]
  }

  public var curvature: Curvature {
    Curvature(
      policy: .fisher,
      reason: "The exact Hessian is negative where predictions are far too small.",
      offers: [
        .perRow(
          "fisher", formula: "2 sigmoid(score)^2",
          purpose: "The curvature of the square alone (Gauss-Newton), never negative."
        ) { row, _ in
          let p = StableMath.sigmoid(row.score)
          return 2 * p * p
        }
      ])
  }
}

extension Catalogue.Entry {
  static let squaredLog = Self(
    name: "squared-log", expression: "(softplus(score) - log1p(y))^2; link=log",
    purpose: "non-negative targets over several decades, each judged by its ratio"
  ) { _ throws(CatalogueError) in SquaredLogError() }
}
