import RealModule

/// Laplace likelihood of median and mean deviation: `log(2) + s + |y - m| exp(-s)` with scores `m`
/// and `s = log(scale)`: the absolute error with a scale of its own in every row.
///
/// Any finite target; link ``Link/locationScale``, so predictions are the median and the mean
/// absolute deviation from it. With `z = (y - m) exp(-s)`: gradients `-sign(z) exp(-s)` and
/// `1 - |z|`, exact Hessian 0 and `|z|`. The first says nothing, the second vanishes for rows near
/// their median, so the suggested policy is the Fisher information, `exp(-2 s)` and 1. Boosted
/// trees do better with the ``leafSolver``: the median of the residuals weighted by `exp(-s)`, and
/// for the scale the logarithm of the mean `|z|`. See ``LocationScaleObjective`` for what all such
/// likelihoods share.
///
/// Rigby & Stasinopoulos, "Generalized additive models for location, scale and shape", Journal of
/// the Royal Statistical Society C 54 (2005); Duan et al., "NGBoost", ICML 2020.
public struct Laplace: LocationScaleObjective {
  /// Laplace likelihood.
  public init() {}

  public var name: String { "laplace" }
  public var defaultMetric: Metric { .mae }
  public var information: (location: Double, scale: Double) { (1, 1) }

  public func surprisal(_ z: Double) -> Jet {
    let sign: Double = z > 0 ? 1 : (z < 0 ? -1 : 0)
    return Jet(value: z.magnitude + .log(2), first: sign, second: 0)
  }

  /// Median and logarithm of the mean distance from it: the minimum.
  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    medianStart(rows, weights)
  }

  /// A leaf whose rows all lie on their medians has no best scale; its scale shrinks by `exp(10)`.
  public var leafSolver: LeafSolver? {
    let median = Self.residualQuantile(level: 0.5, scoresPerRow: 2) {
      StableMath.exponential(-$0.scores[1]).value
    }
    return { scores, rows, weights, score in
      guard score == 1 else { return median(scores, rows, weights, score) }
      let mean = weightedMean(rows.count, weights) { row in
        (rows.targets[row] - scores[2 * row]).magnitude
          * StableMath.exponential(-scores[2 * row + 1]).value
      }
      // Also where no row has any weight.
      return mean.isNaN ? 0 : Double.log(Double.maximum(mean, .exp(-10)))
    }
  }
}

extension Catalogue.Entry {
  static let laplace = Self(
    name: "laplace",
    expression: "score[1] + abs(y - score[0]) * exp(-score[1]) + log(2); link=locationScale",
    purpose: "a median with its own mean deviation in every row; outliers hardly move it"
  ) { _ throws(CatalogueError) in Laplace() }
}
