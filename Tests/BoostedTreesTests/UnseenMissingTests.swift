import BoostedTrees
import Losses
import Tabular
import Testing

/// Rows to predict whose value is missing where none was in training follow the heavier side: that of
/// more rows under squared error.
@Suite("Missing values not seen in training") struct UnseenMissingTests {
  /// A step of one column: `left` rows of target 0 below it, `right` rows of target 1 above.
  private func table(left: Int, right: Int) throws -> Table {
    let count = left + right
    return try Table(
      features: (0..<count).map { $0 < left ? -1 : 1 }, featureNames: ["x"],
      target: (0..<count).map { $0 < left ? 0 : 1 },
      source: "step")
  }

  private func predictions(left: Int, right: Int) throws -> [Double] {
    let booster = Booster(
      objective: SquaredError(), rounds: 1, learningRate: 1, leaves: 2, minChildWeight: 0,
      minChildRows: 5)
    let rows = try Table(features: [-1, 1, .nan], featureNames: ["x"], source: "rows")
    return try booster.fit(table(left: left, right: right)).predictions(for: rows)
  }

  @Test("they go where most rows went", arguments: [(70, 30), (30, 70), (51, 49), (49, 51)])
  func followRows(left: Int, right: Int) throws {
    let predictions = try predictions(left: left, right: right)
    #expect(predictions[1] - predictions[0] > 0.9)
    #expect(predictions[2] == predictions[left > right ? 0 : 1])
  }
}
