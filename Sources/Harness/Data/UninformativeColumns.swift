public import Tabular

/// Feature columns that tell no two rows apart.
public struct UninformativeColumns: Sendable, Hashable {
  /// Columns with the same value in every row.
  public let constant: [String]
  /// Columns without a value in any row.
  public let missing: [String]
  /// Whether a table has columns, and none of them tells anything.
  public let areAll: Bool

  /// Looks at every column of `table`. O(rows x columns) at most; a column that differs from the
  /// first row is not looked at again.
  public init(_ table: Table) {
    let columns = table.columnCount
    var places = table.rowCount > 0 ? Array(0..<columns) : []
    table.features.withUnsafeBufferPointer { values in
      for row in 0..<table.rowCount {
        guard !places.isEmpty else { return }
        places.removeAll { column in
          let first = values[column]
          let value = values[row * columns + column]
          return !(value == first || (value.isNaN && first.isNaN))
        }
      }
    }
    constant = places.filter { !table.features[$0].isNaN }.map { table.featureNames[$0] }
    missing = places.filter { table.features[$0].isNaN }.map { table.featureNames[$0] }
    areAll = columns > 0 && places.count == columns
  }

  /// The columns for a record; empty if there are none.
  var facts: [NamedValue] {
    [
      ("Features with the same value in every training row", constant),
      ("Features missing in every training row", missing),
    ].filter { !$0.1.isEmpty }.map { NamedValue($0.0, Self.list($0.1)) }
  }

  /// The first names of a list that may be long.
  static func list(_ names: [String]) -> String {
    let most = 24
    let shown = names.prefix(most).joined(separator: ", ")
    return names.count > most ? "\(shown) and \(names.count - most) more" : shown
  }
}
