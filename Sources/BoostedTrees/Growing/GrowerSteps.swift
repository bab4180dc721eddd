import Parallel

/// The parallel steps of growing a tree.
extension TreeGrower {
  /// What the tasks of a step see of the grower.
  struct Shared: @unchecked Sendable {
    // Safe because: tasks only call kernels on buffers, each on parts that its number decides.
    unowned let grower: TreeGrower
  }

  /// The sum of the derivatives of some entries.
  func sum(of range: Range<Int>) -> Format.Sum {
    let blockSize = 65_536
    let blocks = (range.count + blockSize - 1) / blockSize
    let sums = AlignedBuffer(repeating: Format.zero, count: blocks)
    let shared = Shared(grower: self)
    pool.forEachBlock(of: range.count, blockSize: blockSize) { block in
      // Safe because: each block writes its own sum.
      let entries = shared.grower.entries.base + range.lowerBound
      var sum = Format.zero
      for index in block { sum = Format.add(sum, Format.sum(entries[index])) }
      sums.base[block.lowerBound / blockSize] = sum
    }
    return (0..<blocks).reduce(Format.zero) { Format.add($0, sums[$1]) }
  }

  /// How many tasks to cut work on `count` entries into, each at least `least` of them.
  private func taskCount(for count: Int, least: Int) -> Int {
    max(1, min(pool.threadCount, count / least))
  }

  /// Sums the derivatives of the entries in `range` per bin of every column.
  ///
  /// - Returns: the number of ``partial`` histograms that are still to be added to this one.
  func buildHistogram(
    of range: Range<Int>, into histogram: AlignedBuffer<Format.Sum>
  ) -> Int {
    let tasks = taskCount(for: range.count, least: Self.leastEntriesPerHistogram)
    let shared = Shared(grower: self)
    pool.forEach(tasks) { task in
      let grower = shared.grower
      let target = task == 0 ? histogram : grower.partial[task - 1]
      let start = range.lowerBound + range.count * task / tasks
      let end = range.lowerBound + range.count * (task + 1) / tasks
      // Safe because: each task has a histogram of its own.
      target.base.update(repeating: Format.zero, count: target.count)
      addToHistogram(
        Format.self, entries: UnsafePointer(grower.entries.base + start), count: end - start,
        bins: grower.table.layout, histogram: target.base)
    }
    return tasks - 1
  }

  /// Adds the first `parts` partial histograms to `histogram` in the places of `bins`.
  @inline(__always)
  func addPartials(_ parts: Int, to histogram: AlignedBuffer<Format.Sum>, bins: Range<Int>) {
    // Safe because: the caller's task is the only one to touch these bins.
    for part in partial.prefix(parts) {
      for bin in bins {
        histogram.base[bin] = Format.add(histogram.base[bin], part.base[bin])
      }
    }
  }

  /// Moves the entries in `range` that go left before the others; both keep their order.
  ///
  /// - Returns: the number that went left.
  func divide(_ range: Range<Int>, column: Int, rule: BinRule) -> Int {
    let bins = table.column(column)
    let tasks = taskCount(for: range.count, least: Self.leastEntriesPerPartition)
    if tasks == 1 {
      // Safe because: the scratch has room for every entry of the run.
      let run = entries.base + range.lowerBound
      let leftCount = partition(
        Format.self, entries: UnsafePointer(run), count: range.count, column: bins, rule: rule,
        left: run, right: scratch.base)
      (run + leftCount).update(from: scratch.base, count: range.count - leftCount)
      return leftCount
    }
    return divideInParallel(range, column: column, rule: rule, tasks: tasks)
  }

  private func divideInParallel(
    _ range: Range<Int>, column: Int, rule: BinRule, tasks: Int
  ) -> Int {
    let shared = Shared(grower: self)
    let lefts = AlignedBuffer(repeating: 0, count: tasks)
    @Sendable func part(_ task: Int) -> Range<Int> {
      range.lowerBound + range.count * task / tasks..<range.lowerBound
        + range.count * (task + 1) / tasks
    }
    pool.forEach(tasks) { task in
      // Safe because: each task reads and writes its own part of entries and scratch.
      let grower = shared.grower
      let part = part(task)
      let run = grower.entries.base + part.lowerBound
      lefts.base[task] = partition(
        Format.self, entries: UnsafePointer(run), count: part.count,
        column: grower.table.column(column), rule: rule, left: run,
        right: grower.scratch.base + part.lowerBound)
    }
    let leftCount = lefts.elements.reduce(0, +)
    // Lefts close ranks first, in order: each part's move down over what was read already.
    var place = range.lowerBound
    for task in 0..<tasks {
      let start = part(task).lowerBound
      if place != start {
        // Safe because: update(from:) allows overlapping memory.
        (entries.base + place).update(from: entries.base + start, count: lefts[task])
      }
      place += lefts[task]
    }
    pool.forEach(tasks) { task in
      // Safe because: the targets of the parts follow one another behind the lefts.
      let grower = shared.grower
      var target = range.lowerBound + leftCount
      for earlier in 0..<task { target += part(earlier).count - lefts.base[earlier] }
      (grower.entries.base + target).update(
        from: grower.scratch.base + part(task).lowerBound,
        count: part(task).count - lefts.base[task])
    }
    return leftCount
  }

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

  /// Whether the leaf's split would leave a child with too few rows.
  func hasTooFewRows(_ leaf: Leaf) -> Bool {
    let least = limits.minChildRows
    // No row has more Hessian than the largest, so sums tell a number of rows that is reached;
    // sums beyond 2^53 are rounded when they are compared.
    let right = Format.subtract(leaf.total, leaf.split.left)
    let enough = Double(least - 1) * largestHessian * (1 + 1e-12)
    if Format.hessian(leaf.split.left) > enough && Format.hessian(right) > enough { return false }
    // Safe because: the run lies within the entries.
    let leftCount = countLeft(
      Format.self, entries: UnsafePointer(entries.base + leaf.entries.lowerBound),
      count: leaf.entries.count, column: table.column(leaf.column), rule: rule(of: leaf))
    return leftCount < least || leaf.entries.count - leftCount < least
  }

  /// Whether the leaf's split would leave a child with too little of the curvature that its rows
  /// had at the start.
  func hasTooLittleCurvature(_ leaf: Leaf) -> Bool {
    guard case .ofStart(let share, let start, let score, let largest) = leastCurvature else {
      return false
    }
    let left = Format.hessian(leaf.split.left)
    let right = Format.hessian(Format.subtract(leaf.total, leaf.split.left))
    // No mean is greater than the largest.
    let enough = share * largest * scales.hessian
    if left >= enough && right >= enough { return false }
    let column = table.column(leaf.column)
    let rule = rule(of: leaf)
    var (leftCount, leftStart, allStart) = (0, 0.0, 0.0)
    for entry in entries.span(leaf.entries) {
      // Safe because: entries hold row numbers of the table.
      let row = Format.row(entry)
      let hessian = start.hessian(row: row, score: score)
      allStart += hessian
      if rule.left(column[row]) == 1 {
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
