/// The slabs in which a matrix is read so that each chunk is decompressed once.
///
/// Slabs go down the rows; within a band of chunks they go along the columns, chunk by chunk.
struct SlabPlan: Sequence {
  /// Values that are read in one call.
  struct Slab: Hashable {
    var rows: Range<Int>
    var columns: Range<Int>
  }

  /// The library keeps this many bytes of decompressed chunks of a dataset.
  static let cacheBytes = 16 << 20
  /// A slab of small chunks grows to about this size.
  static let slabBytes = 4 << 20

  let rows: Int
  let width: Int
  /// The width of a slab: that of a chunk, or of the matrix if there are no chunks.
  let columnsPerSlab: Int
  /// The height of a band of slabs: a multiple of the chunks' height.
  let rowsPerBand: Int
  /// The height of a slab: a band's, or less where the chunk stays in the cache meanwhile.
  let rowsPerSlab: Int

  init(rows: Int, width: Int, chunk: [Int]?, valueBytes: Int) {
    self.rows = rows
    self.width = width
    let chunkRows = Swift.min(chunk?[0] ?? 1, Swift.max(rows, 1))
    columnsPerSlab = Swift.min((chunk?.count == 2 ? chunk?[1] : nil) ?? width, width)
    let rowBytes = Swift.max(1, columnsPerSlab * valueBytes)
    // The library spends kilobytes on each chunk of a call.
    let most = chunk == nil ? Int.max : chunkRows * 512
    let wanted = Swift.max(1, Swift.min(SlabPlan.slabBytes / rowBytes, most))
    if chunkRows >= wanted {
      rowsPerBand = chunkRows
      let chunkBytes = (chunk ?? []).reduce(valueBytes, *)
      rowsPerSlab = chunkBytes <= SlabPlan.cacheBytes ? wanted : chunkRows
    } else {
      rowsPerBand = wanted / chunkRows * chunkRows
      rowsPerSlab = rowsPerBand
    }
  }

  func makeIterator() -> AnyIterator<Slab> {
    var band = 0
    var column = 0
    var row = 0
    return AnyIterator {
      guard band < rows, width > 0 else { return nil }
      let bandEnd = Swift.min(band + rowsPerBand, rows)
      let slab = Slab(
        rows: row..<Swift.min(row + rowsPerSlab, bandEnd),
        columns: column..<Swift.min(column + columnsPerSlab, width))
      row = slab.rows.upperBound
      if row == bandEnd {
        column = slab.columns.upperBound
        if column == width {
          band = bandEnd
          column = 0
        }
        row = band
      }
      return slab
    }
  }
}
