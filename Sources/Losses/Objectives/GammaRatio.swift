import RealModule

/// `Gamma(y + k) / Gamma(k)` for `y >= 0` and `k > 0`, with its derivatives by `log(k)`, where the
/// difference of two `logGamma` or `digamma` would lose all digits (large `k`, moderate `y`).
///
/// For a whole `y` the logarithm is `sum(log(k + j), j < y)`. Everything here is O(1) for any `y`:
/// the asymptotic series of Abramowitz & Stegun, 6.1.41, 6.3.18 and 6.4.12, differences taken term
/// by term, at an argument of at least 10, to which recurrences lead.
struct GammaRatio {
  /// `log Gamma(y + k) - log Gamma(k)`.
  let logarithm: Double
  /// ``logarithm`` less `y log(k)`; for a whole `y` it is `sum(log(1 + j / k), j < y)`.
  let excess: Double
  /// `y - k (digamma(y + k) - digamma(k))`; for a whole `y` it is `sum(j / (k + j), j < y)`.
  let firstGap: Double
  /// `y - k^2 (trigamma(k) - trigamma(y + k))`; for a whole `y`, `sum(1 - k^2 / (k + j)^2, j < y)`.
  let secondGap: Double

  /// The ratio of `Gamma(y + k)` to `Gamma(k)`.
  init(_ y: Double, over k: Double) {
    let steps = Int(Double.maximum(0, (10 - k).rounded(.up)))
    let start = k + Double(steps)
    let end = y + start
    let (near, far) = (1 / start, 1 / end)
    let x = y / start
    // The logarithm, less y log(start).
    let bend = start * StableMath.logOnePlusMinus(x)
    var excess = bend + (y - 0.5) * .log(onePlus: x) + Self.stirling(far) - Self.stirling(near)
    // start times the difference of digammas, less y.
    var first = bend + 0.5 * y * far + start * (Self.digammaTail(near) - Self.digammaTail(far))
    // start^2 times the difference of trigammas, less y.
    var second =
      -y * (y * far) + 0.5 * (y * far) * ((start + end) * far)
      + start * start * (Self.trigammaTail(near) - Self.trigammaTail(far))
    guard steps > 0 else {
      self.excess = excess
      logarithm = excess + y * .log(k)
      firstGap = -first
      secondGap = -second
      return
    }
    // Back from `start` to `k`; here k < 10, so that nothing cancels.
    excess += y * .log(start)
    first = (first + y) * (k / start)
    second = (second + y) * (k / start) * (k / start)
    for step in 0..<steps {
      let (a, b) = (k + Double(step), y + k + Double(step))
      excess -= y == 0 ? 0 : (step == 0 ? .log(b) - .log(a) : .log(onePlus: y / a))
      first += k / a * (y / b)
      second += (k / a) * (k / b) * (y / a + y / b)
    }
    logarithm = excess
    self.excess = excess - y * .log(k)
    firstGap = y - first
    secondGap = y - second
  }

  /// `log Gamma(z) - (z - 1/2) log(z) + z - log(2 pi) / 2` at `r = 1 / z <= 1/10`.
  private static func stirling(_ r: Double) -> Double {
    let s = r * r
    let inner = 1.0 / 1680 - s * (1.0 / 1188 - s * (691.0 / 360_360 - s / 156))
    return r * (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s * inner)))
  }

  /// `log(z) - digamma(z) - 1 / (2 z)`.
  private static func digammaTail(_ r: Double) -> Double {
    let s = r * r
    let inner = 1.0 / 240 - s * (1.0 / 132 - s * (691.0 / 32_760 - s / 12))
    return s * (1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * inner)))
  }

  /// `trigamma(z) - 1 / z - 1 / (2 z^2)`.
  private static func trigammaTail(_ r: Double) -> Double {
    let s = r * r
    let inner = 1.0 / 30 - s * (5.0 / 66 - s * (691.0 / 2730 - s * (7.0 / 6)))
    return r * s * (1.0 / 6 - s * (1.0 / 30 - s * (1.0 / 42 - s * inner)))
  }
}

extension StableMath {
  /// `log(1 + x) - x` for `x >= 0`, without cancellation.
  static func logOnePlusMinus(_ x: Double) -> Double {
    guard x < 0.1 else { return .log(onePlus: x) - x }
    // -x^2/2 + x^3/3 - ...; the next term is below rounding.
    var sum = 0.0
    for power in stride(from: 16, through: 2, by: -1) { sum = 1 / Double(power) - x * sum }
    return -x * x * sum
  }
}
