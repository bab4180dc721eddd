import RealModule

/// Student's t distribution.
public struct StudentT: Sendable, Hashable {
  /// Degrees of freedom, positive.
  public let freedom: Double

  /// The distribution with so many degrees of freedom.
  public init(freedom: Double) {
    precondition(freedom > 0, "Student's t needs a positive number of degrees of freedom")
    self.freedom = freedom
  }

  /// The chance of a value at least as far from 0 as `t`, on either side:
  /// `I_x(freedom / 2, 1 / 2)` with `x = freedom / (freedom + t^2)`.
  public func twoSided(_ t: Double) -> Double {
    guard t.isFinite else { return t.isNaN ? .nan : 0 }
    return Self.incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5)
  }

  /// The value that is exceeded on either side with the chance `p`, between 0 and 1; by bisection,
  /// to the last places.
  public func critical(_ p: Double) -> Double {
    precondition(p > 0 && p < 1, "a chance lies between 0 and 1")
    var (low, high) = (0.0, 1.0)
    while twoSided(high) > p, high < 1e100 { high *= 2 }
    for _ in 0..<200 where high - low > 1e-15 * high {
      let middle = (low + high) / 2
      if twoSided(middle) > p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The regularized incomplete beta function by its continued fraction; Press et al., "Numerical
  /// Recipes", 3rd ed. (2007), section 6.4.
  static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    let front = Double.exp(
      .logGamma(a + b) - .logGamma(a) - .logGamma(b) + a * .log(x) + b * .log(onePlus: -x))
    // The fraction converges fast below the mean only; above it the other tail is computed.
    return x <= (a + 1) / (a + b + 2)
      ? front * fraction(x, a, b) / a : 1 - front * fraction(1 - x, b, a) / b
  }

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    func kept(_ value: Double) -> Double { value.magnitude < 1e-300 ? 1e-300 : value }
    var c = 1.0
    var d = 1 / kept(1 - (a + b) * x / (a + 1))
    var result = d
    for m in 1...500 {
      let m = Double(m)
      let even = m * (b - m) * x / ((a - 1 + 2 * m) * (a + 2 * m))
      d = 1 / kept(1 + even * d)
      c = kept(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 1 + 2 * m))
      d = 1 / kept(1 + odd * d)
      c = kept(1 + odd / c)
      let step = d * c
      result *= step
      if (step - 1).magnitude < 1e-16 { break }
    }
    return result
  }
}
