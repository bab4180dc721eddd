public import RealModule

extension StableMath {
  /// Where ``exponential(_:)`` leaves the exponential: `exp(300)` is 2e130, and its square is still
  /// a number.
  public static let largestExponent = 300.0

  /// `exp(x)` with its derivatives, finite for every finite `x`: above 300 it goes on as the
  /// parabola `exp(300) (1 + t + t^2 / 2)`, `t = x - 300`, with the same value, slope and curvature
  /// there. A Newton step from far above leads straight back to where means are numbers.
  @inlinable
  public static func exponential(_ x: Double) -> Jet {
    let e = Double.exp(Double.minimum(x, largestExponent))
    guard x > largestExponent else { return Jet(value: e, first: e, second: e) }
    let t = x - largestExponent
    return Jet(value: e * (1 + t + t * t / 2), first: e * (1 + t), second: e)
  }

  /// The number whose softplus is `y`, for positive `y`.
  @inlinable
  public static func inverseSoftplus(_ y: Double) -> Double {
    y + .log(-.expMinusOne(-y))
  }

  /// The logarithm of the standard normal distribution function, for any finite `x`, with its
  /// derivatives.
  ///
  /// Below -30 the asymptotic series of Abramowitz & Stegun, 26.2.12.
  static func logNormal(_ x: Double) -> Jet {
    let logDensity = -x * x / 2 - 0.5 * .log(2 * .pi)
    guard x > -30 else {
      let r = 1 / (x * x)
      let series = r * (-1 + r * (3 + r * (-15 + r * (105 + r * (-945 + r * 10_395)))))
      let value = logDensity - .log(-x) + .log(onePlus: series)
      let slope = -x / (1 + series)
      // slope + x, without subtracting nearly equal numbers.
      return Jet(value: value, first: slope, second: -slope * (x * series / (1 + series)))
    }
    let value: Double =
      x > 5
      ? .log(onePlus: -0.5 * .erfc(x / 2.0.squareRoot())) : .log(0.5 * .erfc(-x / 2.0.squareRoot()))
    let slope = Double.exp(logDensity - value)
    return Jet(value: value, first: slope, second: -slope * (slope + x))
  }

  /// The digamma function at positive `x`: recurrence up to 10, then Abramowitz & Stegun, 6.3.18.
  static func digamma(_ x: Double) -> Double {
    var (x, sum) = (x, 0.0)
    while x < 10 {
      sum -= 1 / x
      x += 1
    }
    let r = 1 / (x * x)
    let series =
      r * (1.0 / 12 - r * (1.0 / 120 - r * (1.0 / 252 - r * (1.0 / 240 - r * (1.0 / 132)))))
    return sum + .log(x) - 0.5 / x - series
  }

  /// The trigamma function at positive `x`: recurrence up to 10, then Abramowitz & Stegun, 6.4.12.
  static func trigamma(_ x: Double) -> Double {
    var (x, sum) = (x, 0.0)
    while x < 10 {
      sum += 1 / (x * x)
      x += 1
    }
    let r = 1 / (x * x)
    let series = r * (1.0 / 6 - r * (1.0 / 30 - r * (1.0 / 42 - r * (1.0 / 30 - r * (5.0 / 66)))))
    return sum + (1 + series) / x + 0.5 * r
  }
}

extension DifferentiableScalar {
  /// ``StableMath/exponential(_:)``: `exp(x)` that stays finite.
  static func boundedExp(_ x: Self) -> Self {
    let e = StableMath.exponential(x.value)
    return x.applying(e.value, slope: e.first, curvature: e.second)
  }

  /// ``StableMath/logNormal(_:)``.
  static func logNormal(_ x: Self) -> Self {
    let f = StableMath.logNormal(x.value)
    return x.applying(f.value, slope: f.first, curvature: f.second)
  }

  /// `log(1 - exp(-x))` for positive `x`, without cancellation at either end (Maechler,
  /// "Accurately Computing log(1 - exp(-|a|))", 2012).
  static func logOneMinusExp(_ x: Self) -> Self {
    let value: Double =
      x.value < .log(2) ? .log(-.expMinusOne(-x.value)) : .log(onePlus: -.exp(-x.value))
    let slope = 1 / Double.expMinusOne(x.value)
    return x.applying(value, slope: slope, curvature: slope / .expMinusOne(-x.value))
  }
}
