import Parallel

/// Turns a round's derivatives into trees: chooses the integer format, quantises, grows, and
/// computes leaf values.
final class TreeBuilder {
  private let table: BinnedTable
  private let derivatives: DerivativePass
  let limits: GrowthLimits
  /// What a child's curvature is compared with; nil if ``leastChildWeight`` is asked for.
  private let start: StartCurvature?
  /// In units of weight times Hessian.
  let leastChildWeight: Double
  private let learningRate: Double
  private let pool: WorkerPool
  private let histogramBytes: Int
  /// The leaf of each row in the last tree of each score, `[scores x rows]`.
  private let leafOfRow: AlignedBuffer<UInt16>
  /// The format of the last tree; the next one has no narrower format.
  private(set) var format: SumFormat
  private var packed: TreeGrower<PackedFormat>?
  private var wide: TreeGrower<WideFormat>?
  private var long: TreeGrower<LongFormat>?

  /// - Parameters:
  ///   - start: what a child's curvature is compared with, in place of a `leastChildWeight`.
  ///   - leastChildWeight: the least sum of Hessians of a leaf.
  ///   - format: the narrowest format of sums that a tree may have.
  ///   - histogramBytes: memory for histograms kept for later subtraction.
  init(
    _ table: BinnedTable, derivatives: DerivativePass, limits: GrowthLimits,
    start: StartCurvature?, leastChildWeight: Double, learningRate: Double, pool: WorkerPool,
    format: SumFormat = .packed, histogramBytes: Int = 256 << 20
  ) {
    self.format = format
    self.start = start
    self.leastChildWeight = leastChildWeight
    self.histogramBytes = histogramBytes
    self.table = table
    self.derivatives = derivatives
    self.limits = limits
    self.learningRate = learningRate
    self.pool = pool
    leafOfRow = AlignedBuffer(
      repeating: 0, count: table.rowCount * derivatives.objective.scoresPerRow)
  }

  /// Grows a tree on the derivatives of one score and adds its leaf values to `scores`,
  /// `[rows x scoresPerRow]`.
  ///
  /// - Throws: ``UnsolvedLeaf`` if the objective's leaf solver gives no finite number.
  func buildTree(
    score: Int, range: DerivativeRange, addingTo scores: AlignedBuffer<Double>
  ) throws(UnsolvedLeaf) -> BuiltTree {
    format = format.needed(for: derivatives, score: score, range: range)
    switch format {
    case .packed:
      let grower = packed ?? makeGrower()
      packed = grower
      return try build(grower, score, range, scores)
    case .wide:
      packed = nil
      let grower = wide ?? makeGrower()
      wide = grower
      return try build(grower, score, range, scores)
    case .long:
      (packed, wide) = (nil, nil)
      let grower = long ?? makeGrower()
      long = grower
      return try build(grower, score, range, scores)
    }
  }

  /// A round's trees together with the leaves of the rows, good until the next tree is built.
  func steps(of trees: [BuiltTree]) -> RoundSteps {
    RoundSteps(trees: trees, leafOfRow: leafOfRow, rowCount: table.rowCount)
  }

  /// Adds a round's leaf values to `scores`, `[rows x scoresPerRow]`.
  func add(_ round: RoundSteps, to scores: AlignedBuffer<Double>) {
    for score in 0..<round.width { add(round.trees[score].leafValues, to: scores, score: score) }
  }

  private func makeGrower<Format: GradientFormat>() -> TreeGrower<Format> {
    TreeGrower(
      table, limits: limits, histogramBytes: histogramBytes, pool: pool)
  }

  private func build<Format: GradientFormat>(
    _ grower: TreeGrower<Format>, _ score: Int, _ range: DerivativeRange,
    _ scores: AlignedBuffer<Double>
  ) throws(UnsolvedLeaf) -> BuiltTree {
    let scales = Format.scales(for: range, rows: table.rowCount)
    quantise(into: grower, score: score, scales: scales)
    let least = start?.least(score: score, range: range) ?? .sum(leastChildWeight)
    let (tree, leaves) = grower.grow(scales: scales, range: range, least: least)
    return try setValues(of: leaves, in: tree, grower, score: score, addingTo: scores)
  }

  private func quantise<Format: GradientFormat>(
    into grower: TreeGrower<Format>, score: Int, scales: QuantisationScales
  ) {
    let width = derivatives.objective.scoresPerRow
    let shared = TreeGrower<Format>.Shared(grower: grower)
    pool.forEachBlock(of: table.rowCount, blockSize: 16_384) { [derivatives] range in
      // Safe because: each block writes its own entries.
      BoostedTrees.quantise(
        Format.self, rows: range, gradients: derivatives.gradients.base,
        hessians: derivatives.hessians.base, stride: width, offset: score, scales: scales,
        into: shared.grower.entries.base + range.lowerBound)
    }
  }

  /// The values of leaves, added to the scores: the objective's own constants if it solves leaves,
  /// otherwise Newton steps from the exact derivatives of the rows in each.
  ///
  /// The leaf of every row is noted first, so that derivatives and scores are then read in the
  /// order of the rows. Sums are taken over blocks of rows of fixed size and added in their order.
  private func setValues<Format: GradientFormat>(
    of leaves: [GrowingLeaf<Format.Sum>], in grown: Tree, _ grower: TreeGrower<Format>,
    score: Int, addingTo scores: AlignedBuffer<Double>
  ) throws(UnsolvedLeaf) -> BuiltTree {
    var tree = grown
    let shared = TreeGrower<Format>.Shared(grower: grower)
    let firstRow = score * table.rowCount
    pool.forEach(leaves.count) { [leafOfRow, leaves] place in
      // Safe because: every row is in one leaf, and each score has a run of leaves of its own.
      let entries = leaves[place].entries
      mark(
        Format.self, entries: shared.grower.entries.base + entries.lowerBound,
        count: entries.count, leaf: UInt16(truncatingIfNeeded: place),
        in: leafOfRow.base + firstRow)
    }
    let values = AlignedBuffer(repeating: 0.0, count: leaves.count)
    var slopes: [Double] = []
    if let solver = derivatives.objective.leafSolver {
      pool.forEach(leaves.count) { [learningRate, derivatives, leaves] place in
        // Safe because: each leaf writes its own value and reads its own entries.
        let entries = leaves[place].entries
        let rows = entries.map { Format.row(shared.grower.entries.base[$0]) }
        let constant = derivatives.rows.leafConstant(
          of: rows, scores: scores, width: derivatives.objective.scoresPerRow, score: score,
          solver)
        values.base[place] = learningRate * constant
      }
      if let place = leaves.indices.first(where: { !values[$0].isFinite }) {
        let entries = leaves[place].entries
        throw UnsolvedLeaf(
          constant: values[place] / learningRate, rowCount: entries.count,
          firstRow: Format.row(grower.entries[entries.lowerBound]))
      }
    } else {
      let totals = sumsOfLeaves(count: leaves.count, score: score)
      for place in leaves.indices {
        values[place] = leafValue(gradient: totals[place].x, hessian: totals[place].y)
        slopes.append(totals[place].x * values[place])
      }
    }
    for (place, leaf) in leaves.enumerated() { tree.values[leaf.node] = values[place] }
    add(values.elements, to: scores, score: score)
    return BuiltTree(
      tree: tree, leafNodes: leaves.map(\.node), leafValues: values.elements, slopes: slopes)
  }

  private func add(_ values: [Double], to scores: AlignedBuffer<Double>, score: Int) {
    let width = derivatives.objective.scoresPerRow
    values.withUnsafeBufferPointer { values in
      let shared = SharedPointer(values)
      let firstRow = score * table.rowCount
      pool.forEachBlock(of: table.rowCount, blockSize: 16_384) { [leafOfRow] range in
        // Safe because: each block adds to the scores of its own rows.
        addByLeaf(
          rows: range, leaves: leafOfRow.base + firstRow, values: shared.base, to: scores.base,
          stride: width, offset: score)
      }
    }
  }

  private func sumsOfLeaves(count: Int, score: Int) -> [SIMD2<Double>] {
    let width = derivatives.objective.scoresPerRow
    // Fixed by the limits, not by threads; large enough that the sums stay few.
    let blockSize = max(16_384, 64 * limits.leaves)
    let blocks = (table.rowCount + blockSize - 1) / blockSize
    let partial = AlignedBuffer(repeating: SIMD2<Double>.zero, count: blocks * count)
    pool.forEachBlock(of: table.rowCount, blockSize: blockSize) {
      [leafOfRow, derivatives, table] range in
      // Safe because: each block has sums of its own.
      sumByLeaf(
        rows: range, leaves: leafOfRow.base + score * table.rowCount,
        gradients: derivatives.gradients.base,
        hessians: derivatives.hessians.base, stride: width, offset: score,
        into: partial.base + range.lowerBound / blockSize * count)
    }
    return (0..<count).map { leaf in
      (0..<blocks).reduce(SIMD2.zero) { $0 + partial[$1 * count + leaf] }
    }
  }

  private func leafValue(gradient: Double, hessian: Double) -> Double {
    guard hessian > 0, hessian >= leastChildWeight else { return 0 }
    let step = gradient / (hessian + limits.l2)
    return step.isFinite ? -learningRate * step : 0
  }
}

/// A leaf for which the objective's leaf solver gave no finite number.
struct UnsolvedLeaf: Error {
  let constant: Double
  let rowCount: Int
  /// The first of its rows.
  let firstRow: Int
}

extension ObjectiveRows {
  /// What a leaf solver says of `rows`, whose current scores are given for all rows.
  fileprivate func leafConstant(
    of rows: [Int], scores: AlignedBuffer<Double>, width: Int, score: Int, _ solver: LeafSolver
  ) -> Double {
    let leafScores = rows.flatMap { row in (0..<width).map { scores[row * width + $0] } }
    let leafTargets = rows.map { targets[$0] }
    let leafData = rows.flatMap { rowData[$0 * rowDataCount..<($0 + 1) * rowDataCount] }
    let leafWeights = weights.isEmpty ? [] : rows.map { weights[$0] }
    let leafGroups = groups.isEmpty ? [] : rows.map { groups[$0] }
    return solver(
      leafScores.span,
      Rows(
        targets: leafTargets.span, rowData: leafData.span, rowDataCount: rowDataCount,
        groups: leafGroups.span),
      leafWeights.span, score)
  }
}
