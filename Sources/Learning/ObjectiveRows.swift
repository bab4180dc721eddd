import OrderedCollections
public import Losses
public import Tabular

/// What an objective or metric reads of a table, gathered, checked and laid out for it.
public struct ObjectiveRows: Sendable {
  /// The targets, `[rows]`.
  public let targets: [Double]
  /// Row weights, `[rows]`; empty if every row weighs 1.
  public let weights: [Double]
  /// Row data, row-major `[rows x rowDataCount]`.
  public let rowData: [Double]
  /// Columns of row data.
  public let rowDataCount: Int
  /// The group of each row, `[rows]`; empty if the table has none.
  public let groups: [Int]

  /// Gathers the rows of `table` for `objective` and lets it refuse what it cannot use.
  ///
  /// - Throws: ``LearningError`` if the table has no rows, no target, lacks a row data column or
  ///   holds a row outside the objective's domain, or rows that the objective compares with one
  ///   another have different weights, or the objective reads row data called `weight` while the
  ///   table's rows have weights.
  public init(_ table: Table, for objective: any Objective) throws(LearningError) {
    guard table.rowCount > 0 else {
      throw LearningError(.noRows, "\(table.source): there are no rows to learn from")
    }
    if table.weights != nil, objective.rowDataNames.contains("weight") {
      throw LearningError(
        .invalidOption,
        "\(table.source): objective '\(objective.name)' reads the row data 'weight' itself, and the "
          + "rows have weights, by which learners multiply every loss: they would count twice; "
          + "leave out one of the two")
    }
    try self.init(table, rowDataNames: objective.rowDataNames, neededBy: objective.name)
    do {
      try objective.validate(rows)
    } catch {
      var located = error
      located.row = table.sourceRow(error.row)
      throw LearningError(.invalidRow, "\(table.source): \(located)")
    }
    if objective.reach == .group { try requireAdjacentGroups(table, objective) }
    if objective.reach != .row { try requireEqualWeights(table, objective) }
    guard weights.isEmpty || weights.contains(where: { $0 > 0 }) else {
      throw LearningError(.noRows, "\(table.source): every row has weight 0; nothing is left")
    }
  }

  /// Gathers targets, weights and the named row data, in that order of columns.
  public init(
    _ table: Table, rowDataNames names: [String], neededBy reader: String
  ) throws(LearningError) {
    guard let target = table.target else {
      throw LearningError(
        .noTarget, "\(table.source): there is no target column; name it with `target`")
    }
    targets = target
    weights = table.weights ?? []
    groups = table.groups ?? []
    rowDataCount = names.count
    rowData = try Self.gather(names, of: table, neededBy: reader)
  }

  private func requireAdjacentGroups(
    _ table: Table, _ objective: any Objective
  ) throws(LearningError) {
    var ended: Set<Int> = []
    for row in groups.indices.dropFirst() where groups[row] != groups[row - 1] {
      ended.insert(groups[row - 1])
      if ended.contains(groups[row]) {
        throw LearningError(
          .invalidRow,
          "\(table.source): row \(table.sourceRow(row)): group \(groups[row]) begins again after "
            + "other groups, but objective '\(objective.name)' compares rows within groups; sort "
            + "the rows so that those of a group stand together")
      }
    }
  }

  /// A row's derivatives hold its part in the losses of others, so that its own weight cannot stand
  /// for theirs: only where all of them weigh the same are they those of a weighted loss.
  private func requireEqualWeights(
    _ table: Table, _ objective: any Objective
  ) throws(LearningError) {
    for row in weights.indices.dropFirst() where weights[row] != weights[row - 1] {
      let isCompared =
        objective.reach == .table || groups.isEmpty || groups[row] == groups[row - 1]
      guard isCompared else { continue }
      throw LearningError(
        .invalidRow,
        "\(table.source): row \(table.sourceRow(row)): the weight is \(weights[row]) after "
          + "\(weights[row - 1]), but objective '\(objective.name)' compares these rows with one "
          + "another and has no loss that weighs them differently; give all rows "
          + (objective.reach == .group ? "of a group " : "")
          + "one weight, or leave the weights out")
    }
  }

  /// Consecutive blocks of about `size` rows that keep rows together whose losses depend on each
  /// other: one block if `reach` is the table, whole groups if it is the group. Rows without groups
  /// are one group.
  public func blocks(of size: Int, reach: Reach) -> [Range<Int>] {
    guard reach == .row || (reach == .group && !groups.isEmpty) else { return [0..<count] }
    var blocks: [Range<Int>] = []
    var start = 0
    while start < count {
      var end = min(start + size, count)
      if reach == .group {
        while end < count, groups[end] == groups[end - 1] { end += 1 }
      }
      blocks.append(start..<end)
      start = end
    }
    return blocks
  }

  /// The named row data of `table`, row-major `[rows x names]`.
  public static func gather(
    _ names: [String], of table: Table, neededBy reader: String
  ) throws(LearningError) -> [Double] {
    var columns: [[Double]] = []
    for name in names {
      guard let column = table.rowData[name] else {
        let present = table.rowData.keys.map { "'\($0)'" }.joined(separator: ", ")
        throw LearningError(
          .missingRowData,
          "\(table.source): '\(reader)' needs row data '\(name)', and the table has "
            + (present.isEmpty ? "none" : present)
            + "; name its dataset with `rowData: \(name)`")
      }
      columns.append(column)
    }
    guard columns.count != 1 else { return columns[0] }
    var rowData: [Double] = []
    rowData.reserveCapacity(table.rowCount * names.count)
    for row in 0..<table.rowCount {
      for column in columns { rowData.append(column[row]) }
    }
    return rowData
  }

  /// The number of rows.
  public var count: Int { targets.count }

  /// The rows as an objective reads them.
  public var rows: Rows {
    @_lifetime(borrow self)
    get {
      Rows(
        targets: targets.span, rowData: rowData.span, rowDataCount: rowDataCount,
        groups: groups.span)
    }
  }

  /// The sum of the weights, or the number of rows.
  public var totalWeight: Double {
    weights.isEmpty ? Double(count) : weights.reduce(0, +)
  }
}
