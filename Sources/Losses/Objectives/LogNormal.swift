import RealModule

/// Log-normal likelihood: a Gaussian one of `log(y)`,
/// `log(y) + log(2 pi) / 2 + s + (m - log(y))^2 exp(-2 s) / 2`, with scores `m`, the mean of the
/// logarithm, and `s`, the logarithm of its standard deviation.
///
/// Positive targets; link ``Link/log``: predictions are the median `exp(m)`, in the target's unit,
/// and the deviation `exp(s)` of the logarithm, nearly the relative spread where it is small. (The
/// mean of the distribution is `exp(m + exp(2 s) / 2)`.) Gradients `r w` and `1 - r^2 w` with
/// `r = m - log(y)` and `w = exp(-2 s)`; Hessian and its policy, the Fisher information `w` and 2,
/// as for ``Gaussian``.
///
/// Duan et al., "NGBoost", ICML 2020; Aitchison & Brown, "The Lognormal Distribution" (Cambridge
/// University Press 1957).
public struct LogNormal: LocationScaleObjective {
  /// Log-normal likelihood.
  public init() {}

  public var name: String { "log-normal" }
  public var defaultMetric: Metric { .mae }
  public var describesLogarithm: Bool { true }
  public var information: (location: Double, scale: Double) { (1, 2) }

  public func surprisal(_ z: Double) -> Jet { Gaussian.surprisal(z) }

  /// Mean and log deviation of the targets' logarithms: the minimum.
  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    momentStart(rows, weights)
  }
}

extension Catalogue.Entry {
  static let logNormal = Self(
    name: "log-normal",
    expression: "let z = (log(y) - score[0]) * exp(-score[1]); "
      + "log(y) + score[1] + z^2 / 2 + log(2 * pi) / 2; link=log",
    purpose: "positive amounts: a median with the spread of its logarithm in every row"
  ) { _ throws(CatalogueError) in LogNormal() }
}
