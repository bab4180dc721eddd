import Wording
public import RealModule

/// A likelihood with a location and a scale in every row: scores `m` and `s = log(scale)`.
///
/// With `z = (y - m) exp(-s)` and the standard density `f` of the family, the loss of a row is
/// `s - log f(z)`, the whole negative log-likelihood. A family conforms by saying `-log f` and two
/// numbers of Fisher information; everything else comes with the protocol:
///
/// - with `rho = -log f`: gradients `-rho'(z) exp(-s)` and `1 - z rho'(z)`; exact Hessian
///   `rho''(z) exp(-2 s)` and `z (rho'(z) + z rho''(z))`, off the diagonal
///   `(rho'(z) + z rho''(z)) exp(-s)`;
/// - the Fisher information, `I_m exp(-2 s)` and `I_s`, as the suggested curvature: the exact
///   Hessian by `s` vanishes for rows near their location, where Newton steps would have no bound,
///   and the full matrix is indefinite for large residuals;
/// - link ``Link/locationScale``: predictions are location and scale, in the target's unit.
///
/// A family of the logarithm of the target (``describesLogarithm``) takes positive targets, reads
/// `log(y)` for `y`, and adds `log(y)` to the loss, so that it is a likelihood of `y` itself. Its
/// link is ``Link/log``: predictions are `exp(location)`, in the target's unit, and the scale of
/// the logarithm, which for small values is a relative spread.
///
/// Below `s = -300` the exponential goes on as a parabola (``StableMath/exponential(_:)``), so that
/// everything stays finite.
///
/// Rigby & Stasinopoulos, "Generalized additive models for location, scale and shape", Journal of
/// the Royal Statistical Society C 54 (2005); Duan et al., "NGBoost", ICML 2020.
public protocol LocationScaleObjective: Objective {
  /// `-log f(z)` of the standard density, with its derivatives by `z`; finite for every `z` up to
  /// 1e150.
  func surprisal(_ z: Double) -> Jet

  /// The slope of `z rho'(z)`, where families can say it with more digits than the sum
  /// `rho'(z) + z rho''(z)` has.
  func slopeOfPull(_ z: Double, _ surprisal: Jet) -> Double

  /// The expected `rho'(z)^2` and `(1 - z rho'(z))^2` under the density itself.
  var information: (location: Double, scale: Double) { get }

  /// Whether the density is that of `log(y)`.
  var describesLogarithm: Bool { get }
}

extension LocationScaleObjective {
  public var scoresPerRow: Int { 2 }
  public var link: Link { describesLogarithm ? .log : .locationScale }
  public var describesLogarithm: Bool { false }

  @inlinable
  public func slopeOfPull(_ z: Double, _ surprisal: Jet) -> Double {
    surprisal.first + z * surprisal.second
  }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireFinite(rows)
    if describesLogarithm { try requireTargets(rows, "be greater than 0") { $0 > 0 } }
  }

  @inlinable
  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let y = describesLogarithm ? .log(rows.targets[row]) : rows.targets[row]
      let s = scores[2 * row + 1]
      let z = (y - scores[2 * row]) * StableMath.exponential(-s).value
      losses[row] = s + surprisal(z).value + (describesLogarithm ? y : 0)
    }
  }

  @inlinable
  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let place = LocationScalePlace(self, scores, rows, row)
      gradients[2 * row] = place.gradient.location
      gradients[2 * row + 1] = place.gradient.scale
      hessians[2 * row] = place.hessian.location
      hessians[2 * row + 1] = place.hessian.scale
    }
  }

  @inlinable
  public func gradients(
    at scores: Span<Double>, _ rows: borrowing Rows, into gradients: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let gradient = LocationScalePlace(self, scores, rows, row).gradient
      gradients[2 * row] = gradient.location
      gradients[2 * row + 1] = gradient.scale
    }
  }

  public var hasFullHessian: Bool { true }

  public func fullHessians(
    at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let place = LocationScalePlace(self, scores, rows, row)
      matrices[4 * row] = place.hessian.location
      matrices[4 * row + 1] = place.hessian.mixed
      matrices[4 * row + 2] = place.hessian.mixed
      matrices[4 * row + 3] = place.hessian.scale
    }
  }

  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    scoringStart(rows, weights)
  }

  public var curvature: Curvature { fisherCurvature }

  /// The exact Hessian with the Fisher information offered and suggested.
  public var fisherCurvature: Curvature {
    let information = information
    return Curvature(
      policy: .fisher,
      reason: "The exact Hessian by the log scale vanishes for rows near their location.",
      offers: [
        CurvatureOffer(
          "fisher",
          formula: "\(information.location.short) exp(-2 s) and \(information.scale.short)",
          purpose: "The expected Hessian, positive; its diagonal: natural gradient steps."
        ) { scores, rows, _, hessians in
          for row in 0..<rows.count {
            let inverse = StableMath.exponential(-scores[2 * row + 1]).value
            hessians[2 * row] = information.location * inverse * inverse
            hessians[2 * row + 1] = information.scale
          }
        }
      ])
  }
}

/// The derivatives of a row under a likelihood of location and scale.
@frozen
@usableFromInline
struct LocationScalePlace {
  @usableFromInline let gradient: (location: Double, scale: Double)
  @usableFromInline let hessian: (location: Double, mixed: Double, scale: Double)

  @inlinable
  init(
    _ objective: some LocationScaleObjective, _ scores: Span<Double>,
    _ rows: borrowing Rows, _ row: Int
  ) {
    let target = rows.targets[row]
    let residual = (objective.describesLogarithm ? .log(target) : target) - scores[2 * row]
    let s = scores[2 * row + 1]
    let inverse = StableMath.exponential(-s)
    let z = residual * inverse.value
    let rho = objective.surprisal(z)
    let location = rho.second * inverse.value * inverse.value
    if s >= -StableMath.largestExponent {
      let slope = objective.slopeOfPull(z, rho)
      gradient = (-rho.first * inverse.value, 1 - z * rho.first)
      hessian = (location, slope * inverse.value, z * slope)
    } else {
      // The chain rule along the parabola.
      let moved = -residual * inverse.first
      gradient = (-rho.first * inverse.value, 1 + rho.first * moved)
      hessian = (
        location, rho.first * inverse.first - rho.second * moved * inverse.value,
        rho.second * moved * moved + rho.first * residual * inverse.second
      )
    }
  }
}
