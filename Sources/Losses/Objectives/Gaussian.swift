import RealModule

/// Gaussian likelihood of mean and standard deviation:
/// `log(2 pi) / 2 + s + (mean - y)^2 exp(-2 s) / 2` with scores `mean` and `s = log(deviation)`.
///
/// Any finite target; link ``Link/locationScale``, so predictions are mean and standard deviation.
/// With `r = mean - y` and `w = exp(-2 s)`: gradients `r w` and `1 - r^2 w`, exact diagonal Hessian
/// `w` and `2 r^2 w`, off the diagonal `-2 r w`. The full matrix is indefinite for large residuals,
/// and `2 r^2 w` is near 0 for rows near their mean, where a Newton step of `s` would have no
/// bound; the suggested policy is the Fisher information, `w` and 2. See
/// ``LocationScaleObjective`` for what all such likelihoods share.
///
/// Nix & Weigend, "Estimating the mean and variance of the target probability distribution", ICNN
/// 1994; Duan et al., "NGBoost", ICML 2020, for the Fisher information.
public struct Gaussian: LocationScaleObjective {
  /// Gaussian likelihood.
  public init() {}

  public var name: String { "gaussian" }
  public var defaultMetric: Metric { .rmse }
  public var information: (location: Double, scale: Double) { (1, 2) }

  public func surprisal(_ z: Double) -> Jet { Self.surprisal(z) }

  /// `z^2 / 2 + log(2 pi) / 2`.
  static func surprisal(_ z: Double) -> Jet {
    Jet(value: 0.5 * .log(2 * .pi) + z * z / 2, first: z, second: 1)
  }

  /// Mean and logarithm of the standard deviation of the targets: the minimum.
  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    momentStart(rows, weights)
  }
}

extension Catalogue.Entry {
  static let gaussian = Self(
    name: "gaussian",
    expression: "let z = (y - score[0]) * exp(-score[1]); score[1] + z^2 / 2 + log(2 * pi) / 2; "
      + "link=locationScale",
    purpose: "a mean with its own standard deviation in every row"
  ) { _ throws(CatalogueError) in Gaussian() }
}
