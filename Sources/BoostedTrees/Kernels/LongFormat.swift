/// A row number, and a gradient and a Hessian of 94 bits each, in 32 bytes; sums are four 64-bit
/// integers. For derivatives that span so many decades that 48 bits would leave next to nothing of
/// the smallest, which may be all that some leaves have.
///
/// A derivative is `high * 2^32 + low` with `low` from 0 to 2^32 - 1. Its words are summed apart,
/// so that adding needs no carry: fewer than 2^31 low words stay below 2^63. Two sums of the same
/// value may differ in their words; only ``gradient(_:)`` and ``hessian(_:)`` bring the carry home.
///
/// A million rows leave 74 bits for one of them. Sizes over 8 decades give Hessians over 16, or 54
/// bits: the smallest keep 20 bits of their own and the largest all 53 that they have.
enum LongFormat: GradientFormat {
  /// The words (gradient high, Hessian high, gradient low, Hessian low).
  typealias Sum = SIMD4<Int64>

  struct Entry: BitwiseCopyable, Sendable {
    var row: UInt32
    var gradientLow: UInt32
    var hessianLow: UInt32
    var gradientHigh: Int64
    var hessianHigh: Int64
  }

  static var zero: SIMD4<Int64> { .zero }
  /// Nothing is lost before the sums are rounded to double precision.
  static var gainResolution: Double { 1e-24 }

  static func entry(row: Int, gradient: Double, hessian: Double) -> Entry {
    let (g, h) = (words(gradient), words(hessian))
    return Entry(
      row: UInt32(truncatingIfNeeded: row), gradientLow: g.low, hessianLow: h.low,
      gradientHigh: g.high, hessianHigh: h.high)
  }

  /// The two words of a number below 2^94 in magnitude, rounded to the nearest integer.
  private static func words(_ value: Double) -> (high: Int64, low: UInt32) {
    let integer = rounded(value)
    // Every step is exact: a significand has 53 bits, of which `low` takes those below 2^32.
    let high = (integer * 0x1p-32).rounded(.down)
    return (Int64(high), UInt32(integer - high * 0x1p32))
  }

  @inline(__always)
  static func rounded(_ value: Double) -> Double { value.rounded(.toNearestOrEven) }
  @inline(__always)
  static func row(_ entry: Entry) -> Int { Int(entry.row) }
  @inline(__always)
  static func sum(_ entry: Entry) -> SIMD4<Int64> {
    SIMD4(
      entry.gradientHigh, entry.hessianHigh, Int64(entry.gradientLow), Int64(entry.hessianLow))
  }

  @inline(__always)
  static func add(_ a: SIMD4<Int64>, _ b: SIMD4<Int64>) -> SIMD4<Int64> { a &+ b }
  @inline(__always)
  static func subtract(_ a: SIMD4<Int64>, _ b: SIMD4<Int64>) -> SIMD4<Int64> { a &- b }
  @inline(__always)
  static func gradient(_ sum: SIMD4<Int64>) -> Double { number(high: sum.x, low: sum.z) }
  @inline(__always)
  static func hessian(_ sum: SIMD4<Int64>) -> Double { number(high: sum.y, low: sum.w) }

  /// `high * 2^32 + low`, to double precision: with the carry brought home no digits cancel.
  @inline(__always)
  private static func number(high: Int64, low: Int64) -> Double {
    let carried = high &+ (low >> 32)
    let rest = Double(low & 0xffff_ffff)
    // Near 0 from below, `carried` is -1 and the sum of both still exact.
    return Double(carried) * 0x1p32 + rest
  }

  /// Powers of two, so that derivatives lose nothing but what lies below the unit.
  static func scales(for range: DerivativeRange, rows: Int) -> QuantisationScales {
    QuantisationScales(
      gradient: scale(largest: range.largestMagnitude, sum: range.sumOfMagnitudes, rows: rows),
      hessian: scale(largest: range.largestHessian, sum: range.sumOfHessians, rows: rows))
  }

  private static func scale(largest: Double, sum: Double, rows: Int) -> Double {
    // Rounding adds less than 2^31 units to a sum.
    let scale = quantisationScale(
      largest: largest, limit: 0x1p93, sum: sum, room: 0x1p93, rows: rows)
    return scale > 0 ? Double(sign: .plus, exponent: scale.exponent, significand: 1) : 0
  }

  /// One position at a time in double precision.
  static func bestPosition(
    prefix: UnsafeMutablePointer<SIMD4<Int64>>, positions: Int, total: SIMD4<Int64>,
    limits: SplitLimits
  ) -> SplitPosition? {
    // Safe because: `prefix` holds `positions` sums.
    var best = SplitPosition(bin: -1, score: -1)
    for bin in 0..<positions {
      let left = prefix[bin]
      let right = total &- left
      let leftH = hessian(left)
      let rightH = hessian(right)
      guard leftH >= limits.leastHessian, rightH >= limits.leastHessian else { continue }
      let a = leftH + limits.l2
      let b = rightH + limits.l2
      let difference = gradient(left) * b - gradient(right) * a
      // In this order nothing overflows.
      let score = difference / a * (difference / b)
      if score > best.score { best = SplitPosition(bin: bin, score: score) }
    }
    return best.bin >= 0 ? best : nil
  }
}
