/// The folds of a cross-validation: each is tested on rows that its training rows are not among.
///
/// ```swift
/// for fold in try fleet.folds(5) {
///   let forest = try Booster(objective: objective).fit(fold.train)
///   print(try forest.evaluate(on: fold.test, metrics: [.rmse]))
/// }
/// ```
///
/// A fold's tables are made when they are asked for, so that one copy of the rows exists at a time.
/// Everything that belongs to a row travels with it: target, weight, group, time, row data.
public struct Folds: RandomAccessCollection, Sendable {
  /// The rule by which rows were divided.
  public let rule: SplitRule
  private let table: Table
  private let parts: [SplitRows]

  init(_ table: Table, rule: SplitRule, parts: [SplitRows]) {
    self.table = table
    self.rule = rule
    self.parts = parts
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { parts.count }

  public subscript(number: Int) -> Fold { Fold(table: table, rows: parts[number]) }
}

/// One of the folds of a cross-validation.
public struct Fold: Sendable {
  let table: Table
  /// Its rows by their number in the table that was divided.
  public let rows: SplitRows

  /// The rows to train on. O(rows x columns).
  public var train: Table { table.subset(rows.train) }
  /// The rows to judge on. O(rows x columns).
  public var test: Table { table.subset(rows.test) }
}

extension Table {
  /// Divides the rows into `count` folds for cross-validation.
  ///
  /// By ``SplitRule/random`` rows are dealt by chance, by ``SplitRule/stratified`` class after class
  /// so that each fold has its share of each, and by ``SplitRule/group`` whole groups, the next one
  /// to the fold with the fewest rows: every row is a test row once. By ``SplitRule/time`` the rows
  /// make `count + 1` blocks in time; fold `i` is tested on block `i + 1` and trained on all blocks
  /// before it, so that the first block is never tested on and nothing is learned from the future
  /// (Bergmeir & Benítez, "On the use of cross-validation for time series predictor evaluation",
  /// Information Sciences 191, 2012).
  ///
  /// - Parameters:
  ///   - rule: how to divide; nil for ``SplitRule/usual(for:wholeGroups:)``.
  ///   - seed: decides everything that is by chance.
  ///   - wholeGroups: whether groups must stay whole whatever the rule, as where an objective
  ///     compares the rows of a group (ranking).
  /// - Throws: ``TabularError`` if a fold would be empty, or the table lacks what the rule reads.
  public func folds(
    _ count: Int, by rule: SplitRule? = nil, seed: UInt64 = 0, wholeGroups: Bool = false
  ) throws(TabularError) -> Folds {
    precondition(count > 1, "cross-validation needs at least two folds")
    let rule = (rule ?? .usual(for: self, wholeGroups: wholeGroups)).keepingGroups(wholeGroups)
    guard rowCount >= count else {
      throw TabularError(
        source: source, "\(rowCount) rows do not make \(count) folds; use fewer")
    }
    if rule == .time {
      return Folds(self, rule: rule, parts: try blocks(count, wholeGroups: wholeGroups))
    }
    let fold =
      switch rule {
      case .group: try foldsByGroup(count, seed: seed)
      default: try foldsByRow(count, stratified: rule == .stratified, seed: seed)
      }
    let parts = (0..<count).map { number in
      SplitRows(
        train: fold.indices.filter { fold[$0] != number },
        test: fold.indices.filter { fold[$0] == number })
    }
    return Folds(self, rule: rule, parts: parts)
  }

  private func foldsByGroup(_ count: Int, seed: UInt64) throws(TabularError) -> [Int] {
    guard let groups else {
      throw TabularError(
        source: source, "folds by group need a group column; name one with `group`")
    }
    let members = Dictionary(grouping: 0..<rowCount, by: { groups[$0] })
    var order = members.keys.sorted()
    guard order.count >= count else {
      throw TabularError(
        source: source, "\(order.count) groups do not make \(count) folds; use fewer")
    }
    var generator = RandomGenerator(seed: seed, stream: 0x666f_6c64)
    generator.shuffle(&order)
    var fold = [Int](repeating: 0, count: rowCount)
    var sizes = [Int](repeating: 0, count: count)
    for group in order {
      let place = sizes.indices.min { (sizes[$0], $0) < (sizes[$1], $1) } ?? 0
      for row in members[group] ?? [] { fold[row] = place }
      sizes[place] += members[group]?.count ?? 0
    }
    return fold
  }

  private func foldsByRow(
    _ count: Int, stratified: Bool, seed: UInt64
  ) throws(TabularError) -> [Int] {
    var generator = RandomGenerator(seed: seed, stream: 0x666f_6c64)
    var order = Array(0..<rowCount)
    generator.shuffle(&order)
    if stratified {
      guard let target else {
        throw TabularError(source: source, "stratified folds need a target")
      }
      // Stable in the shuffled order: dealing class after class gives each fold its share.
      var rank = [Int](repeating: 0, count: rowCount)
      for (place, row) in order.enumerated() { rank[row] = place }
      order.sort { (target[$0], rank[$0]) < (target[$1], rank[$1]) }
    }
    var fold = [Int](repeating: 0, count: rowCount)
    for (place, row) in order.enumerated() { fold[row] = place % count }
    return fold
  }

  /// Blocks in time, each tested on after training on all before it.
  private func blocks(_ count: Int, wholeGroups: Bool) throws(TabularError) -> [SplitRows] {
    let line = try TimeLine(of: self, wholeGroups: wholeGroups)
    var moments: [Double] = []
    for block in 1...count {
      let wanted = Double(rowCount) * Double(count + 1 - block) / Double(count + 1)
      guard let moment = line.moment(leaving: wanted) else {
        throw TabularError(source: source, line.refusal(of: "folds by time"))
      }
      guard moment > moments.last ?? -.infinity else {
        throw TabularError(
          source: source,
          "the rows have too few different times for \(count) folds by time; use fewer, or divide "
            + "by group or by chance")
      }
      moments.append(moment)
    }
    return moments.enumerated().map { number, moment in
      line.cut(from: moment, before: number + 1 < count ? moments[number + 1] : .infinity)
    }
  }
}
