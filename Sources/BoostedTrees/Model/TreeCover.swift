/// How many of the rows that a tree was grown on each of its nodes had.
public struct TreeCover: Sendable, Hashable {
  /// The number of rows, `[nodes]`.
  public let rows: [Int]
  /// The sum of the rows' weights, `[nodes]`; the numbers of ``rows`` where every row weighed 1.
  public let weights: [Double]

  init(rows: [Int], weights: [Double]) {
    self.rows = rows
    self.weights = weights
  }

  /// The cover of a tree whose leaves have so many rows, of these weights; without weights each row
  /// counts 1. A split has what its children have together.
  init(_ tree: Tree, leaves: [Int], rows: [Int], weights: [Double]?) {
    var allRows = [Int](repeating: 0, count: tree.nodes.count)
    var allWeights = [Double](repeating: 0, count: tree.nodes.count)
    for (place, leaf) in leaves.enumerated() {
      allRows[leaf] = rows[place]
      allWeights[leaf] = weights?[place] ?? Double(rows[place])
    }
    // Children come after their parent.
    for index in tree.nodes.indices.reversed() where !tree.nodes[index].isLeaf {
      let (left, right) = (Int(tree.nodes[index].left), Int(tree.nodes[index].right))
      allRows[index] = allRows[left] + allRows[right]
      allWeights[index] = allWeights[left] + allWeights[right]
    }
    self.init(rows: allRows, weights: allWeights)
  }

  /// What is wrong with it as the cover of a tree, as files must prove; nil if nothing is.
  func fault(of tree: Tree) -> String? {
    guard rows.count == tree.nodes.count, weights.count == tree.nodes.count else {
      return "a tree lacks the rows of its nodes"
    }
    for (index, node) in tree.nodes.enumerated() {
      guard rows[index] >= 0, weights[index] >= 0, weights[index].isFinite else {
        return "a node has less than no rows, or endless ones"
      }
      guard node.isLeaf || rows[index] == rows[Int(node.left)] + rows[Int(node.right)] else {
        return "the children of a node do not have its rows"
      }
    }
    return nil
  }
}
