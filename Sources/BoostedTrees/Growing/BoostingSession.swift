import Parallel

/// One fit: the rounds of boosting over a table.
struct BoostingSession {
  private let booster: Booster
  private let plan: RoundPlan
  private let objective: any Objective
  private let policy: CurvaturePolicy
  private let train: Table
  private let rows: ObjectiveRows
  private let pool: WorkerPool
  private let validation: (table: Table, rows: ObjectiveRows, features: [Float])?

  /// Gathers and checks what the tables hold for the objective.
  init(
    _ booster: Booster, _ train: Table, validation: Table?, plan: RoundPlan
  ) throws(LearningError) {
    self.booster = booster
    self.plan = plan
    self.train = train
    (objective, rows) = try booster.objectiveAndRows(of: train)
    policy = try booster.curvaturePolicy(for: objective)
    if booster.checksObjective {
      try objective.requireSound(on: rows, of: train, policy: policy)
    }
    guard train.rowCount < Int(Int32.max) else {
      throw LearningError(
        .invalidOption, "\(train.source): \(train.rowCount) rows are more than trees can count")
    }
    if let validation {
      let header = ModelHeader(objective: objective, initialScores: [], table: train)
      try header.requireSameClasses(in: validation)
      self.validation = (
        validation, try ObjectiveRows(validation, for: objective),
        try header.features(of: validation)
      )
    } else {
      self.validation = nil
    }
    pool = WorkerPool(threads: booster.threads)
  }

  /// Trains, round by round.
  func run(progress: ((TrainingRound) -> Bool)?) throws(LearningError) -> Forest {
    let clock = ContinuousClock()
    let began = clock.now
    let width = objective.scoresPerRow
    let start = try objective.finiteInitialScores(on: rows, of: train)
    let binned = BinnedTable(train, maxBins: booster.maxBins, seed: booster.seed, pool: pool)
    let scores = repeated(start, rows.count)
    let pass = DerivativePass(
      objective, rows, policy: policy, scores: scores, pool: pool)
    var log = TrainingLog()
    log.prepareSeconds = (clock.now - began).seconds
    log.threads = pool.threadCount
    log.lossIsIntegrated = !objective.hasLoss
    log.curvature = policy
    log.hessiansPerRound = rows.count * width
    let trainingBegan = clock.now

    var monitor = Monitor(self, initialScores: start)
    var builder: TreeBuilder?
    var trees: [Tree] = []
    for round in 1...max(plan.last, 1) where plan.last > 0 {
      let summary = try pass.evaluate(at: scores, of: train, round: round)
      if round == 1 { try requireCurvature(summary) }
      let current =
        builder
        ?? TreeBuilder(
          binned, derivatives: pass, limits: limits(summary), learningRate: booster.learningRate,
          pool: pool)
      builder = current
      var grown: [Tree] = []
      for score in 0..<width {
        do throws(UnsolvedLeaf) {
          grown.append(
            try current.buildTree(
              score: score, range: summary.ranges[score], addingTo: scores))
        } catch {
          throw unsolved(error, round: round)
        }
      }
      // Trees of one leaf each: the features have nothing more to tell.
      guard grown.contains(where: { $0.leafCount > 1 }) else { break }
      trees.append(contentsOf: grown)
      var record = TrainingRound(round: round, seconds: 0)
      record.adjustedHessians = summary.adjustedHessians
      let goesOn = try monitor.follow(grown, scores, &record)
      record.seconds = (clock.now - trainingBegan).seconds
      log.rounds.append(record)
      if let progress, !progress(record) { break }
      if !goesOn { break }
    }
    log.bestRound = monitor.bestRound ?? log.rounds.count
    log.trainSeconds = (clock.now - trainingBegan).seconds
    return Forest(
      header: ModelHeader(objective: objective, initialScores: start, table: train),
      trees: Array(trees.prefix(log.bestRound * width)), log: log)
  }

  /// Refuses to train where there are gradients but no Hessian is above 0: no step has a length.
  private func requireCurvature(_ first: DerivativePass.Summary) throws(LearningError) {
    guard first.ranges.allSatisfy({ $0.largestHessian == 0 }),
      first.ranges.contains(where: \.isFlat)
    else { return }
    throw LearningError(
      .unsoundObjective,
      "\(train.source): objective '\(objective.name)' cannot be trained on: under the curvature "
        + "policy '\(policy)' its Hessian is 0 in every row, so that there is no "
        + "Newton step; give it a positive Hessian or a leaf solver, or choose a policy such as "
        + "constant(1) (--curvature 'constant(1)')")
  }

  private func unsolved(_ leaf: UnsolvedLeaf, round: Int) -> LearningError {
    LearningError(
      .nonFiniteDerivative,
      "\(train.source): the leaf solver of objective '\(objective.name)' gives \(leaf.constant) in "
        + "round \(round) for a leaf of \(leaf.rowCount) rows, the first of them row "
        + "\(train.sourceRow(leaf.firstRow)); it must give a finite number")
  }

  /// The limits of growth in the units of this objective's curvature.
  private func limits(_ first: DerivativePass.Summary) -> GrowthLimits {
    var unit = 1.0
    if booster.regularisation == .scaleFree {
      let sum = first.ranges.reduce(0) { $0 + $1.sumOfHessians }
      unit = sum / Double(rows.count * objective.scoresPerRow)
    }
    return GrowthLimits(
      leaves: booster.leaves, maxDepth: booster.maxDepth ?? .max, growth: booster.growth,
      minChildRows: booster.minChildRows, l2: booster.l2 * unit,
      minChildWeight: booster.minChildWeight * unit)
  }

  private func repeated(_ start: [Double], _ count: Int) -> AlignedBuffer<Double> {
    let scores = AlignedBuffer(repeating: 0.0, count: count * start.count)
    for index in 0..<scores.count { scores[index] = start[index % start.count] }
    return scores
  }

  /// Follows the losses and decides when to stop.
  private struct Monitor {
    let session: BoostingSession
    var trainLoss: LossTracker?
    var validationLoss: LossTracker?
    var validationScores: [Double] = []
    var bestLoss = Double.infinity
    /// The round to keep; nil to keep all.
    var bestRound: Int?

    init(_ session: BoostingSession, initialScores: [Double]) {
      self.session = session
      func start(_ rows: Int) -> [Double] {
        (0..<rows * initialScores.count).map { initialScores[$0 % initialScores.count] }
      }
      if session.booster.recordsTrainingLoss {
        trainLoss = LossTracker(
          session.objective, session.rows, scores: start(session.rows.count))
      }
      if let validation = session.validation {
        validationScores = start(validation.rows.count)
        validationLoss = LossTracker(
          session.objective, validation.rows, scores: validationScores)
      }
      if session.plan.patience != nil {
        bestRound = 0
        bestLoss = validationLoss?.loss(at: validationScores) ?? .infinity
      }
    }

    /// Records the losses after a round; returns whether to go on.
    mutating func follow(
      _ grown: [Tree], _ scores: AlignedBuffer<Double>, _ record: inout TrainingRound
    ) throws(LearningError) -> Bool {
      let (name, train) = ("round \(record.round)", session.train)
      record.trainLoss = try trainLoss?.loss(at: scores.elements, of: train, after: name)
      guard let validation = session.validation else { return true }
      addOutputs(
        of: grown, scoresPerRow: grown.count, features: validation.features,
        columns: session.train.columnCount, to: &validationScores, pool: session.pool)
      let outputs = validationScores
      let loss = try validationLoss?.loss(at: outputs, of: validation.table, after: name)
      record.validationLoss = loss
      guard let patience = session.plan.patience, let loss else { return true }
      // A start whose loss is not a number is no best one to keep.
      if loss < bestLoss || bestLoss.isNaN {
        bestLoss = loss
        bestRound = record.round
      }
      return record.round - (bestRound ?? 0) < patience
    }
  }
}
