/// What sums of Hessians cannot tell of a split's children: their rows, and what curvature those
/// had at the start.
extension TreeGrower {
  /// Whether the leaf's split would leave a child with too few rows.
  func hasTooFewRows(_ leaf: Leaf) -> Bool {
    guard let rule = leaf.split.rule else { return false }
    let least = limits.minChildRows
    // No row has more Hessian than the largest, so sums tell a number of rows that is reached;
    // sums beyond 2^53 are rounded when they are compared.
    let right = Format.subtract(leaf.total, leaf.split.left)
    let enough = Double(least - 1) * largestHessian * (1 + 1e-12)
    if Format.hessian(leaf.split.left) > enough && Format.hessian(right) > enough { return false }
    // Safe because: the run lies within the entries.
    let leftCount = countLeft(
      Format.self, entries: UnsafePointer(entries.base + leaf.entries.lowerBound),
      count: leaf.entries.count, column: table.column(leaf.column), rule: rule,
      missingBin: table.cuts[leaf.column].missingBin)
    return leftCount < least || leaf.entries.count - leftCount < least
  }

  /// Whether the leaf's split would leave a child with too little of the curvature that its rows
  /// had at the start.
  func hasTooLittleCurvature(_ leaf: Leaf) -> Bool {
    guard case .ofStart(let share, let start, let score, let largest) = leastCurvature,
      let rule = leaf.split.rule
    else { return false }
    let missingBin = table.cuts[leaf.column].missingBin
    let left = Format.hessian(leaf.split.left)
    let right = Format.hessian(Format.subtract(leaf.total, leaf.split.left))
    // No mean is greater than the largest.
    let enough = share * largest * scales.hessian
    if left >= enough && right >= enough { return false }
    let column = table.column(leaf.column)
    var (leftCount, leftStart, allStart) = (0, 0.0, 0.0)
    for entry in entries.span(leaf.entries) {
      // Safe because: entries hold row numbers of the table.
      let row = Format.row(entry)
      let hessian = start.hessian(row: row, score: score)
      allStart += hessian
      if rule.goesLeft(column[row], missingBin: missingBin) {
        leftCount += 1
        leftStart += hessian
      }
    }
    let least = LeastShare(share * scales.hessian)
    return !least.allows(left, start: leftStart, rows: leftCount)
      || !least.allows(right, start: allStart - leftStart, rows: leaf.entries.count - leftCount)
  }

  /// Searches all columns again, with the numbers of rows in the bins, and what curvature they had
  /// at the start if that is asked for.
  func searchCountingRows(_ leaf: Leaf, splits: Int) {
    guard let slot = leaf.histogram else { return }
    let counts = AlignedBuffer<UInt32>(repeating: 0, count: table.totalBins)
    // Safe because: the run lies within the entries, and there is a count for every bin.
    countRows(
      Format.self, entries: UnsafePointer(entries.base + leaf.entries.lowerBound),
      count: leaf.entries.count, bins: table.layout, into: counts.base)
    var starts: AlignedBuffer<Double>?
    var least: LeastShare?
    if case .ofStart(let share, let start, let score, _) = leastCurvature {
      let sums = AlignedBuffer(repeating: 0.0, count: table.totalBins)
      least = LeastShare(share * scales.hessian)
      addStarts(of: leaf.entries, start, score, to: sums.base)
      starts = sums
    }
    for column in 0..<table.columnCount {
      let offset = table.offsets[column]
      let bins = offset..<offset + table.cuts[column].binCount
      columnSplits[splits + column] = bestSplitCountingRows(
        Format.self, sums: UnsafeBufferPointer(histograms[slot].span(bins)),
        rows: UnsafeBufferPointer(counts.span(bins)), valueBins: table.cuts[column].valueBins,
        total: leaf.total, limits: splitLimits, leastRows: limits.minChildRows,
        starts: starts.map { UnsafeBufferPointer($0.span(bins)) }, least: least)
    }
  }

  /// Adds the curvature at the start to the bins of every column.
  private func addStarts(
    of range: Range<Int>, _ start: StartCurvature, _ score: Int,
    to starts: UnsafeMutablePointer<Double>
  ) {
    // Safe because: as for `addToHistogram`.
    let bins = table.layout
    for entry in entries.span(range) {
      let hessian = start.hessian(row: Format.row(entry), score: score)
      let row = bins.rows + Format.row(entry) * bins.rowStride
      for column in 0..<bins.columnCount {
        starts[bins.offsets[column] + Int(row[column])] += hessian
      }
    }
  }
}
