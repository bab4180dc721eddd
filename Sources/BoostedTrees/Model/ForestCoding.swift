/// The payload of a model file.
extension Forest {
  public func encodePayload(into encoder: inout BinaryEncoder) {
    encoder.append(UInt64(trees.count))
    for tree in trees {
      precondition(tree.categories.isEmpty, "no learner makes splits on categories yet")
      encoder.append(tree.nodes.map { Int32(bitPattern: $0.columnAndDirection) })
      encoder.append(tree.nodes.map(\.threshold))
      encoder.append(tree.nodes.map(\.left))
      encoder.append(tree.nodes.map(\.right))
      encoder.append(tree.values)
      encoder.append(tree.gains)
    }
  }

  public init(header: ModelHeader, payload: inout BinaryDecoder) throws(LearningError) {
    let count = try payload.readUInt64()
    let width = header.objective.scoresPerRow
    func require(_ holds: Bool, _ reason: String) throws(LearningError) {
      if !holds {
        throw LearningError(.invalidModelFile, "the model file is damaged: \(reason)")
      }
    }
    try require(
      width > 0 && header.initialScores.count == width
        && header.initialScores.allSatisfy(\.isFinite),
      "its initial scores do not fit its objective")
    try require(count % UInt64(width) == 0, "a round lacks trees")
    var trees: [Tree] = []
    for _ in 0..<count {
      var tree = Tree(value: 0)
      let columns = try payload.readInt32s()
      let thresholds = try payload.readFloats()
      let left = try payload.readInt32s()
      let right = try payload.readInt32s()
      tree.values = try payload.readDoubles()
      tree.gains = try payload.readDoubles()
      try require(
        [thresholds.count, left.count, right.count].allSatisfy { $0 == columns.count },
        "a tree lacks nodes")
      tree.nodes = columns.indices.map {
        Tree.Node(
          threshold: thresholds[$0], columnAndDirection: UInt32(bitPattern: columns[$0]),
          left: left[$0], right: right[$0])
      }
      if let fault = tree.fault(columns: header.featureNames.count) { try require(false, fault) }
      trees.append(tree)
    }
    self.init(header: header, trees: trees, log: TrainingLog())
  }
}
