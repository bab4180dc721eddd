/// Tweedie loss on the logarithm of the mean, for totals that are often exactly zero:
/// `exp((2 - power) score) / (2 - power) - y exp((1 - power) score) / (1 - power)`.
///
/// Non-negative targets; log link; `1 < power < 2` (a Poisson number of gamma amounts). Gradient
/// `exp((2 - power) score) - y exp((1 - power) score)`, exact Hessian
/// `(2 - power) exp((2 - power) score) + (power - 1) y exp((1 - power) score)`, never negative; its
/// expectation `exp((2 - power) score)` is offered as `fisher`. Exponentials go on as parabolas
/// above 300, so that everything stays finite.
///
/// Jorgensen, "The Theory of Dispersion Models" (Chapman & Hall 1997), chapter 4.
public struct Tweedie: PointwiseObjective {
  /// The exponent of the variance as a function of the mean, between 1 and 2.
  public let power: Double

  /// Tweedie loss; `power` lies between 1 (Poisson) and 2 (gamma), without either.
  public init(power: Double = 1.5) {
    precondition(power > 1 && power < 2, "Tweedie's power lies between 1 and 2")
    self.power = power
  }

  public var name: String { "tweedie" }
  public var link: Link { .log }
  public var parameters: [String: Double] { ["power": power] }
  public var defaultMetric: Metric { .tweedieDeviance(power: power) }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireFinite(rows)
    try requireTargets(rows, "be 0 or more") { $0 >= 0 }
  }

  public func loss(_ row: borrowing Row) -> Double {
    let (a, b) = (2 - power, 1 - power)
    return StableMath.exponential(a * row.score).value / a
      - row.target * StableMath.exponential(b * row.score).value / b
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let (a, b) = (2 - power, 1 - power)
    let mean = StableMath.exponential(a * row.score)
    let inverse = StableMath.exponential(b * row.score)
    return Derivatives(
      gradient: mean.first - row.target * inverse.first,
      hessian: a * mean.second - b * row.target * inverse.second)
  }

  public var curvature: Curvature {
    let power = power
    return Curvature(
      reason: "The loss is convex, so its exact Hessian is never negative.",
      offers: [
        .perRow(
          "fisher", formula: "exp((2 - power) score)",
          purpose: "The expected Hessian, which does not depend on the target."
        ) { row, _ in StableMath.exponential((2 - power) * row.score).second }
      ])
  }
}

extension Catalogue.Entry {
  static let tweedie = Self(
    name: "tweedie",
    expression: "let power = 1.5; exp((2 - power) * score) / (2 - power) "
      + "- y * exp((1 - power) * score) / (1 - power); link=log",
    purpose: "amounts that are often exactly zero, such as claims per policy or rain per day",
    parameters: [
      Catalogue.Parameter("power", 1.5, "between 1 and 2, without either") { $0 > 1 && $0 < 2 }
    ]
  ) { arguments throws(CatalogueError) in Tweedie(power: arguments["power"]) }
}
