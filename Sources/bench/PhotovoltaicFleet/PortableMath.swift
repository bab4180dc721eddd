/// Elementary functions from additions, multiplications, divisions and square roots alone.
///
/// Those are rounded the same way everywhere, while the `sin`, `exp` and `log` of two C libraries
/// may differ in the last bit. With these the generated fleet has the same bytes on every platform.
/// Relative errors are below 1e-14 for the arguments of the fleet (tested against Foundation).
enum PortableMath {
  /// pi.
  static let pi = 3.141592653589793

  /// The sine of an angle in radians.
  static func sin(_ x: Double) -> Double {
    // Reduced to [-pi/2, pi/2], then the Taylor series up to x^23 / 23!.
    var r = x - 2 * pi * (x / (2 * pi)).rounded()
    if r > pi / 2 { r = pi - r }
    if r < -pi / 2 { r = -pi - r }
    let square = r * r
    var term = r
    var sum = r
    for k in 1...11 {
      let n = Double(2 * k)
      term *= -square / (n * (n + 1))
      sum += term
    }
    return sum
  }

  /// The cosine of an angle in radians.
  static func cos(_ x: Double) -> Double { sin(x + pi / 2) }

  /// The arc tangent of `y / x` in (-pi, pi], the angle of the point (x, y).
  static func atan2(_ y: Double, _ x: Double) -> Double {
    guard x != 0 || y != 0 else { return 0 }
    if x < 0 { return y >= 0 ? pi - atan(y / -x) : -pi + atan(y / x) }
    return x == 0 ? (y > 0 ? pi / 2 : -pi / 2) : atan(y / x)
  }

  /// The arc tangent.
  static func atan(_ x: Double) -> Double {
    // Halving the angle three times leaves at most pi/16, where the series is short.
    var r = x
    for _ in 0..<3 { r /= 1 + (1 + r * r).squareRoot() }
    let square = r * r
    var power = r
    var sum = r
    for k in 1...14 {
      power *= -square
      sum += power / Double(2 * k + 1)
    }
    return 8 * sum
  }

  /// The arc sine of a number in [-1, 1].
  static func asin(_ x: Double) -> Double { atan2(x, max(0, 1 - x * x).squareRoot()) }

  /// The exponential function.
  static func exp(_ x: Double) -> Double {
    guard x > -700 else { return 0 }
    // x = k ln 2 + r with |r| <= ln 2 / 2; ln 2 in two parts keeps r exact.
    let k = (x * 1.4426950408889634).rounded()
    let r = (x - k * 0.6931471803691238) - k * 1.9082149292705877e-10
    var term = 1.0
    var sum = 1.0
    for n in 1...17 {
      term *= r / Double(n)
      sum += term
    }
    return Double(sign: .plus, exponent: Int(k), significand: sum)
  }

  /// The natural logarithm of a positive number.
  static func log(_ x: Double) -> Double {
    precondition(x > 0, "the logarithm needs a positive number")
    var exponent = Double(x.exponent)
    var significand = x.significand
    if significand > 1.4142135623730951 {
      significand /= 2
      exponent += 1
    }
    // log m = 2 artanh((m - 1) / (m + 1)).
    let ratio = (significand - 1) / (significand + 1)
    let square = ratio * ratio
    var power = ratio
    var sum = ratio
    for k in 1...12 {
      power *= square
      sum += power / Double(2 * k + 1)
    }
    return exponent * 0.6931471805599453 + 2 * sum
  }

  /// A positive number raised to a power.
  static func power(_ base: Double, _ exponent: Double) -> Double {
    base > 0 ? exp(exponent * log(base)) : 0
  }

  /// The standard normal distribution function, by the logistic approximation of Bowling et al.,
  /// "A logistic approximation to the cumulative normal distribution" (2009); error below 2e-4.
  static func normalShare(below z: Double) -> Double {
    1 / (1 + exp(-(0.07056 * z * z * z + 1.5976 * z)))
  }

  /// Degrees as radians.
  static func radians(_ degrees: Double) -> Double { degrees * (pi / 180) }

  /// Radians as degrees.
  static func degrees(_ radians: Double) -> Double { radians * (180 / pi) }
}
