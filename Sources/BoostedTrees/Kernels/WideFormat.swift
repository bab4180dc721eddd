/// A row number, a gradient and a Hessian of 32 bits each in 12 bytes; sums are two 64-bit
/// integers. For derivatives that span several decades.
enum WideFormat: GradientFormat {
  typealias Sum = SIMD2<Int64>

  struct Entry: BitwiseCopyable, Sendable {
    var row: UInt32
    var gradient: Int32
    var hessian: Int32
  }

  static var zero: SIMD2<Int64> { .zero }
  static var gainResolution: Double { 1e-12 }

  @inline(__always)
  static func entry(row: Int, gradient: Double, hessian: Double) -> Entry {
    Entry(
      row: UInt32(truncatingIfNeeded: row), gradient: roundedToInt32(gradient),
      hessian: roundedToInt32(hessian))
  }

  @inline(__always)
  static func rounded(_ value: Double) -> Double { Double(roundedToInt32(value)) }
  @inline(__always)
  static func row(_ entry: Entry) -> Int { Int(entry.row) }
  @inline(__always)
  static func sum(_ entry: Entry) -> SIMD2<Int64> {
    SIMD2(Int64(entry.gradient), Int64(entry.hessian))
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
    QuantisationScales(
      gradient: quantisationScale(
        largest: range.largestMagnitude, limit: 0x1p30, sum: 0, room: 1, rows: rows),
      hessian: quantisationScale(
        largest: range.largestHessian, limit: 0x1p30, sum: 0, room: 1, rows: rows))
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
