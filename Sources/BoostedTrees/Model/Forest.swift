/// A fitted ensemble of trees.
public struct Forest: Sendable {
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
}
