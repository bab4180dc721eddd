import Losses
import Tabular
import TestSupport
import Testing

@testable import MLP

/// Networks under every shipped objective whose rows stand alone.
@Suite("Every objective, by a network")
struct EveryObjectiveTests {
  /// Sizes and exposures are drawn without regard to the target, over five decades; a network that
  /// does not see them has nothing to learn. Nor has one whose outputs are taken for probabilities
  /// and lie outside 0 to 1.
  static let cases = ObjectiveCase.all.filter {
    $0.objective.reach == .row && $0.objective.scoreAdjustment == nil
      && !$0.traits.contains(.probabilityScores)
  }

  @Test("training lowers the loss", arguments: cases)
  func lossFalls(_ testCase: ObjectiveCase) throws {
    let rows = 240
    let sample = testCase.rows(rows, seed: 3)
    var generator = RandomGenerator(seed: 3, stream: 1)
    let spread = (sample.targets.max() ?? 1) - (sample.targets.min() ?? 0)
    let features = sample.targets.flatMap { target in
      [Float(target + 0.2 * spread * generator.normal()), Float(generator.uniform())]
    }
    let names = testCase.objective.rowDataNames
    var table = try Table(
      features: features, featureNames: ["telling", "idle"], target: sample.targets,
      source: "drawn")
    for (column, name) in names.enumerated() {
      table = try table.withRowData(
        name, (0..<rows).map { sample.rowData[$0 * names.count + column] })
    }
    let network = try Perceptron(
      hidden: [8], objective: testCase.objective, optimizer: .adam(learningRate: 0.01), epochs: 60,
      batchSize: 32, threads: 1
    ).fit(table)
    var fitted = sample
    var start = sample
    fitted.scores = try network.scores(for: table)
    let first = sample.withRows {
      initialScores(for: testCase.objective, $0, weights: Span())
    }
    for index in start.scores.indices { start.scores[index] = first[index % first.count] }
    let (before, after) = (start.losses.reduce(0, +), fitted.losses.reduce(0, +))
    #expect(after.isFinite && after < before, "\(before) to \(after)")
  }
}
