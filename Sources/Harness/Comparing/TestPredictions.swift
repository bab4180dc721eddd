import OrderedCollections
import Losses
import Tabular

/// The test rows of an experiment and what each finished trial predicted for them.
public struct TestPredictions: Sendable, Hashable {
  /// The predictions of one trial.
  public struct Trial: Sendable, Hashable {
    /// Learner, objective and form.
    public var combination: Combination
    /// The seed.
    public var seed: UInt64
    /// Predictions per row: 1, or the number of classes.
    public var width: Int
    /// Predictions (inverse link), row-major `[rows x width]`.
    public var predictions: [Double]
    /// Raw scores, row-major `[rows x width]`.
    public var scores: [Double]
  }

  /// The row of the data file each test row came from.
  public var rows: [Int]
  /// The target of each.
  public var targets: [Double]
  /// The weight of each; empty if all are 1.
  public var weights: [Double]
  /// The group of each; empty without groups.
  public var groups: [Int]
  /// The size of each; empty without sizes.
  public var sizes: [Double]
  /// One entry per finished trial, in order.
  public var trials: [Trial]
}

extension TestPredictions {
  /// The most probable class of a row: the largest prediction, or whether a single one is at least
  /// one half.
  static func label(of predictions: [Double], width: Int, row: Int) -> Int {
    guard width > 1 else { return predictions[row] >= 0.5 ? 1 : 0 }
    var best = 0
    for k in 1..<width where predictions[row * width + k] > predictions[row * width + best] {
      best = k
    }
    return best
  }
}

extension TestPredictions.Trial {
  /// What a metric reads of some rows: row-major `[rows x width]`, or `[rows]` for labels.
  func values(in space: Metric.Space, rows: [Int]) -> [Double] {
    func picked(_ values: [Double]) -> [Double] {
      if rows.count * width == values.count { return values }
      return rows.flatMap { values[$0 * width..<($0 + 1) * width] }
    }
    switch space {
    case .score: return picked(scores)
    case .prediction: return picked(predictions)
    case .label:
      return rows.map { Double(TestPredictions.label(of: predictions, width: width, row: $0)) }
    }
  }
}

extension TestPredictions {
  /// The test rows of `test` with the predictions made for them.
  init(_ test: Table, trials: [Trial]) {
    self.init(
      rows: (0..<test.rowCount).map(test.sourceRow), targets: test.target ?? [],
      weights: test.weights ?? [], groups: test.groups ?? [], sizes: test.rowData["size"] ?? [],
      trials: trials)
  }
}

extension PredictionSample {
  /// The most rows drawn.
  static let mostRows = 400
  /// The most predictions kept, all combinations together.
  static let mostPredictions = 2400

  /// Draws rows by chance; nil without trials of one prediction per row, those of the learners
  /// called `others` left out.
  init?(_ test: TestPredictions, without others: [String] = [], seed: UInt64) {
    var columns: [TestPredictions.Trial] = []
    for trial in test.trials
    where trial.width == 1 && !others.contains(trial.combination.learner) {
      if !columns.contains(where: { $0.combination == trial.combination }) {
        columns.append(trial)
      }
    }
    guard !columns.isEmpty else { return nil }
    var order = Array(test.rows.indices)
    var generator = RandomGenerator(seed: seed, stream: 0x5341_4d50)
    generator.shuffle(&order)
    let drawn = order.prefix(min(Self.mostRows, Self.mostPredictions / columns.count)).sorted()
    self.init(
      rows: drawn.map { test.rows[$0] }, targets: drawn.map { test.targets[$0] },
      sizes: test.sizes.isEmpty ? [] : drawn.map { test.sizes[$0] },
      columns: columns.map { trial in
        Column(
          combination: trial.combination, seed: trial.seed,
          predictions: drawn.map { trial.predictions[$0] })
      })
  }
}
