import RealModule

/// Likelihood of location and scale of Gumbel's distribution of largest values:
/// `s + z + exp(-z)` with `z = (y - m) exp(-s)` and scores `m` and `s = log(scale)`: for maxima
/// (floods, gusts, peak loads), which spread further above than below.
///
/// Any finite target; link ``Link/locationScale``, so predictions are the mode `m` and the scale;
/// the mean is `m + 0.5772 exp(s)`, the quantile of level `q` is `m - exp(s) log(-log(q))`. For
/// smallest values give the targets the other sign. With `e = exp(-z)`: gradients
/// `(e - 1) exp(-s)` and `1 - z (1 - e)`; exact Hessian `e exp(-2 s)` and `z (1 - e + z e)`, never
/// negative. The suggested policy is the diagonal of the Fisher information, `exp(-2 s)` and
/// `(1 - g)^2 + pi^2 / 6` with Euler's constant `g`. Where `-z` is above 300 the exponential goes
/// on as a straight line, so that everything stays finite. See ``LocationScaleObjective`` for what
/// all such likelihoods share.
///
/// Coles, "An Introduction to Statistical Modeling of Extreme Values" (Springer 2001), chapter 3.
public struct Gumbel: LocationScaleObjective {
  /// Likelihood of location and scale of Gumbel's distribution of largest values.
  public init() {}

  public var name: String { "gumbel" }
  public var defaultMetric: Metric { .mae }

  public var information: (location: Double, scale: Double) {
    let euler = 0.577_215_664_901_532_9
    return (1, (1 - euler) * (1 - euler) + .pi * .pi / 6)
  }

  public func surprisal(_ z: Double) -> Jet {
    let limit = -StableMath.largestExponent
    let e = Double.exp(-Double.maximum(z, limit))
    guard z < limit else { return Jet(value: z + e, first: -.expMinusOne(-z), second: e) }
    return Jet(value: z + e * (1 + limit - z), first: 1 - e, second: 0)
  }
}

extension Catalogue.Entry {
  static let gumbel = Self(
    name: "gumbel",
    expression: "let z = (y - score[0]) * exp(-score[1]); score[1] + z + exp(-z); "
      + "link=locationScale",
    purpose: "maxima, such as peak loads: a mode with its own scale in every row"
  ) { _ throws(CatalogueError) in Gumbel() }
}
