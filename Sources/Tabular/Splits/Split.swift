/// How a table is divided into training and test rows.
public enum Split: Sendable, Hashable {
  /// By the table's own assignment (``Table/parts``).
  case column
  /// By chance, `testFraction` of the rows.
  case random(testFraction: Double, seed: UInt64)
  /// By chance within each class of the target, so that both parts have the same shares.
  case stratified(testFraction: Double, seed: UInt64)
  /// Whole groups by chance, as close to `testFraction` of the rows as they come.
  case group(testFraction: Double, seed: UInt64)
  /// The latest rows by ``Table/times``, as close to `testFraction` of all as they come; rows of
  /// one time stay together. By row order where a table has no times.
  case time(testFraction: Double)

  /// The split where nobody says otherwise: the table's own ``column``, or that of
  /// ``SplitRule/usual(for:wholeGroups:)``.
  public static func usual(
    for table: Table, testFraction: Double = 0.2, seed: UInt64 = 0, wholeGroups: Bool = false
  ) -> Split {
    guard table.parts == nil else { return .column }
    return SplitRule.usual(for: table, wholeGroups: wholeGroups)
      .split(testFraction: testFraction, seed: seed)
  }

  /// The rule by which it chooses; nil for ``column``.
  public var rule: SplitRule? {
    switch self {
    case .column: nil
    case .random: .random
    case .stratified: .stratified
    case .group: .group
    case .time: .time
    }
  }

  /// A split by chance that would tear groups, as one that keeps them whole.
  func keepingGroups(_ wholeGroups: Bool) -> Split {
    switch self {
    case .random(let fraction, let seed) where wholeGroups,
      .stratified(let fraction, let seed) where wholeGroups:
      .group(testFraction: fraction, seed: seed)
    default: self
    }
  }
}

/// Row indices of the parts of a split, each in increasing order.
public struct SplitRows: Sendable, Hashable {
  /// Rows to train on.
  public var train: [Int]
  /// Rows to stop early on; empty if the split made none.
  public var validation: [Int] = []
  /// Rows to judge on.
  public var test: [Int]
  /// Rows in no part: groups that must stay whole but go on from before the first test row to after
  /// it. Empty but for a split by time that keeps groups whole.
  public var leftOut: [Int] = []
}

extension Table {
  /// Training, validation and test tables, in that order; validation is nil if the split names no
  /// validation rows.
  ///
  /// ```swift
  /// let (train, validation, test) = try fleet.split()
  /// ```
  ///
  /// - Parameters:
  ///   - split: how to divide; nil for ``Split/usual(for:testFraction:seed:wholeGroups:)``.
  ///   - wholeGroups: whether groups must stay whole whatever the split, as where an objective
  ///     compares the rows of a group (ranking).
  /// - Throws: ``TabularError`` if the table lacks what the split reads, a time is missing, or a
  ///   part would be empty.
  public func split(
    by split: Split? = nil, wholeGroups: Bool = false
  ) throws(TabularError) -> (train: Table, validation: Table?, test: Table) {
    let rows = try splitRows(
      by: split ?? .usual(for: self, wholeGroups: wholeGroups), wholeGroups: wholeGroups)
    return (
      subset(rows.train), rows.validation.isEmpty ? nil : subset(rows.validation),
      subset(rows.test)
    )
  }

  /// Row indices of a split's parts.
  ///
  /// - Parameter wholeGroups: whether groups must stay whole whatever the split.
  /// - Throws: ``TabularError`` if the table lacks what the split reads, a time is missing, or a
  ///   part would be empty.
  public func splitRows(
    by split: Split, wholeGroups: Bool = false
  ) throws(TabularError) -> SplitRows {
    let rows = try dividedRows(by: split.keepingGroups(wholeGroups), wholeGroups: wholeGroups)
    guard !rows.train.isEmpty else {
      throw TabularError(
        source: source, "no rows are left for training; give the table more rows or another split")
    }
    guard !rows.test.isEmpty else {
      throw TabularError(
        source: source, "no rows are left for testing; give the table more rows or another split")
    }
    return rows
  }

  /// Rows that have a time; all rows if the table has no times.
  public var rowsWithTime: [Int] {
    (0..<rowCount).filter { times?[$0].isFinite ?? true }
  }

  private func dividedRows(
    by split: Split, wholeGroups: Bool
  ) throws(TabularError) -> SplitRows {
    switch split {
    case .column: return try rowsByColumn(wholeGroups: wholeGroups)
    case .random(let fraction, let seed):
      try checkFraction(fraction)
      return divide(testRows(of: Array(0..<rowCount), fraction, seed: seed, stream: 0))
    case .stratified(let fraction, let seed):
      try checkFraction(fraction)
      return divide(try testRowsByClass(fraction, seed: seed))
    case .group(let fraction, let seed):
      try checkFraction(fraction)
      return divide(try testRowsByGroup(fraction, seed: seed))
    case .time(let fraction):
      try checkFraction(fraction)
      return try rowsByTime(fraction, wholeGroups: wholeGroups)
    }
  }

  private func divide(_ test: Set<Int>) -> SplitRows {
    SplitRows(train: (0..<rowCount).filter { !test.contains($0) }, test: test.sorted())
  }

  private func checkFraction(_ fraction: Double) throws(TabularError) {
    guard fraction > 0, fraction < 1 else {
      throw TabularError(
        source: source, "the test fraction is \(fraction); it must lie between 0 and 1")
    }
  }

  private func rowsByColumn(wholeGroups: Bool) throws(TabularError) -> SplitRows {
    guard let parts else {
      throw TabularError(
        source: source, "there is no split column; name one, or split by chance or by time")
    }
    if wholeGroups, let groups { try checkGroups(groups, areWholeIn: parts) }
    func rows(_ part: Part) -> [Int] { parts.indices.filter { parts[$0] == part } }
    return SplitRows(train: rows(.train), validation: rows(.validation), test: rows(.test))
  }

  private func checkGroups(
    _ groups: [Int], areWholeIn parts: [Part]
  ) throws(TabularError) {
    var partOfGroup: [Int: Part] = [:]
    for (row, group) in groups.enumerated() {
      let part = partOfGroup[group, default: parts[row]]
      partOfGroup[group] = part
      guard part == parts[row] else {
        throw TabularError(
          source: source, row: sourceRow(row),
          "the split column puts group \(group) into both \(part) and \(parts[row]) rows, but the "
            + "objective compares the rows of a group with one another; give all its rows one "
            + "part, or split by group")
      }
    }
  }

  /// Some of `members` by chance; all but one at most.
  private func testRows(
    of members: [Int], _ fraction: Double, seed: UInt64, stream: UInt64
  ) -> Set<Int> {
    var generator = RandomGenerator(seed: seed, stream: stream)
    var order = members
    generator.shuffle(&order)
    let count = Int((Double(order.count) * fraction).rounded())
    return Set(order.prefix(max(0, min(count, order.count - 1))))
  }

  /// Rows of every class in its share, one of each at least left to train on; by chance over all
  /// where classes are so small that none would be chosen.
  private func testRowsByClass(_ fraction: Double, seed: UInt64) throws(TabularError) -> Set<Int> {
    guard let target else {
      throw TabularError(source: source, "a stratified split needs a target")
    }
    var test: Set<Int> = []
    let strata = Dictionary(grouping: 0..<rowCount, by: { target[$0] })
    for (stream, value) in strata.keys.sorted().enumerated() {
      test.formUnion(
        testRows(of: strata[value] ?? [], fraction, seed: seed, stream: UInt64(stream)))
    }
    guard test.isEmpty else { return test }
    var generator = RandomGenerator(seed: seed, stream: 0)
    var classes = strata.keys.filter { (strata[$0]?.count ?? 0) > 1 }.sorted()
    generator.shuffle(&classes)
    for value in classes.prefix(max(1, Int((Double(rowCount) * fraction).rounded()))) {
      guard let members = strata[value] else { continue }
      test.insert(members[generator.index(below: members.count)])
    }
    return test
  }

  /// Whole groups in random order, each taken if that brings the number of rows nearer to what is
  /// wanted; the smallest one if none does.
  private func testRowsByGroup(_ fraction: Double, seed: UInt64) throws(TabularError) -> Set<Int> {
    guard let groups else {
      throw TabularError(
        source: source, "a split by group needs a group column; name one with `group`")
    }
    let members = Dictionary(grouping: 0..<rowCount, by: { groups[$0] })
    var order = members.keys.sorted()
    guard order.count > 1 else {
      throw TabularError(source: source, "all rows are of one group; split by chance or by time")
    }
    var generator = RandomGenerator(seed: seed, stream: 0)
    generator.shuffle(&order)
    let wanted = Double(rowCount) * fraction
    func size(_ group: Int) -> Int { members[group]?.count ?? 0 }
    var chosen: [Int] = []
    var count = 0
    for group in order where chosen.count < order.count - 1 {
      let more = count + size(group)
      guard abs(Double(more) - wanted) < abs(Double(count) - wanted) else { continue }
      chosen.append(group)
      count = more
    }
    if chosen.isEmpty, let smallest = order.min(by: { size($0) < size($1) }) { chosen = [smallest] }
    return Set(chosen.flatMap { members[$0] ?? [] })
  }

  private func rowsByTime(_ fraction: Double, wholeGroups: Bool) throws(TabularError) -> SplitRows {
    let line = try TimeLine(of: self, wholeGroups: wholeGroups)
    guard let moment = line.moment(leaving: Double(rowCount) * fraction) else {
      throw TabularError(source: source, line.refusal(of: "a split by time"))
    }
    return line.cut(from: moment, before: .infinity)
  }
}
