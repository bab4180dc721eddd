import OrderedCollections
import Learning
import Losses
import Tabular
import TestSupport
import Testing

@testable import Baselines

struct LaggedColumnTests {
  @Test(arguments: [
    "yield_week", "lag1", "lag_24", "lastWeek", "prev_sales", "Yesterday", "y-7d", "power 24h",
    "previousDay", "two weeks ago",
  ])
  func namesOfThePast(name: String) { #expect(LaggedColumn.speaksOfThePast(name)) }

  @Test(arguments: ["hour", "lagoon", "blast", "x1", "weekend", "h", "temperature", "pastry"])
  func otherNames(name: String) { #expect(!LaggedColumn.speaksOfThePast(name)) }

  /// Sizes 1 to 100; the target per unit is `level`, of which `lag` is a noisy copy.
  private func table(
    _ names: [String], scale: Double = 1, noise: Double = 0.1, isPerUnit: Bool = true
  ) throws -> Table {
    let levels = referenceNumbers(300, seed: 1)
    let noises = referenceNumbers(300, seed: 2)
    let sizes = (0..<300).map { Double(1 + ($0 * 37) % 100) }
    return try Table(
      features: (0..<300).flatMap { row -> [Float] in
        let lag = scale * (levels[row] + noise * (noises[row] - 0.5))
        return [Float(isPerUnit ? lag : lag * sizes[row]), Float(noises[row])]
      }, featureNames: names, target: (0..<300).map { levels[$0] * sizes[$0] },
      rowData: ["size": sizes])
  }

  @Test func aNamedColumnPerUnitIsFound() throws {
    let found = try #require(
      LaggedColumn.find(in: table(["yield_week", "noise"]), unit: "size"))
    #expect(found.name == "yield_week" && found.isPerUnit && found.isNamed)
    // Noise of variance 0.1^2 / 12 against 1 / 12.
    expectClose(found.share, 0.99, relative: 0, absolute: 0.003)
  }

  @Test func aColumnInTheTargetsOwnUnitIsFound() throws {
    let found = try #require(
      LaggedColumn.find(in: table(["lag", "noise"], isPerUnit: false), unit: "size"))
    #expect(found.name == "lag" && !found.isPerUnit)
  }

  /// What is left of a column less an offset is near nothing as it stands.
  @Test func aShiftedColumnIsNone() throws {
    func found(_ shifts: [String: FeatureShift], name: String? = nil) throws -> LaggedColumn? {
      let table = try Table(
        features: [1, 2, 3, 4], featureNames: ["lag"], target: [1, 2, 3, 4], featureShifts: shifts)
      return LaggedColumn.find(in: table, name: name)
    }
    #expect(try found([:])?.share == 1)
    #expect(try found(["lag": .real(offset: 1e9)]) == nil)
    #expect(try found(["lag": .real(offset: 1e9)], name: "lag") == nil)
  }

  /// Without a name the values decide, and they must be near the target as they stand.
  @Test func valuesAloneMustBeNear() throws {
    #expect(LaggedColumn.find(in: try table(["a", "noise"]), unit: "size")?.name == "a")
    #expect(LaggedColumn.find(in: try table(["a", "noise"], scale: 3), unit: "size") == nil)
    #expect(LaggedColumn.find(in: try table(["a", "noise"], noise: 2), unit: "size") == nil)
    // A name that speaks of the past needs no more than to beat the mean.
    #expect(
      LaggedColumn.find(in: try table(["lag", "noise"], noise: 0.9), unit: "size")?.name == "lag")
    #expect(LaggedColumn.find(in: try table(["lag", "noise"], scale: 9), unit: "size") == nil)
  }

  @Test func aColumnThatTheUserNamesIsTaken() throws {
    let found = LaggedColumn.find(in: try table(["a", "b"], scale: 9), unit: "size", name: "b")
    #expect(found?.name == "b")
  }

  /// The column itself is the prediction, times the size; a missing value is the mean.
  @Test func theColumnIsThePrediction() throws {
    let data = try table(["yield_week", "noise"])
    let model = try ColumnLearner(
      column: "yield_week", objective: SizeNormalisedSquaredError(), adjustsScores: true
    ).fit(data)
    let predictions = try model.predictions(for: data)
    let sizes = try #require(data.rowData["size"])
    for row in 0..<300 { #expect(predictions[row] == Double(data.features[2 * row]) * sizes[row]) }
    let hole = try Table(
      features: [.nan, 0], featureNames: data.featureNames, rowData: ["size": [10]])
    let target = try #require(data.target)
    let ratios = zip(target, sizes).map { $0.0 / $0.1 }
    let mean = ratios.reduce(0, +) / 300
    expectClose(try model.predictions(for: hole)[0], 10 * mean, relative: 1e-12)
  }

  /// Under a log link the column is the prediction all the same.
  @Test func countsAreTakenAsTheyStand() throws {
    let data = try Table(
      features: [3, 0, 5], featureNames: ["lag"], target: [2, 1, 4])
    let model = try ColumnLearner(column: "lag", objective: Poisson()).fit(data)
    #expect(try model.predictions(for: data) == [3, 0, 5])
    #expect(throws: LearningError.self) {
      try ColumnLearner(column: "none", objective: SquaredError()).fit(data)
    }
  }
}
