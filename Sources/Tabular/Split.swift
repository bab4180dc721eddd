/// How a table is divided into training and test rows.
public enum Split: Sendable, Hashable {
  /// By the table's own assignment (``Table/parts``).
  case column
  /// By chance, `testFraction` of the rows.
  case random(testFraction: Double, seed: UInt64)
  /// By chance within each class of the target, so that both parts have the same shares.
  case stratified(testFraction: Double, seed: UInt64)
  /// Whole groups by chance, until about `testFraction` of the rows are in the test part.
  case group(testFraction: Double, seed: UInt64)
  /// The latest `testFraction` of the rows are the test part: by ``Table/times``, or by row order
  /// where a table has no times.
  case time(testFraction: Double)
}

/// Row indices of the parts of a split, each in increasing order.
public struct SplitRows: Sendable, Hashable {
  /// Rows to train on.
  public var train: [Int]
  /// Rows to stop early on; empty if the split made none.
  public var validation: [Int]
  /// Rows to judge on.
  public var test: [Int]
}

extension Table {
  /// Training and test tables. Validation rows of a given column count as training rows here.
  ///
  /// - Throws: ``TabularError`` if the table lacks what the split reads, or a part would be empty.
  public func split(by split: Split) throws(TabularError) -> (train: Table, test: Table) {
    let rows = try splitRows(by: split)
    return (subset((rows.train + rows.validation).sorted()), subset(rows.test))
  }

  /// Row indices of a split's parts.
  ///
  /// - Throws: ``TabularError`` if the table lacks what the split reads, or a part would be empty.
  public func splitRows(by split: Split) throws(TabularError) -> SplitRows {
    let rows = try dividedRows(by: split)
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

  /// Row indices of a split's parts, any of which may be empty.
  ///
  /// - Throws: ``TabularError`` if the table lacks what the split reads.
  package func dividedRows(by split: Split) throws(TabularError) -> SplitRows {
    var rows = SplitRows(train: [], validation: [], test: [])
    switch split {
    case .column:
      guard let parts else {
        throw TabularError(
          source: source, "there is no split column; name one, or split by chance or by time")
      }
      rows.train = parts.indices.filter { parts[$0] == .train }
      rows.validation = parts.indices.filter { parts[$0] == .validation }
      rows.test = parts.indices.filter { parts[$0] == .test }
    case .random(let fraction, let seed):
      let test = try testRows(of: Array(0..<rowCount), fraction, seed: seed, stream: 0)
      (rows.train, rows.test) = divide(test)
    case .stratified(let fraction, let seed):
      guard let target else {
        throw TabularError(source: source, "a stratified split needs a target")
      }
      var test: Set<Int> = []
      let strata = Dictionary(grouping: 0..<rowCount, by: { target[$0] })
      for (stream, value) in strata.keys.sorted().enumerated() {
        guard let members = strata[value] else { continue }
        test.formUnion(try testRows(of: members, fraction, seed: seed, stream: UInt64(stream)))
      }
      (rows.train, rows.test) = divide(test)
    case .group(let fraction, let seed):
      (rows.train, rows.test) = divide(try testRowsByGroup(fraction, seed: seed))
    case .time(let fraction):
      try checkFraction(fraction)
      var order = Array(0..<rowCount)
      if let times {
        order.sort { (times[$0], $0) < (times[$1], $1) }
      }
      let count = Int((Double(rowCount) * fraction).rounded())
      (rows.train, rows.test) = divide(Set(order.suffix(count)))
    }
    return rows
  }

  private func divide(_ test: Set<Int>) -> (train: [Int], test: [Int]) {
    ((0..<rowCount).filter { !test.contains($0) }, test.sorted())
  }

  private func checkFraction(_ fraction: Double) throws(TabularError) {
    guard fraction > 0, fraction < 1 else {
      throw TabularError(
        source: source, "the test fraction is \(fraction); it must lie between 0 and 1")
    }
  }

  private func testRows(
    of members: [Int], _ fraction: Double, seed: UInt64, stream: UInt64
  ) throws(TabularError) -> Set<Int> {
    try checkFraction(fraction)
    var generator = RandomGenerator(seed: seed, stream: stream)
    var order = members
    generator.shuffle(&order)
    return Set(order.prefix(Int((Double(order.count) * fraction).rounded())))
  }

  private func testRowsByGroup(_ fraction: Double, seed: UInt64) throws(TabularError) -> Set<Int> {
    try checkFraction(fraction)
    guard let groups else {
      throw TabularError(source: source, "a split by group needs a group column")
    }
    let members = Dictionary(grouping: 0..<rowCount, by: { groups[$0] })
    var order = members.keys.sorted()
    guard order.count > 1 else {
      throw TabularError(source: source, "all rows are of one group; split by chance or by time")
    }
    var generator = RandomGenerator(seed: seed, stream: 0)
    generator.shuffle(&order)
    let wanted = Double(rowCount) * fraction
    var test: Set<Int> = []
    for group in order.dropLast() {
      guard let rows = members[group], Double(test.count) < wanted else { break }
      test.formUnion(rows)
    }
    return test
  }
}
