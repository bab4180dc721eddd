import Parallel

/// The features of a table as bin numbers, in two layouts: by row for histograms, by column for
/// dividing the rows of a leaf. Columns that offer no split are left out.
final class BinnedTable: Sendable {
  /// The number of rows.
  let rowCount: Int
  /// The table's column that each binned column stands for, increasing.
  let sourceColumns: [Int]
  /// How values fall into bins, per binned column.
  let cuts: [FeatureCuts]
  /// The first bin of each binned column in a histogram, and at the end the number of all places.
  let offsets: [Int]
  /// Whether columns have 256 places each in a histogram, used or not; else as many as bins.
  let isUniform: Bool
  /// Bytes of a row in ``byRow``: the columns, padded to a multiple of 16.
  let rowStride: Int
  /// Row-major bins, `[rows x rowStride]`.
  let byRow: AlignedBuffer<UInt8>
  /// Column-major bins, `[columns x rows]`.
  let byColumn: AlignedBuffer<UInt8>
  private let offsetTable: AlignedBuffer<Int>

  /// Rows whose values the cuts are drawn from, at most.
  static let sampleLimit = 200_000

  /// Bins all features of `table`. O(rows x columns).
  ///
  /// Cuts come from all rows, or from a sample that `seed` decides where there are more than
  /// ``sampleLimit``; missing values are looked for in every row.
  init(_ table: Table, maxBins: Int, seed: UInt64, pool: WorkerPool) {
    rowCount = table.rowCount
    let all = Self.cuts(of: table, maxBins: maxBins, seed: seed, pool: pool)
    sourceColumns = all.indices.filter { all[$0].binCount > 1 }
    cuts = sourceColumns.map { all[$0] }
    let binCount = cuts.reduce(0) { $0 + $1.binCount }
    let isUniform = binCount > 128 * cuts.count
    self.isUniform = isUniform
    offsets = cuts.reduce(into: [0]) {
      $0.append($0[$0.count - 1] + (isUniform ? 256 : $1.binCount))
    }
    rowStride = (sourceColumns.count + 15) / 16 * 16
    byRow = AlignedBuffer(repeating: 0, count: rowCount * rowStride)
    byColumn = AlignedBuffer(repeating: 0, count: rowCount * sourceColumns.count)
    offsetTable = AlignedBuffer(repeating: 0, count: offsets.count)
    for (place, offset) in offsets.enumerated() { offsetTable[place] = offset }
    fill(from: table, pool: pool)
  }

  /// The number of binned columns.
  var columnCount: Int { sourceColumns.count }
  /// The places for the bins of all columns in a histogram.
  var totalBins: Int { offsets[offsets.count - 1] }

  /// The layout for the kernels; valid as long as this object lives.
  var layout: BinLayout {
    BinLayout(
      rows: UnsafePointer(byRow.base), offsets: UnsafePointer(offsetTable.base),
      rowStride: rowStride, columnCount: columnCount, isUniform: isUniform)
  }

  /// The bins of one column, valid as long as this object lives.
  func column(_ column: Int) -> UnsafePointer<UInt8> {
    UnsafePointer(byColumn.base + column * rowCount)
  }

  private func fill(from table: Table, pool: WorkerPool) {
    let padded = cuts.map(PaddedCuts.init)
    let columns = table.columnCount
    table.features.withUnsafeBufferPointer { buffer in
      let features = SharedPointer(buffer)
      pool.forEachBlock(of: rowCount, blockSize: 1_024) { [self] rows in
        // Safe because: each block writes the bins of its own rows only.
        for place in 0..<sourceColumns.count {
          let source = features.base + sourceColumns[place]
          let target = byColumn.base + place * rowCount
          padded[place].withBins { bins in
            for row in rows {
              let bin = bins.bin(of: source[row &* columns])
              target[row] = bin
              byRow.base[row &* rowStride &+ place] = bin
            }
          }
        }
      }
    }
  }

  /// How the values of every column fall into bins.
  private static func cuts(
    of table: Table, maxBins: Int, seed: UInt64, pool: WorkerPool
  ) -> [FeatureCuts] {
    let columns = table.columnCount
    let sample = sampledRows(of: table.rowCount, seed: seed)
    let hasMissing = columnsWithMissing(table, pool: pool)
    let room = 256
    let bounds = AlignedBuffer<Float>(repeating: 0, count: columns * room)
    let counts = AlignedBuffer(repeating: 0, count: columns)
    let missing = AlignedBuffer(repeating: false, count: columns)
    pool.forEach(columns) { column in
      var values: [Float] = []
      values.reserveCapacity(sample.count)
      for row in sample {
        let value = table.features[row * columns + column]
        if !value.isNaN { values.append(value) }
      }
      let found = FeatureCuts(
        sorted: radixSorted(values), hasMissing: hasMissing[column], maxBins: maxBins)
      // Safe because: each task writes what belongs to its own column, at most 255 cuts.
      for (place, cut) in found.cuts.enumerated() { bounds.base[column * room + place] = cut }
      counts.base[column] = found.cuts.count
      missing.base[column] = found.hasMissing
    }
    return (0..<columns).map { column in
      FeatureCuts(
        cuts: Array(bounds.span(column * room..<column * room + counts[column])),
        hasMissing: missing[column])
    }
  }

  /// Row numbers in increasing order, chosen without replacement (Knuth's algorithm S).
  private static func sampledRows(of rowCount: Int, seed: UInt64) -> [Int] {
    guard rowCount > sampleLimit else { return Array(0..<rowCount) }
    var generator = RandomGenerator(seed: seed, stream: 0x62_696e)
    var rows: [Int] = []
    rows.reserveCapacity(sampleLimit)
    for row in 0..<rowCount {
      let wanted = sampleLimit - rows.count
      if Double(rowCount - row) * generator.uniform() < Double(wanted) { rows.append(row) }
    }
    return rows
  }

  private static func columnsWithMissing(_ table: Table, pool: WorkerPool) -> [Bool] {
    let columns = table.columnCount
    let blockSize = 4_096
    let blocks = (table.rowCount + blockSize - 1) / blockSize
    let flags = AlignedBuffer<Bool>(repeating: false, count: blocks * columns)
    pool.forEachBlock(of: table.rowCount, blockSize: blockSize) { rows in
      // Safe because: each block writes its own flags only.
      let found = flags.base + rows.lowerBound / blockSize * columns
      table.features.withUnsafeBufferPointer { features in
        for row in rows {
          for column in 0..<columns where features[row &* columns &+ column].isNaN {
            found[column] = true
          }
        }
      }
    }
    return (0..<columns).map { column in
      (0..<blocks).contains { flags[$0 * columns + column] }
    }
  }
}
