/// Gamma loss on the logarithm of the mean, `score + y exp(-score)`, for positive targets whose
/// standard deviation grows with their mean (amounts, durations).
///
/// Positive targets; log link. Gradient `1 - y exp(-score)`, exact Hessian `y exp(-score)`, never
/// negative; its expectation, the Fisher information, is 1 and is offered as `fisher`. The loss
/// omits terms that no score changes. Below a score of -300 the exponential goes on as its own
/// parabola, so that everything stays finite.
///
/// McCullagh & Nelder, "Generalized Linear Models", 2nd ed. (Chapman & Hall 1989), chapter 8.
public struct Gamma: PointwiseObjective {
  /// Gamma loss.
  public init() {}

  public var name: String { "gamma" }
  public var link: Link { .log }
  public var defaultMetric: Metric { .gammaDeviance }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireFinite(rows)
    try requireTargets(rows, "be greater than 0; 'tweedie' allows zeros") { $0 > 0 }
  }

  public func loss(_ row: borrowing Row) -> Double {
    row.score + row.target * StableMath.exponential(-row.score).value
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let inverse = StableMath.exponential(-row.score)
    return Derivatives(
      gradient: 1 - row.target * inverse.first, hessian: row.target * inverse.second)
  }

  public var curvature: Curvature {
    Curvature(
      reason: "The loss is convex, so its exact Hessian is never negative.",
      offers: [
        .perRow(
          "fisher", formula: "1", purpose: "Every row counts alike, whatever its target."
        ) { _, _ in 1 }
      ])
  }
}

extension Catalogue.Entry {
  static let gamma = Self(
    name: "gamma", expression: "score + y * exp(-score); link=log",
    purpose: "positive amounts whose spread grows in proportion to their mean"
  ) { _ throws(CatalogueError) in Gamma() }
}
