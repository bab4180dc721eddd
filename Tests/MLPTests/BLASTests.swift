import Tabular
import Testing

@testable import MLP

@Suite struct BLASTests {
  @Test("products agree with the naive twin", arguments: 0..<40)
  func agreesWithTwin(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    // Sizes around the widths of OpenBLAS's kernels, and one.
    let sizes = [1, 2, 3, 7, 8, 10, 16, 17, 33, 64, 100, 131]
    let (m, n, k) = (
      sizes[generator.index(below: sizes.count)], sizes[generator.index(below: sizes.count)],
      sizes[generator.index(below: sizes.count)]
    )
    var a = (0..<m * k).map { _ in Float(generator.normal()) }
    var b = (0..<k * n).map { _ in Float(generator.normal()) }
    for (first, second) in [(false, false), (true, false), (false, true), (true, true)] {
      // Whatever was there before must not count.
      var fast = [Float](repeating: .nan, count: m * n)
      var naive = fast
      withFloats(&a) { a in
        withFloats(&b) { b in
          let left = first ? Matrix(a, rows: k, columns: m) : Matrix(a, rows: m, columns: k)
          let right = second ? Matrix(b, rows: n, columns: k) : Matrix(b, rows: k, columns: n)
          withFloats(&fast) {
            BLAS.multiply(
              left, right, transposingFirst: first, transposingSecond: second,
              into: Matrix($0, rows: m, columns: n))
          }
          withFloats(&naive) {
            BLAS.multiplyNaively(
              left, right, transposingFirst: first, transposingSecond: second,
              into: Matrix($0, rows: m, columns: n))
          }
        }
      }
      // k products of standard normal numbers, each rounded to 24 bits.
      let tolerance = 1e-6 * Float(k).squareRoot() * 8
      for (x, y) in zip(fast, naive) { #expect(abs(x - y) <= tolerance) }
    }
  }

  @Test func aProductOverNothingIsZero() {
    var empty: [Float] = []
    var result: [Float] = [1, 2, 3, 4, 5, 6]
    withFloats(&empty) { empty in
      withFloats(&result) {
        BLAS.multiply(
          Matrix(empty, rows: 2, columns: 0), Matrix(empty, rows: 0, columns: 3),
          into: Matrix($0, rows: 2, columns: 3))
      }
    }
    #expect(result == [0, 0, 0, 0, 0, 0])
  }
}
