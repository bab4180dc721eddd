/// Poisson loss on the logarithm of the mean, `exp(score) - y score`.
///
/// Targets are counts or other non-negative numbers; log link. Gradient `exp(score) - y`, exact
/// Hessian `exp(score)`, never negative and equal to the Fisher information. The loss omits
/// `log(y!)`, which no score changes. Above a score of 300 the exponential goes on as its own
/// parabola (``StableMath/exponential(_:)``), so that value, gradient and Hessian stay finite at
/// any score.
///
/// With an `exposure` (a positive row data column: hours, policies, kilometres) it suggests the
/// adjustment `score = f + log(exposure)`: a learner fits the rate per unit of exposure.
///
/// McCullagh & Nelder, "Generalized Linear Models", 2nd ed. (Chapman & Hall 1989), chapter 6.
public struct Poisson: PointwiseObjective {
  /// The row data column with the exposure; nil if every row has the same.
  public let exposure: String?

  /// Poisson loss, with an exposure if a row data column is named.
  public init(exposure: String? = nil) { self.exposure = exposure }

  public var name: String { "poisson" }
  public var link: Link { .log }
  public var rowDataNames: [String] { exposure.map { [$0] } ?? [] }
  public var scoreAdjustment: ScoreAdjustment? { exposure.map { .plusLog(of: $0) } }
  public var defaultMetric: Metric { .poissonDeviance }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireCounts(rows, hasExposure: exposure != nil)
  }

  public func loss(_ row: borrowing Row) -> Double {
    StableMath.exponential(row.score).value - row.target * row.score
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let mean = StableMath.exponential(row.score)
    return Derivatives(gradient: mean.first - row.target, hessian: mean.second)
  }

  public var curvature: Curvature {
    Curvature(
      reason: "The loss is convex, so its exact Hessian is never negative.",
      offers: [.exactIsFisher(formula: "exp(score)")])
  }
}

extension Catalogue.Entry {
  static let poisson = Self(
    name: "poisson", expression: "exp(score) - y * score; link=log",
    purpose: "counts; with the option 'exposure', per unit of the row data 'exposure'",
    options: ["exposure"]
  ) { arguments throws(CatalogueError) in
    Poisson(exposure: arguments.has("exposure") ? "exposure" : nil)
  }
}
