import CIntrinsics

/// Where the bins of rows and columns lie, for the kernels.
struct BinLayout: @unchecked Sendable {
  // Safe because: both point into buffers that the BinnedTable keeps and never writes again.
  /// Row-major bins, `rowStride` bytes per row.
  let rows: UnsafePointer<UInt8>
  /// The first bin of each column in a histogram.
  let offsets: UnsafePointer<Int>
  let rowStride: Int
  let columnCount: Int
  /// Whether the first bin of column `i` is `256 * i`.
  let isUniform: Bool
}

/// Adds the sums of `count` entries to the bins that their rows fall into, for every column.
@inline(__always)
func addToHistogram<Format: GradientFormat>(
  _ format: Format.Type, entries: UnsafePointer<Format.Entry>, count: Int, bins: BinLayout,
  histogram: UnsafeMutablePointer<Format.Sum>
) {
  // Where columns have nearly all 256 bins, the first bin of a column is known without a table.
  if bins.isUniform {
    addToHistogram(format, entries, count, bins, histogram) { column, bin in
      column &* 256 &+ bin
    }
  } else {
    let offsets = bins.offsets
    addToHistogram(format, entries, count, bins, histogram) { column, bin in
      offsets[column] &+ bin
    }
  }
}

@inline(__always)
private func addToHistogram<Format: GradientFormat>(
  _ format: Format.Type, _ entries: UnsafePointer<Format.Entry>, _ count: Int, _ bins: BinLayout,
  _ histogram: UnsafeMutablePointer<Format.Sum>, place: (_ column: Int, _ bin: Int) -> Int
) {
  // Safe because: entries hold row numbers of the table, bins are less than their column's number
  // of bins, and the histogram has room for the bins of all columns.
  let lookahead = 32
  let columnCount = bins.columnCount
  for index in 0..<count {
    let ahead = Format.row(entries[min(index &+ lookahead, count &- 1)])
    curvature_prefetch(bins.rows + ahead &* bins.rowStride)
    let entry = entries[index]
    let sum = Format.sum(entry)
    let row = UnsafeRawPointer(bins.rows + Format.row(entry) &* bins.rowStride)
    var column = 0
    while column &+ 8 <= columnCount {
      let word = row.loadUnaligned(fromByteOffset: column, as: UInt64.self)
      for lane in 0..<8 {
        let bin = Int(truncatingIfNeeded: (word >> UInt64(8 &* lane)) & 0xff)
        let place = place(column &+ lane, bin)
        histogram[place] = Format.add(histogram[place], sum)
      }
      column &+= 8
    }
    if column &+ 4 <= columnCount {
      let word = row.loadUnaligned(fromByteOffset: column, as: UInt32.self)
      for lane in 0..<4 {
        let bin = Int(truncatingIfNeeded: (word >> UInt32(8 &* lane)) & 0xff)
        let place = place(column &+ lane, bin)
        histogram[place] = Format.add(histogram[place], sum)
      }
      column &+= 4
    }
    while column < columnCount {
      let place = place(column, Int(row.load(fromByteOffset: column, as: UInt8.self)))
      histogram[place] = Format.add(histogram[place], sum)
      column &+= 1
    }
  }
}

/// Counts the rows in each bin of every column.
func countRows<Format: GradientFormat>(
  _ format: Format.Type, entries: UnsafePointer<Format.Entry>, count: Int, bins: BinLayout,
  into counts: UnsafeMutablePointer<UInt32>
) {
  // Safe because: as for `addToHistogram`.
  for index in 0..<count {
    let row = bins.rows + Format.row(entries[index]) &* bins.rowStride
    for column in 0..<bins.columnCount {
      counts[bins.offsets[column] &+ Int(row[column])] &+= 1
    }
  }
}
