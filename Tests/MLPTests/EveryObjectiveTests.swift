import Formulas
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
    let (table, sample) = try Self.table(testCase, seed: 3)
    let network = try Self.learner(testCase.objective).fit(table)
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

  private static func learner(_ objective: any Objective) -> Perceptron {
    Perceptron(
      hidden: [8], objective: objective, optimizer: .adam(learningRate: 0.01), epochs: 60,
      batchSize: 32, threads: 1)
  }

  /// 240 rows that the case accepts, with a feature that tells something of the target.
  private static func table(
    _ testCase: ObjectiveCase, seed: UInt64
  ) throws -> (table: Table, sample: ObjectiveSample) {
    let rows = 240
    let sample = testCase.rows(rows, seed: seed)
    var generator = RandomGenerator(seed: seed, stream: 1)
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
    return (table, sample)
  }

  @Test("a formula trains as well as the objective of its name", arguments: FormulaCase.all)
  func formulas(_ formula: FormulaCase) throws {
    for seed in [3, 5, 8] as [UInt64] {
      let (table, _) = try Self.table(formula.rows, seed: seed)
      let named = try Self.learner(formula.named).fit(table)
      let typed = try Self.learner(formula.typed).fit(table)
      let metric = formula.named.defaultMetric
      let a = try #require(named.evaluate(on: table, metrics: [metric])[metric.name])
      let b = try #require(typed.evaluate(on: table, metrics: [metric])[metric.name])
      expectClose(b, a, relative: 0.01)
    }
  }

  @Test("a closure gives the bytes of the shipped objective", arguments: PointwiseCase.all)
  func closures(_ pointwise: PointwiseCase) throws {
    let (table, _) = try Self.table(pointwise.rows, seed: 6)
    var learner = Self.learner(pointwise.shipped)
    learner.epochs = 5
    let shipped = try learner.fit(table)
    learner.objective = pointwise.declared
    #expect(try bytes(learner.fit(table)) == bytes(shipped))
  }

  /// Absolute errors of targets of any unit: once the unit was 1, and 1,000 epochs were needed to
  /// cross targets of 1e6.
  @Test(
    "losses of straight lines train in the target's unit",
    arguments: [
      "absolute", "quantile(0.5)", "huber", "max(0, abs(score - y) - 1e-9)",
    ])
  func units(_ text: String) throws {
    var generator = RandomGenerator(seed: 4)
    let x = (0..<400).map { _ in generator.uniform() }
    for scale in [1e-6, 1e6] {
      let table = try Table(
        features: x.map(Float.init), featureNames: ["x"], target: x.map { scale * (20 * $0 - 5) },
        source: "made")
      let network = try Self.learner(parseObjective(text)).fit(table)
      let mae = try #require(network.evaluate(on: table, metrics: [.mae])["mae"])
      // The targets' own mean distance from their median is 5.
      #expect(mae < scale, "scale \(scale)")
    }
  }
}
