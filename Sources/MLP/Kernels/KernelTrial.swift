import COpenBLAS
import CProcessor

/// Products that kernels must get right before they are used.
///
/// The shapes are those in which kernels differ: one row, column or term; below, at and above the
/// widths of registers; with leftovers in every direction; small enough for kernels without packing
/// and beyond the blocks of those with it; each with the transposes that training uses. The factors
/// are small whole numbers, so that every order of summing gives the same exact sums and no tolerance
/// is needed. About 6 million multiplications, a few milliseconds.
enum KernelTrial {
  /// A product of `[rows x inner]` and `[inner x columns]`.
  struct Shape {
    let rows: Int
    let columns: Int
    let inner: Int
  }

  static let shapes: [Shape] = {
    let sizes = [1, 2, 3, 8, 17, 33]
    var shapes: [Shape] = []
    for rows in sizes {
      for columns in sizes {
        for inner in sizes { shapes.append(Shape(rows: rows, columns: columns, inner: inner)) }
      }
    }
    return shapes + [
      Shape(rows: 64, columns: 10, inner: 128), Shape(rows: 64, columns: 64, inner: 16),
      Shape(rows: 128, columns: 1, inner: 64), Shape(rows: 63, columns: 129, inner: 65),
      // Beyond a million multiplications, and beyond a block in each direction.
      Shape(rows: 65, columns: 130, inner: 129), Shape(rows: 5, columns: 11, inner: 1030),
      Shape(rows: 769, columns: 9, inner: 12), Shape(rows: 7, columns: 1029, inner: 9),
    ]
  }()

  /// What is wrong with the products of the kernels that run; nil if nothing.
  static func fault() -> String? {
    for shape in shapes {
      for (first, second) in [(false, false), (true, false), (false, true)] {
        if let fault = fault(shape, transposingFirst: first, transposingSecond: second) {
          return fault
        }
      }
    }
    return nil
  }

  private static func fault(
    _ shape: Shape, transposingFirst: Bool, transposingSecond: Bool
  ) -> String? {
    let a = factors(shape.rows * shape.inner, seed: 1)
    let b = factors(shape.inner * shape.columns, seed: 2)
    // What is there before must not count, and what lies behind must stay.
    let border = 16
    let count = shape.rows * shape.columns
    var c = [Float](repeating: .nan, count: count) + [Float](repeating: 7, count: border)
    // Safe because: the arrays hold the matrices that the numbers describe and outlive the call.
    let signal = a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        c.withUnsafeMutableBufferPointer { c in
          var product = openblas_product(
            transposes_a: transposingFirst, transposes_b: transposingSecond,
            rows: blasint(shape.rows), columns: blasint(shape.columns),
            inner: blasint(shape.inner),
            a_width: blasint(transposingFirst ? shape.rows : shape.inner),
            b_width: blasint(transposingSecond ? shape.inner : shape.columns),
            c_width: blasint(shape.columns),
            a: a.baseAddress, b: b.baseAddress, c: c.baseAddress)
          return guarded_run(openblas_run_product, &product)
        }
      }
    }
    if signal != 0 { return "crash (signal \(signal))" }
    let expected = product(
      shape, a, b, transposingFirst: transposingFirst, transposingSecond: transposingSecond)
    let isRight = c[..<count].elementsEqual(expected) && c[count...].allSatisfy { $0 == 7 }
    return isRight ? nil : "give wrong products"
  }

  /// Whole numbers from -8 to 8 in an order that repeats late. Sums of as many products of two as
  /// there are terms are exact: 64 x 1,030 is far below 2^24.
  private static func factors(_ count: Int, seed: UInt32) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      // Numerical Recipes' linear congruential generator.
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(Int(state >> 16) % 17 - 8)
    }
  }

  /// The product, one row of the second factor at a time.
  private static func product(
    _ shape: Shape, _ a: [Float], _ b: [Float], transposingFirst: Bool, transposingSecond: Bool
  ) -> [Float] {
    let (rows, columns, inner) = (shape.rows, shape.columns, shape.inner)
    var c = [Float](repeating: 0, count: rows * columns)
    // Safe because: the indices are those of row-major matrices of these shapes.
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        c.withUnsafeMutableBufferPointer { c in
          for i in 0..<rows {
            for k in 0..<inner {
              let left = transposingFirst ? a[k * rows + i] : a[i * inner + k]
              for j in 0..<columns {
                c[i * columns + j] +=
                  left * (transposingSecond ? b[j * inner + k] : b[k * columns + j])
              }
            }
          }
        }
      }
    }
    return c
  }
}
