extension Kernels {
  /// `1 / (1 + exp(-x))` within 2e-7, NaN for NaN.
  @inline(__always)
  static func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }

  /// `exp(x)` with a relative error below 2e-7, for x limited to [-87, 88]; NaN for NaN.
  ///
  /// `exp(x) = 2^n exp(r)`, `|r| <= log(2) / 2`, with the polynomial of Cephes' `expf`.
  @inline(__always)
  static func exp(_ x: Float) -> Float {
    let raised = x < -87 ? -87 : x
    let limited = raised > 88 ? 88 : raised
    // Adding 1.5 * 2^23 rounds to a whole number and leaves it in the low bits.
    let shifted = limited * 1.442_695_04 + 12_582_912
    let n = shifted - 12_582_912
    let r = (limited - n * 0.693_359_375) + n * 2.121_944_4e-4
    var p = r * 1.987_569_15e-4 + 1.398_199_95e-3
    p = p * r + 8.333_451_9e-3
    p = p * r + 4.166_579_6e-2
    p = p * r + 1.666_666_55e-1
    p = p * r + 5.000_000_1e-1
    p = p * (r * r) + r + 1
    return p * Float(bitPattern: (shifted.bitPattern &- (0x4b40_0000 - 127)) &<< 23)
  }
}
