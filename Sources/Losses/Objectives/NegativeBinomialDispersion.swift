import RealModule

/// Negative binomial likelihood of mean and dispersion: scores `m = log(mean)` and
/// `s = log(dispersion)`; the variance is `mean + dispersion mean^2`.
///
/// Targets are counts or other non-negative numbers; log link, so predictions are mean and
/// dispersion. With `k = exp(-s)` and `t = m + s` the loss is `k softplus(t) + y softplus(-t) -
/// log Gamma(y + k) + log Gamma(k) + log Gamma(y + 1)`, the whole negative log-likelihood. With
/// `p = sigmoid(t)`: gradients `k p - y (1 - p)` and
/// `k p - y (1 - p) - k softplus(t) + k (digamma(y + k) - digamma(k))`; exact Hessian
/// `(k + y) p (1 - p)` and, by `s`, one that is negative for rows whose dispersion is far too large
/// or small. Off the diagonal it is `p (y (1 - p) - k p)`, with expectation 0.
///
/// The suggested policy is the Fisher information, `k p` and
/// `sum(k p^(j + 1) / (j + 1) j! / ((k + 1) ... (k + j)), j >= 1)`. Differences of gamma functions
/// are taken without cancellation (towards Poisson, `s` far below 0). The log dispersion counts as
/// between -300 and 300, so that everything stays finite.
///
/// Fisher, "The Negative Binomial Distribution", Annals of Eugenics 11 (1941); Lawless, "Negative
/// Binomial and Mixed Poisson Regression", Canadian Journal of Statistics 15 (1987).
public struct NegativeBinomialDispersion: Objective {
  /// Negative binomial likelihood of mean and dispersion.
  public init() {}

  public var name: String { "negative-binomial-dispersion" }
  public var scoresPerRow: Int { 2 }
  public var link: Link { .log }
  public var defaultMetric: Metric { .poissonDeviance }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireFinite(rows)
    try requireTargets(rows, "be 0 or more") { $0 >= 0 }
  }

  /// What losses and derivatives of a row are made of.
  private struct Place {
    /// The inverse of the dispersion, and the log odds `t`.
    let k, t: Double
    let p, rest: Double
    /// Whether `s` is within the range in which it counts.
    let isInside: Bool

    init(_ m: Double, _ s: Double) {
      let limit = StableMath.largestExponent
      let bounded = Double.minimum(Double.maximum(s, -limit), limit)
      isInside = s == bounded
      k = .exp(-bounded)
      t = m + bounded
      p = StableMath.sigmoid(t)
      rest = StableMath.sigmoid(-t)
    }

    /// `softplus(t) - p`, about `exp(2 t) / 2` for `t` far below 0.
    var bend: Double {
      guard t < -1 else { return StableMath.softplus(t) - p }
      let u = Double.exp(t)
      return StableMath.logOnePlusMinus(u) + u * p
    }
  }

  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      losses[row] = Self.loss(scores[2 * row], scores[2 * row + 1], rows.targets[row])
    }
  }

  private static func loss(_ m: Double, _ s: Double, _ y: Double) -> Double {
    let place = Place(m, s)
    let ratio = GammaRatio(y, over: place.k)
    // Large k: y softplus(-t) is nearly y log(k), which the ratio contains as well.
    let rest =
      place.k < 10
      ? y * StableMath.softplus(-place.t) - ratio.logarithm
      : y * (StableMath.softplus(place.t) - m) - ratio.excess
    return place.k * StableMath.softplus(place.t) + rest + .logGamma(y + 1)
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let place = Place(scores[2 * row], scores[2 * row + 1])
      let y = rows.targets[row]
      gradients[2 * row] = place.k * place.p - y * place.rest
      hessians[2 * row] = (place.k + y) * (place.p * place.rest)
      let byScale = Self.byDispersion(place, y)
      gradients[2 * row + 1] = byScale.gradient
      hessians[2 * row + 1] = byScale.hessian
    }
  }

  /// Derivatives by the log dispersion, in terms that are all small where the dispersion is.
  private static func byDispersion(_ place: Place, _ y: Double) -> Derivatives {
    guard place.isInside else { return Derivatives(gradient: 0, hessian: 0) }
    let ratio = GammaRatio(y, over: place.k)
    let (k, p) = (place.k, place.p)
    let bend = k * place.bend
    return Derivatives(
      gradient: y * p - bend - ratio.firstGap,
      hessian: bend - k * p * p + y * p * place.rest + ratio.firstGap - ratio.secondGap)
  }

  public var hasFullHessian: Bool { true }

  public func fullHessians(
    at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let place = Place(scores[2 * row], scores[2 * row + 1])
      let y = rows.targets[row]
      let mixed = place.isInside ? place.p * (y * place.rest - place.k * place.p) : 0
      matrices[4 * row] = (place.k + y) * (place.p * place.rest)
      matrices[4 * row + 1] = mixed
      matrices[4 * row + 2] = mixed
      matrices[4 * row + 3] = Self.byDispersion(place, y).hessian
    }
  }

  /// The minimum: the logarithm of the mean, and the dispersion by Fisher scoring from the one that
  /// gives the targets' variance. Targets that spread less than Poisson's start at a dispersion of
  /// a millionth of what would show.
  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    let mean = weightedMean(rows.count, weights) { rows.targets[$0] }
    guard mean > 0 else { return [-20, 0] }
    let variance = weightedMean(rows.count, weights) {
      (rows.targets[$0] - mean) * (rows.targets[$0] - mean)
    }
    let m = Double.log(mean)
    let least = .log(1e-6) - Double.maximum(m, 2 * m)
    let most = 10 - Double.minimum(0, m)
    let excess = (variance - mean) / (mean * mean)
    var s = excess > 0 ? Double.maximum(least, .log(excess)) : least
    for _ in 0..<100 {
      let place = Place(m, s)
      let slope = weightedMean(rows.count, weights) {
        Self.byDispersion(place, rows.targets[$0]).gradient
      }
      let step = slope / DispersionInformation.value(k: place.k, logOdds: place.t)
      let next = Double.minimum(Double.maximum(s - min(max(step, -1), 1), least), most)
      guard (next - s).magnitude > 1e-9 else { break }
      s = next
    }
    return [m, s]
  }

  public var curvature: Curvature {
    Curvature(
      policy: .fisher,
      reason: "The exact Hessian by the log dispersion may be negative or vanish.",
      offers: [
        CurvatureOffer(
          "fisher", formula: "mean / (1 + a mean) and the information of log(a)",
          purpose: "The expected Hessian, positive and diagonal: natural gradient steps."
        ) { scores, rows, _, hessians in
          for row in 0..<rows.count {
            let place = Place(scores[2 * row], scores[2 * row + 1])
            hessians[2 * row] = place.k * place.p
            hessians[2 * row + 1] = DispersionInformation.value(k: place.k, logOdds: place.t)
          }
        }
      ])
  }
}

extension Catalogue.Entry {
  static let negativeBinomialDispersion = Self(
    name: "negative-binomial-dispersion",
    formula: "k softplus(t) + y softplus(-t) - log Gamma(y + k) + log Gamma(k) + log(y!); "
      + "k = exp(-s), t = m + s",
    purpose: "counts: a mean with its own dispersion in every row"
  ) { _ throws(CatalogueError) in NegativeBinomialDispersion() }
}
