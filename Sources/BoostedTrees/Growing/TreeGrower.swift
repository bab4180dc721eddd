import Parallel

/// Grows trees on quantised derivatives, one after another in the same memory.
///
/// A split costs three short parallel steps: dividing the entries, building the histogram of the
/// smaller child, and, column by column, subtracting it from the parent's for the larger child
/// while searching both.
final class TreeGrower<Format: GradientFormat> {
  typealias Leaf = GrowingLeaf<Format.Sum>

  let table: BinnedTable
  let limits: GrowthLimits
  let pool: WorkerPool
  /// The entries of all leaves, each leaf's in one run, in increasing order of rows.
  let entries: AlignedBuffer<Format.Entry>
  let scratch: AlignedBuffer<Format.Entry>
  let histograms: HistogramPool<Format.Sum>
  /// One histogram per additional thread, for parts of a leaf.
  let partial: [AlignedBuffer<Format.Sum>]
  /// The best split of each column for the left and the right child, `[2 x columns]`.
  let columnSplits: AlignedBuffer<ColumnSplit<Format.Sum>>
  /// Running sums, 2 x 260 for each group of columns.
  let prefixes: AlignedBuffer<Format.Sum>
  let columnGroups: [Range<Int>]

  // State of the tree that is being grown.
  var scales = QuantisationScales(gradient: 0, hessian: 0)
  var splitLimits = SplitLimits(l2: 0, leastHessian: 1)
  /// The largest quantised Hessian of a row.
  var largestHessian = 0.0
  var leastCurvature = LeastCurvature.sum(0)

  /// Entries for which it pays to involve another thread.
  static var leastEntriesPerHistogram: Int { 512 }
  static var leastEntriesPerPartition: Int { 2_048 }

  /// A grower of trees on `table`.
  ///
  /// - Parameters:
  ///   - histogramBytes: memory for histograms kept for later subtraction.
  init(
    _ table: BinnedTable, limits: GrowthLimits, histogramBytes: Int, pool: WorkerPool
  ) {
    self.table = table
    self.limits = limits
    self.pool = pool
    let empty = Format.entry(row: 0, gradient: 0, hessian: 0)
    entries = AlignedBuffer(repeating: empty, count: table.rowCount)
    scratch = AlignedBuffer(repeating: empty, count: table.rowCount)
    histograms = HistogramPool(
      zero: Format.zero, bins: table.totalBins, slots: limits.leaves,
      bytes: histogramBytes)
    partial = (1..<max(pool.threadCount, 1)).map { _ in
      AlignedBuffer(repeating: Format.zero, count: table.totalBins)
    }
    columnSplits = AlignedBuffer(
      repeating: ColumnSplit(left: Format.zero), count: 2 * table.columnCount)
    columnGroups = Self.groups(of: table, threads: pool.threadCount)
    prefixes = AlignedBuffer(repeating: Format.zero, count: columnGroups.count * 2 * 260)
  }

  /// Grows a tree on ``entries``, which the caller has filled, and returns it without values,
  /// together with the leaves.
  func grow(
    scales: QuantisationScales, range: DerivativeRange, least: LeastCurvature
  ) -> (tree: Tree, leaves: [Leaf]) {
    prepare(scales: scales, range: range, least: least)
    var tree = Tree(value: 0)
    var finished: [Leaf] = []
    var queue = LeafQueue<Leaf>()
    func place(_ leaf: Leaf) {
      if leaf.column >= 0 {
        let level = limits.growth == .levelWise ? leaf.depth : 0
        queue.push(leaf, LeafPriority(level: level, gain: leaf.split.gain, node: leaf.node))
      } else {
        release(leaf)
        finished.append(leaf)
      }
    }
    place(rootLeaf())
    var leafCount = 1
    while leafCount < limits.leaves, let leaf = queue.pop() {
      leafCount += 1
      let isLast = leafCount == limits.leaves
      let (left, right) = split(leaf, in: &tree, searchesChildren: !isLast)
      place(left)
      place(right)
    }
    for leaf in queue.leaves {
      release(leaf)
      finished.append(leaf)
    }
    finished.sort { $0.node < $1.node }
    return (tree, finished)
  }

  private func prepare(
    scales: QuantisationScales, range: DerivativeRange, least: LeastCurvature
  ) {
    self.scales = scales
    leastCurvature = least
    // A child of enough rows has at least this much Hessian, whatever its rows are; a little less,
    // as sums beyond 2^53 are rounded when they are compared.
    let byRows =
      Format.rounded(range.smallestHessian * scales.hessian) * Double(limits.minChildRows)
      * (1 - 1e-12)
    var byWeight = 0.0
    if case .sum(let least) = least { byWeight = least * scales.hessian }
    splitLimits = SplitLimits(
      l2: limits.l2 * scales.hessian,
      leastHessian: max(1, byWeight.rounded(.up), byRows.rounded(.up)))
    largestHessian = Format.rounded(range.largestHessian * scales.hessian)
  }

  private func rootLeaf() -> Leaf {
    var root = Leaf(
      node: 0, entries: 0..<entries.count, depth: 0, total: sum(of: 0..<entries.count),
      split: ColumnSplit(left: Format.zero))
    guard canSplit(root), let slot = histograms.take() else { return root }
    root.histogram = slot
    let parts = buildHistogram(of: root.entries, into: histograms[slot])
    searchColumns(left: root, right: nil, parent: nil, parts: parts, searches: (true, false))
    finishSearch(&root, splits: 0)
    return root
  }

  /// Whether any split of the leaf could be allowed.
  private func canSplit(_ leaf: Leaf) -> Bool {
    leaf.depth < limits.maxDepth && table.columnCount > 0
      && leaf.entries.count / 2 >= limits.minChildRows
      && Format.hessian(leaf.total) / 2 >= splitLimits.leastHessian
  }

  private func split(
    _ leaf: Leaf, in tree: inout Tree, searchesChildren: Bool
  ) -> (left: Leaf, right: Leaf) {
    guard let rule = leaf.split.rule else {
      preconditionFailure("only leaves that a search found a split for are divided")
    }
    let places = tree.split(
      leaf.node, column: table.sourceColumns[leaf.column],
      rule: table.cuts[leaf.column].rule(of: rule),
      gain: leaf.split.gain / 2 / scales.gradient / scales.gradient * scales.hessian)
    let leftCount = divide(leaf.entries, column: leaf.column, rule: rule)
    let middle = leaf.entries.lowerBound + leftCount
    func child(_ node: Int, _ entries: Range<Int>, _ total: Format.Sum) -> Leaf {
      Leaf(
        node: node, entries: entries, depth: leaf.depth + 1, total: total,
        split: ColumnSplit(left: Format.zero))
    }
    var left = child(places.left, leaf.entries.lowerBound..<middle, leaf.split.left)
    var right = child(
      places.right, middle..<leaf.entries.upperBound,
      Format.subtract(leaf.total, leaf.split.left))
    let searches = (
      left: searchesChildren && canSplit(left), right: searchesChildren && canSplit(right)
    )
    guard searches.left || searches.right else {
      release(leaf)
      return (left, right)
    }
    let leftIsSmaller = left.entries.count <= right.entries.count
    let parts = assignHistograms(
      parent: leaf, left: &left, right: &right, leftIsSmaller: leftIsSmaller)
    searchColumns(
      left: left, right: right, parent: leaf.histogram == nil ? nil : leftIsSmaller,
      parts: parts, searches: searches)
    if searches.left { finishSearch(&left, splits: 0) }
    if searches.right { finishSearch(&right, splits: table.columnCount) }
    return (left, right)
  }

  /// Takes the best of the columns' splits from `splits` on, and keeps the histogram if there is
  /// memory for it.
  private func finishSearch(_ leaf: inout Leaf, splits: Int) {
    choose(&leaf, splits: splits)
    if leaf.column >= 0, hasTooFewRows(leaf) || hasTooLittleCurvature(leaf) {
      searchCountingRows(leaf, splits: splits)
      choose(&leaf, splits: splits)
    }
    if !histograms.hasTwo { release(&leaf) }
  }

  private func choose(_ leaf: inout Leaf, splits: Int) {
    leaf.column = -1
    leaf.split = ColumnSplit(left: Format.zero)
    // What rounding alone can produce is no gain: errors of up to one half per gradient and, times
    // the ratio of the sums, per Hessian.
    let hessian = Format.hessian(leaf.total) + splitLimits.l2
    let ratio = Format.gradient(leaf.total) / hessian
    let noise =
      (1 + ratio * ratio)
      * (Double(leaf.entries.count) / hessian + Format.gainResolution * hessian)
    leaf.split.gain = noise
    for column in 0..<table.columnCount {
      let split = columnSplits[splits + column]
      if split.rule != nil, split.gain > leaf.split.gain {
        leaf.split = split
        leaf.column = column
      }
    }
  }

  private func release(_ leaf: Leaf) {
    if let slot = leaf.histogram { histograms.release(slot) }
  }

  private func release(_ leaf: inout Leaf) {
    release(leaf as Leaf)
    leaf.histogram = nil
  }

  /// Neighbouring columns of about the same number of bins in all, several groups per thread.
  private static func groups(of table: BinnedTable, threads: Int) -> [Range<Int>] {
    let wanted = threads == 1 ? 1 : 4 * threads
    let share = max(1, table.totalBins / wanted)
    var groups: [Range<Int>] = []
    var start = 0
    for column in 0..<table.columnCount
    where column == table.columnCount - 1
      || table.offsets[column + 1] - table.offsets[start] >= share
    {
      groups.append(start..<column + 1)
      start = column + 1
    }
    return groups
  }
}
