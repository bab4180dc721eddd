/// One decision tree: nodes in the order they were made, the root first.
public struct Tree: Sendable, Hashable {
  /// A split or a leaf, 16 bytes: a ``FeatureRule`` in the form that prediction reads fastest.
  /// ``Tree/rule(of:)`` gives the rule itself.
  @frozen
  public struct Node: Sendable, Hashable, BitwiseCopyable {
    /// Values up to and including this go left. Where a set of categories does, the set's place
    /// in ``Tree/categories`` as the bits of this number.
    public var threshold: Float
    /// The feature column in the lower 30 bits; above them whether a set of categories goes left,
    /// and whether missing values do.
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
    public var column: Int { Int(columnAndDirection & 0x3fff_ffff) }
    /// Whether missing values go left.
    public var missingGoesLeft: Bool { columnAndDirection >> 31 == 1 }
    /// Whether a set of categories goes left.
    public var isCategorical: Bool { columnAndDirection >> 30 & 1 == 1 }
    /// The place of that set in ``Tree/categories``.
    var categoryPlace: Int { Int(threshold.bitPattern) }
    /// Whether the node ends the way.
    public var isLeaf: Bool { left == right }

    /// The next node for a row whose feature ``column`` is `value`, unless it is one of categories.
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

  /// The sets of categories that splits send left, in the order of the splits.
  public internal(set) var categories: [CategorySet] = []

  /// The rows that each node had in training; nil if that is not known, as of models of older files.
  public internal(set) var cover: TreeCover?

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
    _ index: Int, column: Int, rule: FeatureRule, gain: Double
  ) -> (left: Int, right: Int) {
    let left = nodes.count
    var node = Node(
      threshold: 0, columnAndDirection: UInt32(column) | (rule.missingGoesLeft ? 1 << 31 : 0),
      left: Int32(left), right: Int32(left + 1))
    switch rule.left {
    case .upTo(let threshold): node.threshold = threshold
    case .among(let set):
      node.threshold = Float(bitPattern: UInt32(categories.count))
      node.columnAndDirection |= 1 << 30
      categories.append(set)
    }
    nodes[index] = node
    nodes.append(.leaf(left))
    nodes.append(.leaf(left + 1))
    values.append(contentsOf: [0, 0])
    gains[index] = gain
    gains.append(contentsOf: [0, 0])
    return (left, left + 1)
  }

  /// Which way rows go at node `index`; nil for a leaf.
  public func rule(of index: Int) -> FeatureRule? {
    let node = nodes[index]
    if node.isLeaf { return nil }
    return FeatureRule(
      node.isCategorical ? .among(categories[node.categoryPlace]) : .upTo(node.threshold),
      missingGoesLeft: node.missingGoesLeft)
  }

  /// The place of the leaf that a row reaches. O(depth).
  public func leaf(of row: ArraySlice<Float>) -> Int {
    leaf { row[row.startIndex + $0] }
  }

  /// The place of the leaf that a row reaches whose feature of each column `value` gives.
  @inline(__always)
  func leaf(_ value: (_ column: Int) -> Float) -> Int {
    var index = 0
    while !nodes[index].isLeaf {
      let node = nodes[index]
      let value = value(node.column)
      guard node.isCategorical else {
        index = Int(node.next(value))
        continue
      }
      let goesLeft =
        value.isNaN ? node.missingGoesLeft : categories[node.categoryPlace].contains(value)
      index = Int(goesLeft ? node.left : node.right)
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
      if node.isCategorical {
        guard node.categoryPlace < categories.count else {
          return "a tree reads a set of categories that it lacks"
        }
      } else {
        guard !node.threshold.isNaN else { return "a threshold is not a number" }
      }
      for child in [Int(node.left), Int(node.right)] {
        guard child > index, child < nodes.count else { return "a tree's nodes are no tree" }
        guard !hasParent[child] else { return "a node of a tree has two parents" }
        hasParent[child] = true
      }
    }
    guard hasParent.dropFirst().allSatisfy({ $0 }) else { return "a node of a tree has no parent" }
    return cover?.fault(of: self)
  }
}
