import RealModule

/// Gaussian likelihood of mean and standard deviation:
/// `log(2 pi) / 2 + s + (mean - y)^2 exp(-2 s) / 2` with scores `mean` and `s = log(deviation)`.
///
/// Any finite target; link ``Link/locationScale``, so predictions are mean and standard deviation.
/// With `r = mean - y` and `w = exp(-2 s)`: gradients `r w` and `1 - r^2 w`, exact diagonal Hessian
/// `w` and `2 r^2 w`, off the diagonal `-2 r w`. The full matrix is indefinite for large residuals,
/// and `2 r^2 w` is near 0 for rows near their mean, where a Newton step of `s` would have no bound;
/// the suggested policy is the Fisher information, `w` and 2. Below `s = -150` the exponential goes
/// on as a parabola, so that everything stays finite.
///
/// Nix & Weigend, "Estimating the mean and variance of the target probability distribution", ICNN
/// 1994; Duan et al., "NGBoost", ICML 2020, for the Fisher information.
public struct Gaussian: Objective {
  /// Gaussian likelihood.
  public init() {}

  public var name: String { "gaussian" }
  public var scoresPerRow: Int { 2 }
  public var link: Link { .locationScale }
  public var defaultMetric: Metric { .rmse }

  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let residual = scores[2 * row] - rows.targets[row]
      let weight = StableMath.exponential(-2 * scores[2 * row + 1])
      losses[row] =
        0.5 * .log(2 * .pi) + scores[2 * row + 1] + residual * residual * weight.value / 2
    }
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let residual = scores[2 * row] - rows.targets[row]
      let weight = StableMath.exponential(-2 * scores[2 * row + 1])
      gradients[2 * row] = residual * weight.value
      gradients[2 * row + 1] = 1 - residual * residual * weight.first
      hessians[2 * row] = weight.value
      hessians[2 * row + 1] = 2 * residual * residual * weight.second
    }
  }

  public var hasFullHessian: Bool { true }

  public func fullHessians(
    at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let residual = scores[2 * row] - rows.targets[row]
      let weight = StableMath.exponential(-2 * scores[2 * row + 1])
      matrices[4 * row] = weight.value
      matrices[4 * row + 1] = -2 * residual * weight.first
      matrices[4 * row + 2] = -2 * residual * weight.first
      matrices[4 * row + 3] = 2 * residual * residual * weight.second
    }
  }

  /// Mean and logarithm of the standard deviation of the targets: the minimum.
  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    let mean = weightedMean(rows.count, weights) { rows.targets[$0] }
    let variance = weightedMean(rows.count, weights) {
      (rows.targets[$0] - mean) * (rows.targets[$0] - mean)
    }
    return [mean, variance > 0 ? .log(variance) / 2 : 0]
  }

  public var curvature: Curvature {
    Curvature(
      policy: .fisher,
      reason: "The exact Hessian by the log deviation vanishes for rows near their mean.",
      offers: [
        CurvatureOffer(
          "fisher", formula: "exp(-2 s) and 2",
          purpose: "The expected Hessian, positive and diagonal: natural gradient steps."
        ) { scores, rows, _, hessians in
          for row in 0..<rows.count {
            hessians[2 * row] = StableMath.exponential(-2 * scores[2 * row + 1]).value
            hessians[2 * row + 1] = 2
          }
        }
      ])
  }
}
