public import CElementary
public import RealModule

/// A number that a loss can be written over once: `Double` gives the value, ``Jet`` also the
/// derivatives.
///
/// ```swift
/// func pseudoHuber<T: DifferentiableScalar>(_ residual: T) -> T {
///   .sqrt(1 + residual * residual) - 1
/// }
/// ```
///
/// All elementary functions come from swift-numerics' `ElementaryFunctions`; comparisons look at
/// the value, so `if` takes a branch and its derivatives. Where a function has a kink, its
/// documentation says which one-sided derivative it takes.
public protocol DifferentiableScalar: AlgebraicField, ElementaryFunctions, Comparable, Sendable,
  ExpressibleByFloatLiteral
where Magnitude == Self, FloatLiteralType == Double {
  /// A constant.
  init(_ constant: Double)

  /// A variable by which derivatives are taken.
  static func variable(_ value: Double) -> Self

  /// The number itself, without derivatives.
  var value: Double { get }

  /// The quotient; stated again so that a file that divides need not import RealModule.
  static func / (a: Self, b: Self) -> Self

  /// `self` seen through a function with value `f`, slope `slope` and curvature `curvature` here.
  ///
  /// How a function that this library does not have is added: compute the three numbers from
  /// ``value``.
  func applying(_ f: Double, slope: Double, curvature: Double) -> Self
}

extension Double: DifferentiableScalar {
  @inlinable
  public static func variable(_ value: Double) -> Double { value }
  @inlinable
  public var value: Double { self }
  @inlinable
  public func applying(_ f: Double, slope: Double, curvature: Double) -> Double { f }
}

// MARK: - Functions that losses are made of

extension DifferentiableScalar {
  /// The square.
  @inlinable
  public func squared() -> Self { self * self }

  /// The absolute value. At 0 the slope is 0, the mean of both sides.
  @inlinable
  public static func abs(_ x: Self) -> Self {
    let value = x.value
    let sign: Double = value > 0 ? 1 : (value < 0 ? -1 : 0)
    return x.applying(value.magnitude, slope: sign, curvature: 0)
  }

  /// The larger of two, with its derivatives; the first at a tie.
  @inlinable
  public static func max(_ a: Self, _ b: Self) -> Self { a.value >= b.value ? a : b }

  /// The smaller of two, with its derivatives; the first at a tie.
  @inlinable
  public static func min(_ a: Self, _ b: Self) -> Self { a.value <= b.value ? a : b }

  /// `x` kept within `[low, high]`; outside the derivatives are those of the bound.
  @inlinable
  public static func clamp(_ x: Self, _ low: Self, _ high: Self) -> Self {
    min(max(x, low), high)
  }

  /// `1 / (1 + exp(-x))`, without overflow.
  @inlinable
  public static func sigmoid(_ x: Self) -> Self {
    let p = StableMath.sigmoid(x.value)
    let slope = p * (1 - p)
    return x.applying(p, slope: slope, curvature: slope * (1 - 2 * p))
  }

  /// `log(1 + exp(x))`, without overflow.
  @inlinable
  public static func softplus(_ x: Self) -> Self {
    let (value, p) = StableMath.softplusAndSigmoid(x.value)
    return x.applying(value, slope: p, curvature: p * (1 - p))
  }

  /// `log(sigmoid(x)) = -softplus(-x)`.
  @inlinable
  public static func logSigmoid(_ x: Self) -> Self { -softplus(-x) }

  /// `log(cosh(x)) = |x| + log1p(exp(-2|x|)) - log(2)`, without overflow.
  @inlinable
  public static func logCosh(_ x: Self) -> Self {
    let size = x.value.magnitude
    let tanh = Double.tanh(x.value)
    return x.applying(
      size + curvature_log1p(curvature_exp(-2 * size)) - .log(2),
      slope: tanh, curvature: 1 - tanh * tanh)
  }

  /// The error function.
  @inlinable
  public static func erf(_ x: Self) -> Self {
    let slope = 2 / Double.pi.squareRoot() * Double.exp(-x.value * x.value)
    return x.applying(curvature_erf(x.value), slope: slope, curvature: -2 * x.value * slope)
  }

  /// `log(sum(exp(x)))` with the maximum taken out first.
  @inlinable
  public static func logSumExp(_ x: some Sequence<Self>) -> Self {
    let largest = x.reduce(-Double.infinity) { Double.maximum($0, $1.value) }
    guard largest.isFinite else { return Self(largest) }
    return Self(largest) + log(x.reduce(Self(0)) { $0 + exp($1 - Self(largest)) })
  }
}
