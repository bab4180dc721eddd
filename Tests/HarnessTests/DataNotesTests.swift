import Tabular
import Testing

@testable import Harness

/// What is said of a table beside its figures.
@Suite struct DataNotesTests {
  private func table(
    _ columns: [[Float]], target: [Double], classNames: [String]? = nil,
    featureShifts: [String: FeatureShift] = [:]
  ) throws -> Table {
    let rows = target.count
    return try Table(
      features: (0..<rows).flatMap { row in columns.map { $0[row] } },
      featureNames: columns.indices.map { "x\($0)" }, target: target, classNames: classNames,
      featureShifts: featureShifts)
  }

  @Test func classesThatNoTrainingRowHas() throws {
    let column = (0..<6).map { Float($0) }
    let all = try table(
      [column], target: [0, 1, 2, 2, 3, 0], classNames: ["a", "b", "c", "d", "e"])
    let classes = AbsentClasses(
      all.subset([0, 1]), others: [all.subset([2, 3]), all.subset([4, 5])])
    #expect(classes.present == ["a", "b"])
    // 'e' has no row at all, so that nothing is lost.
    #expect(classes.absent == [.init(name: "c", rows: 2), .init(name: "d", rows: 1)])
    #expect(classes.facts.map(\.value) == ["c (2 other rows), d (1 other rows)"])
    #expect(AbsentClasses(all, others: [all]).facts.isEmpty)
    let numbers = try table([column], target: [0, 1, 2, 2, 3, 0])
    #expect(AbsentClasses(numbers.subset([0]), others: [numbers]).absent.isEmpty)
  }

  @Test func columnsThatAreTheTargetOrCountRows() throws {
    let target = (0..<20).map { Double($0 * 7 % 5) }
    let copy = target.map { Float($0) }
    let counter = (0..<20).map { Float($0 + 1) }
    let nearly = copy.dropLast() + [9]
    let columns = [copy, counter, Array(nearly), [Float](repeating: 3, count: 20)]
    let whole = try table(columns, target: target)
    #expect(SuspectColumns(whole).targets == ["x0"])
    #expect(SuspectColumns(whole).counters == ["x1"])
    #expect(SuspectColumns(whole).facts.count == 2)
    // Rows of a part are counted as in the whole; the row that told x2 from the target is not here.
    let part = SuspectColumns(whole.subset(Array(stride(from: 1, to: 19, by: 1))))
    #expect(part.targets == ["x0", "x2"] && part.counters == ["x1"])
    #expect(SuspectColumns(whole.subset(Array(0..<9))).targets.isEmpty)
    let shifted = try table(
      columns, target: target, featureShifts: ["x0": .real(offset: 1), "x1": .real(offset: 1)])
    #expect(SuspectColumns(shifted).targets.isEmpty && SuspectColumns(shifted).counters.isEmpty)
    // A constant target tells nothing apart.
    let constant = try table([copy.map { _ in 2 }], target: target.map { _ in 2 })
    #expect(SuspectColumns(constant).targets.isEmpty)
  }
}
