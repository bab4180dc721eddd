import Parallel

/// Which rows the leaves of a new tree have.
struct LeafMembers: Sendable {
  /// The leaf of each row, `[scores x rows]`.
  let leafOfRow: AlignedBuffer<UInt16>
  /// The score that the tree belongs to.
  let score: Int
  /// The number of rows of each leaf.
  let counts: [Int]

  /// The rows of each leaf, increasing. O(rows).
  func rows(of rowCount: Int) -> [[Int]] {
    var rows = counts.map { count in
      var own: [Int] = []
      own.reserveCapacity(count)
      return own
    }
    for row in 0..<rowCount { rows[Int(leafOfRow[score * rowCount + row])].append(row) }
    return rows
  }

  /// The sum of the weights of each leaf's rows; nil if every row weighs 1. O(rows).
  ///
  /// Summed over blocks of rows of fixed size, which are added in their order.
  func weights(of rows: ObjectiveRows, pool: WorkerPool) -> [Double]? {
    guard !rows.weights.isEmpty else { return nil }
    let blockSize = max(16_384, 64 * counts.count)
    let blocks = (rows.count + blockSize - 1) / blockSize
    let sums = AlignedBuffer(repeating: 0.0, count: blocks * counts.count)
    pool.forEachBlock(of: rows.count, blockSize: blockSize) { block in
      // Safe because: each block has sums of its own, and rows name leaves that there are.
      let leaves = leafOfRow.base + score * rows.count
      let own = sums.base + block.lowerBound / blockSize * counts.count
      rows.weights.withUnsafeBufferPointer { weights in
        for row in block { own[Int(leaves[row])] += weights[row] }
      }
    }
    return counts.indices.map { leaf in
      (0..<blocks).reduce(0) { $0 + sums[$1 * counts.count + leaf] }
    }
  }
}
