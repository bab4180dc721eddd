/// The payload of a model file.
extension Forest {
  public func encodePayload(into encoder: inout BinaryEncoder) {
    encoder.append(UInt64(trees.count))
    for tree in trees { tree.append(to: &encoder) }
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
      let tree = try Tree(from: &payload)
      if let fault = tree.fault(columns: header.featureNames.count) { try require(false, fault) }
      trees.append(tree)
    }
    self.init(header: header, trees: trees, log: TrainingLog())
  }
}

/// A tree as payloads hold it.
extension Tree {
  func append(to encoder: inout BinaryEncoder) {
    precondition(categories.isEmpty, "no learner makes splits on categories yet")
    encoder.append(nodes.map { Int32(bitPattern: $0.columnAndDirection) })
    encoder.append(nodes.map(\.threshold))
    encoder.append(nodes.map(\.left))
    encoder.append(nodes.map(\.right))
    encoder.append(values)
    encoder.append(gains)
  }

  /// Reads a tree that ``append(to:)`` wrote, of which ``fault(columns:)`` tells whether it is sound.
  init(from payload: inout BinaryDecoder) throws(LearningError) {
    self.init(value: 0)
    let columns = try payload.readInt32s()
    let thresholds = try payload.readFloats()
    let left = try payload.readInt32s()
    let right = try payload.readInt32s()
    values = try payload.readDoubles()
    gains = try payload.readDoubles()
    guard [thresholds.count, left.count, right.count].allSatisfy({ $0 == columns.count }) else {
      throw LearningError(
        .invalidModelFile, "the model file is damaged: a tree lacks nodes")
    }
    nodes = columns.indices.map {
      Node(
        threshold: thresholds[$0], columnAndDirection: UInt32(bitPattern: columns[$0]),
        left: left[$0], right: right[$0])
    }
  }
}
