import RealModule

/// Looks for the score at which the sum of gradients changes from negative to positive: a minimum
/// of the loss along one score, known by its derivatives only.
///
/// Newton steps, kept between scores that are known to lie on either side of the minimum. Where a
/// step leaves them, or hardly lowered the gradient, they are bisected; while one side is open, steps
/// double. So it arrives where the Hessian understates the curvature (exponential losses), vanishes
/// far from the targets (log-cosh) or says nothing (absolute errors, of which it finds a median).
/// After `rtsafe` of Press et al., "Numerical Recipes", 3rd ed. (2007), section 9.4.
struct ScoreSearch {
  /// Sums over all rows at one score.
  struct Sums {
    var gradient: Double
    var hessian: Double
    /// The sum of the gradients' magnitudes: what cancels in `gradient`.
    var magnitude: Double
  }

  private var low = -Double.infinity
  private var high = Double.infinity
  private var lastStep = 0.5
  private var isSlow = false

  /// The minimum found from score `first`, or `first` if there is none in reach. At most `passes` calls
  /// of `sums`.
  static func minimum(
    from first: Double = 0, passes: Int = 200, _ sums: (Double) -> Sums
  ) -> Double {
    var search = ScoreSearch()
    var score = first
    var here = sums(score)
    let start = here.gradient.magnitude
    guard start > 0, start.isFinite else { return first }
    search.bound(score, here)
    for _ in 1..<passes {
      // Gradients that cancel are rounding; of one sign they fade, as with a single class.
      let isOneSided = here.gradient.magnitude > 0.999 * here.magnitude
      guard here.gradient.magnitude > (isOneSided ? 1e-20 * start : 1e-13 * here.magnitude),
        let next = search.next(from: score, here)
      else { break }
      let there = sums(next)
      guard there.gradient.isFinite else {
        // Too far: the side is closed without knowing the gradient there.
        if next > score { search.high = next } else { search.low = next }
        search.isSlow = true
        continue
      }
      search.lastStep = (next - score).magnitude
      // Steps on the flank of an exponential divide the gradient by e, one unit of score each.
      search.isSlow = there.gradient.magnitude > 0.25 * here.gradient.magnitude
      search.bound(next, there)
      (score, here) = (next, there)
    }
    let isBetween = search.low.isFinite && search.high.isFinite
    return isBetween || here.gradient.magnitude <= 0.5 * start ? score : first
  }

  private mutating func bound(_ score: Double, _ sums: Sums) {
    if sums.gradient < 0 { low = max(low, score) }
    if sums.gradient > 0 { high = min(high, score) }
  }

  /// The next score to look at; nil if there is none between the bounds.
  private func next(from score: Double, _ sums: Sums) -> Double? {
    let newton = sums.hessian > 0 ? score - sums.gradient / sums.hessian : .nan
    var next = newton
    if low.isFinite, high.isFinite {
      if isSlow || !(newton > low && newton < high) { next = middle }
      return next > low && next < high ? next : nil
    }
    let step = newton.isNaN ? 0 : (newton - score).magnitude
    if isSlow || newton.isNaN {
      next = score + (sums.gradient < 0 ? 1 : -1) * max(step, 2 * lastStep)
    }
    return next.isFinite && next != score ? next : nil
  }

  /// A score between both bounds; the geometric mean where they are of different size.
  private var middle: Double {
    let (small, large) = low.magnitude < high.magnitude ? (low, high) : (high, low)
    let isOneSided = small != 0 && (small < 0) == (large < 0)
    let least = isOneSided ? small.magnitude : 1
    guard large.magnitude > 4 * least else { return low + (high - low) / 2 }
    return (large < 0 ? -1 : 1) * least.squareRoot() * large.magnitude.squareRoot()
  }
}
