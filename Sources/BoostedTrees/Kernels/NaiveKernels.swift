/// Searches one column of one leaf when the rows of each bin are known, one position at a time.
///
/// The slow way of ``bestSplit(_:prefix:valueBins:missing:total:limits:)``: it also keeps
/// children of fewer than `leastRows` rows from being made. The grower needs it only where sums of
/// Hessians cannot tell that there are enough rows.
///
/// - Parameters:
///   - sums: the sums of the column's bins, the bin of missing values last if there is one.
///   - rows: the rows in the same bins.
func bestSplitCountingRows<Format: GradientFormat>(
  _ format: Format.Type, sums: UnsafeBufferPointer<Format.Sum>,
  rows: UnsafeBufferPointer<UInt32>, valueBins: Int, total: Format.Sum, limits: SplitLimits,
  leastRows: Int
) -> ColumnSplit<Format.Sum> {
  var best = ColumnSplit<Format.Sum>(left: Format.zero)
  let hasMissing = sums.count > valueBins && rows[valueBins] > 0
  let missing = hasMissing ? sums[valueBins] : Format.zero
  let missingRows = hasMissing ? Int(rows[valueBins]) : 0
  let totalRows = rows.reduce(0) { $0 + Int($1) }
  for missingGoesLeft in hasMissing ? [false, true] : [false] {
    var left = missingGoesLeft ? missing : Format.zero
    var leftRows = missingGoesLeft ? missingRows : 0
    for bin in 0..<(hasMissing ? valueBins : valueBins - 1) {
      left = Format.add(left, sums[bin])
      leftRows += Int(rows[bin])
      let right = Format.subtract(total, left)
      guard leftRows >= leastRows, totalRows - leftRows >= leastRows,
        Format.hessian(left) >= limits.leastHessian,
        Format.hessian(right) >= limits.leastHessian
      else { continue }
      let gain = splitGain(format, left: left, total: total, l2: limits.l2)
      if best.bin < 0 || gain > best.gain {
        best = ColumnSplit(
          bin: Int32(bin),
          missingGoesLeft: hasMissing
            ? missingGoesLeft : Format.hessian(left) >= Format.hessian(right),
          gain: gain, left: left)
      }
    }
  }
  return best
}
