/// Makes the outputs of a tree's leaves.
protocol LeafModel: Sendable {
  /// The outputs of new leaves.
  ///
  /// - Parameter scores: the current scores of all rows, `[rows x scoresPerRow]`.
  /// - Throws: ``UnsolvedLeaf`` if a leaf has no finite output.
  func outputs(
    of leaves: LeafMembers, scores: AlignedBuffer<Double>
  ) throws(UnsolvedLeaf) -> LeafOutputs
}

/// What leaves add to the scores of their rows.
struct LeafOutputs {
  /// One number per leaf, learning rate included, as a tree belongs to one score. `[leaves]`
  var values: [Double]
  /// The slope of the loss along each leaf's step, sum of gradients times value; empty where the
  /// outputs were not made from gradients. `[leaves]`
  var slopes: [Double]
}

/// A leaf for which the objective's leaf solver gave no finite number.
struct UnsolvedLeaf: Error {
  let constant: Double
  let rowCount: Int
  /// The first of its rows.
  let firstRow: Int
}
