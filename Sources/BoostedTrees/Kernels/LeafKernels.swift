/// Notes the leaf of the rows of some entries.
@inline(__always)
func mark<Format: GradientFormat>(
  _ format: Format.Type, entries: UnsafePointer<Format.Entry>, count: Int, leaf: UInt16,
  in leaves: UnsafeMutablePointer<UInt16>
) {
  // Safe because: entries hold row numbers of the table, and there is a leaf for every row.
  for index in 0..<count { leaves[Format.row(entries[index])] = leaf }
}

/// Adds the derivatives of every row in `rows` to the sum of its leaf, in the order of the rows.
@inline(__always)
func sumByLeaf(
  rows: Range<Int>, leaves: UnsafePointer<UInt16>, gradients: UnsafePointer<Double>,
  hessians: UnsafePointer<Double>, stride: Int, offset: Int,
  into sums: UnsafeMutablePointer<SIMD2<Double>>
) {
  // Safe because: the rows are rows of the table, and there is a sum for every leaf.
  for row in rows {
    let place = row &* stride &+ offset
    sums[Int(leaves[row])] += SIMD2(gradients[place], hessians[place])
  }
}

/// Adds the value of its leaf to one score of every row in `rows`.
@inline(__always)
func addByLeaf(
  rows: Range<Int>, leaves: UnsafePointer<UInt16>, values: UnsafePointer<Double>,
  to scores: UnsafeMutablePointer<Double>, stride: Int, offset: Int
) {
  // Safe because: the rows are rows of the table, and there is a value for every leaf.
  for row in rows { scores[row &* stride &+ offset] += values[Int(leaves[row])] }
}
