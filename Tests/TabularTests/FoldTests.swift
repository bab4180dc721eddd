import OrderedCollections
import Tabular
import Testing

@Suite struct FoldTests {
  @Test(arguments: 0..<10 as Range<UInt64>)
  func everyRowIsTestedOnce(seed: UInt64) throws {
    let table = try SplitTests.table(rows: 61, seed: seed)
    for rule in [SplitRule.random, .stratified, .group] {
      let folds = try table.folds(5, by: rule, seed: seed)
      #expect(folds.count == 5 && folds.rule == rule)
      #expect(folds.flatMap(\.rows.test).sorted() == Array(0..<61))
      for fold in folds {
        #expect((fold.rows.train + fold.rows.test).sorted() == Array(0..<61))
        // Row data, weights and groups travel along.
        let (train, test) = (fold.train, fold.test)
        #expect(train.rowData["size"] == fold.rows.train.map { Double($0) * 10 })
        #expect(test.weights == fold.rows.test.map { Double($0) / 2 })
        #expect(test.groups?.count == test.rowCount)
        if rule == .group {
          #expect(Set(train.groups ?? []).isDisjoint(with: test.groups ?? []))
        }
      }
    }
    let target = try #require(table.target)
    for fold in try table.folds(5, by: .stratified, seed: seed) {
      for value in [0.0, 1, 2] {
        let all = Double(target.count { $0 == value })
        let tested = Double(fold.rows.test.count { target[$0] == value })
        #expect(abs(tested - all / 5) < 1)
      }
    }
  }

  /// Blocks in time: tested once each, but for the first, after training on all that is earlier.
  @Test(arguments: 0..<10 as Range<UInt64>)
  func timeGoesForward(seed: UInt64) throws {
    let table = try SplitTests.table(rows: 80, seed: seed)
    let times = try #require(table.times)
    let folds = try table.folds(4)
    #expect(folds.rule == .time)
    var tested: [Int] = []
    for fold in folds {
      let first = try #require(fold.rows.test.map { times[$0] }.min())
      #expect(fold.rows.train == (0..<80).filter { times[$0] < first })
      tested += fold.rows.test
    }
    #expect(Set(tested).count == tested.count)
    #expect((tested + folds[0].rows.train).sorted() == Array(0..<80))
  }

  @Test func foldsThatCannotBeMade() throws {
    func reason(_ body: () throws -> Folds) -> String {
      do {
        _ = try body()
        return "nothing was refused"
      } catch { return "\(error)" }
    }
    let few = try UsualSplitTests.table(rows: 6, groups: [1, 1, 2, 2, 3, 3])
    #expect(reason { try few.folds(4) } == "rows: 3 groups do not make 4 folds; use fewer")
    #expect(reason { try few.folds(7, by: .random) }.contains("6 rows do not make 7 folds"))
    // As many folds as rows leave out one each.
    #expect(try few.folds(6, by: .random).map(\.rows.test.count) == [1, 1, 1, 1, 1, 1])
    #expect(reason { try UsualSplitTests.table(rows: 6).folds(2, by: .group) }.contains("`group`"))
    let twoDays = try UsualSplitTests.table(rows: 6, times: [1, 1, 1, 2, 2, 2])
    #expect(reason { try twoDays.folds(3) }.contains("too few different times for 3 folds"))
    #expect(try twoDays.folds(1 + 1, by: .random).count == 2)
  }
}
