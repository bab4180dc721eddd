/// Eight single-precision numbers at once.
typealias Lanes = SIMD8<Float>

// Safe because: callers pass places with eight elements from there on.

extension UnsafeMutablePointer<Float> {
  /// The eight elements from `place` on.
  @inline(__always)
  func lanes(at place: Int) -> Lanes {
    UnsafeRawPointer(self + place).loadUnaligned(as: Lanes.self)
  }

  /// Stores eight elements from `place` on.
  @inline(__always)
  func store(_ lanes: Lanes, at place: Int) {
    UnsafeMutableRawPointer(self + place).storeBytes(of: lanes, as: Lanes.self)
  }
}

extension Lanes {
  /// The square roots of non-negative numbers with a relative error below 5e-6; 0 for 0.
  ///
  /// The compiler has no vector instruction for `squareRoot()`. This is `x / sqrt(x)` by a first
  /// guess from the exponent and two steps of Newton's method (Lomont, "Fast inverse square root",
  /// 2003), which are multiplications only and give the same on every platform.
  @inline(__always)
  func approximateRoot() -> Lanes {
    let bits = unsafeBitCast(self, to: SIMD8<UInt32>.self)
    let guess = SIMD8<UInt32>(repeating: 0x5f37_5a86) &- (bits &>> 1)
    var inverse = unsafeBitCast(guess, to: Lanes.self)
    let half = 0.5 * self
    // In this order, so that the square of the inverse of a tiny number does not overflow.
    inverse *= 1.5 - (half * inverse) * inverse
    inverse *= 1.5 - (half * inverse) * inverse
    return self * inverse
  }
}
