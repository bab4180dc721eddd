import Foundation
import Tabular
import Testing

@testable import Harness

struct ExperimentDataTests {
  /// Test rows at the end of each system: so are the validation rows.
  @Test func validationFollowsTheEndOfEachGroup() throws {
    let table = try Samples.fleet(systems: 6, rowsEach: 40)
    let data = try ExperimentData(
      table, split: .column, name: "fleet", validationFraction: 0.2, leastRowsToDivide: 10)
    let validation = try #require(data.validation)
    #expect(data.train.rowCount == 6 * 24)
    #expect(validation.rowCount == 6 * 6)
    #expect(data.test.rowCount == 6 * 10)
    #expect(data.record.validation.contains("each group"))
    for group in 0..<6 {
      func rows(_ part: Table) -> [Int] {
        (0..<part.rowCount).filter { part.groups?[$0] == group }.map(part.sourceRow)
      }
      let last = try #require(rows(data.train).max())
      let first = try #require(rows(validation).min())
      #expect(last < first)
      #expect(try #require(rows(validation).max()) < #require(rows(data.test).min()))
    }
  }

  @Test func smallTablesKeepAllTheirRows() throws {
    let table = try Samples.fleet(systems: 6, rowsEach: 40)
    let data = try ExperimentData(table, split: .column, name: "fleet")
    #expect(data.validation == nil)
    #expect(data.train.rowCount == 6 * 30)
    #expect(data.record.validation == "none: fewer than 2000 training rows")
  }

  @Test func validationRulesFollowTheSplit() throws {
    let fleet = try Samples.fleet()
    func rule(_ split: Split, _ table: Table) throws -> ValidationRule {
      ValidationRule(split, of: table, try table.splitRows(by: split))
    }
    #expect(try rule(.random(testFraction: 0.2, seed: 1), fleet) == .random)
    #expect(try rule(.time(testFraction: 0.2), fleet) == .time)
    #expect(try rule(.group(testFraction: 0.2, seed: 1), fleet) == .group)
    let classes = try Samples.classes(3)
    #expect(try rule(.stratified(testFraction: 0.2, seed: 1), classes) == .stratified)
    func columnRule(
      groups: [Int]? = nil, times: [Double]? = nil, classNames: [String]? = nil
    ) throws -> ValidationRule {
      let table = try Table(
        features: [1, 2, 3, 4], featureNames: ["x"], target: [0, 1, 0, 1], groups: groups,
        times: times, parts: [.test, .train, .train, .test], classNames: classNames)
      return try rule(.column, table)
    }
    #expect(try columnRule() == .random)
    #expect(try columnRule(classNames: ["a", "b"]) == .stratified)
    #expect(try columnRule(groups: [1, 2, 3, 4]) == .group)
    #expect(try columnRule(groups: [1, 1, 2, 2]) == .random)
    #expect(try columnRule(times: [9, 1, 2, 9]) == .time)
    #expect(try columnRule(times: [0, 1, 2, 9]) == .random)
  }

  @Test(arguments: [ValidationRule.random, .stratified, .group, .time, .endOfEachGroup])
  func divisionLosesNoRow(rule: ValidationRule) throws {
    let table = try rule == .stratified ? Samples.classes(3) : Samples.fleet()
    let rows = Array(stride(from: 1, to: table.rowCount, by: 2))
    let parts = try rule.divide(rows, of: table, fraction: 0.25, seed: 3)
    let again = try rule.divide(rows, of: table, fraction: 0.25, seed: 3)
    #expect((parts.train + parts.validation).sorted() == rows)
    #expect(!parts.validation.isEmpty)
    #expect(parts.train == again.train && parts.validation == again.validation)
  }

  @Test func tooFewRowsGiveNoValidation() throws {
    let table = try Table(
      features: [1, 2, 3], featureNames: ["x"], target: [1, 2, 3],
      parts: [.train, .train, .test])
    let data = try ExperimentData(table, split: .column, name: "tiny")
    #expect(data.validation == nil)
    #expect(data.record.validation.hasPrefix("none"))
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
