import Parallel

/// Searching the histograms of two children, in parallel.
extension TreeGrower {
  /// Searches all columns for the best split of one or two leaves, into ``columnSplits``.
  ///
  /// - Parameters:
  ///   - parent: whether the left leaf is the one whose histogram was built while the other's slot
  ///     still holds their parent's, to be reduced; nil if every histogram is its own.
  ///   - parts: partial histograms still to be added to the smaller leaf's.
  ///   - searches: which of the two to search.
  func searchColumns(
    left: Leaf, right: Leaf?, parent leftIsSmaller: Bool?, parts: Int,
    searches: (left: Bool, right: Bool)
  ) {
    let shared = Shared(grower: self)
    let limits = splitLimits
    let leftTotal = left.total
    let rightTotal = right?.total
    guard let leftSlot = left.histogram else { return }
    let leftHistogram = histograms[leftSlot]
    let rightHistogram = right?.histogram.map { histograms[$0] }
    pool.forEach(columnGroups.count) { group in
      // Safe because: each group of columns has its own bins, splits and scratch.
      let grower = shared.grower
      let prefix = grower.prefixes.base + group * 2 * 260
      for column in grower.columnGroups[group] {
        let offset = grower.table.offsets[column]
        let valueBins = grower.table.cuts[column].valueBins
        let binCount = grower.table.cuts[column].binCount
        if parts > 0 {
          let small = leftIsSmaller == false ? rightHistogram ?? leftHistogram : leftHistogram
          grower.addPartials(parts, to: small, bins: offset..<offset + binCount)
        }
        if let rightHistogram, let leftIsSmaller {
          let small = (leftIsSmaller ? leftHistogram : rightHistogram).base + offset
          let large = (leftIsSmaller ? rightHistogram : leftHistogram).base + offset
          for bin in 0..<binCount { large[bin] = Format.subtract(large[bin], small[bin]) }
        }
        if searches.left {
          search(
            leftHistogram.base + offset, valueBins, binCount, leftTotal, prefix,
            grower.columnSplits.base + column)
        }
        if searches.right, let rightHistogram, let rightTotal {
          search(
            rightHistogram.base + offset, valueBins, binCount, rightTotal, prefix + 260,
            grower.columnSplits.base + grower.table.columnCount + column)
        }
      }
    }
    @Sendable @inline(__always)
    func search(
      _ sums: UnsafeMutablePointer<Format.Sum>, _ valueBins: Int, _ binCount: Int,
      _ total: Format.Sum, _ prefix: UnsafeMutablePointer<Format.Sum>,
      _ result: UnsafeMutablePointer<ColumnSplit<Format.Sum>>
    ) {
      var sum = Format.zero
      for bin in 0..<valueBins {
        sum = Format.add(sum, sums[bin])
        prefix[bin] = sum
      }
      result.pointee = bestSplit(
        Format.self, prefix: prefix, valueBins: valueBins,
        missing: binCount > valueBins ? sums[valueBins] : Format.zero, total: total,
        limits: limits)
    }
  }
}
