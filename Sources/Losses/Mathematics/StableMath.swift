public import CElementary
public import RealModule

/// Formulas that stay finite where the textbook form overflows.
public enum StableMath {
  /// `1 / (1 + exp(-x))`, without overflow for any finite `x`.
  @inlinable
  public static func sigmoid(_ x: Double) -> Double {
    // exp of a non-positive number only: it may underflow to 0, never overflow.
    let e = Double.exp(-x.magnitude)
    return (x >= 0 ? 1 : e) / (1 + e)
  }

  /// `log(1 + exp(x))`, without overflow: `max(x, 0) + log1p(exp(-|x|))`.
  @inlinable
  public static func softplus(_ x: Double) -> Double { softplusAndSigmoid(x).softplus }

  /// `softplus(x)` and its slope `sigmoid(x)` from one exponential, the same bits as alone.
  ///
  /// With `log1p`: the correction `log(u) + (e - (u - 1)) / u`, `u = 1 + e`, is slower with glibc,
  /// whose `log` takes another branch near 1.
  @inlinable
  public static func softplusAndSigmoid(_ x: Double) -> (softplus: Double, sigmoid: Double) {
    let e = Double.exp(-x.magnitude)
    let logarithm = curvature_log1p(e)
    // Not Double.maximum, whose care for NaN and -0 branches; NaN arrives by the logarithm.
    return ((x > 0 ? x : 0) + logarithm, (x >= 0 ? 1 : e) / (1 + e))
  }

  /// `log(sum(exp(x)))` with the maximum taken out first.
  @inlinable
  public static func logSumExp(_ x: Span<Double>) -> Double {
    var largest = -Double.infinity
    for index in x.indices { largest = Double.maximum(largest, x[index]) }
    guard largest.isFinite else { return largest }
    var sum = 0.0
    for index in x.indices { sum += .exp(x[index] - largest) }
    return largest + .log(sum)
  }

  /// Replaces the elements of `x` in `range` by `exp(x) / sum(exp(x))` over that range, with the
  /// maximum taken out first.
  @inlinable
  public static func softmax(_ x: inout MutableSpan<Double>, in range: Range<Int>) {
    var largest = -Double.infinity
    for index in range { largest = Double.maximum(largest, x[index]) }
    var sum = 0.0
    for index in range {
      let e = Double.exp(x[index] - largest)
      x[index] = e
      sum += e
    }
    for index in range { x[index] /= sum }
  }
}
