import RealModule

/// Gamma likelihood of mean and shape, for positive targets whose relative spread varies too:
/// `log Gamma(a) - a log(a) + a (m + y exp(-m)) - (a - 1) log(y)` with scores `m = log(mean)` and
/// `s = log(a)`; the coefficient of variation is `a^(-1/2)`.
///
/// Positive targets; log link, so predictions are mean and shape. With
/// `D = y exp(-m) + m - log(y) - 1` (half the deviance): gradients `a (1 - y exp(-m))` and
/// `a (digamma(a) - log(a) + D)`; exact diagonal Hessian `a y exp(-m)` and that gradient plus
/// `a^2 trigamma(a) - a`, never negative but near 0 for large shapes of rows that fit well, where a
/// Newton step of `s` would have no bound. The suggested policy is the Fisher information, `a` and
/// `a^2 trigamma(a) - a`, the second between 1/2 and 1; it is diagonal. Exponentials go on as
/// parabolas beyond 300, so that everything stays finite.
///
/// Cox & Reid, "Parameter Orthogonality and Approximate Conditional Inference", Journal of the
/// Royal Statistical Society B 49 (1987).
public struct GammaShape: Objective {
  /// Gamma likelihood of mean and shape.
  public init() {}

  public var name: String { "gamma-shape" }
  public var scoresPerRow: Int { 2 }
  public var link: Link { .log }
  public var defaultMetric: Metric { .gammaDeviance }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireFinite(rows)
    try requireTargets(rows, "be greater than 0") { $0 > 0 }
  }

  /// `log Gamma(a) - a log(a) + a` at `a = exp(s)`, with its derivatives by `s`. It grows like
  /// `-s` for small shapes and like `-s / 2` for large ones.
  static func normaliser(_ s: Double) -> Jet {
    if s < -40 { return Jet(value: -s, first: -1, second: 0) }
    if s > 12 {
      // Stirling's series in 1 / a; the next term is below rounding.
      let r = Double.exp(-s)
      return Jet(
        value: 0.5 * (.log(2 * .pi) - s) + r / 12, first: -0.5 - r / 12, second: r / 12)
    }
    let a = Double.exp(s)
    let slope = a * (StableMath.digamma(a) - s)
    return Jet(
      value: .logGamma(a) - a * s + a, first: slope,
      second: slope + a * (a * StableMath.trigamma(a) - 1))
  }

  /// `a^2 trigamma(a) - a` at `a = exp(s)`: the Fisher information of `s`, between 1 and 1/2.
  static func information(_ s: Double) -> Double {
    if s < -40 { return 1 }
    if s > 12 { return 0.5 + .exp(-s) / 6 }
    let a = Double.exp(s)
    return a * (a * StableMath.trigamma(a) - 1)
  }

  /// Half the deviance of the mean, with its derivatives by `m`.
  private static func deviance(_ m: Double, _ y: Double) -> Jet {
    let inverse = StableMath.exponential(-m)
    return Jet(
      value: y * inverse.value + m - .log(y) - 1, first: 1 - y * inverse.first,
      second: y * inverse.second)
  }

  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let y = rows.targets[row]
      let shape = StableMath.exponential(scores[2 * row + 1])
      losses[row] =
        Self.normaliser(scores[2 * row + 1]).value + .log(y)
        + shape.value * Self.deviance(scores[2 * row], y).value
    }
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let deviance = Self.deviance(scores[2 * row], rows.targets[row])
      let shape = StableMath.exponential(scores[2 * row + 1])
      let normaliser = Self.normaliser(scores[2 * row + 1])
      gradients[2 * row] = shape.value * deviance.first
      hessians[2 * row] = shape.value * deviance.second
      gradients[2 * row + 1] = normaliser.first + shape.first * deviance.value
      hessians[2 * row + 1] = normaliser.second + shape.second * deviance.value
    }
  }

  public var hasFullHessian: Bool { true }

  public func fullHessians(
    at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let deviance = Self.deviance(scores[2 * row], rows.targets[row])
      let shape = StableMath.exponential(scores[2 * row + 1])
      let normaliser = Self.normaliser(scores[2 * row + 1])
      matrices[4 * row] = shape.value * deviance.second
      matrices[4 * row + 1] = shape.first * deviance.first
      matrices[4 * row + 2] = shape.first * deviance.first
      matrices[4 * row + 3] = normaliser.second + shape.second * deviance.value
    }
  }

  /// The minimum: the logarithm of the mean, and the shape by Newton steps on
  /// `log(a) - digamma(a) = log(mean) - mean(log)` (Minka, "Estimating a Gamma distribution",
  /// 2002).
  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    let mean = weightedMean(rows.count, weights) { rows.targets[$0] }
    let gap = .log(mean) - weightedMean(rows.count, weights) { .log(rows.targets[$0]) }
    // Targets that hardly vary have no finite shape; a million is a deviation of a thousandth.
    guard gap > 5e-7 else { return [.log(mean), .log(1e6)] }
    var s = Double.log((3 - gap + ((gap - 3) * (gap - 3) + 24 * gap).squareRoot()) / (12 * gap))
    for _ in 0..<8 {
      let a = Double.exp(s)
      s -= (Self.normaliser(s).first + a * gap) / Self.information(s)
    }
    return [.log(mean), s]
  }

  public var curvature: Curvature {
    Curvature(
      policy: .fisher,
      reason: "The exact Hessian by the log shape vanishes for rows that fit well.",
      offers: [
        CurvatureOffer(
          "fisher", formula: "a and a^2 trigamma(a) - a",
          purpose: "The expected Hessian, positive and diagonal: natural gradient steps."
        ) { scores, rows, _, hessians in
          for row in 0..<rows.count {
            hessians[2 * row] = StableMath.exponential(scores[2 * row + 1]).value
            hessians[2 * row + 1] = Self.information(scores[2 * row + 1])
          }
        }
      ])
  }
}

extension Catalogue.Entry {
  static let gammaShape = Self(
    name: "gamma-shape", formula: "log Gamma(a) - a log(a) + a (m + y exp(-m)) - (a - 1) log(y)",
    purpose: "positive amounts: a mean with its own relative spread in every row"
  ) { _ throws(CatalogueError) in GammaShape() }
}
