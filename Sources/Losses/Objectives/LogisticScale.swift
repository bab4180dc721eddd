import RealModule

/// Likelihood of location and scale of a logistic distribution:
/// `s + z + 2 log(1 + exp(-z))` with `z = (y - m) exp(-s)` and scores `m` and `s = log(scale)`:
/// like the Gaussian one, but with tails that let outliers pull no harder than `exp(-s)`.
///
/// Any finite target; link ``Link/locationScale``, so predictions are the location, which is mean
/// and median, and the scale; the standard deviation is `pi / sqrt(3)` times it. With
/// `t = tanh(z / 2)`: gradients `-t exp(-s)` and `1 - z t`, exact Hessian `(1 - t^2) / 2 exp(-2 s)`
/// and `z (t + z (1 - t^2) / 2)`, never negative; the suggested policy is the Fisher information,
/// `exp(-2 s) / 3` and `(3 + pi^2) / 9`. See ``LocationScaleObjective`` for what all such
/// likelihoods share, and ``Logistic`` for two classes.
///
/// Johnson, Kotz & Balakrishnan, "Continuous Univariate Distributions", 2nd ed., vol. 2 (Wiley
/// 1995), chapter 23.
public struct LogisticScale: LocationScaleObjective {
  /// Likelihood of location and scale of a logistic distribution.
  public init() {}

  public var name: String { "logistic-scale" }
  public var defaultMetric: Metric { .rmse }
  public var information: (location: Double, scale: Double) { (1.0 / 3, (3 + .pi * .pi) / 9) }

  public func surprisal(_ z: Double) -> Jet {
    let e = Double.exp(-z.magnitude)
    // 1 - tanh^2 without cancellation.
    return Jet(
      value: z.magnitude + 2 * .log(onePlus: e), first: .tanh(z / 2),
      second: 2 * e / ((1 + e) * (1 + e)))
  }
}

extension Catalogue.Entry {
  static let logisticScale = Self(
    name: "logistic-scale",
    expression: "let z = (y - score[0]) * exp(-score[1]); score[1] + z + 2 * softplus(-z); "
      + "link=locationScale",
    purpose: "a mean with its own scale in every row, tails heavier than the Gaussian's"
  ) { _ throws(CatalogueError) in LogisticScale() }
}
