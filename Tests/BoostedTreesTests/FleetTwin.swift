import OrderedCollections
import BoostedTrees

/// Boosting of plain squared errors per size as one would write it in an afternoon: doubles, every
/// threshold between two rows of a leaf, both sides summed from their own rows, leaves of any one
/// row allowed.
///
/// It shares nothing with the engine but the start, and needs tables of so few values per feature
/// that each has a bin of its own. Thresholds lie midway between neighboring values of the table.
struct FleetTwin {
  var table: Table
  var rate: Double
  var leaves: Int
  private(set) var trees: [Node] = []

  indirect enum Node {
    case leaf(Double)
    case split(column: Int, threshold: Float, left: Node, right: Node)

    func value(of features: [Float]) -> Double {
      switch self {
      case .leaf(let value): value
      case .split(let column, let threshold, let left, let right):
        (features[column] <= threshold ? left : right).value(of: features)
      }
    }
  }

  private struct Sum {
    var g = 0.0
    var h = 0.0
  }

  /// A leaf while its tree grows, as the path that leads to it.
  private struct Growing {
    var rows: [Int]
    var path: [Bool]
    var gain = 0.0
    var column = -1
    var threshold: Float = 0
  }

  private let sizes: [Double]
  private let target: [Double]
  private var scores: [Double]

  init(_ table: Table, start: Double, rate: Double, leaves: Int) {
    (self.table, self.rate, self.leaves) = (table, rate, leaves)
    sizes = table.rowData["size"] ?? []
    target = table.target ?? []
    scores = [Double](repeating: start, count: table.rowCount)
  }

  /// Adds a tree.
  mutating func grow() {
    let derivatives = scores.indices.map { row in
      let weight = 2 / (sizes[row] * sizes[row])
      return Sum(g: weight * (scores[row] - target[row]), h: weight)
    }
    var open = [searched(Growing(rows: Array(scores.indices), path: []), derivatives)]
    var splits: [[Bool]: (column: Int, threshold: Float)] = [:]
    while open.count < leaves, let best = open.indices.max(by: { open[$0].gain < open[$1].gain }),
      open[best].column >= 0
    {
      let leaf = open.remove(at: best)
      splits[leaf.path] = (leaf.column, leaf.threshold)
      func child(_ goesLeft: Bool) -> Growing {
        let rows = leaf.rows.filter { (feature($0, leaf.column) <= leaf.threshold) == goesLeft }
        return searched(Growing(rows: rows, path: leaf.path + [goesLeft]), derivatives)
      }
      open += [child(true), child(false)]
    }
    var values: [[Bool]: Double] = [:]
    for leaf in open {
      let sum = total(leaf.rows, derivatives)
      let value = -rate * sum.g / sum.h
      values[leaf.path] = value
      for row in leaf.rows { scores[row] += value }
    }
    func node(_ path: [Bool]) -> Node {
      guard let split = splits[path] else { return .leaf(values[path] ?? 0) }
      return .split(
        column: split.column, threshold: split.threshold, left: node(path + [true]),
        right: node(path + [false]))
    }
    trees.append(node([]))
  }

  private func feature(_ row: Int, _ column: Int) -> Float {
    table.features[row * table.columnCount + column]
  }

  /// The least value of the column above one of its values.
  private func next(_ column: Int, _ low: Float) -> Float {
    (0..<table.rowCount).map { feature($0, column) }.filter { $0 > low }.min() ?? low
  }

  private func total(_ rows: [Int], _ derivatives: [Sum]) -> Sum {
    rows.reduce(into: Sum()) { sum, row in
      sum.g += derivatives[row].g
      sum.h += derivatives[row].h
    }
  }

  /// The leaf with its best split.
  private func searched(_ leaf: Growing, _ derivatives: [Sum]) -> Growing {
    var leaf = leaf
    for column in 0..<table.columnCount {
      let rows = leaf.rows.sorted { feature($0, column) < feature($1, column) }
      let left = running(rows, derivatives)
      let right = Array(running(rows.reversed(), derivatives).reversed())
      for place in rows.indices.dropLast() {
        let (low, high) = (feature(rows[place], column), feature(rows[place + 1], column))
        guard low < high else { continue }
        let (a, b) = (left[place], right[place + 1])
        let difference = a.g * b.h - b.g * a.h
        let gain = difference / a.h * (difference / b.h) / (a.h + b.h)
        // What differs by rounding alone is the same split on another column.
        if gain > leaf.gain * (1 + 1e-9) {
          (leaf.gain, leaf.column, leaf.threshold) = (gain, column, low / 2 + next(column, low) / 2)
        }
      }
    }
    return leaf
  }

  private func running(_ rows: [Int], _ derivatives: [Sum]) -> [Sum] {
    var sum = Sum()
    return rows.map { row in
      sum.g += derivatives[row].g
      sum.h += derivatives[row].h
      return sum
    }
  }
}
