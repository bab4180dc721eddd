import Parallel

/// One fit: the rounds of boosting over a table, one with every ``step()``.
///
/// All that a fit has come to is its ``state``. A session that begins with the state of another, of
/// the same tables and options, goes on as if it were that one, to the same model bytes.
final class BoostingSession {
  private let fit: FitData
  private let start: [Double]
  private let binned: BinnedTable
  private let derivatives: DerivativePass
  /// The training rows' scores, `[rows x scoresPerRow]`.
  private let scores: AlignedBuffer<Double>
  /// What is known of the derivatives at ``scores``.
  private var summary: DerivativePass.Summary
  /// Made in the first round, for the derivatives at the initial scores.
  private var builder: TreeBuilder?
  private var stepGuard: StepGuard
  private var monitor: LossMonitor
  private var trees: [Tree]
  private var log: TrainingLog
  private var isFinished: Bool
  private let began: ContinuousClock.Instant
  private let secondsBefore: Double

  /// Prepares a fit: bins, initial scores and their derivatives.
  ///
  /// - Parameter state: where to go on; nil to begin.
  /// - Throws: ``LearningError`` if an initial score is not finite, or if the state is not of such a
  ///   fit.
  init(_ fit: FitData, continuing state: TrainingState? = nil) throws(LearningError) {
    self.fit = fit
    let clock = ContinuousClock()
    let preparing = clock.now
    let (objective, rows, pool, booster) = (fit.objective, fit.rows, fit.pool, fit.booster)
    try state?.requireFit(to: fit)
    start = try objective.finiteInitialScores(on: rows, of: fit.train)
    binned = BinnedTable(fit.train, maxBins: booster.maxBins, seed: booster.seed, pool: pool)
    scores = AlignedBuffer(repeating: 0, count: rows.count * start.count)
    for index in 0..<scores.count { scores[index] = start[index % start.count] }
    derivatives = DerivativePass(
      objective, rows, policy: fit.policy, scores: scores, pool: pool)
    log = state?.log ?? fit.emptyLog
    log.threads = pool.threadCount
    log.prepareSeconds += (clock.now - preparing).seconds
    secondsBefore = log.trainSeconds
    began = clock.now
    trees = state?.trees ?? []
    isFinished = state?.isFinished ?? false
    summary = derivatives.measure(at: scores)
    if let state, state.roundCount > 0 {
      builder = fit.builder(binned, derivatives, summary, format: state.format)
      scores.update(from: state.scores)
      summary = derivatives.measure(at: scores)
    }
    monitor = LossMonitor(fit, start: start, scores: scores, continuing: state?.losses)
    stepGuard = try StepGuard(
      objective, rows, of: fit.train, learningRate: booster.learningRate,
      trustsLoss: booster.checksObjective, scores: scores, pool: pool,
      continuing: state?.stepGuard)
  }

  /// What the fit has come to. O(rows).
  var state: TrainingState {
    var log = log
    log.trainSeconds = trainSeconds
    return TrainingState(
      scores: scores.elements, trees: trees, stepGuard: stepGuard.memory,
      losses: monitor.memory, format: builder?.format ?? .packed, log: log, isFinished: isFinished)
  }

  /// The forest of the rounds so far, or of the best of them where that is what the fit keeps.
  var forest: Forest {
    var log = log
    log.bestRound = monitor.bestRound ?? log.rounds.count
    log.trainSeconds = trainSeconds
    return Forest(
      header: ModelHeader(objective: fit.objective, initialScores: start, table: fit.train),
      trees: Array(trees.prefix(log.bestRound * start.count)), log: log)
  }

  /// Steps until there is nothing left to do, or `progress` ends it.
  func run(progress: ((TrainingRound) -> Bool)?) throws(LearningError) -> Forest {
    while try step() {
      if let progress, let record = log.rounds.last, !progress(record) { break }
    }
    return forest
  }

  /// Adds a round.
  ///
  /// - Returns: whether there was one to add: false once all rounds are run, the loss that is followed
  ///   has not fallen for long enough, or no tree lowers the training loss.
  /// - Throws: ``LearningError`` if a derivative, a leaf's constant or a loss is not finite, or no
  ///   Hessian is above 0. The session is then spent.
  func step() throws(LearningError) -> Bool {
    let round = log.rounds.count + 1
    guard !isFinished, round <= fit.plan.last else { return false }
    try derivatives.requireFinite(summary, at: scores, of: fit.train, round: round)
    if round == 1 { try fit.requireCurvature(summary) }
    let builder =
      builder ?? fit.builder(binned, derivatives, summary, format: .packed)
    self.builder = builder
    var record = TrainingRound(round: round, seconds: 0)
    record.adjustedHessians = summary.adjustedHessians
    guard let steps = try guardedSteps(builder, &record) else {
      isFinished = true
      return false
    }
    let grown = steps.trees.map(\.tree)
    trees.append(contentsOf: grown)
    let goesOn = try monitor.follow(grown, scores, &record)
    record.seconds = trainSeconds
    log.rounds.append(record)
    isFinished = !goesOn
    return true
  }

  private var trainSeconds: Double { secondsBefore + (ContinuousClock().now - began).seconds }

  /// Grows a round's trees, adds them to the scores, and shortens them if they raise the loss.
  ///
  /// - Returns: the round's steps; nil, with the reason in the log, if there is none to make.
  private func guardedSteps(
    _ builder: TreeBuilder, _ record: inout TrainingRound
  ) throws(LearningError) -> RoundSteps? {
    let round = record.round
    var scoresBefore = stepGuard.isWary || round == 1 ? scores.elements : nil
    var steps = try grow(builder, round: round)
    // Trees of one leaf each: the features have nothing more to tell.
    guard steps.trees.contains(where: { $0.tree.leafCount > 1 }) else {
      log.halt = fit.halt(summary, columns: binned.columnCount, builder)
      return nil
    }
    stepGuard.begin(steps, derivatives: derivatives, ranges: summary.ranges)
    summary = derivatives.measure(at: scores)
    if stepGuard.isSuspicious(
      steps, number: round, scores: scores, derivatives: derivatives, after: summary)
    {
      if scoresBefore == nil, stepGuard.isLong(steps) {
        scoresBefore = fit.outputs(of: trees, start)
      }
      guard
        let shortened = stepGuard.shorten(
          &steps, number: round, scores: scores, before: scoresBefore)
      else {
        log.halt = .noDescent
        return nil
      }
      record.shortenedLeaves = shortened
      if shortened > 0 {
        scores.update(from: scoresBefore ?? fit.outputs(of: trees, start))
        builder.add(steps, to: scores)
        summary = derivatives.measure(at: scores)
      }
    }
    stepGuard.accept(steps, shortenedTo: record.shortenedLeaves > 0 ? scores : nil)
    return steps
  }

  /// Grows a tree for every score and adds them to the scores.
  private func grow(_ builder: TreeBuilder, round: Int) throws(LearningError) -> RoundSteps {
    var grown: [BuiltTree] = []
    for score in start.indices {
      do throws(UnsolvedLeaf) {
        grown.append(
          try builder.buildTree(score: score, range: summary.ranges[score], addingTo: scores))
      } catch {
        throw fit.unsolved(error, round: round)
      }
    }
    return builder.steps(of: grown)
  }
}
