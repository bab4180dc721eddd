/// A row-major matrix of single-precision numbers in memory that somebody else owns.
struct Matrix {
  let elements: UnsafeMutableBufferPointer<Float>
  let rows: Int
  let columns: Int

  /// Views `elements` as `[rows x columns]`.
  init(_ elements: UnsafeMutableBufferPointer<Float>, rows: Int, columns: Int) {
    precondition(elements.count == rows * columns, "a matrix has rows x columns elements")
    self.elements = elements
    self.rows = rows
    self.columns = columns
  }
}
