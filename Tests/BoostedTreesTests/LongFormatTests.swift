import Foundation
import Testing

@testable import BoostedTrees

/// The format that loses nothing, against integers of 128 bits.
@Suite struct LongFormatTests {
  private func number(_ generator: inout RandomGenerator) -> Double {
    let magnitude = exp2(generator.uniform(in: -3..<92))
    return generator.uniform() < 0.5 ? magnitude : -magnitude
  }

  /// A sum's words as one integer.
  private func integers(_ sum: SIMD4<Int64>) -> (g: Int128, h: Int128) {
    (Int128(sum.x) << 32 + Int128(sum.z), Int128(sum.y) << 32 + Int128(sum.w))
  }

  @Test("words hold a number to the nearest integer", arguments: 0..<20 as Range<UInt64>)
  func words(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    for _ in 0..<200 {
      let (g, h) = (number(&generator), number(&generator).magnitude)
      let entry = LongFormat.entry(row: 7, gradient: g, hessian: h)
      let found = integers(LongFormat.sum(entry))
      #expect(found.g == Int128(g.rounded(.toNearestOrEven)))
      #expect(found.h == Int128(h.rounded(.toNearestOrEven)))
      #expect(LongFormat.row(entry) == 7)
      #expect(LongFormat.gradient(LongFormat.sum(entry)) == LongFormat.rounded(g))
      #expect(LongFormat.hessian(LongFormat.sum(entry)) == LongFormat.rounded(h))
    }
    for value in [0, 0.5, 1.5, -0.5, -1, -0x1p32, -0x1p32 - 1, 0x1p32 - 1, 0x1p93, -0x1p93] {
      let entry = LongFormat.entry(row: 0, gradient: value, hessian: value.magnitude)
      #expect(LongFormat.gradient(LongFormat.sum(entry)) == value.rounded(.toNearestOrEven))
    }
  }

  @Test("sums and differences are exact, whatever cancels", arguments: 0..<20 as Range<UInt64>)
  func sums(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    var total = LongFormat.zero
    var left = LongFormat.zero
    var (totalG, totalH, leftG, leftH) = (Int128(0), Int128(0), Int128(0), Int128(0))
    for row in 0..<500 {
      // Large numbers come with their negatives, so that the sum of all is small.
      let value = (row % 2 == 0 ? 1 : -1) * exp2(Double(row / 2 % 92)).rounded()
      let g = value + (row % 97 == 0 ? generator.uniform(in: -3..<3).rounded() : 0)
      let h = number(&generator).magnitude.rounded() / 500
      let sum = LongFormat.sum(LongFormat.entry(row: row, gradient: g, hessian: h))
      total = LongFormat.add(total, sum)
      totalG += Int128(g)
      totalH += Int128(h.rounded(.toNearestOrEven))
      if generator.uniform() < 0.3 {
        left = LongFormat.add(left, sum)
        leftG += Int128(g)
        leftH += Int128(h.rounded(.toNearestOrEven))
      }
    }
    let right = LongFormat.subtract(total, left)
    for (sum, g, h) in [
      (total, totalG, totalH), (left, leftG, leftH), (right, totalG - leftG, totalH - leftH),
    ] {
      #expect(integers(sum).g == g && integers(sum).h == h)
      // Asked for, a sum is rounded once or twice, never cancelled.
      #expect((LongFormat.gradient(sum) - Double(g)).magnitude <= 0x1p-52 * Double(g.magnitude))
      #expect((LongFormat.hessian(sum) - Double(h)).magnitude <= 0x1p-52 * Double(h.magnitude))
    }
  }

  @Test("no sum of any rows overflows", arguments: [1, 10, 100_000, Int(Int32.max) - 1])
  func room(rows: Int) {
    for largest in [1e-300, 1e-12, 1, 1e30, 1e300] {
      let range = DerivativeRange(
        sumOfMagnitudes: largest * Double(rows), largestMagnitude: largest,
        sumOfHessians: largest * Double(rows), largestHessian: largest, smallestHessian: largest)
      let scales = LongFormat.scales(for: range, rows: rows)
      #expect(scales.gradient > 0 && scales.gradient.significand == 1)
      let high = Int64((largest * scales.gradient * 0x1p-32).rounded(.up))
      #expect(!high.multipliedReportingOverflow(by: Int64(rows) + 1).overflow)
      // The largest row keeps all of its 53 bits, and one of 2^-40 of it still 20.
      #expect(largest * scales.hessian >= 0x1p61 || largest < 1e-280)
    }
  }
}
