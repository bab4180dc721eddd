import Testing

@testable import BoostedTrees

/// Factors from derivatives to integers; expected ones by hand.
struct QuantisationScaleTests {
  @Test func neitherAValueNorTheSumOverflows() {
    func scale(_ largest: Double, limit: Double, sum: Double, rows: Int = 20) -> Double {
      quantisationScale(largest: largest, limit: limit, sum: sum, room: 1000, rows: rows)
    }
    // 100 / 2 by the largest value, 1000 / 10 by the sum.
    #expect(scale(2, limit: 100, sum: 10) == 50 && scale(2, limit: 1000, sum: 10) == 100)
    // A sum beyond double precision is at most that of all rows: 1000 / 20 / 1e308.
    #expect(scale(1e308, limit: 1e3, sum: .infinity) == 1000 / 20 / 1e308)
    #expect(scale(1e308, limit: 1e3, sum: .infinity, rows: 2) == 0.5 * (1000 / 1e308))
    // Nothing is nothing in any unit, and next to nothing has a finite one.
    #expect(scale(0, limit: 100, sum: 0) == 0)
    #expect(scale(1e-305, limit: 100, sum: 1e-305) == 1e300)
  }

  @Test func theNarrowFormatHoldsSixteenBits() {
    let range = DerivativeRange(
      sumOfMagnitudes: 4, largestMagnitude: 2, sumOfHessians: 1e9, largestHessian: 1,
      smallestHessian: 1)
    let scales = PackedFormat.scales(for: range, rows: 1000)
    #expect(scales.gradient == 32_767.0 / 2)
    // 2^31 - 1, less one for the rounding of each row, over the sum.
    #expect(scales.hessian == (2_147_483_647.0 - 1000) / 1e9)
    var even = range
    even.sumOfHessians = 10
    #expect(PackedFormat.scales(for: even, rows: 10).hessian == 65_535)
  }

  /// Powers of two, so that no digit is lost; sums of a million rows stay below 2^93.
  @Test func theLongFormatLosesNothing() {
    let range = DerivativeRange(
      sumOfMagnitudes: 3, largestMagnitude: 1, sumOfHessians: 0x1p20, largestHessian: 1,
      smallestHessian: 1)
    let scales = LongFormat.scales(for: range, rows: 1 << 20)
    #expect(scales.gradient == 0x1p91 && scales.hessian == 0x1p73)
    let none = LongFormat.scales(for: DerivativeRange(), rows: 4)
    #expect(none.gradient == 0 && none.hessian == 0)
    for value in [0.0, 1, -1, 4_294_967_295, -4_294_967_297, 0x1.fffffp60, -0x1.abcdefp70] {
      let sum = LongFormat.sum(LongFormat.entry(row: 7, gradient: value, hessian: value.magnitude))
      #expect(LongFormat.gradient(sum) == value && LongFormat.hessian(sum) == value.magnitude)
      let twice = LongFormat.add(sum, sum)
      #expect(LongFormat.gradient(twice) == 2 * value)
      #expect(LongFormat.gradient(LongFormat.subtract(twice, sum)) == value)
    }
  }
}
