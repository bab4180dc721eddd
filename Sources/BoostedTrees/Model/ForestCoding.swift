/// The payload of a model file.
extension Forest {
  /// 3 for a forest that knows the rows of its nodes, or that tells categories apart.
  public var fileVersion: Int { trees.contains(where: \.isExtended) ? 3 : 1 }

  public func encodePayload(into encoder: inout BinaryEncoder) {
    let isExtended = fileVersion == 3
    if isExtended { encoder.append(Self.extendedMark) }
    encoder.append(UInt64(trees.count))
    for tree in trees { tree.append(to: &encoder, isExtended: isExtended) }
  }

  /// What a payload begins with, in place of the number of trees, if rows and categories follow every
  /// tree.
  private static var extendedMark: UInt64 { .max }

  public init(header: ModelHeader, payload: inout BinaryDecoder) throws(LearningError) {
    var count = try payload.readUInt64()
    let isExtended = count == Self.extendedMark
    if isExtended { count = try payload.readUInt64() }
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
      let tree = try Tree(from: &payload, isExtended: isExtended)
      if let fault = tree.fault(columns: header.featureNames.count) { try require(false, fault) }
      trees.append(tree)
    }
    self.init(header: header, trees: trees, log: TrainingLog())
  }
}

/// A tree as payloads hold it.
extension Tree {
  /// Whether there is something to tell that files of version 1 have no room for.
  fileprivate var isExtended: Bool { cover != nil || !categories.isEmpty }

  /// Appends the nodes, and if `isExtended` the rows of each and the sets of categories.
  func append(to encoder: inout BinaryEncoder, isExtended: Bool) {
    encoder.append(nodes.map { Int32(bitPattern: $0.columnAndDirection) })
    encoder.append(nodes.map(\.threshold))
    encoder.append(nodes.map(\.left))
    encoder.append(nodes.map(\.right))
    encoder.append(values)
    encoder.append(gains)
    guard isExtended else { return }
    encoder.append((cover?.rows ?? []).map { Int32(truncatingIfNeeded: $0) })
    // Weights that are the numbers of rows are left out.
    let weighs = cover.map { $0.weights != $0.rows.map(Double.init) } ?? false
    encoder.append(weighs ? cover?.weights ?? [] : [])
    encoder.append(UInt64(categories.count))
    for set in categories {
      encoder.append(UInt64(set.words.count))
      for word in set.words { encoder.append(word) }
    }
  }

  /// Reads a tree that ``append(to:isExtended:)`` wrote, of which ``fault(columns:)`` tells whether it
  /// is sound.
  init(from payload: inout BinaryDecoder, isExtended: Bool) throws(LearningError) {
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
    guard isExtended else { return }
    let rows = try payload.readInt32s().map(Int.init)
    let weights = try payload.readDoubles()
    if !rows.isEmpty || !weights.isEmpty {
      cover = TreeCover(rows: rows, weights: weights.isEmpty ? rows.map(Double.init) : weights)
    }
    for _ in 0..<(try payload.readUInt64()) {
      var words: [UInt64] = []
      for _ in 0..<(try payload.readUInt64()) { words.append(try payload.readUInt64()) }
      categories.append(CategorySet(words: words))
    }
  }
}
