import Losses
import TestSupport
import Testing

@testable import Checking

/// Which of many rows are looked at: spread over the table, and with them those that chance may miss.
@Suite("Checker: the selection of rows")
struct CheckSelectionTests {
  /// Half the square of the score, of rows alone or of those of a group.
  private struct Square: Objective {
    var reach = Reach.row
    var name: String { "half a square" }
    var defaultMetric: Metric { .rmse }

    func losses(
      at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
    ) {
      for row in 0..<rows.count { losses[row] = scores[row] * scores[row] / 2 }
    }

    func derivatives(
      at scores: Span<Double>, _ rows: borrowing Rows,
      gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
    ) {
      for row in 0..<rows.count {
        gradients[row] = scores[row]
        hessians[row] = 1
      }
    }
  }

  private func places(
    _ limit: Int, targets: [Double], columns: [Double] = [], seed: UInt64 = 3
  ) -> [Int] {
    let rows = Rows(
      targets: targets.span, rowData: columns.span,
      rowDataCount: columns.count / max(1, targets.count))
    return CheckSelection(rows, of: Square(), seed: seed).places(limit)
  }

  private func places(_ limit: Int, groups: [Int]) -> [Int] {
    let targets = [Double](repeating: 1, count: groups.count)
    let none: [Double] = []
    let rows = Rows(
      targets: targets.span, rowData: none.span, rowDataCount: 0, groups: groups.span)
    return CheckSelection(rows, of: Square(reach: .group), seed: 3).places(limit)
  }

  @Test("few rows are all looked at")
  func few() {
    let targets = referenceNumbers(24, seed: 1)
    #expect(places(24, targets: targets) == Array(0..<24))
    #expect(places(30, targets: targets) == Array(0..<24))
    #expect(places(23, targets: targets).count <= 23)
    #expect(places(10, targets: []).isEmpty)
  }

  @Test("the ends of targets and of row data are among them, wherever they stand")
  func ends() {
    // The first row is neither the lowest nor the highest of anything.
    var targets = referenceNumbers(5000, seed: 2)
    targets[4100] = -9
    targets[77] = 9
    var columns = referenceNumbers(10_000, seed: 5)
    (columns[2 * 1234], columns[2 * 4321]) = (-8, 8)
    (columns[2 * 2345 + 1], columns[2 * 3456 + 1]) = (-7, 7)
    for seed in 0..<5 as Range<UInt64> {
      let chosen = places(40, targets: targets, columns: columns, seed: seed)
      #expect(Set([4100, 77, 1234, 4321, 2345, 3456]).isSubset(of: chosen), "\(chosen)")
      #expect(chosen == chosen.sorted() && Set(chosen).count == chosen.count)
      #expect((36...44).contains(chosen.count))
    }
  }

  @Test("they are spread: each tenth of the table has some")
  func spread() {
    let chosen = places(60, targets: referenceNumbers(6000, seed: 7))
    for part in 0..<10 {
      let count = chosen.count { $0 / 600 == part }
      #expect((4...9).contains(count), "\(part): \(count)")
    }
    #expect(
      places(60, targets: referenceNumbers(6000, seed: 7), seed: 4)
        != places(60, targets: referenceNumbers(6000, seed: 7), seed: 5))
  }

  @Test("rare classes and flags have rows of their own")
  func classes() {
    // Two rows of class 2 and three flags of 1 in 4,000 rows.
    var targets = (0..<4000).map { Double($0 % 2) }
    (targets[1501], targets[3007]) = (2, 2)
    var columns = [Double](repeating: 0, count: 8000)
    for row in 0..<4000 { columns[2 * row] = Double(row) }
    for row in [900, 2500, 3900] { columns[2 * row + 1] = 1 }
    let chosen = Set(places(64, targets: targets, columns: columns))
    #expect(chosen.contains(1501) && chosen.contains(3007))
    #expect([900, 2500, 3900].allSatisfy(chosen.contains))
    // A quarter of the room is shared by the five classes: three rows of each at least.
    #expect(chosen.count { targets[$0] == 0 } >= 3 && chosen.count { targets[$0] == 1 } >= 3)
  }

  @Test("sixteen classes are classes, seventeen are numbers")
  func manyClasses() {
    // The rare values stand in rows that a spread by chance hardly meets.
    func rare(_ count: Int) -> (targets: [Double], places: [Int]) {
      var targets = [Double](repeating: 1, count: 9000)
      let places = (1..<count).map { 500 * $0 + 3 }
      for (number, row) in places.enumerated() { targets[row] = 2 + Double(number) }
      return (targets, places)
    }
    let sixteen = rare(16)
    #expect(Set(sixteen.places).isSubset(of: places(64, targets: sixteen.targets)))
    let seventeen = rare(17)
    let met = Set(places(64, targets: seventeen.targets))
    #expect(seventeen.places.count { met.contains($0) } < 6)
  }

  @Test("groups are whole and spread; of one too long, rows spread over it")
  func groups() {
    let chosen = places(30, groups: (0..<600).map { $0 / 6 })
    #expect(chosen.count == 30)
    for start in stride(from: 0, to: 600, by: 6) where chosen.contains(start) {
      #expect((start..<start + 6).allSatisfy(chosen.contains))
    }
    #expect(chosen.first == 0 && chosen.contains { $0 >= 80 })
    #expect(places(5, groups: [Int](repeating: 1, count: 100)) == [0, 20, 40, 60, 80])
    // A group that does not fit is left out, not cut.
    let mixed = [Int](repeating: 0, count: 4) + [Int](repeating: 1, count: 40) + [2, 2, 2]
    #expect(places(10, groups: mixed) == [0, 1, 2, 3, 44, 45, 46])
  }
}
