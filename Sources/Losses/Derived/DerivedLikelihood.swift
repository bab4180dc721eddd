import RealModule

/// A loss of two scores that turns out to be a negative log-likelihood of a location `m` and a log
/// scale `s`, times a factor: `a (s + rho((y - m) exp(-s)))`, of the target or of its logarithm.
///
/// Found by the symmetry that this form has: gradients at any `m`, `s` and `y` follow from those at
/// `m = s = 0`. The Fisher information of the location is `a I_m exp(-2 s)`, that of the log scale
/// `a I_s`; the two numbers are integrals over the density `exp(-rho)`.
struct DerivedLikelihood: LocationScaleObjective {
  private let base: any Objective
  /// `a`.
  private let factor: Double
  let information: (location: Double, scale: Double)
  let describesLogarithm: Bool

  /// The likelihood that `objective` is; nil if it is none.
  init?(_ objective: some Objective, on rows: ProbeRows) {
    guard objective.scoresPerRow == 2, objective.rowDataNames.isEmpty else { return nil }
    guard
      let standard = Self.standard(objective, ofLogarithm: false)
        ?? Self.standard(objective, ofLogarithm: true)
    else { return nil }
    base = objective
    factor = standard.factor
    describesLogarithm = standard.isOfLogarithm
    guard let information = Self.information(standard) else { return nil }
    self.information = information
  }

  var name: String { base.name }
  var defaultMetric: Metric { base.defaultMetric }

  func surprisal(_ z: Double) -> Jet {
    let place = Self.Standard.Place(base, [z], isOfLogarithm: describesLogarithm)
    return Jet(
      value: place.losses[0] / factor, first: -place.byLocation[0] / factor,
      second: place.bends[0] / factor)
  }

  /// By Fisher scoring over at most 2,000 rows, evenly spaced.
  func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    let kept = ProbeRows(rows, limit: 2_000)
    let counts = (0..<kept.count).map { place in
      weights.isEmpty ? 1 : weights[place * rows.count / kept.count]
    }
    guard counts.contains(where: { $0 > 0 }) else { return nil }
    let start = kept.withRows { scoringStart($0, counts.span) }
    return start.allSatisfy(\.isFinite) ? start : nil
  }

  /// The loss where location and log scale are 0.
  private struct Standard {
    let objective: any Objective
    let isOfLogarithm: Bool
    let factor: Double

    /// Losses and derivatives at targets `z`, location 0 and log scale 0.
    struct Place {
      let losses: [Double]
      let byLocation: [Double]
      let byScale: [Double]
      let bends: [Double]

      init(
        _ objective: any Objective, location: Double = 0, scale: Double = 0, _ targets: [Double],
        isOfLogarithm: Bool
      ) {
        let described = isOfLogarithm ? targets.map { Double.exp($0) } : targets
        let scores = targets.flatMap { _ in [location, scale] }
        let empty = ProbeRows(targets: described)
        let (gradients, hessians) = empty.derivatives(of: objective, at: scores)
        let losses = empty.losses(of: objective, at: scores)
        // The likelihood of y itself carries log(y) as well.
        self.losses = isOfLogarithm ? zip(losses, targets).map { $0 - $1 } : losses
        byLocation = targets.indices.map { gradients[2 * $0] }
        byScale = targets.indices.map { gradients[2 * $0 + 1] }
        bends = targets.indices.map { hessians[2 * $0] }
      }
    }

    func place(_ targets: [Double], location: Double = 0, scale: Double = 0) -> Place {
      Place(
        objective, location: location, scale: scale, targets, isOfLogarithm: isOfLogarithm)
    }
  }

  private static func standard(
    _ objective: some Objective, ofLogarithm: Bool
  ) -> Standard? {
    guard objective.hasLoss else { return nil }
    let z = [0, 0.2, -0.5, 0.9, -1.4, 2.1, -3.2, 4.6]
    // At z = 0 the gradient by s is a.
    let zero = Standard(objective: objective, isOfLogarithm: ofLogarithm, factor: 1).place(z)
    let factor = zero.byScale[0]
    guard factor > 0, factor.isFinite else { return nil }
    let standard = Standard(objective: objective, isOfLogarithm: ofLogarithm, factor: factor)
    func agree(_ a: Double, _ b: Double) -> Bool {
      (a - b).magnitude <= 1e-8 * max(a.magnitude, b.magnitude, factor)
    }
    for index in z.indices {
      guard agree(zero.byScale[index], factor + z[index] * zero.byLocation[index]) else {
        return nil
      }
    }
    for (location, scale) in [(1.3, 0.4), (-2.2, -0.7), (0.6, 1.1)] {
      let spread = Double.exp(scale)
      let moved = standard.place(
        z.map { location + spread * $0 }, location: location, scale: scale)
      for index in z.indices {
        guard agree(moved.byLocation[index] * spread, zero.byLocation[index]),
          agree(moved.byScale[index], zero.byScale[index])
        else { return nil }
      }
    }
    return standard
  }

  /// `I_m` and `I_s`, times the factor, by the midpoint rule over `z = sinh(u)`.
  private static func information(
    _ standard: Standard
  ) -> (location: Double, scale: Double)? {
    // Midpoints, so that no place is a kink at 0.
    let places = (-1200..<1200).map { 0.01 * (Double($0) + 0.5) }
    let z = places.map { Double.sinh($0) }
    let place = standard.place(standard.isOfLogarithm ? z.map { min(max($0, -700), 700) } : z)
    let least = place.losses.filter(\.isFinite).min() ?? 0
    var mass = 0.0
    var sums = (location: 0.0, scale: 0.0)
    for index in z.indices {
      let density =
        Double.exp(-(place.losses[index] - least) / standard.factor)
        * Double.cosh(places[index])
      let location = place.byLocation[index] / standard.factor
      let scale = place.byScale[index] / standard.factor
      guard density > 0, location.isFinite, scale.isFinite else { continue }
      mass += density
      sums.location += density * location * location
      sums.scale += density * scale * scale
    }
    let information = (
      standard.factor * sums.location / mass, standard.factor * sums.scale / mass
    )
    let isUsable = [information.0, information.1].allSatisfy { $0 > 0 && $0.isFinite }
    return isUsable ? information : nil
  }
}
