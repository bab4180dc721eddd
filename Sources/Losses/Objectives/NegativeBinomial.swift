import RealModule

/// Negative binomial loss on the logarithm of the mean, with a given dispersion `a`: counts that
/// spread further than Poisson's, with variance `mean + a mean^2`.
///
/// Targets are counts or other non-negative numbers; log link. With `t = score + log(a)` the loss is
/// `softplus(t) / a + y softplus(-t)`, the negative log-likelihood without terms that no score
/// changes; it is never negative. With `mean = exp(score)`: gradient
/// `(mean - y) / (1 + a mean)`, exact Hessian `mean (1 + a y) / (1 + a mean)^2`, never negative;
/// its expectation `mean / (1 + a mean)` is offered as `fisher`. Finite for every finite score. As
/// `a` goes to 0 it becomes ``Poisson``, and a large mean pulls no harder than `1 / a`.
///
/// With an `exposure` (a positive row data column: hours, policies, kilometres) it suggests the
/// adjustment `score = f + log(exposure)`: a learner fits the rate per unit of exposure.
///
/// Hilbe, "Negative Binomial Regression", 2nd ed. (Cambridge University Press 2011), chapter 8
/// (the form NB2).
public struct NegativeBinomial: PointwiseObjective {
  /// How much further than Poisson's counts spread: the variance is `mean + dispersion mean^2`.
  public let dispersion: Double
  /// The row data column with the exposure; nil if every row has the same.
  public let exposure: String?
  private let logDispersion: Double

  static let allowedDispersions = 1e-9...1e9

  /// Negative binomial loss with a dispersion from 1e-9 to 1e9, and an exposure if a row data
  /// column is named.
  public init(dispersion: Double = 1, exposure: String? = nil) {
    precondition(
      Self.allowedDispersions.contains(dispersion), "a dispersion is a number from 1e-9 to 1e9")
    self.dispersion = dispersion
    self.exposure = exposure
    logDispersion = .log(dispersion)
  }

  public var name: String { "negative-binomial" }
  public var link: Link { .log }
  public var parameters: [String: Double] { ["dispersion": dispersion] }
  public var rowDataNames: [String] { exposure.map { [$0] } ?? [] }
  public var scoreAdjustment: ScoreAdjustment? { exposure.map { .plusLog(of: $0) } }
  public var defaultMetric: Metric { .poissonDeviance }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireCounts(rows, hasExposure: exposure != nil)
  }

  public func loss(_ row: borrowing Row) -> Double {
    let t = row.score + logDispersion
    return StableMath.softplus(t) / dispersion + row.target * StableMath.softplus(-t)
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let t = row.score + logDispersion
    let p = StableMath.sigmoid(t)
    let rest = StableMath.sigmoid(-t)
    return Derivatives(
      gradient: p / dispersion - row.target * rest,
      hessian: (1 / dispersion + row.target) * (p * rest))
  }

  public var curvature: Curvature {
    let (dispersion, logDispersion) = (dispersion, logDispersion)
    return Curvature(
      reason: "The loss is convex, so its exact Hessian is never negative.",
      offers: [
        .perRow(
          "fisher", formula: "mean / (1 + a mean)",
          purpose: "The expected Hessian, which does not depend on the target."
        ) { row, _ in StableMath.sigmoid(row.score + logDispersion) / dispersion }
      ])
  }
}

extension Catalogue.Entry {
  static let negativeBinomial = Self(
    name: "negative-binomial",
    expression: "let a = 1; let t = score + log(a); softplus(t) / a + y * softplus(-t); link=log",
    purpose: "counts that spread further than Poisson's: variance mean + dispersion mean^2; with "
      + "the option 'exposure', per unit of the row data 'exposure'",
    parameters: [
      Catalogue.Parameter("dispersion", 1, "between 1e-9 and 1e9") {
        NegativeBinomial.allowedDispersions.contains($0)
      }
    ], options: ["exposure"]
  ) { arguments throws(CatalogueError) in
    NegativeBinomial(
      dispersion: arguments["dispersion"],
      exposure: arguments.has("exposure") ? "exposure" : nil)
  }
}
