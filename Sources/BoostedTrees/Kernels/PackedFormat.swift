/// A row number (32 bits), a gradient (16 bits, signed) and a Hessian (16 bits) in 8 bytes; sums
/// hold the gradient in the upper and the Hessian in the lower half of one 64-bit integer.
enum PackedFormat: GradientFormat {
  typealias Entry = UInt64
  typealias Sum = Int64

  static var zero: Int64 { 0 }
  static var gainResolution: Double { 1e-12 }

  @inline(__always)
  static func entry(row: Int, gradient: Double, hessian: Double) -> UInt64 {
    UInt64(truncatingIfNeeded: row)
      | UInt64(UInt32(bitPattern: roundedToInt32(gradient)) & 0xffff) << 32
      | UInt64(UInt32(bitPattern: roundedToInt32(hessian))) << 48
  }

  @inline(__always)
  static func rounded(_ value: Double) -> Double { Double(roundedToInt32(value)) }
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
  static func gradient(_ sum: Int64) -> Double { Double(sum >> 32) }
  @inline(__always)
  static func hessian(_ sum: Int64) -> Double { Double(sum & 0xffff_ffff) }

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

  /// Four positions at a time in single precision.
  ///
  /// The scores `(GL b - GR a)^2 / (a b)` carry a relative error near 2^-22 times the ratio of
  /// mean gradient to the difference of means; the sums they come from are exact.
  static func bestPosition(
    prefix: UnsafeMutablePointer<Int64>, positions: Int, total: Int64, limits: SplitLimits
  ) -> SplitPosition? {
    // Safe because: `prefix` has room for 4 more sums than positions, filled here with the total,
    // which no limit lets pass because nothing is left for the right side.
    for bin in positions..<positions + 4 { prefix[bin] = total }
    let l2 = Float(limits.l2)
    let least = SIMD4<Int32>(repeating: Int32(clamping: Int64(clampingUp: limits.leastHessian)))
    let totalG = SIMD4<Int32>(repeating: Int32(truncatingIfNeeded: total >> 32))
    let totalH = SIMD4<Int32>(repeating: Int32(truncatingIfNeeded: total))
    var bestScore = SIMD4<Float>(repeating: -1)
    var bestBin = SIMD4<Int32>(repeating: -1)
    var bins = SIMD4<Int32>(0, 1, 2, 3)
    let words = UnsafeRawPointer(prefix)
    var bin = 0
    while bin < positions {
      let four = words.loadUnaligned(fromByteOffset: bin &* 8, as: SIMD8<Int32>.self)
      let leftH = four.evenHalf
      let leftG = four.oddHalf
      let rightH = totalH &- leftH
      let rightG = totalG &- leftG
      let a = SIMD4<Float>(leftH) + l2
      let b = SIMD4<Float>(rightH) + l2
      let difference = SIMD4<Float>(leftG) * b - SIMD4<Float>(rightG) * a
      // In this order nothing overflows, and one division is enough.
      let score = difference * (1 / (a * b)) * difference
      let better = (score .> bestScore) .& (leftH .>= least) .& (rightH .>= least)
      bestScore.replace(with: score, where: better)
      bestBin.replace(with: bins, where: better)
      bins &+= 4
      bin &+= 4
    }
    var best = SplitPosition(bin: -1, score: -1)
    for lane in 0..<4 where bestBin[lane] >= 0 {
      let score = Double(bestScore[lane])
      let place = Int(bestBin[lane])
      if score > best.score || (score == best.score && place < best.bin) {
        best = SplitPosition(bin: place, score: score)
      }
    }
    return best.bin >= 0 ? best : nil
  }
}
