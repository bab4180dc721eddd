public import CElementary
public import RealModule

/// Each function passes its value, slope and curvature at ``Jet/value`` to
/// ``Jet/applying(_:slope:curvature:)``. Values of functions that cost much come from `CElementary`,
/// so that the compiler drops them where only derivatives are read.
extension Jet: ElementaryFunctions {
  // MARK: Exponentials and logarithms

  @inlinable
  public static func exp(_ x: Jet) -> Jet {
    let e = Double.exp(x.value)
    return x.applying(e, slope: e, curvature: e)
  }
  @inlinable
  public static func expMinusOne(_ x: Jet) -> Jet {
    let e = Double.exp(x.value)
    return x.applying(curvature_expm1(x.value), slope: e, curvature: e)
  }
  @inlinable
  public static func log(_ x: Jet) -> Jet {
    let r = 1 / x.value
    return x.applying(curvature_log(x.value), slope: r, curvature: -r * r)
  }
  @inlinable
  public static func log(onePlus x: Jet) -> Jet {
    let r = 1 / (1 + x.value)
    return x.applying(curvature_log1p(x.value), slope: r, curvature: -r * r)
  }

  // MARK: Powers and roots

  @inlinable
  public static func pow(_ x: Jet, _ y: Jet) -> Jet {
    let value = Double.pow(x.value, y.value)
    if y.first == 0, y.second == 0 {
      let p = y.value
      return x.applying(
        value, slope: p == 0 ? 0 : p * .pow(x.value, p - 1),
        curvature: p == 0 || p == 1 ? 0 : p * (p - 1) * .pow(x.value, p - 2))
    }
    return (y * log(x)).applying(value, slope: value, curvature: value)
  }
  @inlinable
  public static func pow(_ x: Jet, _ n: Int) -> Jet {
    let p = Double(n)
    return x.applying(
      .pow(x.value, n), slope: n == 0 ? 0 : p * .pow(x.value, n - 1),
      curvature: n == 0 || n == 1 ? 0 : p * (p - 1) * .pow(x.value, n - 2))
  }
  @inlinable
  public static func sqrt(_ x: Jet) -> Jet {
    let root = x.value.squareRoot()
    return x.applying(root, slope: 0.5 / root, curvature: -0.25 / (root * x.value))
  }
  @inlinable
  public static func root(_ x: Jet, _ n: Int) -> Jet {
    let root = Double.root(x.value, n)
    let p = 1 / Double(n)
    let slope = p * root / x.value
    return x.applying(root, slope: slope, curvature: (p - 1) * slope / x.value)
  }

  // MARK: Trigonometric and hyperbolic functions

  @inlinable
  public static func sin(_ x: Jet) -> Jet {
    let (s, c) = (Double.sin(x.value), Double.cos(x.value))
    return x.applying(s, slope: c, curvature: -s)
  }
  @inlinable
  public static func cos(_ x: Jet) -> Jet {
    let (s, c) = (Double.sin(x.value), Double.cos(x.value))
    return x.applying(c, slope: -s, curvature: -c)
  }
  @inlinable
  public static func tan(_ x: Jet) -> Jet {
    let t = Double.tan(x.value)
    return x.applying(t, slope: 1 + t * t, curvature: 2 * t * (1 + t * t))
  }
  @inlinable
  public static func asin(_ x: Jet) -> Jet {
    let r = 1 - x.value * x.value
    let slope = 1 / r.squareRoot()
    return x.applying(.asin(x.value), slope: slope, curvature: x.value * slope / r)
  }
  @inlinable
  public static func acos(_ x: Jet) -> Jet {
    let r = 1 - x.value * x.value
    let slope = -1 / r.squareRoot()
    return x.applying(.acos(x.value), slope: slope, curvature: x.value * slope / r)
  }
  @inlinable
  public static func atan(_ x: Jet) -> Jet {
    let slope = 1 / (1 + x.value * x.value)
    return x.applying(.atan(x.value), slope: slope, curvature: -2 * x.value * slope * slope)
  }
  @inlinable
  public static func sinh(_ x: Jet) -> Jet {
    let (s, c) = (Double.sinh(x.value), Double.cosh(x.value))
    return x.applying(s, slope: c, curvature: s)
  }
  @inlinable
  public static func cosh(_ x: Jet) -> Jet {
    let (s, c) = (Double.sinh(x.value), Double.cosh(x.value))
    return x.applying(c, slope: s, curvature: c)
  }
  @inlinable
  public static func tanh(_ x: Jet) -> Jet {
    let t = Double.tanh(x.value)
    return x.applying(t, slope: 1 - t * t, curvature: -2 * t * (1 - t * t))
  }
  @inlinable
  public static func asinh(_ x: Jet) -> Jet {
    let r = 1 + x.value * x.value
    let slope = 1 / r.squareRoot()
    return x.applying(.asinh(x.value), slope: slope, curvature: -x.value * slope / r)
  }
  @inlinable
  public static func acosh(_ x: Jet) -> Jet {
    let r = x.value * x.value - 1
    let slope = 1 / r.squareRoot()
    return x.applying(.acosh(x.value), slope: slope, curvature: -x.value * slope / r)
  }
  @inlinable
  public static func atanh(_ x: Jet) -> Jet {
    let slope = 1 / (1 - x.value * x.value)
    return x.applying(.atanh(x.value), slope: slope, curvature: 2 * x.value * slope * slope)
  }
}
