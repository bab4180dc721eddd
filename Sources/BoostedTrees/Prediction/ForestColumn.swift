/// A feature as some splits of a ``BinnedForest`` read it: a bin for each value.
struct ForestColumn: Sendable {
  /// The feature.
  var source: Int
  var bins: Bins

  /// How its values fall into bins.
  enum Bins: Sendable {
    /// By the splits' thresholds; missing values count as below all of them.
    case thresholds(PaddedCuts)
    /// Bin 0 for the categories of a set, 1 for all others: a column of its own for each set.
    case categories(CategorySet)
  }

  /// Puts `count` rows of `width` features into bins, those that miss the feature into one above all
  /// others and into bin 0.
  func fill(
    missingAbove above: UnsafeMutablePointer<UInt8>,
    missingBelow below: UnsafeMutablePointer<UInt8>, rows: UnsafePointer<Float>, _ width: Int,
    _ count: Int
  ) {
    // Safe because: the caller has room for `count` bins in both.
    let values = rows + source
    switch bins {
    case .thresholds(let cuts):
      cuts.withBins { cuts in
        for row in 0..<count {
          let value = values[row &* width]
          let bin = cuts.bin(of: value)
          let missing: UInt8 = value == value ? 0 : 255
          above[row] = bin | missing
          below[row] = bin
        }
      }
    case .categories(let set):
      for row in 0..<count {
        let value = values[row &* width]
        above[row] = set.contains(value) ? 0 : 1
        below[row] = value.isNaN ? 0 : above[row]
      }
    }
  }

  /// A set of categories of one feature.
  struct CategoriesOf: Hashable {
    let source: Int
    let set: CategorySet

    /// What the categorical split `node` of `tree` sends left.
    init(_ node: Tree.Node, of tree: Tree) {
      source = node.column
      set = tree.categories[node.categoryPlace]
    }
  }

  /// Adds a column for each set of categories that splits of `trees` send left; returns where.
  static func addSets(
    of trees: [Tree], to columns: inout [ForestColumn]
  ) -> [CategoriesOf: Int] {
    var slots: [CategoriesOf: Int] = [:]
    for tree in trees where !tree.categories.isEmpty {
      for node in tree.nodes where node.isCategorical {
        let set = CategoriesOf(node, of: tree)
        guard slots[set] == nil else { continue }
        slots[set] = columns.count
        columns.append(ForestColumn(source: set.source, bins: .categories(set.set)))
      }
    }
    return slots
  }
}
