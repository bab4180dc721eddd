public import RealModule

/// A value with its first and second derivative by one variable: a second-order Taylor jet.
///
/// Arithmetic on jets carries derivatives along exactly, by the chain rule, so a loss written once
/// over jets gives its own gradient and Hessian. Where a function has a kink (`abs`, `max`), the
/// derivatives are those of the branch taken; at the kink itself each function says which.
@frozen
public struct Jet: Sendable, Hashable {
  /// The value.
  public var value: Double
  /// The first derivative.
  public var first: Double
  /// The second derivative.
  public var second: Double

  /// A jet from its parts.
  @inlinable
  public init(value: Double, first: Double, second: Double) {
    self.value = value
    self.first = first
    self.second = second
  }

  /// A constant: both derivatives are 0.
  @inlinable
  public init(_ value: Double) { self.init(value: value, first: 0, second: 0) }

  /// The variable itself at `value`: first derivative 1.
  @inlinable
  public static func variable(_ value: Double) -> Jet {
    Jet(value: value, first: 1, second: 0)
  }

  /// `f(self)` for a function with value `f`, slope `df` and curvature `d2f` here (Faa di Bruno).
  @inlinable
  public func applying(_ f: Double, _ df: Double, _ d2f: Double) -> Jet {
    Jet(value: f, first: df * first, second: d2f * first * first + df * second)
  }
}

extension Jet: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  @inlinable
  public init(floatLiteral value: Double) { self.init(value) }
  @inlinable
  public init(integerLiteral value: Int) { self.init(Double(value)) }
}

// MARK: - Arithmetic

// Only jets with jets: operators that also take a Double would make `numbers.reduce(0, +)`
// ambiguous wherever this module is imported. Constants are jets; literals become them.

extension Jet {
  @inlinable
  public static func + (a: Jet, b: Jet) -> Jet {
    Jet(value: a.value + b.value, first: a.first + b.first, second: a.second + b.second)
  }
  @inlinable
  public static func - (a: Jet, b: Jet) -> Jet {
    Jet(value: a.value - b.value, first: a.first - b.first, second: a.second - b.second)
  }
  @inlinable
  public static func * (a: Jet, b: Jet) -> Jet {
    Jet(
      value: a.value * b.value,
      first: a.first * b.value + a.value * b.first,
      second: a.second * b.value + 2 * (a.first * b.first) + a.value * b.second)
  }
  @inlinable
  public static func / (a: Jet, b: Jet) -> Jet {
    let value = a.value / b.value
    let first = (a.first - value * b.first) / b.value
    let second = (a.second - 2 * (first * b.first) - value * b.second) / b.value
    return Jet(value: value, first: first, second: second)
  }
  @inlinable
  public static prefix func - (a: Jet) -> Jet {
    Jet(value: -a.value, first: -a.first, second: -a.second)
  }
}

extension Jet: Comparable {
  /// Orders by value; derivatives do not count.
  @inlinable
  public static func < (a: Jet, b: Jet) -> Bool { a.value < b.value }
}

// MARK: - Functions

extension Jet {
  /// The square.
  @inlinable
  public func squared() -> Jet { self * self }

  /// `exp(x)`.
  @inlinable
  public static func exp(_ x: Jet) -> Jet {
    let e = Double.exp(x.value)
    return x.applying(e, e, e)
  }

  /// The natural logarithm.
  @inlinable
  public static func log(_ x: Jet) -> Jet {
    let r = 1 / x.value
    return x.applying(.log(x.value), r, -r * r)
  }

  /// `log(1 + x)`, accurate near 0.
  @inlinable
  public static func log(onePlus x: Jet) -> Jet {
    let r = 1 / (1 + x.value)
    return x.applying(.log(onePlus: x.value), r, -r * r)
  }

  /// The square root.
  @inlinable
  public static func sqrt(_ x: Jet) -> Jet {
    let root = x.value.squareRoot()
    return x.applying(root, 0.5 / root, -0.25 / (root * x.value))
  }

  /// `x` raised to a constant power.
  @inlinable
  public static func pow(_ x: Jet, _ power: Double) -> Jet {
    x.applying(
      .pow(x.value, power), power * .pow(x.value, power - 1),
      power * (power - 1) * .pow(x.value, power - 2))
  }

  /// The hyperbolic tangent.
  @inlinable
  public static func tanh(_ x: Jet) -> Jet {
    let t = Double.tanh(x.value)
    let slope = 1 - t * t
    return x.applying(t, slope, -2 * t * slope)
  }

  /// The absolute value. At 0 the slope is 0, the mean of both sides.
  @inlinable
  public static func abs(_ x: Jet) -> Jet {
    let sign: Double = x.value > 0 ? 1 : (x.value < 0 ? -1 : 0)
    return x.applying(x.value.magnitude, sign, 0)
  }

  /// The larger of the two, with its derivatives; the first at a tie.
  @inlinable
  public static func max(_ a: Jet, _ b: Jet) -> Jet { a.value >= b.value ? a : b }

  /// The smaller of the two, with its derivatives; the first at a tie.
  @inlinable
  public static func min(_ a: Jet, _ b: Jet) -> Jet { a.value <= b.value ? a : b }

  /// `1 / (1 + exp(-x))`, without overflow.
  @inlinable
  public static func sigmoid(_ x: Jet) -> Jet {
    let p = StableMath.sigmoid(x.value)
    let slope = p * (1 - p)
    return x.applying(p, slope, slope * (1 - 2 * p))
  }

  /// `log(1 + exp(x))`, without overflow.
  @inlinable
  public static func softplus(_ x: Jet) -> Jet {
    let p = StableMath.sigmoid(x.value)
    return x.applying(StableMath.softplus(x.value), p, p * (1 - p))
  }
}
