/// Rounds to the nearest integer, halves to even, for magnitudes below 2^31.
///
/// Adding 1.5 * 2^52 leaves the integer in the lowest bits of the significand; the instruction set
/// every x86-64 processor has knows no other rounding of a vector.
@inline(__always)
func roundedToInt32(_ value: Double) -> Int32 {
  Int32(truncatingIfNeeded: (value + 6_755_399_441_055_744).bitPattern)
}

/// Rounds to the nearest integer, halves to even, for magnitudes below 2^51; as above.
@inline(__always)
func roundedToInt51(_ value: Double) -> Int64 {
  let shifted = (value + 6_755_399_441_055_744).bitPattern
  return Int64(bitPattern: shifted &- 6_755_399_441_055_744.0.bitPattern)
}

/// Writes entries for `rows`, quantising every `stride`-th derivative from `offset` on.
@inline(__always)
func quantise<Format: GradientFormat>(
  _ format: Format.Type, rows: Range<Int>, gradients: UnsafePointer<Double>,
  hessians: UnsafePointer<Double>, stride: Int, offset: Int, scales: QuantisationScales,
  into entries: UnsafeMutablePointer<Format.Entry>
) {
  // Safe because: the caller's pointers hold `rows.upperBound * stride` derivatives and
  // `rows.count` entries.
  for row in rows {
    let place = row &* stride &+ offset
    entries[row &- rows.lowerBound] = Format.entry(
      row: row, gradient: gradients[place] * scales.gradient,
      hessian: hessians[place] * scales.hessian)
  }
}

extension Int64 {
  /// The least integer not below the positive number `value`, or 2^62 if that is less.
  init(clampingUp value: Double) {
    self = value < 0x1p62 ? Int64(value.rounded(.up)) : 1 << 62
  }
}
