public import Learning
public import Losses
import Tabular

/// Data x learners x objectives x seeds: a set of trials on the same rows, run in a fixed order.
///
/// ```swift
/// let result = try Experiment(
///   title: "SNE against squared error", data: data, learners: [trees, mlp],
///   objectives: [
///     .init(name: "SNE", objective: SizeNormalisedSquaredError(), forms: [.plain, .adjusted]),
///     .init(name: "Squared error", objective: SquaredError(), isBaseline: true),
///   ]
/// ).run()
/// ```
public struct Experiment: Sendable {
  /// What is compared, in words.
  public var title: String
  /// Rows to train on, to stop early on, to judge on.
  public var data: ExperimentData
  /// The learners, in order.
  public var learners: [LearnerPlan]
  /// The objectives, in order; the default metric of the first one leads.
  public var objectives: [ObjectivePlan]
  /// One trial of every combination per seed.
  public var seeds: [UInt64]
  /// Threads for training and prediction; nil: one per core.
  public var threads: Int?
  /// The command line that reproduces the experiment.
  public var command: String?
  /// More libraries with their versions, for the record; HDF5 is named in any case.
  public var libraries: [NamedValue]
  /// Metrics to compute, the most important first.
  public var metrics: [Metric]
  /// What the learners have to beat, each run once under the first seed; see ``SimpleModels``.
  public var simpleModels: [SimpleModelPlan] = []
  /// A sentence for each simple model that was left out, and on how a column was found.
  public var simpleModelNotes: [String] = []
  /// The least difference that matters; see ``ComparisonRecord/threshold(_:_:_:)``.
  public var smallestDifference = ComparisonRecord.usualSmallestDifference
  /// The least number of resamples per comparison. Families of many comparisons take more, since a
  /// corrected p-value cannot be smaller than `2 x comparisons / (resamples + 1)`.
  public var resamples = 1000

  /// Sets up an experiment.
  ///
  /// - Parameter metrics: nil for the objectives' default metrics followed by what is usual for the
  ///   task (``MetricChoice``).
  /// - Throws: ``HarnessError`` if there is nothing to run, or names repeat.
  public init(
    title: String, data: ExperimentData, learners: [LearnerPlan], objectives: [ObjectivePlan],
    seeds: [UInt64] = [1], threads: Int? = nil, command: String? = nil,
    libraries: [NamedValue] = [], metrics: [Metric]? = nil
  ) throws(HarnessError) {
    func require(_ condition: Bool, _ sentence: String) throws(HarnessError) {
      guard condition else { throw HarnessError(sentence) }
    }
    try require(!learners.isEmpty, "an experiment needs at least one learner")
    try require(
      objectives.contains { !$0.runnableForms.isEmpty },
      "an experiment needs at least one objective in a form that it has")
    try require(!seeds.isEmpty, "an experiment needs at least one seed")
    try require(
      Set(learners.map(\.name)).count == learners.count, "two learners have the same name")
    try require(
      Set(objectives.map(\.name)).count == objectives.count, "two objectives have the same name")
    try require(Set(seeds).count == seeds.count, "two seeds are equal")
    self.title = title
    self.data = data
    self.learners = learners
    let objectives = objectives.map { $0.resolved(on: data.train) }
    self.objectives = objectives
    self.seeds = seeds
    self.threads = threads
    self.command = command
    self.libraries = libraries
    self.metrics = metrics ?? MetricChoice.metrics(for: objectives, data: data.test)
  }
}

/// What an experiment says while it runs.
public struct ExperimentProgress: Sendable {
  /// What just happened.
  public enum Event: Sendable {
    /// A trial begins.
    case began
    /// A round ended.
    case round(TrainingRound)
    /// The trial ended, well or not.
    case ended(TrialRecord)
    /// The trial had ended well in an earlier run, and was taken from its journal.
    case kept(TrialRecord)
  }

  /// The trial, counted from 1.
  public var trial: Int
  /// Trials in all.
  public var trialCount: Int
  /// Learner, objective and form.
  public var combination: Combination
  /// The seed.
  public var seed: UInt64
  /// The most rounds the trial may run, if known.
  public var plannedRounds: Int?
  /// What just happened.
  public var event: Event
}

/// What an experiment gives: the record, and every test prediction.
public struct ExperimentResult: Sendable {
  /// Everything but the predictions.
  public var record: ResultRecord
  /// Test rows and the predictions of every finished trial.
  public var predictions: TestPredictions
}
