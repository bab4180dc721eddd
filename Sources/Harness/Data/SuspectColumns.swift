public import Tabular

/// Feature columns that know more than a model should: the target itself, or the rows' order.
public struct SuspectColumns: Sendable, Hashable {
  /// Columns that equal the target in every row.
  public let targets: [String]
  /// Columns that count the rows of the file.
  public let counters: [String]

  /// Fewer rows say nothing.
  private static let leastRows = 10

  /// Looks at every column of `table`. O(rows x columns) at most; a column is left at the first row
  /// that shows it to be neither.
  public init(_ table: Table) {
    let columns = table.columnCount
    guard table.rowCount >= Self.leastRows else {
      (targets, counters) = ([], [])
      return
    }
    let target = table.target ?? []
    var targets: [String] = []
    var counters: [String] = []
    table.features.withUnsafeBufferPointer { values in
      for (column, name) in table.featureNames.enumerated() where table.featureShifts[name] == nil {
        func isAlways(_ expected: (_ row: Int) -> Float) -> Bool {
          let first = expected(0)
          var varies = false
          for row in 0..<table.rowCount {
            let value = expected(row)
            if values[row * columns + column] != value { return false }
            if value != first { varies = true }
          }
          return varies
        }
        if !target.isEmpty, isAlways({ Float(target[$0]) }) { targets.append(name) }
        let start = values[column] - Float(table.sourceRow(0))
        if isAlways({ start + Float(table.sourceRow($0)) }) { counters.append(name) }
      }
    }
    (self.targets, self.counters) = (targets, counters)
  }

  /// The columns for a record; empty if there are none.
  var facts: [NamedValue] {
    [
      ("Features that equal the target in every training row", targets),
      ("Features that count the rows", counters),
    ].filter { !$0.1.isEmpty }.map { NamedValue($0.0, UninformativeColumns.list($0.1)) }
  }
}
