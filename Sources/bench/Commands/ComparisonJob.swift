import OrderedCollections
import MLP
import BoostedTrees
import ArgumentParser
import Foundation
import Harness
import Learning
import Losses
import Reports
import Tabular

/// One data file of `bench compare`: experiments, reports, and the table on the terminal.
struct ComparisonJob {
  let command: CompareCommand
  let source: DataSource

  /// Runs the experiments, keeps every trial as it ends, and writes the reports.
  ///
  /// - Returns: how many trials there are and how many of them failed, and whether all were run.
  func perform() throws -> (trials: Int, failed: Int, isComplete: Bool) {
    let progress = ProgressDisplay(quiet: command.text.quiet)
    defer { progress.finish() }
    let (objectives, parts) = try prepare(progress)
    if try command.learnerNames().contains(.mlp) { progress.noteKernels() }
    let name = reportName(objectiveTexts(objectives))
    var summary = ComparisonSummary(name: source.name)
    var journals: [TrialJournal] = []
    for fold in 0..<parts.count {
      let data = parts.data(fold)
      let foldName = parts.count > 1 ? "\(name)-fold-\(fold + 1)" : name
      let experiment = try experiment(data, objectives)
      try MemoryNeeds.checkTraining(
        rows: data.train.rowCount, columns: data.train.columnCount,
        under: objectives.map(\.objective))
      let journal = journal(of: experiment, name: foldName, progress)
      let result = experiment.run(journal: journal) { state in
        show(state, on: progress)
        if case .began = state.event, command.finishedOnly { return false }
        return !Interruption.isRequested
      }
      let record = try checked(result.record)
      guard !record.finishedTrials.isEmpty else { break }
      summary.add(try write(result, name: foldName), report: foldName, paths: paths(foldName))
      journals.append(journal)
      if Interruption.isRequested || !record.isComplete { break }
    }
    if parts.count > 1, let pooled = summary.pooled(plannedFolds: parts.count) {
      let files = PooledReport.paths(name: name).map { "\(command.output)/\($0)" }
      try OutputFile.removingPartial(files) {
        try PooledReport(pooled).write(to: command.output, name: name)
      }
      summary.add(paths: files)
    }
    progress.finish()
    guard !summary.folds.isEmpty else { throw nothingFinished(name) }
    StandardOutput.tell(
      command.text.json ? try JSON.text(summary.listing) : summary.text, of: command.output)
    let records = summary.folds.map(\.record)
    let isComplete = records.count == parts.count && records.allSatisfy(\.isComplete)
    if isComplete {
      for journal in journals { journal.remove() }
    }
    let trials = records.flatMap(\.trials)
    return (trials.count, trials.count { $0.status == .failed }, isComplete)
  }

  /// Where the trials of one report are kept while the others run.
  private func journal(
    of experiment: Experiment, name: String, _ progress: ProgressDisplay
  ) -> TrialJournal {
    let data = experiment.data.record
    var isTold = false
    return TrialJournal(
      folder: "\(command.output)/\(name).trials",
      experiment: [
        Executable.digest, TrialJournalKey.command(CommandLine.arguments), data.path ?? "",
        data.sha256 ?? "", name,
      ]
    ) { complaint in
      // What keeps one from being written keeps the others, too.
      if !isTold { progress.note("note: \(complaint)") }
      isTold = true
    }
  }

  private func nothingFinished(_ name: String) -> Failure {
    command.finishedOnly
      ? Failure(
        .missingInput,
        "no finished trial of this command is kept in '\(command.output)/\(name).trials'; leave "
          + "--finished-only out to run them")
      : Failure(.interrupted, "interrupted before a trial was finished; nothing was written")
  }

  /// Reads the table, looks whether every objective can use it, and divides it. The whole table is
  /// released on return.
  private func prepare(
    _ progress: ProgressDisplay
  ) throws -> (objectives: [ObjectivePlan], parts: Parts) {
    let metrics = try command.metrics.map(ObjectiveChoice.metric)
    let named = try command.objectives.map(ObjectiveChoice.init)
    let baseline = try command.baseline.flatMap {
      $0 == "none" ? nil : try ObjectiveChoice($0)
    }
    let table = try command.data.table(
      source, objectives: named + [baseline].compactMap { $0 },
      rowDataNames: metrics.flatMap(\.rowDataNames), needsTimes: command.split.splitBy == .time,
      note: progress.note)
    let plans = try objectivePlans(named, baseline: baseline, for: table)
    for plan in plans {
      _ = try ObjectiveRows(table, for: plan.objective)
      if plan.forms.contains(.adjusted) {
        _ = try ObjectiveRows(table, for: plan.objective.adjusted())
      }
    }
    for metric in metrics {
      _ = try ObjectiveRows(table, rowDataNames: metric.rowDataNames, neededBy: metric.name)
    }
    try TableNotes(table: table).checkMetrics(
      metrics, under: plans.map(\.objective), targetName: source.targetName)
    let file = try DataFile(path: source.path)
    let division = try Division(
      table, by: command.split, folds: command.folds, objectives: plans.map(\.objective), progress)
    guard command.folds != nil else {
      _ = try division.rows(progress)
      let data = try division.data(source, file: file)
      if !command.skipsCheck {
        TableNotes(table: data.train).checkLabelCoding(of: plans.map(\.objective), progress)
      }
      try TableNotes(table: data.train).checkColumns(progress)
      try checkWeights(data)
      try checkClasses(data, progress)
      return (plans, Parts(count: 1) { _ in data })
    }
    let folds = try division.makeFolds()
    if let note = Division.note(on: folds) { progress.note(note) }
    // A column that tells nothing in all rows tells nothing in those of any fold.
    try TableNotes(table: division.table).checkColumns(progress)
    let source = source
    let parts = Parts(count: folds.count) { division.data($0, of: folds, source, file: file) }
    if table.weights != nil || table.classNames != nil {
      for fold in 0..<parts.count {
        let data = parts.data(fold)
        try checkWeights(data)
        try checkClasses(data, progress)
      }
    }
    return (plans, parts)
  }

  /// The experiments' data, one split or several folds; those of a fold are made when it is its
  /// turn.
  private struct Parts {
    let count: Int
    let data: (_ number: Int) -> ExperimentData
  }

  private func checkClasses(_ data: ExperimentData, _ progress: ProgressDisplay) throws {
    try TableNotes(table: data.train).checkClasses(
      [data.validation, data.test].compactMap { $0 }, progress)
  }

  private func checkWeights(_ data: ExperimentData) throws {
    try TableNotes(table: data.train).checkWeights("train")
    if let validation = data.validation {
      try TableNotes(table: validation).checkWeights("stop early")
    }
    try TableNotes(table: data.test).checkWeights("test")
  }

  private func objectivePlans(
    _ named: [ObjectiveChoice], baseline: ObjectiveChoice?, for table: Table
  ) throws -> [ObjectivePlan] {
    var plans: [ObjectivePlan] = []
    func add(_ choice: ObjectiveChoice, isBaseline: Bool) throws {
      guard !plans.contains(where: { $0.name == choice.title }) else { return }
      let objective = try choice.objective(for: table)
      plans.append(
        ObjectivePlan(
          name: choice.title, objective: objective,
          forms: objective.scoreAdjustment == nil ? [.plain] : command.form.forms,
          isBaseline: isBaseline))
    }
    for entry in named { try add(entry, isBaseline: false) }
    if named.isEmpty, table.classNames == nil, table.rowData["size"] != nil {
      try add(ObjectiveChoice("sne"), isBaseline: false)
    }
    if let baseline {
      try add(baseline, isBaseline: true)
    } else if command.baseline != "none" || plans.isEmpty {
      try add(ObjectiveChoice.plain(for: table), isBaseline: true)
    }
    return plans
  }

  private func experiment(
    _ data: ExperimentData, _ objectives: [ObjectivePlan]
  ) throws -> Experiment {
    let names = objectives.filter { !$0.isBaseline }.map(\.name)
    let against = objectives.filter(\.isBaseline).map(\.name)
    let title = [names, against].filter { !$0.isEmpty }
      .map { $0.joined(separator: ", ") }.joined(separator: " against ")
    var experiment = try Experiment(
      title: "\(title) on \(source.name)", data: data,
      learners: try command.learnerNames().map { plan($0, for: data) },
      objectives: objectives, seeds: (1...command.seeds).map(UInt64.init),
      threads: command.threads, command: Self.commandLine, libraries: Version.named,
      metrics: command.metrics.isEmpty
        ? nil : try command.metrics.map(ObjectiveChoice.metric))
    experiment.smallestDifference = command.smallestDifference
    if command.baselines == .all {
      let simple = try SimpleModels(
        for: objectives, data: data, metrics: experiment.metrics, persistence: command.persistence)
      experiment.simpleModels = simple.plans
      experiment.simpleModelNotes = simple.notes
    }
    return experiment
  }

  private func plan(_ name: CompareCommand.LearnerName, for data: ExperimentData) -> LearnerPlan {
    let rows = data.train.rowCount
    let checks = !command.skipsCheck
    let check = checks ? [] : [NamedValue("objective check", "no")]
    let holdOut = HoldOut(rule: command.split.splitBy)
    switch name {
    case .trees:
      let trees = command.trees
      let patience = command.earlyStopping
      return LearnerPlan(
        name: "Boosted trees", kind: .trees, options: trees.named(patience: patience) + check,
        plannedRounds: trees.plannedRounds(patience: patience)
      ) { objective, adjusts, seed, threads in
        var booster = trees.booster(
          objective, adjusts: adjusts, patience: patience, holdOut: holdOut, seed: seed,
          threads: threads)
        booster.checksObjective = checks
        return booster
      }
    case .mlp:
      let network = command.network
      let rate = command.mlpLearningRate
      let patience = command.mlpEarlyStopping
      return LearnerPlan(
        name: "MLP", kind: .mlp,
        options: network.named(learningRate: rate, rows: rows, patience: patience) + check,
        plannedRounds: network.plannedEpochs(rows: rows)
      ) { objective, adjusts, seed, threads in
        var perceptron = network.perceptron(
          objective, learningRate: rate, adjusts: adjusts, rows: rows, patience: patience,
          holdOut: holdOut, seed: seed, threads: threads)
        perceptron.checksObjective = checks
        return perceptron
      }
    }
  }

  private func show(_ state: ExperimentProgress, on progress: ProgressDisplay) {
    let label = "[\(state.trial)/\(state.trialCount)] \(state.combination), seed \(state.seed)"
    switch state.event {
    case .began: break
    case .kept:
      Interruption.keepWhatIsFinished()
      progress.note("\(label): taken from an earlier run of this command, which did not end")
    case .round(let round):
      let planned = max(1, state.plannedRounds ?? 1)
      progress.update(
        label + (round.isRefit ? ", refit" : ""), fraction: Double(round.round) / Double(planned))
    case .ended(let record):
      if record.status == .finished { Interruption.keepWhatIsFinished() }
      let ending =
        switch record.status {
        case .finished:
          (record.kind.isSimple
            ? ""
            : "\(record.bestRound) of \(record.rounds) \(record.kind.roundNames) kept"
              + (record.choice?.isRefitted == true ? " and refitted on all training rows, " : ", ")
              + (record.choice?.isCapped == true ? "the loss still falling, " : ""))
            + "\((record.seconds.map { $0.prepare + $0.train } ?? .nan).shown) s"
            + (record.halt.map { "; ended because \($0)" } ?? "")
        case .failed: "failed: \(record.failure ?? "")"
        case .cancelled: "cancelled"
        case .notRun: "not run"
        }
      progress.note("\(label): \(ending)")
    }
  }

  /// Refuses a record in which every trial of a learner failed: that is bad data, not a result.
  private func checked(_ record: ResultRecord) throws -> ResultRecord {
    let learned = record.trials.filter { !$0.kind.isSimple }
    if let failure = learned.first?.failure, learned.allSatisfy({ $0.status == .failed }) {
      throw Failure(.badData, failure)
    }
    return record
  }

  private func write(_ result: ExperimentResult, name: String) throws -> ResultRecord {
    try OutputFile.removingPartial(outputs(name)) {
      // The folder may have been removed while the trials ran.
      try OutputFile.makeFolder("\(command.output)/figures")
      let record = try result.write(to: command.output, name: name)
      try Report(record).write(to: command.output, name: name)
      return record
    }
  }

  private func paths(_ name: String) -> [String] {
    let figures =
      (try? FileManager.default.contentsOfDirectory(atPath: "\(command.output)/figures"))
    let count = (figures ?? []).count { $0.hasPrefix("\(name)-") && $0.hasSuffix(".svg") }
    return ["md", "json"].map { "\(command.output)/\(name).\($0)" } + [
      "\(command.output)/\(name)-predictions.h5",
      "\(command.output)/figures/\(name)-*.svg (\(count) figures)",
    ]
  }

  /// The command as it was typed, for the report.
  private static var commandLine: String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=,:+@%")
    let words = CommandLine.arguments.dropFirst().map { word in
      !word.isEmpty && word.allSatisfy(plain.contains)
        ? word
        : "'\(word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#))'"
    }
    return (["bench"] + words).joined(separator: " ")
  }
}
