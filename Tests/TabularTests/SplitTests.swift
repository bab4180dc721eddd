import OrderedCollections
import Tabular
import Testing

/// Property-style: each property holds for every seed.
@Suite struct SplitTests {
  /// A table whose every column of a row is a function of the row's number.
  static func table(rows: Int, seed: UInt64) throws -> Table {
    var generator = RandomGenerator(seed: seed)
    let groups = (0..<rows).map { _ in generator.index(below: 7) * 3 - 5 }
    return try Table(
      features: (0..<rows * 3).map(Float.init), featureNames: ["a", "b", "c"],
      target: (0..<rows).map { _ in Double(generator.index(below: 3)) },
      weights: (0..<rows).map { Double($0) / 2 }, groups: groups,
      times: (0..<rows).map { _ in Double(generator.index(below: 20)) },
      parts: (0..<rows).map { Table.Part.allCases[$0 % 3] },
      rowData: ["size": (0..<rows).map { Double($0) * 10 }], classNames: ["x", "y", "z"])
  }

  @Test(arguments: 0..<25 as Range<UInt64>)
  func everyRowIsInExactlyOnePart(seed: UInt64) throws {
    let table = try SplitTests.table(rows: 40 + Int(seed) * 3, seed: seed)
    for split in [
      Split.column, .random(testFraction: 0.3, seed: seed),
      .stratified(testFraction: 0.3, seed: seed), .group(testFraction: 0.3, seed: seed),
      .time(testFraction: 0.3),
    ] {
      let rows = try table.splitRows(by: split)
      #expect((rows.train + rows.validation + rows.test).sorted() == Array(0..<table.rowCount))
      for part in [rows.train, rows.validation, rows.test] { #expect(part == part.sorted()) }
      #expect(try table.splitRows(by: split) == rows)
    }
  }

  @Test(arguments: 0..<25 as Range<UInt64>)
  func sharesAreAsAsked(seed: UInt64) throws {
    let table = try SplitTests.table(rows: 101, seed: seed)
    #expect(try table.splitRows(by: .random(testFraction: 0.2, seed: seed)).test.count == 20)
    let rows = try table.splitRows(by: .stratified(testFraction: 0.2, seed: seed))
    let target = try #require(table.target)
    for value in [0.0, 1, 2] {
      let all = target.filter { $0 == value }.count
      let tested = rows.test.filter { target[$0] == value }.count
      #expect(tested == Int((Double(all) * 0.2).rounded()))
    }
  }

  @Test(arguments: 0..<25 as Range<UInt64>)
  func groupsStayWhole(seed: UInt64) throws {
    let table = try SplitTests.table(rows: 90, seed: seed)
    let rows = try table.splitRows(by: .group(testFraction: 0.25, seed: seed))
    let groups = try #require(table.groups)
    #expect(Set(rows.train.map { groups[$0] }).isDisjoint(with: rows.test.map { groups[$0] }))
    // The groups chosen come nearer to what is wanted than any would alone with the next.
    let sizes = Dictionary(grouping: groups, by: { $0 }).values.map(\.count)
    let smallest = try #require(sizes.min())
    #expect(abs(Double(rows.test.count) - 0.25 * 90) <= Double(smallest))
  }

  /// By definition: never a training row at or after the first test row, equal times included.
  @Test(arguments: 0..<25 as Range<UInt64>)
  func testRowsAreTheLatest(seed: UInt64) throws {
    let table = try SplitTests.table(rows: 60, seed: seed)
    for fraction in [0.02, 0.2, 0.5, 0.99] {
      let rows = try table.splitRows(by: .time(testFraction: fraction))
      let times = try #require(table.times)
      let latestTrained = try #require(rows.train.map { times[$0] }.max())
      #expect(rows.test.allSatisfy { times[$0] > latestTrained })
      #expect((rows.train + rows.test).sorted() == Array(0..<60))
      // No other moment comes nearer to the share asked for.
      let distance = abs(Double(rows.test.count) - 60 * fraction)
      for moment in Set(times) where moment > times.min() ?? 0 {
        #expect(abs(Double(times.count { $0 >= moment }) - 60 * fraction) >= distance)
      }
    }
  }

  @Test func seedsDiffer() throws {
    let table = try SplitTests.table(rows: 200, seed: 1)
    let parts = try (0..<20).map {
      try table.splitRows(by: .random(testFraction: 0.5, seed: $0)).test
    }
    #expect(Set(parts).count == 20)
  }

  @Test(arguments: 0..<25 as Range<UInt64>)
  func subsetsTakeEverythingAlong(seed: UInt64) throws {
    let table = try SplitTests.table(rows: 50, seed: seed)
    var generator = RandomGenerator(seed: seed, stream: 9)
    let indices = (0..<30).map { _ in generator.index(below: 50) }
    let subset = table.subset(indices)
    #expect(subset.rowCount == 30 && subset.classNames == table.classNames)
    for (place, row) in indices.enumerated() {
      #expect(subset.features(ofRow: place) == table.features(ofRow: row))
      #expect(subset.target?[place] == table.target?[row])
      #expect(subset.weights?[place] == table.weights?[row])
      #expect(subset.groups?[place] == table.groups?[row])
      #expect(subset.times?[place] == table.times?[row])
      #expect(subset.parts?[place] == table.parts?[row])
      #expect(subset.rowData["size"]?[place] == table.rowData["size"]?[row])
      #expect(subset.sourceRow(place) == row)
    }
    // A subset of a subset still knows where its rows came from.
    #expect(subset.subset([3, 3]).sourceRow(1) == indices[3])
  }

  @Test func splitsThatCannotBeMade() throws {
    let bare = try Table(features: [1, 2], featureNames: ["a"])
    let one = try Table(features: [1], featureNames: ["a"], target: [1], groups: [1])
    for split in [
      Split.column, .stratified(testFraction: 0.5, seed: 0), .group(testFraction: 0.5, seed: 0),
      .random(testFraction: 0, seed: 0), .random(testFraction: 1, seed: 0),
      .time(testFraction: .nan), .random(testFraction: 0.1, seed: 0),
    ] {
      #expect(throws: TabularError.self) { try bare.splitRows(by: split) }
    }
    #expect(throws: TabularError.self) { try one.splitRows(by: .time(testFraction: 0.5)) }
    #expect(throws: TabularError.self) {
      try one.splitRows(by: .group(testFraction: 0.5, seed: 0))
    }
  }

  @Test func columnsThatDoNotFit() throws {
    func error(_ body: () throws -> Table) -> TabularError? {
      do {
        _ = try body()
        return nil
      } catch { return error as? TabularError }
    }
    let short = error { try Table(features: [1, 2], featureNames: ["a"], target: [1]) }
    #expect(short?.reason.contains("1 values") == true)
    let nan = error { try Table(features: [1, 2], featureNames: ["a"], target: [1, .nan]) }
    #expect(nan?.row == 1)
    let weight = error {
      try Table(features: [1, 2], featureNames: ["a"], target: [1, 1], weights: [-1, 1])
    }
    #expect(weight?.row == 0)
    #expect(error { try Table(features: [1, 2], featureNames: ["a", "a"]) }?.row == nil)
    #expect(error { try Table(features: [1, 2, 3], featureNames: ["a", "b"]) } != nil)
    let source = try Table(features: [1, 2], featureNames: ["a"], target: [1, 2]).subset([1])
    #expect(error { try source.withTarget([.infinity]) }?.row == 1)
    #expect(error { try source.withRowData("size", [1, 2]) } != nil)
  }
}
