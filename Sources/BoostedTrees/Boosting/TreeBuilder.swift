import Parallel

/// Turns a round's derivatives into trees: chooses the integer format, quantises, grows, and has the
/// leaf model give the leaves their outputs.
final class TreeBuilder {
  private let table: BinnedTable
  private let derivatives: DerivativePass
  let limits: GrowthLimits
  /// What a child's curvature is compared with; nil if ``leastChildWeight`` is asked for.
  private let start: StartCurvature?
  /// In units of weight times Hessian.
  let leastChildWeight: Double
  private let leafModel: any LeafModel
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
    leafModel =
      if let solver = derivatives.objective.leafSolver {
        SolvedLeaves(derivatives, solver: solver, learningRate: learningRate, pool: pool)
      } else {
        NewtonLeaves(
          derivatives, learningRate: learningRate, l2: limits.l2, leastWeight: leastChildWeight,
          // Fixed by the limits, not by threads; large enough that the sums stay few.
          blockSize: max(16_384, 64 * limits.leaves), pool: pool)
      }
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
    return try setOutputs(of: leaves, in: tree, grower, score: score, addingTo: scores)
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

  /// Notes the leaf of every row, has the leaf model give the leaves their outputs, and adds them to
  /// the scores.
  ///
  /// As leaves are noted first, derivatives and scores are then read in the order of the rows.
  private func setOutputs<Format: GradientFormat>(
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
    let members = LeafMembers(
      leafOfRow: leafOfRow, score: score, counts: leaves.map(\.entries.count))
    let outputs = try leafModel.outputs(of: members, scores: scores)
    let nodes = leaves.map(\.node)
    for (place, node) in nodes.enumerated() { tree.values[node] = outputs.values[place] }
    tree.cover = TreeCover(
      tree, leaves: nodes, rows: members.counts,
      weights: members.weights(of: derivatives.rows, pool: pool))
    add(outputs.values, to: scores, score: score)
    return BuiltTree(
      tree: tree, leafNodes: nodes, leafValues: outputs.values,
      slopes: outputs.slopes)
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
}
