import Foundation
import Tabular
import Testing

@testable import Harness

struct ExperimentDataTests {
  /// Without validation rows of the split's own, all its training rows are trained on.
  @Test func onlyTheSplitNamesValidationRows() throws {
    let table = try Samples.fleet(systems: 6, rowsEach: 40)
    let named = try ExperimentData(table, split: .column, name: "fleet")
    #expect(named.validation?.rowCount == 6 * 6 && named.train.rowCount == 6 * 24)
    #expect(named.record.validation == "the split's own validation rows")
    let drawn = try ExperimentData(
      table, split: .random(testFraction: 0.2, seed: 1), name: "fleet")
    #expect(drawn.validation == nil && drawn.train.rowCount == 6 * 32)
    #expect(drawn.record.validation == "none")
  }

  /// Whether test rows are later and of other groups is counted, not believed.
  @Test func splitFactsAreCounted() throws {
    func facts(_ split: Split, wholeGroups: Bool = false) throws -> SplitFacts {
      let table = try Table(
        features: (0..<8).map(Float.init), featureNames: ["x"], target: (0..<8).map(Double.init),
        groups: [1, 1, 2, 2, 3, 3, 4, 4], times: [1, 2, 3, 4, 5, 6, 7, 8],
        parts: [.train, .test, .train, .validation, .train, .test, .test, .test])
      return try #require(
        try ExperimentData(table, split: split, wholeGroups: wholeGroups, name: "t").record
          .splitFacts)
    }
    let column = try facts(.column)
    #expect(column.rule == nil && column.testSpan?.first == 2 && column.testSpan?.last == 8)
    #expect(column.trainSpan?.last == 5 && column.trainRowsFromTestOn == 3)
    #expect(column.testGroups == 3 && column.testGroupsInTraining == 2)
    #expect(
      column.sentences(groupName: "system", trainRows: 4) == [
        "3 of 4 rows learned from are not earlier than the first test row (times 2 to 8): the result "
          + "is no promise for the future",
        "2 of 3 test systems are learned from as well",
      ])
    let time = try facts(.time(testFraction: 0.4))
    #expect(time.rule == .time && time.trainRowsFromTestOn == 0 && time.testGroupsInTraining == 1)
    let whole = try facts(.time(testFraction: 0.4), wholeGroups: true)
    #expect(whole.testGroupsInTraining == 0)
    #expect(
      whole.sentences(groupName: "system", trainRows: 4) == [
        "every row learned from is earlier than the first test row (times 5 to 8)",
        "no test system is learned from",
      ])
    let group = try facts(.group(testFraction: 0.5, seed: 1))
    #expect(group.rule == .group && group.testGroupsInTraining == 0)
  }

  /// 10^9 seconds after the beginning of 1970 it was 01:46:40 on 9 September 2001 (UTC).
  @Test func timesAreToldInTheirUnit() throws {
    func sentence(_ times: [Double], _ unit: String?) throws -> String? {
      let table = try Table(
        features: [1, 2, 3], featureNames: ["x"], target: [1, 2, 3], times: times)
      return SplitFacts(
        rule: .time, learned: [table.subset([0])], test: table.subset([1, 2]), timeUnit: unit
      ).sentences(groupName: "group", trainRows: 1).first
    }
    let start = "every row learned from is earlier than the first test row "
    #expect(try sentence([1, 2, 3.5], "hours") == start + "(times 2 to 3.5 hours)")
    #expect(try sentence([1, 2.123456789, 2.123456789], nil) == start + "(time 2.12346)")
    #expect(
      try sentence([0, 1e9, 1e9 + 60], SplitFacts.unixSeconds)
        == start + "(times 2001-09-09T01:46:40Z to 2001-09-09T01:47:40Z)")
    #expect(try sentence([4, 4, 4], nil) == nil)
  }

  @Test func theSplitsOwnValidationRowsAreUsed() throws {
    let table = try Table(
      features: [1, 2, 3], featureNames: ["x"], target: [1, 2, 3],
      parts: [.train, .validation, .test])
    let data = try ExperimentData(table, split: .column, name: "tiny")
    #expect(data.validation?.target == [2])
  }

  @Test func repeatedRowsAreCounted() throws {
    let train = try Table(
      features: [1, .nan, 1, 2, 3, 4], featureNames: ["a", "b"], target: [1, 2, 3])
    let test = try Table(
      features: [1, .nan, 1, 2, 3, 5, 3, 4], featureNames: ["a", "b"], target: [1, 9, 3, 3])
    #expect(RepeatedRows.count(of: test, in: train) == 2)
    let data = ExperimentData(train: train, validation: nil, test: test, name: "rows")
    #expect(data.record.repeatedTestRows == 2)
    #expect(data.record.validation == "none")
    #expect(abs(data.record.missingShare - 2.0 / 14) < 1e-15)
  }

  /// Expected: the SHA-256 of "abc" from FIPS 180-2, appendix B.1.
  @Test func fileDigests() throws {
    let path = NSTemporaryDirectory() + "digest-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("abc".utf8).write(to: URL(fileURLWithPath: path))
    let file = try DataFile(path: path)
    #expect(file.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(file.bytes == 3)
    #expect(throws: (any Error).self) { try DataFile(path: path + "-missing") }
  }
}
