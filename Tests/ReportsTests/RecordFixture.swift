import Foundation
import Losses

@testable import Harness

/// A record made by hand: two learners, three combinations each, numbers chosen for reading.
enum RecordFixture {
  static let buckets = [
    SizeBucket(lower: 2, upper: 10, rows: 400, groups: 20),
    SizeBucket(lower: 10, upper: 100, rows: 500, groups: 25),
    SizeBucket(lower: 100, upper: 5000, rows: 300, groups: 15),
  ]

  static let sne = ObjectivePlan(
    name: "SNE", objective: SizeNormalisedSquaredError(), forms: [.plain, .adjusted])
  static let squared = ObjectivePlan(
    name: "Squared error", objective: SquaredError(), isBaseline: true)

  static func combination(
    _ learner: String, _ objective: String, _ form: ObjectiveForm = .plain
  ) -> Combination {
    Combination(learner: learner, objective: objective, form: form)
  }

  /// A finished trial whose RMSNE is `rmsne` on the test rows.
  static func trial(
    _ learner: String, _ plan: ObjectivePlan, _ form: ObjectiveForm = .plain, seed: UInt64 = 1,
    rmsne: Double, rmse: Double, percents: [Double]
  ) -> TrialRecord {
    var trial = TrialRecord(
      combination: combination(learner, plan.name, form), kind: learner == "MLP" ? .mlp : .trees,
      objectiveName: plan.objective.name,
      adjustment: form == .adjusted ? plan.objective.scoreAdjustment?.formula : nil, seed: seed,
      options: [.init("learning rate", "0.1"), .init("leaves", "31")], status: .finished)
    trial.seconds = .init(prepare: 0.0123, train: 1.5, predict: 0.000456)
    trial.threads = 2
    trial.processPeakBytes = 200 << 20
    let rounds = (1...40).map { Double($0) }
    trial.trainLosses = rounds.map { 5 / $0 }
    trial.validationLosses = rounds.map { 6 / $0 + 0.01 * $0 }
    trial.rounds = 40
    trial.bestRound = 24
    trial.modelBytes = 123_456
    trial.scores = [
      .init(metric: "rmsne", train: 0.9 * rmsne, validation: 1.05 * rmsne, test: rmsne),
      .init(metric: "rmse", train: 0.9 * rmse, validation: 1.05 * rmse, test: rmse),
    ]
    trial.sizeErrors = percents.map {
      SizeError(rootMeanSquaredPercent: $0, meanAbsolutePercent: 0.6 * $0)
    }
    return trial
  }

  static func comparison(
    _ question: ComparisonRecord.Question, _ a: Combination, _ b: Combination, metric: String,
    _ aValue: Double, _ bValue: Double, low: Double, high: Double, bucket: Int? = nil,
    direction: Metric.Direction = .lowerIsBetter
  ) -> ComparisonRecord {
    let difference = Interval(value: aValue - bValue, low: low * bValue, high: high * bValue)
    let isClear = difference.low > 0 || difference.high < 0
    let isBetter = (difference.value < 0) == (direction == .lowerIsBetter)
    return ComparisonRecord(
      question: question, a: a, b: b, metric: metric, bucket: bucket, rows: 1200, seeds: 1,
      aValue: aValue, bValue: bValue, difference: difference,
      relative: Interval(value: (aValue - bValue) / bValue, low: low, high: high),
      unit: .groups, unitCount: 60, resamples: 1000,
      verdict: !isClear ? .undecided : isBetter ? .better : .worse,
      pValue: isClear ? 0.002 : 0.3, adjustedPValue: isClear ? 0.006 : 0.5, familySize: 3)
  }

  static func record(title: String = "SNE against squared error") -> ResultRecord {
    let trials = [
      trial("Boosted trees", sne, rmsne: 0.31, rmse: 60, percents: [40, 20, 14]),
      trial("Boosted trees", sne, .adjusted, rmsne: 0.129, rmse: 55, percents: [14, 13, 11]),
      trial("Boosted trees", squared, rmsne: 3.4, rmse: 40, percents: [540, 60, 9]),
      trial("MLP", sne, .adjusted, rmsne: 0.135, rmse: 58, percents: [15, 13.5, 12]),
      trial("MLP", squared, rmsne: 2.2, rmse: 41, percents: [320, 50, 10]),
    ]
    let trees = combination("Boosted trees", "SNE", .adjusted)
    let mlp = combination("MLP", "SNE", .adjusted)
    let treesSquared = combination("Boosted trees", "Squared error")
    let mlpSquared = combination("MLP", "Squared error")
    let rows = Array(stride(from: 0, to: 1200, by: 12))
    let sizes = rows.indices.map { 3 * pow(1.07, Double($0)) }
    let targets = sizes.enumerated().map { $1 * Double($0 % 10) / 10 }
    return ResultRecord(
      title: title, command: "bench compare --objective sne", began: "2026-01-02T03:04:05Z",
      ended: "2026-01-02T03:05:05Z", isComplete: true, data: data(),
      machine: MachineRecord(
        processor: "A processor", cores: 2, memoryBytes: 8 << 30, system: "An OS",
        architecture: "x86_64", swift: "Swift 6.3, optimised",
        libraries: [.init("HDF5", "1.14.5")]),
      objectives: [sne, squared].map(ResultRecord.ObjectiveEntry.init),
      learners: ["Boosted trees", "MLP"], seeds: [1],
      metrics: [.init(.rmsne), .init(.rmse)], trials: trials, sizeBuckets: buckets,
      comparisons: [
        comparison(
          .objective, trees, treesSquared, metric: "rmsne", 0.129, 3.4, low: -0.97, high: -0.94),
        comparison(
          .objective, mlp, mlpSquared, metric: "rmsne", 0.135, 2.2, low: -0.95, high: -0.91),
        comparison(.learner, trees, mlp, metric: "rmsne", 0.129, 0.135, low: -0.09, high: 0.02),
        comparison(
          .objective, trees, treesSquared, metric: "rmse", 55, 40, low: 0.2, high: 0.5),
        comparison(.objective, mlp, mlpSquared, metric: "rmse", 58, 41, low: 0.3, high: 0.55),
        comparison(
          .objective, trees, treesSquared, metric: "rmsne", 0.14, 5.4, low: -0.99, high: -0.9,
          bucket: 0),
        comparison(
          .objective, trees, treesSquared, metric: "rmsne", 0.11, 0.09, low: .nan, high: .nan,
          bucket: 2),
      ],
      sample: PredictionSample(
        rows: rows, targets: targets, sizes: sizes,
        columns: trials.map { trial in
          .init(
            combination: trial.combination, seed: 1,
            predictions: targets.indices.map { row in
              targets[row] + (trial.objectiveName == "squared" ? 5 : 0.1 * sizes[row])
            })
        }), predictionsFile: "sne-predictions.h5")
  }

  /// The record with a constant and a straight line, which the best learner beats by 15 %.
  static func withSimpleModels() -> ResultRecord {
    var record = record()
    let line = combination("Linear", "SNE", .adjusted)
    for (name, kind, rmsne, percents) in [
      ("Constant", LearnerPlan.Kind.constant, 0.5, [60.0, 50, 40]),
      ("Linear", .linear, 0.152, [16, 15, 10.5]),
    ] {
      var trial = trial(name, sne, .adjusted, rmsne: rmsne, rmse: 70, percents: percents)
      trial.kind = kind
      (trial.rounds, trial.bestRound, trial.trainLosses, trial.validationLosses) = (0, 0, [], [])
      trial.seconds = .init(prepare: 0.001, train: 0.002, predict: 0.0001)
      record.trials.insert(trial, at: kind == .constant ? 0 : 1)
    }
    record.simpleModels = [
      .init(plan("Constant", .constant, "the best constant")),
      .init(plan("Linear", .linear, "a straight line")),
    ]
    record.simpleModelNotes = []
    record.smallestDifference = 0.01
    record.comparisons += [
      comparison(
        .simple, combination("Boosted trees", "SNE", .adjusted), line, metric: "rmsne", 0.129,
        0.152,
        low: -0.18, high: -0.12)
    ]
    record.slices = [(0, 0.14, 0.16), (1, 0.13, 0.15), (2, 0.11, 0.105)].map { place, own, other in
      SliceRecord(
        kind: .size, name: "\(place)", range: [1, 2], rows: 400, metric: "rmsne",
        values: [
          .init(combination: combination("Boosted trees", "SNE", .adjusted), value: own),
          .init(combination: line, value: other),
        ])
    }
    return record
  }

  private static func plan(
    _ name: String, _ kind: LearnerPlan.Kind, _ words: String
  ) -> SimpleModelPlan {
    SimpleModelPlan(
      learner: LearnerPlan(name: name, kind: kind) { objective, _, _, _ in
        preconditionFailure("a plan for its name alone: \(objective.name)")
      }, words: words, objective: "SNE", form: .adjusted)
  }

  static func data(
    task: Task = .regression, classNames: [String]? = nil
  ) -> DataRecord {
    DataRecord(
      name: "pv-fleet", path: "Datasets/pv-fleet.h5", sha256: String(repeating: "ab", count: 32),
      bytes: 1_234_567, facts: [.init("Features read from", "X")], task: task, rowCount: 6000,
      trainRows: 4000, validationRows: 800, testRows: 1200, split: "the file's own split column",
      validation: "the last 15 % of each group's training rows, in file order",
      repeatedTestRows: 0, missingShare: 0.0312, featureNames: ["sun", "cloud", "lag_1"],
      targetName: "y", targetUnit: "kWh", sizeUnit: "kWp", rowDataNames: ["size"],
      classNames: classNames, groupCount: 60, testGroupCount: 60, groupName: "system")
  }

  /// A classification record without baseline, over `count` classes.
  static func classes(_ count: Int) -> ResultRecord {
    var record = record(title: "Classes")
    let plan = ObjectivePlan(name: "Softmax", objective: SoftmaxCrossEntropy(classes: count))
    record.data = data(task: .multiclass, classNames: (0..<count).map { "kind \($0)" })
    record.objectives = [.init(plan)]
    record.metrics = [.init(.logLoss), .init(.accuracy)]
    record.sizeBuckets = []
    record.sample = nil
    record.trials = ["Boosted trees", "MLP"].map { learner in
      var trial = trial(learner, plan, rmsne: 0, rmse: 0, percents: [])
      trial.scores = [
        .init(
          metric: "log-loss", train: 0.01, validation: learner == "MLP" ? 0.1 : 0.19,
          test: learner == "MLP" ? 0.1 : 0.2),
        .init(metric: "accuracy", train: 1, validation: 0.95, test: learner == "MLP" ? 0.97 : 0.95),
      ]
      trial.confusion = (0..<count).map { row in
        (0..<count).map { row == $0 ? 20 : (row + 1) % count == $0 ? 2 : 0 }
      }
      return trial
    }
    let a = combination("Boosted trees", "Softmax")
    let b = combination("MLP", "Softmax")
    record.comparisons = [
      comparison(.learner, a, b, metric: "log-loss", 0.2, 0.1, low: 0.5, high: 1.6)
    ]
    return record
  }
}
