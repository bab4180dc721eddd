/// One decision tree: nodes in the order they were made, the root first.
public struct Tree: Sendable, Hashable {
  /// A split or a leaf, 16 bytes.
  @frozen
  public struct Node: Sendable, Hashable, BitwiseCopyable {
    /// Values up to and including this go left.
    public var threshold: Float
    /// The feature column in the lower 31 bits; the highest bit is set if missing values go left.
    var columnAndDirection: UInt32
    /// The node for values that go left; the node itself in a leaf.
    public var left: Int32
    /// The node for values that go right; the node itself in a leaf.
    public var right: Int32

    /// A leaf at place `index`.
    static func leaf(_ index: Int) -> Node {
      Node(
        threshold: 0, columnAndDirection: 0, left: Int32(truncatingIfNeeded: index),
        right: Int32(truncatingIfNeeded: index))
    }

    /// The feature column that a split reads.
    public var column: Int { Int(columnAndDirection & 0x7fff_ffff) }
    /// Whether missing values go left.
    public var missingGoesLeft: Bool { columnAndDirection >> 31 == 1 }
    /// Whether the node ends the way.
    public var isLeaf: Bool { left == right }

    /// The next node for a row whose feature ``column`` is `value`.
    @inline(__always)
    func next(_ value: Float) -> Int32 {
      // By arithmetic: a branch on data would be mispredicted every other time. NaN is not greater
      // than anything, so the direction bit alone sends it right.
      let isGreater: UInt32 = value > threshold ? 1 : 0
      let isMissing: UInt32 = value != value ? 1 : 0
      let goesRight = isGreater | (isMissing & ~(columnAndDirection >> 31))
      return left &+ (right &- left) & (0 &- Int32(bitPattern: goesRight))
    }
  }

  /// All nodes; children come after their parent.
  public internal(set) var nodes: [Node]
  /// The output of each leaf, learning rate included; 0 for splits. `[nodes]`.
  public internal(set) var values: [Double]
  /// The gain of each split in units of the loss; 0 for leaves. `[nodes]`.
  public internal(set) var gains: [Double]

  /// A tree of one leaf.
  init(value: Double) {
    nodes = [.leaf(0)]
    values = [value]
    gains = [0]
  }

  /// The number of leaves.
  public var leafCount: Int { (nodes.count + 1) / 2 }

  /// Turns leaf `index` into a split and returns the places of its children.
  mutating func split(
    _ index: Int, column: Int, threshold: Float, missingGoesLeft: Bool, gain: Double
  ) -> (left: Int, right: Int) {
    let left = nodes.count
    nodes[index] = Node(
      threshold: threshold,
      columnAndDirection: UInt32(column) | (missingGoesLeft ? 0x8000_0000 : 0),
      left: Int32(left), right: Int32(left + 1))
    nodes.append(.leaf(left))
    nodes.append(.leaf(left + 1))
    values.append(contentsOf: [0, 0])
    gains[index] = gain
    gains.append(contentsOf: [0, 0])
    return (left, left + 1)
  }

  /// The place of the leaf that a row reaches. O(depth).
  public func leaf(of row: ArraySlice<Float>) -> Int {
    var index = 0
    while !nodes[index].isLeaf {
      index = Int(nodes[index].next(row[row.startIndex + nodes[index].column]))
    }
    return index
  }

  /// What is wrong with the nodes as a tree over `columns` columns, as files must prove; nil if
  /// nothing is. O(nodes).
  ///
  /// Every node but the root is the child of exactly one node that stands before it: a node with two
  /// parents would be a different tree for each way of walking it, and chains of them exponentially
  /// large ones.
  func fault(columns: Int) -> String? {
    guard !nodes.isEmpty, values.count == nodes.count, gains.count == nodes.count else {
      return "a tree lacks nodes"
    }
    var hasParent = [Bool](repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      guard values[index].isFinite, !gains[index].isNaN else {
        return "a leaf's value is not a finite number"
      }
      // Prediction reads the column of a leaf, too, before it finds that the way ends there.
      if node.isLeaf {
        guard Int(node.left) == index, node.columnAndDirection == 0 else {
          return "a leaf does not end its way"
        }
        continue
      }
      guard node.column < columns else { return "a tree reads a column that the model lacks" }
      guard !node.threshold.isNaN else { return "a threshold is not a number" }
      for child in [Int(node.left), Int(node.right)] {
        guard child > index, child < nodes.count else { return "a tree's nodes are no tree" }
        guard !hasParent[child] else { return "a node of a tree has two parents" }
        hasParent[child] = true
      }
    }
    guard hasParent.dropFirst().allSatisfy({ $0 }) else { return "a node of a tree has no parent" }
    return nil
  }
}
