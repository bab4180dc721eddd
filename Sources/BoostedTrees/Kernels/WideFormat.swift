/// A row number (32 bits), a gradient (48 bits, signed) and a Hessian (48 bits) in 16 bytes; sums
/// are two 64-bit integers. For derivatives that span several decades.
///
/// A million rows whose derivatives are about alike leave 42 bits for each. Sizes over 5 decades
/// give Hessians over 10, or 33 bits: the smallest keep 13 bits of their own.
enum WideFormat: GradientFormat {
  typealias Sum = SIMD2<Int64>
  /// The gradient, plus 2^47, and the Hessian, above 16 bits of the row number each: its lower ones
  /// beside the gradient.
  typealias Entry = SIMD2<UInt64>

  static var zero: SIMD2<Int64> { .zero }
  /// Integers lose nothing before they are rounded to double precision.
  static var gainResolution: Double { 1e-24 }

  private static var bias: Int64 { 1 << 47 }

  @inline(__always)
  static func entry(row: Int, gradient: Double, hessian: Double) -> SIMD2<UInt64> {
    let row = UInt64(truncatingIfNeeded: row)
    return SIMD2(
      UInt64(truncatingIfNeeded: roundedToInt51(gradient) &+ bias) << 16 | row & 0xffff,
      UInt64(truncatingIfNeeded: roundedToInt51(hessian)) << 16 | row >> 16 & 0xffff)
  }

  @inline(__always)
  static func rounded(_ value: Double) -> Double { Double(roundedToInt51(value)) }
  @inline(__always)
  static func row(_ entry: SIMD2<UInt64>) -> Int {
    Int(truncatingIfNeeded: entry.x & 0xffff | (entry.y & 0xffff) << 16)
  }
  @inline(__always)
  static func sum(_ entry: SIMD2<UInt64>) -> SIMD2<Int64> {
    SIMD2<Int64>(truncatingIfNeeded: entry &>> SIMD2(repeating: 16)) &- SIMD2(bias, 0)
  }

  @inline(__always)
  static func add(_ a: SIMD2<Int64>, _ b: SIMD2<Int64>) -> SIMD2<Int64> { a &+ b }
  @inline(__always)
  static func subtract(_ a: SIMD2<Int64>, _ b: SIMD2<Int64>) -> SIMD2<Int64> { a &- b }
  @inline(__always)
  static func gradient(_ sum: SIMD2<Int64>) -> Double { Double(sum.x) }
  @inline(__always)
  static func hessian(_ sum: SIMD2<Int64>) -> Double { Double(sum.y) }

  static func scales(for range: DerivativeRange, rows: Int) -> QuantisationScales {
    // Rounding adds at most one half per row, so that no sum reaches 2^63.
    QuantisationScales(
      gradient: quantisationScale(
        largest: range.largestMagnitude, limit: 0x1p47 - 1, sum: range.sumOfMagnitudes,
        room: 0x1p62, rows: rows),
      hessian: quantisationScale(
        largest: range.largestHessian, limit: 0x1p48 - 1, sum: range.sumOfHessians, room: 0x1p62,
        rows: rows))
  }

  /// One position at a time in double precision: the sums may span many decades.
  static func bestPosition(
    prefix: UnsafeMutablePointer<SIMD2<Int64>>, positions: Int, total: SIMD2<Int64>,
    limits: SplitLimits
  ) -> SplitPosition? {
    // Safe because: `prefix` holds `positions` sums.
    let least = Int64(clampingUp: limits.leastHessian)
    var best = SplitPosition(bin: -1, score: -1)
    for bin in 0..<positions {
      let left = prefix[bin]
      let right = total &- left
      guard left.y >= least, right.y >= least else { continue }
      let a = Double(left.y) + limits.l2
      let b = Double(right.y) + limits.l2
      let difference = Double(left.x) * b - Double(right.x) * a
      let score = difference * difference / (a * b)
      if score > best.score { best = SplitPosition(bin: bin, score: score) }
    }
    return best.bin >= 0 ? best : nil
  }
}
