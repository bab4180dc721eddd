import Testing

@testable import BoostedTrees

/// 48-bit derivatives beside their row numbers.
@Suite struct WideFormatTests {
  @Test(
    "entries keep row, gradient and Hessian to the last bit", arguments: 0..<10 as Range<UInt64>)
  func entries(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    for _ in 0..<500 {
      let row = generator.index(below: Int(Int32.max))
      let g = (0x1p47 - 1) * generator.uniform(in: -1..<1)
      let h = (0x1p48 - 1) * generator.uniform()
      let entry = WideFormat.entry(row: row, gradient: g, hessian: h)
      #expect(WideFormat.row(entry) == row)
      #expect(
        WideFormat.sum(entry)
          == SIMD2(Int64(g.rounded(.toNearestOrEven)), Int64(h.rounded(.toNearestOrEven))))
      #expect(WideFormat.rounded(g) == g.rounded(.toNearestOrEven))
    }
  }

  @Test("the largest and the smallest that fit")
  func extremes() {
    for row in [0, 1, 0xffff, 0x10000, Int(Int32.max) - 1] {
      for g in [0x1p47 - 1, 0, -0.5, -1, 1 - 0x1p47] {
        for h in [0, 0.5, 1.5, 0x1p48 - 1] {
          let entry = WideFormat.entry(row: row, gradient: g, hessian: h)
          #expect(WideFormat.row(entry) == row)
          #expect(WideFormat.gradient(WideFormat.sum(entry)) == g.rounded(.toNearestOrEven))
          #expect(WideFormat.hessian(WideFormat.sum(entry)) == h.rounded(.toNearestOrEven))
        }
      }
    }
  }

  @Test("no sum of any rows overflows", arguments: [1, 10, 100_000, Int(Int32.max) - 1])
  func room(rows: Int) {
    for largest in [1e-280, 1e-12, 1, 1e30, 1e300] {
      // All rows alike, and one far above the others.
      for sum in [largest * Double(rows), largest] {
        let range = DerivativeRange(
          sumOfMagnitudes: sum, largestMagnitude: largest, sumOfHessians: sum,
          largestHessian: largest, smallestHessian: largest)
        let scales = WideFormat.scales(for: range, rows: rows)
        let entry = WideFormat.entry(
          row: 0, gradient: -largest * scales.gradient, hessian: largest * scales.hessian)
        #expect(WideFormat.gradient(WideFormat.sum(entry)) <= -0x1p31)
        #expect(WideFormat.hessian(WideFormat.sum(entry)) >= 0x1p31)
        #expect(largest * scales.gradient < 0x1p47 && largest * scales.hessian < 0x1p48)
        for scale in [scales.gradient, scales.hessian] {
          let total = sum.isFinite ? sum * scale : largest * scale * Double(rows)
          #expect(total <= 0x1p62 * (1 + 1e-12))
        }
      }
    }
  }
}
