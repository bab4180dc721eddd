import OrderedCollections
import Tabular
import Testing

/// What is done where nobody says how, and with what is odd but honest.
@Suite struct UsualSplitTests {
  static func table(
    rows: Int, target: [Double]? = nil, groups: [Int]? = nil, times: [Double]? = nil,
    parts: [Table.Part]? = nil, classNames: [String]? = nil
  ) throws -> Table {
    try Table(
      features: (0..<rows).map(Float.init), featureNames: ["a"],
      target: target ?? (0..<rows).map(Double.init), groups: groups, times: times, parts: parts,
      rowData: ["size": (0..<rows).map { Double($0) * 10 }], classNames: classNames,
      source: "rows")
  }

  private func reason(_ body: () throws -> Any) -> String {
    do {
      _ = try body()
      return "nothing was refused"
    } catch { return "\(error)" }
  }

  @Test func whatATableTellsIsRespected() throws {
    let groups = [1, 1, 2, 2, 3, 3, 4, 4]
    let times = [8.0, 7, 6, 5, 4, 3, 2, 1]
    func usual(
      groups: [Int]? = nil, times: [Double]? = nil, parts: [Table.Part]? = nil,
      classes: Bool = false
    ) throws -> Split {
      .usual(
        for: try Self.table(
          rows: 8, target: [0, 1, 0, 1, 0, 1, 0, 1], groups: groups, times: times, parts: parts,
          classNames: classes ? ["a", "b"] : nil))
    }
    #expect(try usual() == .random(testFraction: 0.2, seed: 0))
    #expect(try usual(classes: true) == .stratified(testFraction: 0.2, seed: 0))
    #expect(try usual(groups: groups, classes: true) == .group(testFraction: 0.2, seed: 0))
    #expect(try usual(groups: groups, times: times) == .time(testFraction: 0.2))
    let parts = [Table.Part](repeating: .train, count: 7) + [.test]
    #expect(try usual(groups: groups, times: times, parts: parts) == .column)
    // What does not tell rows apart decides nothing.
    let one = [Int](repeating: 5, count: 8)
    let same = [Double](repeating: 5, count: 8)
    #expect(try usual(groups: one, times: same) == .random(testFraction: 0.2, seed: 0))
    let missing = [Double](repeating: .nan, count: 8)
    #expect(try usual(groups: groups, times: missing) == .group(testFraction: 0.2, seed: 0))
  }

  @Test func splitGivesThreeTables() throws {
    let table = try Self.table(rows: 6, parts: [.test, .train, .validation, .train, .train, .test])
    let (train, validation, test) = try table.split()
    #expect(train.rowData["size"] == [10, 30, 40])
    #expect(validation?.rowData["size"] == [20])
    #expect(test.rowData["size"] == [0, 50])
    #expect(
      try Self.table(rows: 10).split(by: .random(testFraction: 0.3, seed: 1)).validation == nil)
  }

  /// A missing time names its row in the file and how many more there are.
  @Test func missingTimesAreRefused() throws {
    let table = try Self.table(rows: 6, times: [1, 2, .nan, 4, .nan, 6]).subset([1, 2, 3, 4, 5])
    for refused in [
      reason { try table.splitRows(by: .time(testFraction: 0.3)) },
      reason { try table.folds(2, by: .time) },
    ] {
      #expect(
        refused.hasPrefix("rows: row 2: the time is missing (and in 1 more rows)"), "\(refused)")
    }
    let kept = table.subset(table.rowsWithTime)
    #expect(try kept.splitRows(by: .time(testFraction: 0.3)).test == [2])
  }

  @Test func rowsOfOneTimeStayTogether() throws {
    let table = try Self.table(rows: 10, times: [1, 1, 1, 2, 2, 2, 2, 2, 2, 2])
    // Two rows are wanted; the nearest moment leaves seven.
    #expect(try table.splitRows(by: .time(testFraction: 0.2)).test == [3, 4, 5, 6, 7, 8, 9])
    let same = try Self.table(rows: 4, times: [3, 3, 3, 3])
    #expect(
      reason { try same.splitRows(by: .time(testFraction: 0.5)) }
        == "rows: all rows are of one time, and a split by time needs several; split by group or by "
        + "chance")
  }

  /// A ranking's queries are never torn: by chance, by class, by time or by the file.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func queriesStayWhole(seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed)
    let groups = (0..<60).map { $0 / 5 }
    let starts = (0..<12).map { _ in Double(generator.index(below: 40)) }
    let times = groups.map { starts[$0] + Double(generator.index(below: 6)) }
    let table = try Self.table(rows: 60, groups: groups, times: times)
    for split in [
      Split.random(testFraction: 0.3, seed: seed), .stratified(testFraction: 0.3, seed: seed),
      .time(testFraction: 0.3), .group(testFraction: 0.3, seed: seed),
    ] {
      let rows = try table.splitRows(by: split, wholeGroups: true)
      #expect((rows.train + rows.test + rows.leftOut).sorted() == Array(0..<60))
      let parts = [rows.train, rows.test, rows.leftOut].map { Set($0.map { groups[$0] }) }
      #expect(parts.map(\.count).reduce(0, +) == 12)
      guard split.rule == .time else { continue }
      let first = try #require(rows.test.map { times[$0] }.min())
      #expect(rows.train.allSatisfy { times[$0] < first })
    }
    for rule in SplitMethod.allCases {
      for fold in try table.folds(3, by: rule, seed: seed, wholeGroups: true) {
        let trained = Set(fold.rows.train.map { groups[$0] })
        #expect(trained.isDisjoint(with: fold.rows.test.map { groups[$0] }))
      }
    }
    #expect(SplitMethod.usual(for: try Self.table(rows: 4), wholeGroups: true) == .group)
    let torn = try Self.table(rows: 4, groups: [1, 1, 2, 2], parts: [.train, .test, .test, .test])
    #expect(
      reason { try torn.splitRows(by: .column, wholeGroups: true) }
        .hasPrefix("rows: row 1: the split column puts group 1 into both train and test rows"))
    #expect(try torn.splitRows(by: .column).train == [0])
  }

  @Test func oddSharesAndGroups() throws {
    // Three rows, nearly all to test: one is left to train on.
    let three = try Self.table(rows: 3)
    #expect(try three.splitRows(by: .random(testFraction: 0.99, seed: 1)).train.count == 1)
    #expect(try three.splitRows(by: .random(testFraction: 0.2, seed: 1)).test.count == 1)
    // A giant group is never chosen while smaller ones come nearer, whatever its turn.
    let giant = try Self.table(rows: 100, groups: (0..<100).map { $0 < 90 ? 0 : $0 })
    for seed in 0..<10 as Range<UInt64> {
      let rows = try giant.splitRows(by: .group(testFraction: 0.2, seed: seed))
      #expect(rows.train.count >= 90 && !rows.test.isEmpty && rows.train.contains(0))
    }
    // Groups of one row are rows.
    let single = try Self.table(rows: 50, groups: Array(0..<50))
    #expect(try single.splitRows(by: .group(testFraction: 0.2, seed: 3)).test.count == 10)
    // Two queries: one is tested.
    let two = try Self.table(rows: 10, groups: [1, 1, 1, 1, 1, 1, 1, 2, 2, 2])
    #expect(try two.splitRows(by: .group(testFraction: 0.2, seed: 1)).test.count == 3)
  }

  @Test func everyClassKeepsATrainingRow() throws {
    let table = try Self.table(
      rows: 12, target: [0, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], classNames: ["a", "b", "c"])
    for fraction in [0.05, 0.2, 0.5, 0.99] {
      let rows = try table.splitRows(by: .stratified(testFraction: fraction, seed: 4))
      let target = try #require(table.target)
      #expect(Set(rows.train.map { target[$0] }) == [0, 1, 2] && !rows.test.isEmpty)
    }
    // Classes of two rows each: a fifth of two rounds to none, so some classes give one row.
    let pairs = try Self.table(
      rows: 10, target: (0..<10).map { Double($0 / 2) }, classNames: ["a", "b", "c", "d", "e"])
    let rows = try pairs.splitRows(by: .stratified(testFraction: 0.2, seed: 1))
    #expect(rows.test.count == 2 && Set(rows.train.map { $0 / 2 }).count == 5)
  }
}
