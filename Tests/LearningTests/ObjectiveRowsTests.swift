import OrderedCollections
import Checking
import Formulas
import Foundation
import Learning
import Losses
import Tabular
import TestSupport
import Testing

@Suite("Rows for an objective")
struct ObjectiveRowsTests {
  func table(
    target: [Double]? = [1, 2, 3], weights: [Double]? = nil, sizes: [Double]? = [1, 2, 3]
  ) throws -> Table {
    try Table(
      features: [], featureNames: [], target: target, weights: weights,
      rowData: sizes.map { ["size": $0, "other": $0.map { 10 * $0 }] } ?? [:], source: "t.h5",
      rowCount: 3)
  }

  @Test("row data stand row by row in the order asked for")
  func order() throws {
    let rows = try ObjectiveRows(table(), rowDataNames: ["other", "size"], neededBy: "test")
    #expect(rows.rowData == [10, 1, 20, 2, 30, 3])
    #expect(rows.totalWeight == 3)
  }

  @Test("a bad row is named by its place in the file, after subsetting")
  func sourceRow() throws {
    let picked = try table(sizes: [1, 1, -4]).subset([2, 0])
    let error = #expect(throws: LearningError.self) {
      try ObjectiveRows(picked, for: SizeNormalisedSquaredError())
    }
    #expect(error?.reason.hasPrefix("t.h5: row 2: row data 'size' is -4.0") == true)
  }

  @Test("no target, no rows, no size, no weight: a sentence each")
  func refusals() throws {
    func code(_ table: Table) -> LearningError.Code? {
      do {
        _ = try ObjectiveRows(table, for: SizeNormalisedSquaredError())
        return nil
      } catch { return error.code }
    }
    #expect(try code(table()) == nil)
    #expect(try code(table(target: nil)) == .noTarget)
    #expect(try code(table(sizes: nil)) == .missingRowData)
    #expect(try code(table(weights: [0, 0, 0])) == .noRows)
    #expect(try code(table().subset([])) == .noRows)
  }

  @Test("a formula that reads 'weight' is not weighted once more")
  func weightedOnce() throws {
    let weighted = try ExpressionObjective("weight * square(score - y)")
    #expect(weighted.rowDataNames == ["weight"])
    func table(weights: [Double]?) throws -> Table {
      try Table(
        features: [], featureNames: [], target: [1, 2], weights: weights,
        rowData: ["weight": [3, 0.5]], source: "t.h5", rowCount: 2)
    }
    let rows = try ObjectiveRows(table(weights: nil), for: weighted)
    var losses = [0.0, 0.0]
    var span = losses.mutableSpan
    weighted.losses(at: [0.0, 0.0].span, rows.rows, into: &span)
    #expect(losses == [3, 2])
    let error = #expect(throws: LearningError.self) {
      try ObjectiveRows(table(weights: [1, 1]), for: weighted)
    }
    #expect(error?.reason.contains("they would count twice") == true)
  }

  @Test("the tracked loss is the weighted mean, with or without a loss")
  func tracker() throws {
    let rows = try ObjectiveRows(table(weights: [1, 2, 3]), for: SquaredError())
    var known = LossTracker(SquaredError(), rows, scores: [0, 0, 0])
    let derivativesOnly = CustomObjective("squared") { row in
      .init(gradient: 2 * (row.score - row.target), hessian: 2)
    }
    var integrated = LossTracker(derivativesOnly, rows, scores: [0, 0, 0])
    let start = known.loss(at: [0, 0, 0])
    expectClose(start, (1.0 + 2 * 4 + 3 * 9) / 6)
    #expect(integrated.loss(at: [0, 0, 0]) == 0)
    for scores in [[1.0, 1, 1], [2, 3, 4], [-5, 0, 100]] {
      expectClose(
        integrated.loss(at: scores), known.loss(at: scores) - start, relative: 1e-12,
        absolute: 1e-12)
    }
  }

  @Test("numbers survive binary coding, and reading past the end is refused")
  func binary() throws {
    var encoder = BinaryEncoder()
    encoder.append([1.5, -0.0, .infinity])
    encoder.append([Float(2.5)])
    encoder.append([Int32.min, 7])
    encoder.append(UInt8(200))
    encoder.append(-3.25)
    var decoder = BinaryDecoder(encoder.bytes[...])
    #expect(
      try decoder.readDoubles().map(\.bitPattern) == [1.5, -0.0, .infinity].map(\.bitPattern))
    #expect(try decoder.readFloats() == [2.5])
    #expect(try decoder.readInt32s() == [.min, 7])
    #expect(try decoder.read(UInt8.self) == 200)
    #expect(try decoder.readDouble() == -3.25)
    #expect(decoder.isAtEnd)
    #expect(throws: LearningError.self) { try decoder.readDouble() }
    var huge = BinaryEncoder()
    huge.append(UInt64.max)
    var hugeDecoder = BinaryDecoder(huge.bytes[...])
    #expect(throws: LearningError.self) { try hugeDecoder.readDoubles() }
  }

  @Test("blocks keep groups whole, and cover every row once")
  func blocks() throws {
    for seed in 0..<20 as Range<UInt64> {
      var generator = RandomGenerator(seed: seed)
      var groups: [Int] = []
      for group in 0..<30 {
        groups += [Int](repeating: group, count: 1 + generator.index(below: 9))
      }
      let table = try Table(
        features: [], featureNames: [], target: groups.map(Double.init), groups: groups,
        rowCount: groups.count)
      let rows = try ObjectiveRows(table, rowDataNames: [], neededBy: "test")
      #expect(rows.blocks(of: 10, reach: .table) == [0..<groups.count])
      for reach in [Reach.row, .group] {
        let blocks = rows.blocks(of: 10, reach: reach)
        #expect(blocks.flatMap { Array($0) } == Array(0..<groups.count))
        #expect(blocks.count > 3)
        guard reach == .group else { continue }
        for block in blocks.dropFirst() {
          #expect(groups[block.lowerBound] != groups[block.lowerBound - 1])
        }
      }
    }
  }

  @Test("rows without groups are one group")
  func blocksWithoutGroups() throws {
    let table = try Table(
      features: [], featureNames: [], target: [Double](repeating: 1, count: 30), rowCount: 30)
    let rows = try ObjectiveRows(table, rowDataNames: [], neededBy: "test")
    #expect(rows.blocks(of: 10, reach: .group) == [0..<30])
    #expect(rows.blocks(of: 10, reach: .row).count == 3)
  }

  @Test("rows that are compared with one another must weigh the same")
  func weightsOfComparedRows() throws {
    func refusal(_ objective: any Objective, _ weights: [Double]?) throws -> String? {
      let table = try Table(
        features: [], featureNames: [], target: [1, 2, 1, 3], weights: weights,
        groups: [7, 7, 9, 9], rowData: ["event": [1, 1, 0, 1]], source: "t.h5", rowCount: 4)
      do throws(LearningError) {
        _ = try ObjectiveRows(table, for: objective)
        return nil
      } catch {
        #expect(error.code == .invalidRow)
        return error.reason
      }
    }
    for objective in [Cox(), PairwiseRanking(), LambdaMART()] as [any Objective] {
      #expect(try refusal(objective, nil) == nil)
      #expect(try refusal(objective, [2, 2, 2, 2]) == nil)
      #expect(try refusal(objective, [1, 1, 1, 2])?.contains("t.h5: row 3: the weight") == true)
    }
    #expect(try refusal(PairwiseRanking(), [1, 1, 0, 0]) == nil)
    #expect(try refusal(Cox(), [1, 1, 0, 0])?.contains("row 2") == true)
    #expect(try refusal(SquaredError(), [1, 0, 2, 3]) == nil)
  }

  @Test("a fit may start where the objective says, even if score 0 is outside its domain")
  func checkedAtTheStart() throws {
    /// Gamma deviance of a raw, positive score.
    struct PositiveScore: PointwiseObjective {
      let name = "positive"
      let defaultMetric = Metric.mae
      func loss(_ row: borrowing Row) -> Double { row.target / row.score + log(row.score) }
      func derivatives(_ row: borrowing Row) -> Derivatives {
        let (y, s) = (row.target, row.score)
        return .init(gradient: 1 / s - y / (s * s), hessian: 1 / (s * s))
      }
      func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? { [5] }
    }
    let table = try Table(
      features: [], featureNames: [], target: (0..<50).map { 1 + Double($0 % 9) }, rowCount: 50)
    let rows = try ObjectiveRows(table, for: PositiveScore())
    try PositiveScore().requireSound(on: rows, of: table)
  }

  @Test("a row of weight 0 does not count, whatever its loss")
  func trackedWithoutWeightless() throws {
    let rows = try ObjectiveRows(table(weights: [1, 0, 1]), for: SquaredError())
    var tracker = LossTracker(SquaredError(), rows, scores: [0, 0, 0])
    #expect(tracker.loss(at: [0, .infinity, 0]) == 5)
  }

  @Test("a check on a table names its rows, and says what is missing")
  func checkOnTable() throws {
    let flipped = CustomObjective(
      "flipped", loss: { ($0.score - $0.target) * ($0.score - $0.target) },
      derivatives: { .init(gradient: 2 * ($0.target - $0.score), hessian: 2) })
    let table = try Table(
      features: [], featureNames: [], target: (0..<50).map(Double.init), rowCount: 50)
    let verdict = flipped.check(on: table)
    #expect(!verdict.isSound)
    #expect(verdict.description.contains("the sign is flipped"))
    #expect(SquaredError().check(on: table).isSound)
    let lacking = SizeNormalisedSquaredError().check(on: table)
    #expect(!lacking.isSound && lacking.description.contains("needs row data 'size'"))
    let rows = try ObjectiveRows(table, for: flipped)
    let error = #expect(throws: LearningError.self) {
      try flipped.requireSound(on: rows, of: table)
    }
    #expect(error?.code == .unsoundObjective)
  }
}
