/// How quantised derivatives are stored with a row and summed in a histogram's bins.
///
/// Sums are integers, so they do not depend on the order of summation, and with it not on threads.
protocol GradientFormat: Sendable {
  /// A row's number with its quantised gradient and Hessian.
  associatedtype Entry: BitwiseCopyable, Sendable
  /// A sum of gradients and one of Hessians.
  associatedtype Sum: BitwiseCopyable, Sendable, Equatable

  /// The empty sum.
  static var zero: Sum { get }

  static func entry(row: Int, gradient: Int32, hessian: Int32) -> Entry
  static func row(_ entry: Entry) -> Int
  static func sum(_ entry: Entry) -> Sum

  static func add(_ a: Sum, _ b: Sum) -> Sum
  static func subtract(_ a: Sum, _ b: Sum) -> Sum
  static func gradient(_ sum: Sum) -> Int64
  static func hessian(_ sum: Sum) -> Int64

  /// What gradients and Hessians of these magnitudes are multiplied by before rounding, such that
  /// no sum of any rows overflows.
  static func scales(for range: DerivativeRange, rows: Int) -> QuantisationScales

  /// The best place to divide the bins whose running sums are given; see ``SplitSearch``.
  static func bestPosition(
    prefix: UnsafeMutablePointer<Sum>, positions: Int, total: Sum, limits: SplitLimits
  ) -> SplitPosition?
}

/// The extent of one round's derivatives, for one score.
struct DerivativeRange: Sendable, Hashable {
  var sumOfMagnitudes = 0.0
  var largestMagnitude = 0.0
  var sumOfHessians = 0.0
  var largestHessian = 0.0
  var smallestHessian = Double.infinity
}

/// Factors from derivatives to integers.
struct QuantisationScales: Sendable, Hashable {
  var gradient: Double
  var hessian: Double
}

/// A row number (32 bits), a gradient (16 bits, signed) and a Hessian (16 bits) in 8 bytes; sums
/// hold the gradient in the upper and the Hessian in the lower half of one 64-bit integer.
enum PackedFormat: GradientFormat {
  typealias Entry = UInt64
  typealias Sum = Int64

  static var zero: Int64 { 0 }

  @inline(__always)
  static func entry(row: Int, gradient: Int32, hessian: Int32) -> UInt64 {
    UInt64(truncatingIfNeeded: row) | UInt64(UInt32(bitPattern: gradient) & 0xffff) << 32
      | UInt64(UInt32(bitPattern: hessian)) << 48
  }

  @inline(__always)
  static func row(_ entry: UInt64) -> Int { Int(UInt32(truncatingIfNeeded: entry)) }

  @inline(__always)
  static func sum(_ entry: UInt64) -> Int64 {
    let gradient = Int64(Int16(truncatingIfNeeded: entry >> 32))
    return gradient << 32 &+ Int64(truncatingIfNeeded: entry >> 48)
  }

  @inline(__always)
  static func add(_ a: Int64, _ b: Int64) -> Int64 { a &+ b }
  @inline(__always)
  static func subtract(_ a: Int64, _ b: Int64) -> Int64 { a &- b }
  @inline(__always)
  static func gradient(_ sum: Int64) -> Int64 { sum >> 32 }
  @inline(__always)
  static func hessian(_ sum: Int64) -> Int64 { sum & 0xffff_ffff }

  static func scales(for range: DerivativeRange, rows: Int) -> QuantisationScales {
    // Rounding adds at most one half per row; Hessian sums stay below 2^31 and hence positive
    // when read as signed.
    let room = Double(Int32.max) - Double(rows)
    return QuantisationScales(
      gradient: quantisationScale(
        largest: range.largestMagnitude, limit: 32_767, sum: range.sumOfMagnitudes, room: room,
        rows: rows),
      hessian: quantisationScale(
        largest: range.largestHessian, limit: 65_535, sum: range.sumOfHessians, room: room,
        rows: rows))
  }
}

/// A row number, a gradient and a Hessian of 32 bits each in 12 bytes; sums are two 64-bit
/// integers. For derivatives that span many decades.
enum WideFormat: GradientFormat {
  typealias Sum = SIMD2<Int64>

  struct Entry: BitwiseCopyable, Sendable {
    var row: UInt32
    var gradient: Int32
    var hessian: Int32
  }

  static var zero: SIMD2<Int64> { .zero }

  @inline(__always)
  static func entry(row: Int, gradient: Int32, hessian: Int32) -> Entry {
    Entry(row: UInt32(truncatingIfNeeded: row), gradient: gradient, hessian: hessian)
  }

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
  static func gradient(_ sum: SIMD2<Int64>) -> Int64 { sum.x }
  @inline(__always)
  static func hessian(_ sum: SIMD2<Int64>) -> Int64 { sum.y }

  static func scales(for range: DerivativeRange, rows: Int) -> QuantisationScales {
    QuantisationScales(
      gradient: quantisationScale(
        largest: range.largestMagnitude, limit: 0x1p30, sum: 0, room: 1, rows: rows),
      hessian: quantisationScale(
        largest: range.largestHessian, limit: 0x1p30, sum: 0, room: 1, rows: rows))
  }
}

/// The largest factor with which no value exceeds `limit` and the sum does not exceed `room`.
private func quantisationScale(
  largest: Double, limit: Double, sum: Double, room: Double, rows: Int
) -> Double {
  guard largest > 0 else { return 0 }
  let bySum = sum.isFinite ? room / sum : room / Double(rows) / largest
  return min(limit / largest, bySum, 1e300)
}
