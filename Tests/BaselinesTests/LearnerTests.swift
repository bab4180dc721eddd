import OrderedCollections
import Learning
import Losses
import Tabular
import TestSupport
import Testing

@testable import Baselines

struct LearnerTests {
  /// Rows of two features; sizes from 1 to 1000.
  private func table(
    _ count: Int = 200, names: [String] = ["x", "z"], classes: [String]? = nil,
    rowData: Bool = true, _ target: (Int, Double, Double) -> Double
  ) throws -> Table {
    let numbers = referenceNumbers(2 * count, seed: 11)
    let sizes = (0..<count).map { Double(1 + ($0 * 337) % 1000) }
    return try Table(
      features: numbers.map(Float.init), featureNames: names,
      target: (0..<count).map { row in
        target(row, Double(Float(numbers[2 * row])), Double(Float(numbers[2 * row + 1])))
      }, rowData: rowData ? ["size": sizes] : [:], classNames: classes, source: "made")
  }

  private func size(_ row: Int) -> Double { Double(1 + (row * 337) % 1000) }

  /// The mean of y / size, counted by weight, is the constant of SNE per unit of size; plain, it is
  /// sum(y / size^2) / sum(1 / size^2).
  @Test func constantsMinimizeTheObjective() throws {
    let data = try table { row, x, _ in size(row) * (1 + x) }
    let target = try #require(data.target)
    let adjusted = try ConstantLearner(objective: SizeNormalisedSquaredError()).fit(data)
    let mean = target.indices.reduce(0) { $0 + target[$1] / size($1) } / Double(target.count)
    expectClose(adjusted.intercepts[0], mean, relative: 1e-12)
    expectClose(try adjusted.predictions(for: data)[7], mean * size(7), relative: 1e-12)
    let plain = try ConstantLearner(
      objective: SizeNormalisedSquaredError(), adjustsScores: false
    ).fit(data)
    let (above, below) = target.indices.reduce((0.0, 0.0)) {
      ($0.0 + target[$1] / (size($1) * size($1)), $0.1 + 1 / (size($1) * size($1)))
    }
    expectClose(plain.intercepts[0], above / below, relative: 1e-9)
  }

  /// A target that is a line per unit of size is found, whatever the sizes; a line without units is
  /// not.
  @Test func linesPerUnitOfSize() throws {
    let data = try table { row, x, z in size(row) * (0.5 + 2 * x - z) }
    let model = try LinearLearner(objective: SizeNormalisedSquaredError()).fit(data)
    let target = try #require(data.target)
    for (row, prediction) in try model.predictions(for: data).enumerated() {
      expectClose(prediction, target[row], relative: 0, absolute: 2e-5 * size(row))
    }
    let other = try LinearLearner(
      objective: SizeNormalisedSquaredError(), adjustsScores: false
    ).fit(data)
    let error = try other.evaluate(on: data, metrics: [.rmsne]).entries[0].value
    #expect(error > 1)
  }

  /// A missing value counts as the column's mean, and one beyond the training range as its end.
  @Test func missingAndWildValues() throws {
    var data = try table { _, x, z in 3 * x + z }
    let model = try LinearLearner(objective: SquaredError()).fit(data)
    let means = (0..<2).map { column in
      (0..<data.rowCount).reduce(0.0) {
        $0 + Double(data.features[2 * $1 + column])
      } / Double(data.rowCount)
    }
    let largest = (0..<data.rowCount).map { data.features[2 * $0] }.max() ?? 0
    let features: [Float] = [.nan, Float(means[1]), 1e30, Float(means[1]), .infinity, .nan]
    data = try Table(features: features, featureNames: ["x", "z"])
    let found = try model.predictions(for: data)
    expectClose(found[0], 3 * means[0] + means[1], relative: 1e-4)
    expectClose(found[1], 3 * Double(largest) + means[1], relative: 1e-4)
    #expect(found[2] == found[0] || abs(found[2] - found[0]) < 1e-6)
  }

  /// Quantiles are the line plus the quantiles of its residuals: 10 and 90 % of the training rows
  /// lie below.
  @Test(arguments: [false, true])
  func quantilesLieAroundTheLine(nonCrossing: Bool) throws {
    let noise = referenceNumbers(500, seed: 5)
    let data = try table(500) { row, x, _ in 4 * x + noise[row] }
    let objective = Quantiles([0.1, 0.9], nonCrossing: nonCrossing)
    let predictions = try LinearLearner(objective: objective).fit(data).predictions(for: data)
    let target = try #require(data.target)
    for (k, share) in [0.1, 0.9].enumerated() {
      let below = target.indices.count { target[$0] <= predictions[2 * $0 + k] }
      #expect(abs(Double(below) / 500 - share) < 0.01)
    }
    // Noise between 0 and 1: its 10 and 90 % quantiles are 0.8 apart.
    expectClose(predictions[1] - predictions[0], 0.8, relative: 0.1)
  }

  /// A single quantile, and a loss that is not one of residuals, which leaves the line alone.
  @Test func oneConstantIsAddedToTheLine() throws {
    let noise = referenceNumbers(500, seed: 5)
    let data = try table(500) { row, x, _ in 5 + 4 * x + noise[row] }
    let target = try #require(data.target)
    let high = try LinearLearner(objective: Quantile(0.9)).fit(data).predictions(for: data)
    let below = target.indices.count { target[$0] <= high[$0] }
    #expect(abs(Double(below) / 500 - 0.9) < 0.01)
    let line = try LinearLearner(objective: SquaredError()).fit(data).predictions(for: data)
    let relative = try LinearLearner(objective: AbsolutePercentageError()).fit(data)
    #expect(try relative.predictions(for: data) == line)
  }

  @Test func classesAndCounts() throws {
    let two = try table(300, classes: ["a", "b"]) { _, x, z in x + 0.3 * z > 0.6 ? 1 : 0 }
    let logistic = try LinearLearner(objective: Logistic()).fit(two)
    #expect(try logistic.evaluate(on: two, metrics: [.accuracy]).entries[0].value > 0.97)
    let three = try table(300, classes: ["a", "b", "c"]) { _, x, z in
      x + z > 1.3 ? 2 : x + z > 0.7 ? 1 : 0
    }
    for objective in [
      SoftmaxCrossEntropy(classes: 3) as any Objective, Ordinal(classes: 3), OneVsRest(classes: 3),
    ] {
      let model = try LinearLearner(objective: objective).fit(three)
      let right = try model.evaluate(on: three, metrics: [.accuracy]).entries[0].value
      #expect(right > 0.85, "\(objective.name) \(right)")
    }
    let counts = try table(300, rowData: true) { _, x, _ in (10 * x).rounded() }
    let poisson = try LinearLearner(objective: Poisson()).fit(counts)
    let mean = try poisson.predictions(for: counts).reduce(0, +) / 300
    // The intercept is not penalized, so the mean is met.
    expectClose(mean, (counts.target ?? []).reduce(0, +) / 300, relative: 1e-6)
  }

  /// Probabilities as targets of a logistic loss.
  /// Newton's first step from nothing would be 10^12 long.
  @Test func hugeCountsAreFound() throws {
    let data = try table { row, x, _ in (1e12 * (1 + x)).rounded() + Double(row) }
    let target = try #require(data.target)
    let predictions = try LinearLearner(objective: Poisson()).fit(data).predictions(for: data)
    let (mean, sum) = (predictions.reduce(0, +) / 200, target.reduce(0, +) / 200)
    expectClose(mean, sum, relative: 1e-3)
    // exp(a + b x) follows 1 + x to a few percent from 0 to 1.
    for (found, expected) in zip(predictions, target) {
      expectClose(found, expected, relative: 0.15)
    }
  }

  @Test func softTargets() throws {
    let data = try table { _, x, _ in x > 0.5 ? 0.4 : 0.2 }
    let model = try LinearLearner(objective: Logistic()).fit(data)
    let predictions = try model.predictions(for: data)
    #expect(predictions.allSatisfy { $0 > 0.1 && $0 < 0.5 })
  }

  @Test func whatHasNoLineIsRefused() throws {
    let data = try table { _, x, _ in x }
    #expect(LinearLearner.refusal(of: SquaredError(), on: data) == nil)
    let withoutLoss = BatchObjective("two", scoresPerRow: 2) { scores, _, gradients, hessians in
      for index in gradients.indices {
        gradients[index] = scores[index]
        hessians[index] = 1
      }
    }
    #expect(LinearLearner.refusal(of: withoutLoss, on: data)?.contains("no loss") == true)
    #expect(ColumnLearner.refusal(of: SquaredError(), on: data) == nil)
    #expect(ColumnLearner.refusal(of: Logistic(), on: data) != nil)
  }

  /// There is no chance in it, and of many rows a sample is fitted.
  @Test func seedsAndThreadsMakeNoDifference() throws {
    let data = try table { _, x, z in x - z }
    var learner = LinearLearner(objective: SquaredError())
    let first = try ModelFile.bytes(of: learner.fit(data))
    learner.seed = 9
    learner.threads = 2
    #expect(try ModelFile.bytes(of: learner.fit(data)) == first)
    #expect(LinearLearner.rowsFitted(of: 60_000, columns: 400, scores: 10) == 5_000)
    #expect(LinearLearner.rowsFitted(of: 60_000, columns: 20, scores: 1) == 60_000)
  }

  @Test func rowsOfWeightZeroSayNothing() throws {
    let data = try table { row, x, z in row < 100 ? x + z : 1e6 }
    let weighted = try Table(
      features: data.features, featureNames: data.featureNames, target: data.target,
      weights: (0..<200).map { $0 < 100 ? 1 : 0 })
    let model = try LinearLearner(objective: SquaredError()).fit(weighted)
    let alone = try LinearLearner(objective: SquaredError()).fit(
      data.subset(Array(0..<100)))
    expectClose(model.intercepts[0], alone.intercepts[0], relative: 1e-9)
  }

  /// More columns than normal equations are made for: those that tell something are kept.
  @Test func veryWideTables() throws {
    let count = 60
    let columns = LinearLearner.mostColumns + 50
    var numbers = referenceNumbers(count * columns, seed: 3)
    let target = referenceNumbers(count, seed: 4)
    for row in 0..<count { numbers[row * columns + columns - 1] = target[row] }
    let data = try Table(
      features: numbers.map(Float.init), featureNames: (0..<columns).map { "f\($0)" },
      target: target)
    let model = try LinearLearner(objective: SquaredError()).fit(data)
    #expect(model.inputs.count == LinearLearner.mostColumns)
    #expect(model.inputs.columns.last == columns - 1)
  }

  @Test func aTableWithoutUsefulFeaturesGivesTheConstant() throws {
    let data = try Table(
      features: [1, 1, 1, 1], featureNames: ["one"], target: [1, 2, 3, 6])
    let model = try LinearLearner(objective: SquaredError()).fit(data)
    #expect(model.inputs.count == 0)
    expectClose(model.intercepts[0], 3, relative: 1e-12)
  }

  @Test func modelFilesAreReadBack() throws {
    let data = try table(300, classes: ["a", "b", "c"]) { row, _, _ in Double(row % 3) }
    let model = try LinearLearner(objective: SoftmaxCrossEntropy(classes: 3)).fit(data)
    var encoder = BinaryEncoder()
    model.encodePayload(into: &encoder)
    var decoder = BinaryDecoder(encoder.bytes[...])
    let again = try LinearModel(header: model.header, payload: &decoder)
    #expect(decoder.isAtEnd)
    #expect(try again.scores(for: data) == model.scores(for: data))
    var cut = BinaryDecoder(encoder.bytes.dropLast(8))
    #expect(throws: LearningError.self) { try LinearModel(header: model.header, payload: &cut) }
    var bytes = encoder.bytes
    bytes[8] = 7
    var wild = BinaryDecoder(bytes[...])
    #expect(throws: LearningError.self) { try LinearModel(header: model.header, payload: &wild) }
  }
}
