/// The trees of a round, and which of their leaves each training row reached.
struct RoundSteps {
  /// One tree per score.
  var trees: [BuiltTree]
  /// The leaf of each row, `[scores x rows]`: places in ``BuiltTree/leafNodes``.
  let leafOfRow: AlignedBuffer<UInt16>
  let rowCount: Int

  var width: Int { trees.count }

  /// The largest magnitude of a leaf's value, per score.
  var largestSteps: [Double] {
    trees.map { built in built.leafValues.reduce(0) { max($0, $1.magnitude) } }
  }

  /// The leaf of each row for one score and the values of the leaves.
  func withLeaves<Result>(
    of score: Int, _ body: (UnsafePointer<UInt16>, UnsafeBufferPointer<Double>) -> Result
  ) -> Result {
    // Safe because: the buffer has a leaf for each row of each score.
    let leaves = UnsafePointer(leafOfRow.base + score * rowCount)
    return trees[score].leafValues.withUnsafeBufferPointer { body(leaves, $0) }
  }

  /// The slope of the loss along the steps of a part: of one leaf, or of all together if there is
  /// only one part; nil where leaves were not made from gradients.
  func slope(ofPart part: Int, _ parts: Int) -> Double? {
    let isLeafwise = parts > 1 || (width == 1 && trees[0].leafNodes.count == 1)
    if isLeafwise { return trees[0].slopes.isEmpty ? nil : trees[0].slopes[part] }
    guard trees.allSatisfy({ !$0.slopes.isEmpty }) else { return nil }
    return trees.reduce(0) { $0 + $1.slopes.reduce(0, +) }
  }

  /// What the slopes of all leaves together promise, were they to stay as they are.
  var promisedFall: Double {
    trees.reduce(0) { sum, built in sum + built.slopes.reduce(0) { $0 + $1.magnitude } }
  }

  /// Multiplies the leaf values by the factors of their parts: one per leaf, or one for all.
  ///
  /// - Returns: the number of leaves whose value changed.
  mutating func shorten(by factors: [Double]) -> Int {
    var count = 0
    for tree in trees.indices {
      for (place, node) in trees[tree].leafNodes.enumerated() {
        let factor = factors.count > 1 ? factors[place] : factors[0]
        if factor < 1 { count += 1 }
        trees[tree].tree.values[node] *= factor
        trees[tree].leafValues[place] *= factor
      }
    }
    return count
  }
}

/// A tree with what is known of its leaves while it is new.
struct BuiltTree {
  var tree: Tree
  /// The nodes that are leaves, in the order in which rows name them.
  let leafNodes: [Int]
  /// Their values, learning rate included.
  var leafValues: [Double]
  /// The slope of the loss along each leaf's step, sum of gradients times value; empty if the
  /// objective solved the leaves.
  let slopes: [Double]
}
