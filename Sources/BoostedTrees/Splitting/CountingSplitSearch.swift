/// Searches one column of one leaf when the rows of each bin are known, one position at a time.
///
/// The slow way of ``bestSplit(_:prefix:valueBins:missing:total:limits:)``: it also keeps
/// children of fewer than `leastRows` rows from being made. The grower needs it only where sums of
/// Hessians cannot tell that there are enough rows.
///
/// - Parameters:
///   - sums: the sums of the column's bins, the bin of missing values last if there is one.
///   - rows: the rows in the same bins.
///   - starts: the Hessians that these rows had at the start, in units of the derivatives.
///   - least: what share of them a child must have; nil if it does not matter.
func bestSplitCountingRows<Format: GradientFormat>(
  _ format: Format.Type, sums: UnsafeBufferPointer<Format.Sum>,
  rows: UnsafeBufferPointer<UInt32>, valueBins: Int, total: Format.Sum, limits: SplitLimits,
  leastRows: Int, starts: UnsafeBufferPointer<Double>? = nil, least: LeastShare? = nil
) -> ColumnSplit<Format.Sum> {
  var best = ColumnSplit<Format.Sum>(left: Format.zero)
  let hasMissing = sums.count > valueBins && rows[valueBins] > 0
  let missing = hasMissing ? sums[valueBins] : Format.zero
  let missingRows = hasMissing ? Int(rows[valueBins]) : 0
  let totalRows = rows.reduce(0) { $0 + Int($1) }
  let weighed = least == nil ? nil : starts
  let totalStart = weighed?.reduce(0, +) ?? 0
  let missingStart = hasMissing ? weighed?[valueBins] ?? 0 : 0
  for missingGoesLeft in hasMissing ? [false, true] : [false] {
    var left = missingGoesLeft ? missing : Format.zero
    var leftRows = missingGoesLeft ? missingRows : 0
    var leftStart = missingGoesLeft ? missingStart : 0
    for bin in 0..<(hasMissing ? valueBins : valueBins - 1) {
      left = Format.add(left, sums[bin])
      leftRows += Int(rows[bin])
      if let weighed { leftStart += weighed[bin] }
      let right = Format.subtract(total, left)
      guard leftRows >= leastRows, totalRows - leftRows >= leastRows,
        Format.hessian(left) >= limits.leastHessian,
        Format.hessian(right) >= limits.leastHessian
      else { continue }
      if let least {
        guard least.allows(Format.hessian(left), start: leftStart, rows: leftRows),
          least.allows(
            Format.hessian(right), start: totalStart - leftStart, rows: totalRows - leftRows)
        else { continue }
      }
      let gain = splitGain(format, left: left, total: total, l2: limits.l2)
      if best.rule == nil || gain > best.gain {
        best = ColumnSplit(
          rule: .upTo(
            bin,
            missingGoesLeft: hasMissing
              ? missingGoesLeft : Format.hessian(left) >= Format.hessian(right)),
          gain: gain, left: left)
      }
    }
  }
  return best
}

/// The least share of the mean Hessian that the rows of a child had at the start.
struct LeastShare {
  /// The share in quantised units per unit of the derivatives.
  private let share: Double

  init(_ share: Double) { self.share = share }

  /// Whether a child of `rows` rows may have the Hessian `sum` in quantised units.
  func allows(_ sum: Double, start: Double, rows: Int) -> Bool {
    sum * Double(rows) >= share * start
  }
}
