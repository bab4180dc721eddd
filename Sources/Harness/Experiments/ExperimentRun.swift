import OrderedCollections
import Foundation
import HDF5
import Learning
import Losses
import Tabular

extension Experiment {
  /// The trials in the order they run: seeds outermost, so that an experiment stopped early still
  /// compares everything under fewer seeds; then learners, objectives and forms.
  ///
  /// Simple models come first and once: chance has no part in them.
  var plannedTrials: [PlannedTrial] {
    let simple = simpleModels.compactMap { model -> PlannedTrial? in
      guard let objective = allObjectives.first(where: { $0.name == model.objective }) else {
        return nil
      }
      return PlannedTrial(
        learner: model.learner, objective: objective, form: model.form, seed: seeds[0])
    }
    return simple + learnedTrials
  }

  /// The objectives, and after them those that only simple models are fitted for.
  var allObjectives: [ObjectivePlan] {
    simpleModels.compactMap(\.ownObjective).reduce(into: objectives) { all, own in
      if !all.contains(where: { $0.name == own.name }) { all.append(own) }
    }
  }

  private var learnedTrials: [PlannedTrial] {
    seeds.flatMap { seed in
      learners.flatMap { learner in
        objectives.flatMap { objective in
          objective.runnableForms.map { form in
            PlannedTrial(learner: learner, objective: objective, form: form, seed: seed)
          }
        }
      }
    }
  }

  /// Runs every trial, one after the other.
  ///
  /// A trial that fails keeps its place in the record, with the reason. When `progress` returns
  /// false the running trial ends as cancelled, the rest is not run, and what is finished is given
  /// as a record marked incomplete.
  ///
  /// - Parameters:
  ///   - journal: where trials are kept as they end, and taken from if they ran before.
  ///   - progress: called at the beginning and end of every trial and after every round.
  public func run(
    journal: TrialJournal? = nil, progress: ((ExperimentProgress) -> Bool)? = nil
  ) -> ExperimentResult {
    let began = Self.timestamp()
    var records: [TrialRecord] = []
    var predictions: [TestPredictions.Trial] = []
    var goesOn = true
    let planned = plannedTrials
    let buckets = sizeBuckets
    for (index, trial) in planned.enumerated() {
      func report(_ event: ExperimentProgress.Event) -> Bool {
        guard let progress else { return true }
        let state = ExperimentProgress(
          trial: index + 1, trialCount: planned.count, combination: trial.combination,
          seed: trial.seed, plannedRounds: trial.learner.plannedRounds, event: event)
        goesOn = progress(state) && goesOn
        return goesOn
      }
      if let kept = journal?.outcome(of: trial, at: index, test: data.test) {
        records.append(kept.record)
        if let trial = kept.predictions { predictions.append(trial) }
        _ = report(.kept(kept.record))
        continue
      }
      guard goesOn, report(.began) else {
        records.append(trial.emptyRecord)
        continue
      }
      var outcome = run(trial, buckets: buckets) { report(.round($0)) }
      outcome.record.repeatsSeed = Self.seedRepeated(by: outcome.record, among: records)
      records.append(outcome.record)
      journal?.keep(outcome, at: index)
      if let trial = outcome.predictions { predictions.append(trial) }
      _ = report(.ended(outcome.record))
    }
    let test = TestPredictions(data.test, trials: predictions)
    let compared = comparisons(records, test, buckets: buckets)
    let record = ResultRecord(
      title: title, command: command, began: began, ended: Self.timestamp(),
      isComplete: records.allSatisfy { $0.status == .finished || $0.status == .failed },
      data: data.record, machine: .current(libraries: libraries + Self.ownLibraries),
      objectives: allObjectives.map(ResultRecord.ObjectiveEntry.init),
      learners: learners.map(\.name), seeds: seeds,
      metrics: metrics.map(ResultRecord.MetricDescription.init), trials: records,
      sizeBuckets: buckets?.counted(
        sizes: data.test.rowData["size"] ?? [], groups: data.test.groups) ?? [],
      comparisons: compared.comparisons,
      comparisonFailures: compared.failures.isEmpty ? nil : compared.failures,
      smallestDifference: smallestDifference,
      simpleModels: simpleModels.map(ResultRecord.SimpleModelEntry.init),
      simpleModelNotes: simpleModelNotes, metricNotes: metricNotes,
      slices: slices(test, buckets: buckets),
      sample: PredictionSample(test, without: simpleModels.map(\.learner.name), seed: 0),
      predictionsFile: nil)
    return ExperimentResult(record: record, predictions: test)
  }

  /// What the metrics have to say of the test rows.
  private var metricNotes: [String] {
    metrics.compactMap { metric in
      guard
        let gathered = try? ObjectiveRows(
          data.test, rowDataNames: metric.rowDataNames, neededBy: metric.name)
      else { return nil }
      return metric.remark(on: gathered.rows, weights: gathered.weights.span)
    }
  }

  /// The seed of the first of `earlier` trials that is the same fit as `trial`; nil if none is.
  static func seedRepeated(by trial: TrialRecord, among earlier: [TrialRecord]) -> UInt64? {
    guard let model = trial.modelSHA256 else { return nil }
    return earlier.first { $0.combination == trial.combination && $0.modelSHA256 == model }?.seed
  }

  /// Ranges of the test rows' sizes; nil unless the target is a number and there are sizes.
  private var sizeBuckets: SizeBuckets? {
    guard Task(data.test) == .regression, let sizes = data.test.rowData["size"] else { return nil }
    return SizeBuckets(covering: sizes)
  }

  private func run(
    _ trial: PlannedTrial, buckets: SizeBuckets?, round: @escaping (TrainingRound) -> Bool
  ) -> TrialOutcome {
    var outcome = TrialOutcome(record: trial.emptyRecord)
    do {
      try TrialRun(experiment: self, trial: trial, buckets: buckets).run(round, into: &outcome)
    } catch {
      outcome.record.status = error.code == .cancelled ? .cancelled : .failed
      outcome.record.failure = error.code == .cancelled ? nil : error.reason
      outcome.predictions = nil
    }
    outcome.record.processPeakBytes = MachineRecord.processPeakBytes()
    return outcome
  }

  /// The libraries this package itself calls.
  private static var ownLibraries: [NamedValue] {
    [NamedValue("HDF5", File.libraryVersion)]
  }

  private static func timestamp() -> String {
    Date().formatted(.iso8601)
  }
}

/// A trial before it runs.
struct PlannedTrial {
  let learner: LearnerPlan
  let objective: ObjectivePlan
  let form: ObjectiveForm
  let seed: UInt64

  var combination: Combination {
    Combination(learner: learner.name, objective: objective.name, form: form)
  }

  var emptyRecord: TrialRecord {
    TrialRecord(
      combination: combination, kind: learner.kind, objectiveName: objective.objective.name,
      adjustment: form == .adjusted ? objective.objective.scoreAdjustment?.formula : nil,
      seed: seed, options: learner.options)
  }
}

/// What one trial gives.
struct TrialOutcome {
  var record: TrialRecord
  var predictions: TestPredictions.Trial?
}

/// One trial while it runs.
struct TrialRun {
  let experiment: Experiment
  let trial: PlannedTrial
  let buckets: SizeBuckets?

  /// Fits, predicts and judges. What is known when it throws stays in `outcome`.
  func run(
    _ round: @escaping (TrainingRound) -> Bool, into outcome: inout TrialOutcome
  ) throws(LearningError) {
    var learner = trial.learner.make(
      trial.objective.objective, trial.form == .adjusted, trial.seed, experiment.threads)
    learner.recordsTrainingLoss = true
    let data = experiment.data
    var isCancelled = false
    var rounds: [TrainingRound] = []
    let fitted = Result { () throws(LearningError) in
      try learner.fitted(to: data.train, validation: data.validation) {
        if !$0.isRefit { rounds.append($0) }
        isCancelled = !round($0)
        return !isCancelled
      }
    }
    outcome.record.keep(rounds)
    let model = try fitted.get()
    guard !isCancelled else {
      throw LearningError(.cancelled, "the experiment was stopped")
    }
    outcome.record.keep(model.log)
    let (scores, seconds) = try model.timedScores(for: data.test, threads: experiment.threads)
    outcome.record.seconds = .init(
      prepare: model.log.prepareSeconds, train: model.log.trainSeconds, predict: seconds)
    let predictions = model.header.predictions(ofScores: scores)
    if let place = predictions.firstIndex(where: { !$0.isFinite }) {
      let row = place / model.header.objective.scoresPerRow
      throw LearningError(
        .nonFiniteDerivative,
        "the prediction of test row \(data.test.sourceRow(row)) is \(predictions[place]); "
          + "the fit diverged: try a smaller learning rate")
    }
    outcome.predictions = .init(
      combination: trial.combination, seed: trial.seed,
      width: model.header.objective.scoresPerRow, predictions: predictions, scores: scores)
    outcome.record.scores = try self.scores(of: model, testScores: scores)
    // A simple model may have scores of another kind than the objective, and rounds to choose it has
    // none.
    if !trial.learner.kind.isSimple { outcome.record.testLoss = try testLoss(scores) }
    if let buckets, let sizes = data.test.rowData["size"], predictions.count == sizes.count {
      outcome.record.sizeErrors = buckets.errors(
        predictions: predictions, targets: data.test.target ?? [], sizes: sizes,
        weights: data.test.weights ?? [])
    }
    outcome.record.confusion = confusion(labels: model.header.labels(ofScores: scores))
    let bytes: Data
    do {
      bytes = try model.fileBytes()
    } catch {
      throw LearningError(.invalidModelFile, "the model cannot be made a file: \(error)")
    }
    outcome.record.modelBytes = bytes.count
    outcome.record.modelSHA256 = FileDigest.sha256(of: bytes)
    outcome.record.status = .finished
  }

  private func scores(
    of model: any TrainedModel, testScores: [Double]
  ) throws(LearningError) -> [TrialRecord.Score] {
    let data = experiment.data
    let classes = data.test.classNames?.count
    let metrics = experiment.metrics.filter {
      MetricChoice.suits($0, trial.objective.objective, classes: classes)
    }
    let threads = experiment.threads
    let train = try model.evaluate(on: data.train, metrics: metrics, threads: threads)
    let validation = try data.validation.map { table throws(LearningError) in
      try model.evaluate(on: table, metrics: metrics, threads: threads)
    }
    let test = try model.header.evaluate(scores: testScores, on: data.test, metrics: metrics)
    return metrics.map { metric in
      TrialRecord.Score(
        metric: metric.name, train: train[metric.name] ?? .nan,
        validation: validation?[metric.name], test: test[metric.name] ?? .nan)
    }
  }

  /// The mean loss of the test rows at `scores`; nil for an objective without a loss.
  private func testLoss(_ scores: [Double]) throws(LearningError) -> Double? {
    let objective = trial.objective.objective
    guard objective.hasLoss else { return nil }
    let rows = try ObjectiveRows(experiment.data.test, for: objective)
    var tracker = LossTracker(objective, rows, scores: scores)
    return tracker.loss(at: scores)
  }

  /// Counts of target (row) and predicted class (column); empty for numbers.
  private func confusion(labels: [Double]) -> [[Int]] {
    let test = experiment.data.test
    guard let classes = test.classNames?.count, classes > 1, let target = test.target,
      MetricChoice.isClassifier(trial.objective.objective, classes)
    else { return [] }
    return Self.confusion(labels: labels, target: target, classes: classes)
  }

  /// Counts of target (row) and predicted class (column); empty if a class is predicted that the
  /// table does not have, as by an objective with scores for more of them.
  static func confusion(labels: [Double], target: [Double], classes: Int) -> [[Int]] {
    guard labels.allSatisfy({ $0 < Double(classes) }) else { return [] }
    var counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    for (row, label) in labels.enumerated() { counts[Int(target[row])][Int(label)] += 1 }
    return counts
  }
}

extension TrialRecord {
  /// Keeps the losses of the rounds that ran.
  mutating func keep(_ rounds: [TrainingRound]) {
    self.rounds = rounds.count
    trainLosses = rounds.compactMap(\.trainLoss)
    validationLosses = rounds.compactMap(\.validationLoss)
    adjustedHessians = rounds.reduce(0) { $0 + $1.adjustedHessians }
  }

  /// Keeps what a model tells of its training.
  mutating func keep(_ log: TrainingLog) {
    keep(log.rounds)
    if let refit = log.refitRounds {
      adjustedHessians = refit.reduce(0) { $0 + $1.adjustedHessians }
    }
    bestRound = log.bestRound
    threads = log.threads
    lossIsIntegrated = log.lossIsIntegrated
    curvature = CurvatureUse(log)
    leastLeafRows = log.leastLeafRows
    halt = log.halt?.reason
    choice = log.choice
  }
}
