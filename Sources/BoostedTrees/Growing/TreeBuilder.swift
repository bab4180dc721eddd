import Parallel

/// Turns a round's derivatives into trees: chooses the integer format, quantises, grows, and
/// computes leaf values.
final class TreeBuilder {
  private let table: BinnedTable
  private let derivatives: DerivativePass
  private let limits: GrowthLimits
  private let learningRate: Double
  private let pool: WorkerPool
  private let histogramBytes: Int
  /// Rows of positive weight; nil if these are all.
  private let activeRows: [UInt32]?
  private var packed: TreeGrower<PackedFormat>?
  private var wide: TreeGrower<WideFormat>?

  /// - Parameter histogramBytes: memory for histograms kept for later subtraction.
  init(
    _ table: BinnedTable, derivatives: DerivativePass, limits: GrowthLimits, learningRate: Double,
    pool: WorkerPool, histogramBytes: Int = 256 << 20
  ) {
    self.histogramBytes = histogramBytes
    self.table = table
    self.derivatives = derivatives
    self.limits = limits
    self.learningRate = learningRate
    self.pool = pool
    let weights = derivatives.rows.weights
    activeRows =
      weights.contains(0)
      ? weights.indices.filter { weights[$0] > 0 }.map { UInt32(truncatingIfNeeded: $0) } : nil
  }

  /// Rows that take part.
  private var entryCount: Int { activeRows?.count ?? table.rowCount }

  /// Grows a tree on the derivatives of one score and adds its leaf values to `scores`,
  /// `[rows x scoresPerRow]`.
  func buildTree(
    score: Int, range: DerivativeRange, addingTo scores: AlignedBuffer<Double>
  ) -> Tree {
    if wide == nil, needsWideFormat(score: score, range: range) {
      packed = nil
      wide = makeGrower()
    }
    if let wide { return build(wide, score, range, scores) }
    let packed = packed ?? makeGrower()
    self.packed = packed
    return build(packed, score, range, scores)
  }

  private func makeGrower<Format: GradientFormat>() -> TreeGrower<Format> {
    TreeGrower(
      table, limits: limits, entryCount: entryCount, histogramBytes: histogramBytes, pool: pool)
  }

  /// Whether 16 bits per derivative would lose rows that matter.
  ///
  /// Looks at up to 65,536 evenly spaced rows: the packed format must leave fewer than one row in
  /// 64 with a positive Hessian of less than two units, and at least half of the gradients with
  /// eight units or more. Size-normalised losses, where rows of very different curvature matter
  /// equally, fail this; losses on one scale pass. Depends on the derivatives alone.
  private func needsWideFormat(score: Int, range: DerivativeRange) -> Bool {
    guard entryCount < 1 << 24 else { return true }
    let scales = PackedFormat.scales(for: range, rows: entryCount)
    let width = derivatives.objective.scoresPerRow
    let step = max(1, table.rowCount / 65_536)
    var looked = 0
    var lostHessians = 0
    var lostGradients = 0
    for row in stride(from: 0, to: table.rowCount, by: step) {
      let g = derivatives.gradients[row * width + score].magnitude * scales.gradient
      let h = derivatives.hessians[row * width + score] * scales.hessian
      looked += 1
      lostHessians += h > 0 && h < 2 ? 1 : 0
      lostGradients += g > 0 && g < 8 ? 1 : 0
    }
    return lostHessians * 64 > looked || lostGradients * 2 > looked
  }

  private func build<Format: GradientFormat>(
    _ grower: TreeGrower<Format>, _ score: Int, _ range: DerivativeRange,
    _ scores: AlignedBuffer<Double>
  ) -> Tree {
    let scales = Format.scales(for: range, rows: entryCount)
    quantise(into: grower, score: score, scales: scales)
    var (tree, leaves) = grower.grow(scales: scales, range: range)
    setValues(of: leaves, in: &tree, grower, score: score, addingTo: scores)
    return tree
  }

  private func quantise<Format: GradientFormat>(
    into grower: TreeGrower<Format>, score: Int, scales: QuantisationScales
  ) {
    let width = derivatives.objective.scoresPerRow
    let shared = TreeGrower<Format>.Shared(grower: grower)
    pool.forEachBlock(of: entryCount, blockSize: 16_384) { [derivatives, activeRows] range in
      // Safe because: each block writes its own entries.
      let entries = shared.grower.entries.base + range.lowerBound
      if let activeRows {
        for index in range {
          let row = Int(activeRows[index])
          BoostedTrees.quantise(
            Format.self, rows: row..<row + 1, gradients: derivatives.gradients.base,
            hessians: derivatives.hessians.base, stride: width, offset: score, scales: scales,
            into: entries + (index - range.lowerBound))
        }
      } else {
        BoostedTrees.quantise(
          Format.self, rows: range, gradients: derivatives.gradients.base,
          hessians: derivatives.hessians.base, stride: width, offset: score, scales: scales,
          into: entries)
      }
    }
  }

  /// A part of a leaf's entries that one task handles.
  private struct LeafBlock {
    var leaf: Int
    var entries: Range<Int>
  }

  /// Newton steps from the exact derivatives of the rows in each leaf, summed in row order by
  /// blocks of fixed size.
  private func setValues<Format: GradientFormat>(
    of leaves: [GrowingLeaf<Format.Sum>], in tree: inout Tree, _ grower: TreeGrower<Format>,
    score: Int, addingTo scores: AlignedBuffer<Double>
  ) {
    let blockSize = 4_096
    let width = derivatives.objective.scoresPerRow
    var blocks: [LeafBlock] = []
    for (place, leaf) in leaves.enumerated() {
      for start in stride(from: leaf.entries.lowerBound, to: leaf.entries.upperBound, by: blockSize)
      {
        blocks.append(
          LeafBlock(leaf: place, entries: start..<min(start + blockSize, leaf.entries.upperBound)))
      }
    }
    let sums = AlignedBuffer(repeating: SIMD2<Double>.zero, count: blocks.count)
    let shared = TreeGrower<Format>.Shared(grower: grower)
    pool.forEach(blocks.count) { [blocks, derivatives] block in
      // Safe because: each block writes its own sum.
      sums.base[block] = summedDerivatives(
        Format.self, entries: shared.grower.entries.base + blocks[block].entries.lowerBound,
        count: blocks[block].entries.count, gradients: derivatives.gradients.base,
        hessians: derivatives.hessians.base, stride: width, offset: score)
    }
    var totals = [SIMD2<Double>](repeating: .zero, count: leaves.count)
    for (place, block) in blocks.enumerated() { totals[block.leaf] += sums[place] }
    let values = totals.map { leafValue(gradient: $0.x, hessian: $0.y) }
    for (leaf, value) in zip(leaves, values) { tree.values[leaf.node] = value }
    pool.forEach(blocks.count) { [blocks] block in
      // Safe because: every row is in one leaf, and so in one block.
      add(
        values[blocks[block].leaf], Format.self,
        entries: shared.grower.entries.base + blocks[block].entries.lowerBound,
        count: blocks[block].entries.count, to: scores.base, stride: width, offset: score)
    }
  }

  private func leafValue(gradient: Double, hessian: Double) -> Double {
    guard hessian > 0, hessian >= limits.minChildWeight else { return 0 }
    let step = gradient / (hessian + limits.l2)
    return step.isFinite ? -learningRate * step : 0
  }
}
