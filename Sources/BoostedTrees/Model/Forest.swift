import Parallel

/// A fitted ensemble of trees.
public struct Forest: TrainedModel {
  public static let kind = "forest"

  public let header: ModelHeader
  public var log: TrainingLog
  /// All trees, `[rounds x scoresPerRow]`: the trees of a round stand together.
  public internal(set) var trees: [Tree]

  /// A forest from its parts.
  init(header: ModelHeader, trees: [Tree], log: TrainingLog) {
    self.header = header
    self.trees = trees
    self.log = log
  }

  /// Rounds of boosting the forest keeps.
  public var roundCount: Int { trees.count / header.objective.scoresPerRow }

  /// The total gain of the splits on each feature, in units of the loss. `[columns]`.
  public var gainByFeature: [Double] {
    var gains = [Double](repeating: 0, count: header.featureNames.count)
    for tree in trees {
      for (node, gain) in zip(tree.nodes, tree.gains) where !node.isLeaf {
        gains[node.column] += gain
      }
    }
    return gains
  }

  /// Model outputs, row-major `[rows x scoresPerRow]`: initial scores plus the leaf values of all
  /// trees, added in the order of the rounds. O(rows x trees x depth).
  public func outputs(features: [Float], rowCount: Int, threads: Int?) -> [Double] {
    let columns = header.featureNames.count
    precondition(
      features.count == rowCount * columns, "features must be row-major [rows x columns]")
    var outputs: [Double] = []
    outputs.reserveCapacity(rowCount * header.initialScores.count)
    for _ in 0..<rowCount { outputs.append(contentsOf: header.initialScores) }
    guard !trees.isEmpty, rowCount > 0 else { return outputs }
    let pool = WorkerPool(threads: min(threads ?? .max, 1 + rowCount / 1_024, coreCount))
    addOutputs(
      of: trees, scoresPerRow: header.initialScores.count, features: features, columns: columns,
      to: &outputs, pool: pool)
    return outputs
  }
}

extension Forest {
  public func encodePayload(into encoder: inout BinaryEncoder) {
    encoder.append(UInt64(trees.count))
    for tree in trees {
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
