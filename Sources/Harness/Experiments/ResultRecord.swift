import Formulas
public import Losses

/// Everything a reviewer needs of an experiment, as one JSON file.
///
/// Every number of a report comes from here. Keys are sorted and numbers that JSON has no word for
/// are the strings `nan`, `inf` and `-inf`, so that equal results give equal files.
public struct ResultRecord: Sendable, Hashable, Codable {
  /// The version written, and the newest one read.
  public static let currentVersion = 2

  /// What a metric is, for tables.
  public struct MetricDescription: Sendable, Hashable, Codable {
    /// The short name: `rmse`.
    public var name: String
    /// The name in words: `RMSE`.
    public var title: String
    /// Whether small or large values are good.
    public var direction: Metric.Direction
    /// The value to come near, where neither is.
    public var goal: Double?

    /// Describes a metric.
    public init(_ metric: Metric) {
      name = metric.name
      title = metric.title
      direction = metric.direction
      goal = metric.goal
    }
  }

  /// What is kept of an objective plan.
  public struct ObjectiveEntry: Sendable, Hashable, Codable {
    /// The plan's name.
    public var name: String
    /// The objective's own name.
    public var objective: String
    /// The loss as a formula, if the catalogue knows it.
    public var formula: String?
    /// The adjustment it suggests, as a formula: `score = size * f`.
    public var adjustment: String?
    /// What its adjusted form is called: `per unit of size`.
    public var adjustedForm: String?
    /// The name of its default metric.
    public var defaultMetric: String
    /// Whether the others are compared with it.
    public var isBaseline: Bool

    /// Describes a plan.
    public init(_ plan: ObjectivePlan) {
      name = plan.name
      objective = plan.objective.name
      formula =
        plan.objective is ExpressionObjective
        ? plan.objective.name : Catalogue.entry(named: plan.objective.name)?.formula
      adjustment = plan.objective.scoreAdjustment?.formula
      adjustedForm = plan.objective.scoreAdjustment?.form
      defaultMetric = plan.objective.defaultMetric.name
      isBaseline = plan.isBaseline
    }
  }

  /// What is kept of a simple model's plan.
  public struct SimpleModelEntry: Sendable, Hashable, Codable {
    /// Its name among learners.
    public var name: String
    /// What kind of model it is.
    public var kind: LearnerPlan.Kind
    /// Its name within a sentence: `the best constant`.
    public var words: String

    /// Describes a plan.
    public init(_ plan: SimpleModelPlan) {
      name = plan.learner.name
      kind = plan.learner.kind
      words = plan.words
    }
  }

  /// The version of this record's layout.
  public var version = currentVersion
  /// What was compared, in words.
  public var title: String
  /// The command line that reproduces it.
  public var command: String?
  /// When it began, ISO 8601 in UTC.
  public var began: String
  /// When it ended, ISO 8601 in UTC.
  public var ended: String
  /// Whether every trial was run; false after a cancellation. Failed trials were run.
  public var isComplete: Bool
  /// What the trials learned from and were judged on.
  public var data: DataRecord
  /// What they ran on.
  public var machine: MachineRecord
  /// The objectives, in order.
  public var objectives: [ObjectiveEntry]
  /// The learners' names, in order.
  public var learners: [String]
  /// The seeds, in order.
  public var seeds: [UInt64]
  /// The metrics, the most important one first.
  public var metrics: [MetricDescription]
  /// All trials in the order they were planned.
  public var trials: [TrialRecord]
  /// Ranges of system size with their rows; empty without sizes.
  public var sizeBuckets: [SizeBucket]
  /// Pairs of combinations on the same test rows.
  public var comparisons: [ComparisonRecord]
  /// A sentence for each comparison that could not be made; nil if all were.
  public var comparisonFailures: [String]?
  /// The least difference that matters; see ``ComparisonRecord/threshold(_:_:_:)``. Nil in records
  /// of older versions, as are the next four.
  public var smallestDifference: Double?
  /// What learners have to beat, in order.
  public var simpleModels: [SimpleModelEntry]?
  /// A sentence for each simple model that was left out, and on how a column was found.
  public var simpleModelNotes: [String]?
  /// What to know of metrics on the test rows, in sentences: why one is undefined there.
  public var metricNotes: [String]?
  /// Every combination on parts of the test rows: by size, group, class or target.
  public var slices: [SliceRecord]?
  /// Some test rows with every combination's prediction, for figures.
  public var sample: PredictionSample?
  /// The HDF5 file beside this one that holds all test predictions; nil if none was written.
  public var predictionsFile: String?

  /// The trials that ended well.
  public var finishedTrials: [TrialRecord] { trials.filter { $0.status == .finished } }

  /// Every combination that was planned, in order of first appearance.
  public var combinations: [Combination] {
    var seen: Set<Combination> = []
    return trials.map(\.combination).filter { seen.insert($0).inserted }
  }

  /// The finished trials of one combination, in order of seeds.
  public func finishedTrials(of combination: Combination) -> [TrialRecord] {
    finishedTrials.filter { $0.combination == combination }
  }

  /// The finished trials of one combination, of those that gave the same model file only the first:
  /// a fit without chance is one fit, under however many seeds.
  ///
  /// Model files are compared, so that records of versions without ``TrialRecord/repeatsSeed`` are
  /// counted alike.
  public func distinctTrials(of combination: Combination) -> [TrialRecord] {
    var seen: Set<String> = []
    return finishedTrials(of: combination).filter { trial in
      trial.modelSHA256.map { seen.insert($0).inserted } ?? true
    }
  }

  /// Whether a combination is one of ``simpleModels``.
  public func isSimple(_ combination: Combination) -> Bool {
    (simpleModels ?? []).contains { $0.name == combination.learner }
  }
}

/// Why an experiment cannot be set up, or a record not be read, as one sentence.
public struct HarnessError: Error, Sendable, CustomStringConvertible {
  /// What is wrong and what to do.
  public let reason: String

  /// An error with its sentence.
  public init(_ reason: String) { self.reason = reason }

  public var description: String { reason }
}
