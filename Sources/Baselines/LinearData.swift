import Learning
import Losses
import RealModule
import Tabular

/// The rows of a table as a linear model is fitted to them.
struct LinearData {
  let table: Table
  let inputs: LinearInputs
  /// Row-major `[rows x inputs]`.
  let matrix: [Float]
  /// What is fitted, `[rows]`: per unit of size under such an adjustment.
  let targets: [Double]
  /// `[rows]`.
  let weights: [Double]
  /// Added to scores before the link, `[rows]`; empty for none.
  let offsets: [Double]
  /// What a score is multiplied by, `[rows]`; empty for 1.
  let units: [Double]

  init(_ table: Table, _ route: LinearRoute, mostColumns: Int) throws(LearningError) {
    self.table = table
    let target = table.target ?? []
    weights = table.weights ?? [Double](repeating: 1, count: table.rowCount)
    var units: [Double] = []
    var offsets: [Double] = []
    if let adjusted = route.objective as? AdjustedObjective {
      let data = try ObjectiveRows.gather(
        [adjusted.adjustment.rowDataName], of: table, neededBy: adjusted.name)
      switch adjusted.adjustment {
      case .multiplied: units = data
      case .plusLog: offsets = data.map { .log($0) }
      }
    }
    self.units = units
    self.offsets = offsets
    targets = units.isEmpty ? target : zip(target, units).map { $0 / $1 }
    let standardized = LinearInputs(standardizing: table)
    if standardized.count > mostColumns {
      inputs = standardized.selected(
        Self.mostRelated(standardized, table, targets, weights, count: mostColumns))
    } else {
      inputs = standardized
    }
    matrix = inputs.matrix(of: table)
  }

  /// A part of rows that are prepared already.
  private init(_ whole: LinearData, rows: [Int]) {
    func picked(_ values: [Double]) -> [Double] {
      values.isEmpty ? [] : rows.map { values[$0] }
    }
    table = whole.table.subset(rows)
    inputs = whole.inputs
    targets = picked(whole.targets)
    weights = picked(whole.weights)
    offsets = picked(whole.offsets)
    units = picked(whole.units)
    let count = whole.inputs.count
    var matrix: [Float] = []
    matrix.reserveCapacity(rows.count * count)
    for row in rows { matrix += whole.matrix[row * count..<(row + 1) * count] }
    self.matrix = matrix
  }

  /// Four fifths of the rows and the last fifth, whole groups if there are at least ten, else by
  /// chance; nil for fewer than 50 rows.
  var divided: (fitted: LinearData, held: LinearData)? {
    let count = targets.count
    guard count >= 50 else { return nil }
    var generator = RandomGenerator(seed: 0, stream: 0x7065_6e61)
    let groups = table.groups ?? []
    let unit = Set(groups).count >= 10 ? groups : Array(0..<count)
    var order = Set(unit).sorted()
    generator.shuffle(&order)
    let held = Set(order.prefix(max(1, order.count / 5)))
    let isHeld = unit.map(held.contains)
    let parts = (
      LinearData(self, rows: (0..<count).filter { !isHeld[$0] }),
      LinearData(self, rows: (0..<count).filter { isHeld[$0] })
    )
    guard parts.0.hasWeight, parts.1.hasWeight else { return nil }
    return parts
  }

  private var hasWeight: Bool { weights.contains { $0 > 0 } }

  /// The inputs whose correlation with the target is largest, in order of columns; for classes the
  /// sum over classes of the squared differences of means. O(rows x columns).
  private static func mostRelated(
    _ inputs: LinearInputs, _ table: Table, _ targets: [Double], _ weights: [Double], count: Int
  ) -> [Int] {
    let classes = table.classNames?.count ?? 0
    let total = weights.reduce(0, +)
    let mean = zip(weights, targets).reduce(0) { $0 + $1.0 * $1.1 } / total
    var sums = [Double](repeating: 0, count: inputs.count * max(1, classes))
    for row in targets.indices {
      let label = classes > 0 ? Int(targets[row]) : 0
      let factor = weights[row] * (classes > 0 ? 1 : targets[row] - mean)
      for (place, column) in inputs.columns.enumerated() {
        sums[place * max(1, classes) + label] +=
          factor * inputs.input(place, of: table.features[row * table.columnCount + column])
      }
    }
    let strengths = (0..<inputs.count).map { place in
      (0..<max(1, classes)).reduce(0.0) {
        let sum = sums[place * max(1, classes) + $1]
        return $0 + sum * sum
      }
    }
    let order = strengths.indices.sorted { (strengths[$1], $0) < (strengths[$0], $1) }
    return order.prefix(count).sorted()
  }
}

extension LinearInputs {
  /// Some of the inputs.
  func selected(_ places: [Int]) -> LinearInputs {
    LinearInputs(
      columns: places.map { columns[$0] }, means: places.map { means[$0] },
      scales: places.map { scales[$0] }, lowest: places.map { lowest[$0] },
      highest: places.map { highest[$0] }, fills: places.map { fills[$0] })
  }
}
