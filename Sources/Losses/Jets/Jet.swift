import RealModule

/// A value with its first and second derivative by one variable: a second-order Taylor jet.
///
/// Arithmetic on jets carries derivatives along exactly, by the chain rule, so a loss written once
/// over jets gives its own gradient and Hessian. Seeding a jet along one direction of several
/// variables gives directional derivatives, from which a full Hessian follows.
///
/// See Griewank & Walther, "Evaluating Derivatives", 2nd ed. (SIAM 2008), chapter 13.
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

  /// The variable itself at `value`: first derivative 1.
  @inlinable
  public static func variable(_ value: Double) -> Jet {
    Jet(value: value, first: 1, second: 0)
  }
}

extension Jet: DifferentiableScalar {
  @inlinable
  public init(_ constant: Double) { self.init(value: constant, first: 0, second: 0) }
  @inlinable
  public init(floatLiteral value: Double) { self.init(value) }
  @inlinable
  public init(integerLiteral value: Int) { self.init(Double(value)) }
  @inlinable
  public init?(exactly source: some BinaryInteger) {
    guard let value = Double(exactly: source) else { return nil }
    self.init(value)
  }

  /// Faa di Bruno's formula to second order.
  @inlinable
  public func applying(_ f: Double, slope: Double, curvature: Double) -> Jet {
    Jet(value: f, first: slope * first, second: curvature * first * first + slope * second)
  }

  /// Orders by value; derivatives do not count.
  @inlinable
  public static func < (a: Jet, b: Jet) -> Bool { a.value < b.value }

  @inlinable
  public var magnitude: Jet { .abs(self) }
}

// MARK: - Arithmetic

// Only jets with jets: operators that also take a Double would make `numbers.reduce(0, +)`
// ambiguous wherever this module is imported. Constants are jets; literals become them.
extension Jet {
  @inlinable
  public static var zero: Jet { Jet(0) }
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
  @inlinable
  public static func *= (a: inout Jet, b: Jet) { a = a * b }
  @inlinable
  public static func /= (a: inout Jet, b: Jet) { a = a / b }
}
