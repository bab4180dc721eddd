import Foundation
import Harness
import Learning
import Losses
import Tabular

/// Reads a table, fits one model, judges it on the test rows and says so.
struct TrainingJob {
  let kind: LearnerPlan.Kind
  let training: TrainingOptions
  let data: DataOptions
  let split: SplitOptions
  let run: RunOptions
  let output: OutputOptions

  /// Makes the learner for an objective and so many training rows.
  typealias Maker = (_ objective: any Objective, _ rows: Int) -> any Learner

  func perform(_ make: Maker) throws {
    let source = try data.source()
    if let path = training.model {
      try OutputFile.check(path, option: "--model", keeping: [source.path])
    }
    let progress = ProgressDisplay(quiet: output.quiet)
    defer { progress.finish() }

    let clock = ContinuousClock()
    let readStart = clock.now
    let parts = try readParts(source, progress)
    let readSeconds = (clock.now - readStart).seconds
    try notes(on: parts, progress)
    var learner = make(parts.objective, parts.train.rowCount)
    learner.checksObjective = !training.skipsCheck
    // Rows are looked at before the work, those for testing too.
    let learned = [parts.train, parts.validation].compactMap { $0?.withoutWeightlessRows }
    for part in learned + [parts.test] {
      _ = try ObjectiveRows(part, for: learner.fittedObjective)
    }
    try MemoryNeeds.checkTraining(
      rows: parts.train.rowCount, columns: parts.train.columnCount, under: [parts.objective])
    let model = try fit(learner, parts, progress)
    let wasInterrupted = Interruption.isRequested
    let (scores, predictSeconds) = try model.timedScores(for: parts.test, threads: run.threads)
    let bytes = try model.fileBytes()
    let result = try result(
      of: model, scores, parts, source,
      seconds: (readSeconds, predictSeconds), bytes: bytes, wasInterrupted: wasInterrupted)
    let text = try output.json ? JSON.text(result) : result.text(kind: kind)
    progress.finish()
    if let path = training.model {
      try replaceFile(at: path, with: bytes)
      StandardOutput.tell(text, of: path)
    } else {
      try StandardOutput.print(text)
    }
    if result.interrupted {
      throw Failure(
        .interrupted,
        "interrupted; the model has \(model.log.bestRound) of \(model.log.rounds.count) "
          + "\(kind.roundNames) finished"
          + (model.log.choice?.basis == .heldOut ? ", fitted without the held-out rows" : ""))
    }
  }

  /// What is said of the data before the fit.
  private func notes(on parts: Parts, _ progress: ProgressDisplay) throws {
    try TableNotes(table: parts.train).checkColumns(progress)
    try TableNotes(table: parts.train).checkClasses(
      [parts.validation, parts.test].compactMap { $0 }, progress)
    if kind == .mlp { progress.noteKernels() }
    if !training.skipsCheck {
      TableNotes(table: parts.train).checkLabelCoding(of: [parts.objective], progress)
    }
    try TableNotes(table: parts.train).checkWeights("train")
    try parts.validation.map { try TableNotes(table: $0).checkWeights("stop early") }
    try TableNotes(table: parts.test).checkWeights("test")
  }

  /// What is told of a fit.
  private func result(
    of model: any TrainedModel, _ scores: [Double], _ parts: Parts, _ source: DataSource,
    seconds: (read: Double, predict: Double), bytes: Data, wasInterrupted: Bool
  ) throws -> TrainingResult {
    TrainingResult(
      learner: kind.rawValue, objective: parts.objective.name,
      adjusted: model.header.objective.adjustment?.formula,
      form: model.header.objective.adjustment?.form,
      trainRows: parts.train.rowCount, validationRows: parts.validation?.rowCount ?? 0,
      testRows: parts.test.rowCount, features: parts.train.columnCount,
      splitFacts: parts.facts,
      splitSentences: parts.facts.sentences(
        groupName: source.groupName,
        trainRows: parts.train.rowCount + (parts.validation?.rowCount ?? 0)),
      readS: seconds.read, binS: model.log.prepareSeconds, trainS: model.log.trainSeconds,
      predictS: seconds.predict, testLoss: try testLoss(parts, scores),
      metrics: try metrics(parts, model, scores), rounds: model.log.rounds.count,
      bestRound: model.log.bestRound, choice: model.log.choice, halt: model.log.halt?.reason,
      keptShare: model.log.keptShare, seed: run.seed,
      threads: model.log.threads,
      curvature: CurvatureUse(model.log).map(TrainingResult.Curvature.init),
      rssGb: Double(MachineRecord.processPeakBytes()) / 1e9,
      modelSha256: FileDigest.sha256(of: bytes), model: training.model,
      interrupted: wasInterrupted)
  }

  /// Training, validation and test tables, and what to minimise on them.
  private struct Parts {
    var train: Table
    var validation: Table?
    var test: Table
    var objective: any Objective
    var facts: SplitFacts
  }

  /// Reads and divides the table. The whole one is released on return: it may be large.
  private func readParts(_ source: DataSource, _ progress: ProgressDisplay) throws -> Parts {
    let choice = try training.objective.map(ObjectiveChoice.init)
    let metrics = try training.metrics.map(ObjectiveChoice.metric)
    let table = try data.table(
      source, objectives: [choice].compactMap { $0 },
      rowDataNames: metrics.flatMap(\.rowDataNames), needsTimes: split.splitBy == .time,
      note: progress.note)
    let objective = try (choice ?? ObjectiveChoice.plain(for: table)).objective(for: table)

    try TableNotes(table: table).checkMetrics(
      metrics, under: [objective], targetName: source.targetName)
    let division = try Division(table, by: split, objectives: [objective], progress)
    let (rule, rows) = try division.rows(progress)
    func part(_ rows: [Int]) -> Table { division.table.subset(rows) }
    let train = part(rows.train)
    let validation = rows.validation.isEmpty ? nil : part(rows.validation)
    let test = part(rows.test)
    var facts = SplitFacts(
      rule: rule, learned: [train, validation].compactMap { $0 }, test: test,
      timeUnit: source.timeUnit)
    facts.leftOutRows = rows.leftOut.count
    facts.rowsWithoutTime = division.rowsWithoutTime
    return Parts(
      train: train, validation: validation, test: test, objective: objective, facts: facts)
  }

  private func fit(
    _ learner: any Learner, _ parts: Parts, _ progress: ProgressDisplay
  ) throws -> any TrainedModel {
    let planned = kind.plannedRounds(of: learner, rows: parts.train.rowCount)
    let model = try learner.fitted(to: parts.train, validation: parts.validation) { round in
      progress.update(
        "\(kind.rawValue) \(parts.objective.name)",
        fraction: Double(round.round) / Double(max(1, planned)), detail: round.detail(kind))
      Interruption.keepWhatIsFinished()
      return !Interruption.isRequested
    }
    if let kept = model.log.keptShare {
      progress.note(
        "note: the model keeps \((100 * kept).shown) % of what training learned: its last state fitted "
          + "the training rows worse than the constant that training starts from; a smaller learning "
          + "rate may help")
    }
    if !Interruption.isRequested, model.log.bestRound == 0, planned > 0 {
      progress.note(
        "no round was kept, because \(model.log.reasonForNone): every row gets the prediction that "
          + "training starts from")
    }
    return model
  }

  private func testLoss(_ parts: Parts, _ scores: [Double]) throws -> Double {
    guard parts.objective.hasLoss else { return .nan }
    let rows = try ObjectiveRows(parts.test, for: parts.objective)
    var tracker = LossTracker(parts.objective, rows, scores: scores)
    return tracker.loss(at: scores)
  }

  private func metrics(
    _ parts: Parts, _ model: any TrainedModel, _ scores: [Double]
  ) throws -> [String: Double] {
    let plan = ObjectivePlan(name: parts.objective.name, objective: parts.objective)
    let chosen =
      training.metrics.isEmpty
      ? MetricChoice.metrics(for: [plan], data: parts.test).filter {
        MetricChoice.suits($0, parts.objective, classes: parts.test.classNames?.count)
      }
      : try training.metrics.map(ObjectiveChoice.metric)
    let evaluation = try model.header.evaluate(scores: scores, on: parts.test, metrics: chosen)
    return Dictionary(
      evaluation.entries.map { ($0.metric, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}

/// What `bench train --json` prints. Seconds on the wall clock; memory in units of 1e9 bytes.
private struct TrainingResult: Encodable {
  var learner: String
  var objective: String
  var adjusted: String?
  /// What an adjusted fit is called: per unit of size.
  var form: String?
  var trainRows: Int
  var validationRows: Int
  var testRows: Int
  var features: Int
  /// How the test rows stand to the rows learned from.
  var splitFacts: SplitFacts
  /// The same in sentences.
  var splitSentences: [String]
  var readS: Double
  var binS: Double
  var trainS: Double
  var predictS: Double
  var testLoss: Double
  var metrics: [String: Double]
  var rounds: Int
  var bestRound: Int
  /// How the number of rounds was settled.
  var choice: RoundChoice?
  /// Why no further tree could be grown; nil if something else ended training.
  var halt: String?
  /// The share of what training learned that the model keeps; nil where it is all.
  var keptShare: Double?
  var seed: UInt64
  var threads: Int
  /// Nil for a learner that makes no Newton steps.
  var curvature: Curvature?
  var rssGb: Double
  var modelSha256: String
  var model: String?
  var interrupted: Bool

  /// The curvature policy and the Hessians it changed.
  struct Curvature: Encodable {
    var policy: String
    var hessians: Int
    var changed: Int
    var share: Double
    /// Empty if no round changed any.
    var changedPerRound: [Int]
    /// Rounds in which steps were shortened.
    var shortenedRounds: Int
    private let use: CurvatureUse

    init(_ use: CurvatureUse) {
      self.use = use
      policy = use.policy
      hessians = use.hessians
      changed = use.changed
      share = use.share
      changedPerRound = use.changedPerRound
      shortenedRounds = use.shortenedRounds ?? 0
    }

    private enum CodingKeys: CodingKey {
      case policy, hessians, changed, share, changedPerRound, shortenedRounds
    }

    /// For people.
    var text: String {
      guard changed > 0 else { return "\(policy), no Hessian changed" + shortened }
      let worst = use.worstRound.map {
        ", most in round \($0.round) (\((100 * $0.share).shown) %)"
      }
      return "\(policy), \(changed) of \(hessians) Hessians changed (\((100 * share).shown) %)"
        + (worst ?? "") + shortened
    }

    private var shortened: String { use.shortenedText.map { "; \($0)" } ?? "" }
  }

  /// How many rounds the model has and why.
  private func roundsText(_ kind: LearnerPlan.Kind) -> String {
    guard let choice else { return "\(rounds), best \(bestRound)" }
    return choice.sentence(rounds: bestRound, unit: kind.roundNames, trainRows: trainRows)
      + (bestRound > 0 ? halt.map { "; growth ended early, because \($0)" } ?? "" : "")
      + (choice.isCapped
        ? "; the loss was still falling: allow more with --early-stopping and "
          + (kind == .trees ? "--rounds" : "--epochs") : "")
  }

  /// The result for people.
  func text(kind: LearnerPlan.Kind) -> String {
    var lines = [
      "\(learner), \(objective)"
        + (adjusted.map { ", fitted \(form ?? "") (\($0))" } ?? ""),
      "rows      \(trainRows) to train, \(validationRows) to validate, \(testRows) to test; "
        + "\(features) features",
      "\(kind == .trees ? "rounds    " : "epochs    ")\(roundsText(kind))",
      "seconds   read \(readS.shown), prepare \(binS.shown), train \(trainS.shown), "
        + "predict \(predictS.shown); \(threads) threads, \(rssGb.shown) GB at most",
    ]
    lines.insert(contentsOf: splitSentences.map { "split     \($0)" }, at: 2)
    if let curvature { lines.append("curvature \(curvature.text)") }
    lines.append("test loss \(testLoss.shown)")
    for name in metrics.keys.sorted() { lines.append("  \(name) \((metrics[name] ?? .nan).shown)") }
    lines.append(model.map { "model     \($0)" } ?? "model     not kept (--model FILE keeps it)")
    return lines.map(TerminalText.line).joined(separator: "\n")
  }
}
