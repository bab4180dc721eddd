import Parallel

/// Newton steps, `-learningRate * G / (H + l2)`, from the exact derivatives of the rows in each leaf.
///
/// Sums are taken over blocks of rows of fixed size and added in their order.
struct NewtonLeaves: LeafModel {
  private let derivatives: DerivativePass
  private let learningRate: Double
  private let l2: Double
  private let leastWeight: Double
  private let blockSize: Int
  private let pool: WorkerPool

  /// - Parameters:
  ///   - l2: added to the curvature of every leaf.
  ///   - leastWeight: the least sum of Hessians of a leaf that makes a step.
  ///   - blockSize: rows whose derivatives are summed one after another.
  init(
    _ derivatives: DerivativePass, learningRate: Double, l2: Double, leastWeight: Double,
    blockSize: Int, pool: WorkerPool
  ) {
    self.derivatives = derivatives
    self.learningRate = learningRate
    self.l2 = l2
    self.leastWeight = leastWeight
    self.blockSize = blockSize
    self.pool = pool
  }

  func outputs(
    of leaves: LeafMembers, scores: AlignedBuffer<Double>
  ) throws(UnsolvedLeaf) -> LeafOutputs {
    let totals = sums(of: leaves)
    let values = totals.map { value(gradient: $0.x, hessian: $0.y) }
    return LeafOutputs(values: values, slopes: zip(totals, values).map { $0.x * $1 })
  }

  private func sums(of leaves: LeafMembers) -> [SIMD2<Double>] {
    let width = derivatives.objective.scoresPerRow
    let (count, rowCount) = (leaves.counts.count, derivatives.rows.count)
    let blocks = (rowCount + blockSize - 1) / blockSize
    let partial = AlignedBuffer(repeating: SIMD2<Double>.zero, count: blocks * count)
    pool.forEachBlock(of: rowCount, blockSize: blockSize) { [derivatives, blockSize] range in
      // Safe because: each block has sums of its own.
      sumByLeaf(
        rows: range, leaves: leaves.leafOfRow.base + leaves.score * rowCount,
        gradients: derivatives.gradients.base, hessians: derivatives.hessians.base,
        stride: width, offset: leaves.score,
        into: partial.base + range.lowerBound / blockSize * count)
    }
    return (0..<count).map { leaf in
      (0..<blocks).reduce(SIMD2.zero) { $0 + partial[$1 * count + leaf] }
    }
  }

  private func value(gradient: Double, hessian: Double) -> Double {
    guard hessian > 0, hessian >= leastWeight else { return 0 }
    let step = gradient / (hessian + l2)
    return step.isFinite ? -learningRate * step : 0
  }
}
