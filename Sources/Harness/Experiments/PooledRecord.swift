public import Foundation
import Learning
import Tabular

/// Results of several experiments on parts of one file, as of cross-validation: every metric as mean
/// and spread over all finished trials of all folds.
///
/// Each fold has its own ``ResultRecord``, which this one names; a metric that it gives is the mean
/// of theirs.
public struct PooledRecord: Sendable, Hashable, Codable {
  /// The version written.
  public static let currentVersion = 2

  /// One of the experiments.
  public struct Fold: Sendable, Hashable, Codable {
    /// The name of its report, of which `NAME.json` and `NAME.md` stand beside this record.
    public var report: String
    /// Rows to train on, without validation rows.
    public var trainRows: Int
    /// Rows to stop early on.
    public var validationRows: Int
    /// Rows to judge on.
    public var testRows: Int
    /// Its first metric on the test rows, mean over seeds, by the place of the line; nil where no
    /// trial finished.
    public var firstMetric: [Double?]
  }

  /// One combination's test metrics.
  public struct Line: Sendable, Hashable, Codable {
    /// Learner, objective and form.
    public var combination: Combination
    /// The adjustment in a formula, if the form is adjusted.
    public var adjustment: String?
    /// By metric: mean over finished trials.
    public var mean: [String: Double]
    /// By metric: standard deviation over finished trials; nil for a single one.
    public var deviation: [String: Double]?
    /// Mean seconds to prepare and train.
    public var trainSeconds: Double
    /// The curvature policy and what it changed; nil for a learner that makes no Newton steps.
    public var curvature: Curvature?
    /// Trials that finished.
    public var finished: Int
    /// Trials that failed.
    public var failed: Int
  }

  /// What a curvature policy changed over all finished trials.
  public struct Curvature: Sendable, Hashable, Codable {
    /// The policy as command lines write it.
    public var policy: String
    /// Hessians computed.
    public var hessians: Int
    /// Hessians changed.
    public var changed: Int
    /// The changed ones as a share of all.
    public var share: Double

    /// Nil if no trial made Newton steps.
    init?(_ uses: [CurvatureUse]) {
      guard let first = uses.first else { return nil }
      policy = first.policy
      hessians = uses.reduce(0) { $0 + $1.hessians }
      changed = uses.reduce(0) { $0 + $1.changed }
      share = hessians > 0 ? Double(changed) / Double(hessians) : 0
    }
  }

  /// The version of this record's layout.
  public var version = currentVersion
  /// What was compared, in words.
  public var title: String
  /// The command line that reproduces it.
  public var command: String?
  /// The data file, as it was given.
  public var path: String?
  /// SHA-256 of the file, in hexadecimal.
  public var sha256: String?
  /// The column of row weights, which every metric counts by; nil without weights.
  public var weightName: String?
  /// How many folds were planned; fewer than that are here if the run was stopped.
  public var plannedFolds: Int
  /// Seeds that finished at least one trial.
  public var seeds: [UInt64]
  /// The metrics, the most important one first.
  public var metrics: [ResultRecord.MetricDescription]
  /// The experiments, in order.
  public var folds: [Fold]
  /// A line per combination, in order of first appearance.
  public var lines: [Line]
  /// A sentence per trial that failed.
  public var failures: [String]

  /// Whether every trial of every planned fold was run.
  public var isComplete: Bool
  /// Pairs of combinations over the folds; see ``FoldComparisons``. Nil in records of older
  /// versions, as is all that follows.
  public var comparisons: [ComparisonRecord]?
  /// The least difference that matters; see ``ComparisonRecord/threshold(_:_:lowerIsBetter:)``.
  public var smallestDifference: Double?
  /// What learners have to beat.
  public var simpleModels: [ResultRecord.SimpleModelEntry]?
  /// The objectives, in order.
  public var objectives: [ResultRecord.ObjectiveEntry]?
  /// What to know of metrics, in sentences.
  public var metricNotes: [String]?

  /// Pools records of one comparison on several folds.
  ///
  /// - Parameter folds: reports by name with their records, at least one.
  public init(_ folds: [(report: String, record: ResultRecord)], plannedFolds: Int) {
    precondition(!folds.isEmpty, "there is nothing to pool")
    let records = folds.map(\.record)
    let first = records[0]
    title = first.title
    command = first.command
    path = first.data.path
    sha256 = first.data.sha256
    weightName = first.data.weightName
    self.plannedFolds = plannedFolds
    seeds = Set(records.flatMap(\.finishedTrials).map(\.seed)).sorted()
    metrics = first.metrics
    let lines = first.combinations.map { Line($0, records: records) }
    self.lines = lines
    self.folds = folds.map { report, record in
      Fold(
        report: report, trainRows: record.data.trainRows,
        validationRows: record.data.validationRows, testRows: record.data.testRows,
        firstMetric: lines.map { line in
          record.metrics.first.flatMap { metric in
            Spread(
              record.finishedTrials(of: line.combination).compactMap { $0.testScore(metric.name) }
            )?.mean
          }
        })
    }
    failures = records.enumerated().flatMap { fold, record in
      record.trials.filter { $0.status == .failed }.map { trial in
        let place = records.count > 1 ? ", fold \(fold + 1)" : ""
        return "\(trial.combination), seed \(trial.seed)\(place): "
          + (trial.failure ?? "no reason is known")
      }
    }
    isComplete = records.count == plannedFolds && records.allSatisfy(\.isComplete)
    smallestDifference = first.smallestDifference
    simpleModels = first.simpleModels
    objectives = first.objectives
    var notes: [String] = []
    for note in records.flatMap({ $0.metricNotes ?? [] }) where !notes.contains(note) {
      notes.append(note)
    }
    metricNotes = notes
    comparisons = FoldComparisons(records).records
  }

  /// The record as JSON text.
  public func json() throws -> Data { try ResultRecord.json(of: self) }
}

extension PooledRecord.Line {
  init(_ combination: Combination, records: [ResultRecord]) {
    let all = records.flatMap(\.trials).filter { $0.combination == combination }
    // Equal fits under several seeds count once.
    let trials = records.flatMap { $0.distinctTrials(of: combination) }
    self.combination = combination
    adjustment = all.first?.adjustment
    mean = [:]
    var deviation: [String: Double] = [:]
    for metric in records.first?.metrics ?? [] {
      guard let spread = Spread(trials.compactMap { $0.testScore(metric.name) }) else { continue }
      mean[metric.name] = spread.mean
      if spread.count > 1 { deviation[metric.name] = spread.standardDeviation }
    }
    self.deviation = deviation.isEmpty ? nil : deviation
    let seconds = trials.compactMap { $0.seconds.map { $0.prepare + $0.train } }
    trainSeconds = seconds.reduce(0, +) / Double(max(1, seconds.count))
    curvature = PooledRecord.Curvature(trials.compactMap(\.curvature))
    finished = all.count { $0.status == .finished }
    failed = all.count { $0.status == .failed }
  }
}
