public import Tabular

/// How rows are set aside from the training rows to stop early on: the way the test rows were, so
/// that doing well on them means doing well on the test rows.
public enum ValidationRule: String, Sendable, Hashable, Codable {
  /// By chance.
  case random
  /// By chance within each class.
  case stratified
  /// Whole groups by chance.
  case group
  /// The latest rows.
  case time
  /// The last rows of each group, in file order.
  case endOfEachGroup

  /// The rule that suits a split.
  ///
  /// For ``Split/column`` it is read from the rows: ``time`` if every training row is no later than
  /// every test row; ``group`` if no group is in both parts; ``endOfEachGroup`` if in every group
  /// the training rows stand before the test rows; else ``stratified`` for classes and ``random``
  /// for numbers.
  public init(_ split: Split, of table: Table, _ rows: SplitRows) {
    switch split {
    case .random: self = .random
    case .stratified: self = .stratified
    case .group: self = .group
    case .time: self = .time
    case .column:
      if Self.isByTime(table, rows) {
        self = .time
      } else if Self.separatesGroups(table, rows) {
        self = .group
      } else if Self.endsGroups(table, rows) {
        self = .endOfEachGroup
      } else {
        self = table.classNames == nil ? .random : .stratified
      }
    }
  }

  /// Divides `rows` of `table`; the validation part is empty if `rows` are too few to divide.
  ///
  /// - Parameter fraction: share of the rows to set aside, between 0 and 1.
  /// - Throws: `TabularError` if the table lacks what the rule reads.
  public func divide(
    _ rows: [Int], of table: Table, fraction: Double, seed: UInt64
  ) throws(TabularError) -> (train: [Int], validation: [Int]) {
    guard fraction > 0, Double(rows.count) * fraction >= 1 else { return (rows, []) }
    let seed = seed ^ 0x5641_4c49_4441_5445
    let split: Split
    switch self {
    case .endOfEachGroup: return try Self.endOfEachGroup(rows, of: table, fraction)
    case .random: split = .random(testFraction: fraction, seed: seed)
    case .stratified: split = .stratified(testFraction: fraction, seed: seed)
    case .group:
      let groups = try Self.groups(of: table)
      guard Set(rows.map { groups[$0] }).count > 1 else { return (rows, []) }
      split = .group(testFraction: fraction, seed: seed)
    case .time: split = .time(testFraction: fraction)
    }
    let parts = try table.subset(rows).dividedRows(by: split)
    guard !parts.train.isEmpty, !parts.test.isEmpty else { return (rows, []) }
    return (parts.train.map { rows[$0] }, parts.test.map { rows[$0] })
  }

  /// The rule in words.
  func words(_ fraction: Double) -> String {
    let share = "\((fraction * 1000).rounded() / 10) %"
    switch self {
    case .random: return "\(share) of the training rows, by chance"
    case .stratified: return "\(share) of the training rows of each class, by chance"
    case .group: return "whole groups by chance, about \(share) of the training rows"
    case .time: return "the latest \(share) of the training rows"
    case .endOfEachGroup: return "the last \(share) of each group's training rows, in file order"
    }
  }

  private static func endOfEachGroup(
    _ rows: [Int], of table: Table, _ fraction: Double
  ) throws(TabularError) -> (train: [Int], validation: [Int]) {
    let groups = try groups(of: table)
    var remaining: [Int: Int] = [:]
    for row in rows { remaining[groups[row], default: 0] += 1 }
    for (group, count) in remaining {
      remaining[group] = count - Int((Double(count) * fraction).rounded())
    }
    var train: [Int] = []
    var validation: [Int] = []
    for row in rows {
      let left = remaining[groups[row]] ?? 0
      if left > 0 { train.append(row) } else { validation.append(row) }
      remaining[groups[row]] = left - 1
    }
    return (train, validation)
  }

  private static func groups(of table: Table) throws(TabularError) -> [Int] {
    guard let groups = table.groups else {
      throw TabularError(
        source: table.source,
        "validation rows are to be set aside by group, but there is no group column; name one, or "
          + "split by chance")
    }
    return groups
  }

  private static func isByTime(_ table: Table, _ rows: SplitRows) -> Bool {
    guard let times = table.times, let last = rows.train.map({ times[$0] }).max(),
      let first = rows.test.map({ times[$0] }).min()
    else { return false }
    return last <= first
  }

  private static func separatesGroups(_ table: Table, _ rows: SplitRows) -> Bool {
    guard let groups = table.groups else { return false }
    return Set(rows.train.map { groups[$0] }).isDisjoint(with: rows.test.map { groups[$0] })
  }

  private static func endsGroups(_ table: Table, _ rows: SplitRows) -> Bool {
    guard let groups = table.groups else { return false }
    var lastTrainRow: [Int: Int] = [:]
    for row in rows.train { lastTrainRow[groups[row]] = row }
    return rows.test.allSatisfy { row in lastTrainRow[groups[row]].map { $0 < row } ?? true }
  }
}
