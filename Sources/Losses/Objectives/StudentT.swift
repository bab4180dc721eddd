import RealModule

/// Likelihood of location and scale of Student's t distribution with given degrees of freedom `v`:
/// `s + (v + 1) / 2 log(1 + z^2 / v) + c` with `z = (y - m) exp(-s)`, scores `m` and
/// `s = log(scale)`, and the constant `c = log Gamma(v / 2) - log Gamma((v + 1) / 2) + log(v pi) /
/// 2`: a Gaussian likelihood in which outliers hardly count.
///
/// Any finite target; link ``Link/locationScale``, so predictions are the location (median, and
/// mean for `v > 1`) and the scale; the standard deviation is `sqrt(v / (v - 2))` times it for
/// `v > 2`. Gradients `-(v + 1) z / (v + z^2) exp(-s)` and `1 - (v + 1) z^2 / (v + z^2)`; exact
/// Hessian `(v + 1) (v - z^2) / (v + z^2)^2 exp(-2 s)`, negative for `z^2 > v`, and
/// `2 v (v + 1) z^2 / (v + z^2)^2`. The suggested policy is the Fisher information,
/// `(v + 1) / (v + 3) exp(-2 s)` and `2 v / (v + 3)`. See ``LocationScaleObjective`` for what all
/// such likelihoods share.
///
/// Lange, Little & Taylor, "Robust Statistical Modeling Using the t Distribution", Journal of the
/// American Statistical Association 84 (1989).
public struct StudentT: LocationScaleObjective {
  /// The degrees of freedom: 1 is Cauchy's distribution, large values are nearly Gaussian.
  public let degrees: Double
  private let constant: Double

  static let allowedDegrees = 0.1...1e6

  /// Student's t with the given degrees of freedom, from 0.1 to a million.
  public init(degrees: Double = 4) {
    precondition(
      Self.allowedDegrees.contains(degrees), "degrees of freedom are a number from 0.1 to 1e6")
    self.degrees = degrees
    constant = 0.5 * .log(degrees * .pi) - GammaRatio(0.5, over: degrees / 2).logarithm
  }

  public var name: String { "student-t" }
  public var parameters: [String: Double] { ["degrees": degrees] }
  public var defaultMetric: Metric { .mae }

  public var information: (location: Double, scale: Double) {
    ((degrees + 1) / (degrees + 3), 2 * degrees / (degrees + 3))
  }

  public func surprisal(_ z: Double) -> Jet {
    // In terms of q = z^2 / v, which stays a number for every z that the protocol hands over.
    let q = z * z / degrees
    let first = (degrees + 1) / degrees * (z / (1 + q))
    let second = (degrees + 1) / degrees * ((1 - q) / (1 + q) / (1 + q))
    return Jet(
      value: constant + (degrees + 1) / 2 * .log(onePlus: q), first: first, second: second)
  }

  public func slopeOfPull(_ z: Double, _ surprisal: Jet) -> Double {
    let q = z * z / degrees
    return 2 * (degrees + 1) / degrees * (z / (1 + q) / (1 + q))
  }
}

extension Catalogue.Entry {
  static let studentT = Self(
    name: "student-t",
    expression: "let z = (y - score[0]) * exp(-score[1]); score[1] + 2.5 * log1p(z^2 / 4) "
      + "+ log(8 / 3); link=locationScale",
    purpose: "a location with its own scale in every row, where outliers hardly count",
    parameters: [
      Catalogue.Parameter("degrees", 4, "between 0.1 and 1e6") {
        StudentT.allowedDegrees.contains($0)
      }
    ]
  ) { arguments throws(CatalogueError) in StudentT(degrees: arguments["degrees"]) }
}
