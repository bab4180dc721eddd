import Parallel

/// Summing the derivatives of a leaf's rows, in parallel.
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
  func taskCount(for count: Int, least: Int) -> Int {
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

  /// Gives both children a histogram. The smaller one's is built; the larger one gets the parent's,
  /// to be reduced by the smaller one's in the search, or if there is none, is built as well.
  ///
  /// - Returns: the partial histograms still to be added to the smaller one's.
  func assignHistograms(
    parent: Leaf, left: inout Leaf, right: inout Leaf, leftIsSmaller: Bool
  ) -> Int {
    guard let smaller = histograms.take(), let larger = parent.histogram ?? histograms.take()
    else { preconditionFailure("there is always room for the histograms of two children") }
    left.histogram = leftIsSmaller ? smaller : larger
    right.histogram = leftIsSmaller ? larger : smaller
    let entries = leftIsSmaller ? left.entries : right.entries
    let parts = buildHistogram(of: entries, into: histograms[smaller])
    guard parent.histogram == nil else { return parts }
    // The partial histograms are needed again at once.
    let all = 0..<table.totalBins
    addPartials(parts, to: histograms[smaller], bins: all)
    let others = leftIsSmaller ? right.entries : left.entries
    addPartials(
      buildHistogram(of: others, into: histograms[larger]), to: histograms[larger], bins: all)
    return 0
  }
}
