import Parallel

/// One fit: the rounds of boosting over a table.
struct BoostingSession {
  let booster: Booster
  let plan: RoundPlan
  let objective: any Objective
  let policy: CurvaturePolicy
  let train: Table
  let rows: ObjectiveRows
  let pool: WorkerPool
  let validation: (table: Table, rows: ObjectiveRows, features: [Float])?

  /// Gathers and checks what the tables hold for the objective.
  init(
    _ booster: Booster, _ train: Table, validation: Table?, plan: RoundPlan
  ) throws(LearningError) {
    self.booster = booster
    self.plan = plan
    self.train = train
    (objective, rows) = try booster.objectiveAndRows(of: train) {
      objective throws(LearningError) in try booster.curvaturePolicy(for: objective)
    }
    policy = try booster.curvaturePolicy(for: objective)
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

    log.leastLeafRows = booster.leastLeafRows(of: rows.count)
    var monitor = LossMonitor(self, initialScores: start)
    var stepGuard = try StepGuard(
      objective, rows, of: train, learningRate: booster.learningRate,
      trustsLoss: booster.checksObjective, scores: scores, pool: pool)
    var builder: TreeBuilder?
    var trees: [Tree] = []
    var summary = pass.measure(at: scores)
    for round in 1...max(plan.last, 1) where plan.last > 0 {
      try pass.requireFinite(summary, at: scores, of: train, round: round)
      if round == 1 { try requireCurvature(summary) }
      let current =
        builder
        ?? TreeBuilder(
          binned, derivatives: pass, limits: limits(summary),
          start: booster.minChildWeight == nil
            ? StartCurvature(pass.hessians, ranges: summary.ranges) : nil,
          leastChildWeight: (booster.minChildWeight ?? 0) * unit(summary),
          learningRate: booster.learningRate, pool: pool)
      builder = current
      var scoresBefore = stepGuard.isWary || round == 1 ? scores.elements : nil
      var steps = try grow(current, summary, round: round, addingTo: scores)
      // Trees of one leaf each: the features have nothing more to tell.
      guard steps.trees.contains(where: { $0.tree.leafCount > 1 }) else {
        log.halt = halt(summary, columns: binned.columnCount, current)
        break
      }
      var record = TrainingRound(round: round, seconds: 0)
      record.adjustedHessians = summary.adjustedHessians
      stepGuard.begin(steps, derivatives: pass, ranges: summary.ranges)
      summary = pass.measure(at: scores)
      if stepGuard.isSuspicious(
        steps, number: round, scores: scores, derivatives: pass, after: summary)
      {
        if scoresBefore == nil, stepGuard.isLong(steps) { scoresBefore = outputs(of: trees, start) }
        guard
          let shortened = stepGuard.shorten(
            &steps, number: round, scores: scores, before: scoresBefore)
        else {
          log.halt = .noDescent
          break
        }
        record.shortenedLeaves = shortened
        if shortened > 0 {
          scores.update(from: scoresBefore ?? outputs(of: trees, start))
          current.add(steps, to: scores)
          summary = pass.measure(at: scores)
        }
      }
      stepGuard.accept(steps, shortenedTo: record.shortenedLeaves > 0 ? scores : nil)
      let grown = steps.trees.map(\.tree)
      trees.append(contentsOf: grown)
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

  /// Grows a tree for every score and adds them to `scores`.
  private func grow(
    _ builder: TreeBuilder, _ summary: DerivativePass.Summary, round: Int,
    addingTo scores: AlignedBuffer<Double>
  ) throws(LearningError) -> RoundSteps {
    var grown: [BuiltTree] = []
    for score in 0..<objective.scoresPerRow {
      do throws(UnsolvedLeaf) {
        grown.append(
          try builder.buildTree(score: score, range: summary.ranges[score], addingTo: scores))
      } catch {
        throw unsolved(error, round: round)
      }
    }
    return builder.steps(of: grown)
  }

  /// The training rows' scores after `trees`, the same bits that training added up.
  private func outputs(of trees: [Tree], _ start: [Double]) -> [Double] {
    var outputs = (0..<rows.count * start.count).map { start[$0 % start.count] }
    guard !trees.isEmpty else { return outputs }
    addOutputs(
      of: trees, scoresPerRow: start.count, features: train.features, columns: train.columnCount,
      to: &outputs, pool: pool)
    return outputs
  }

  /// Why trees of one leaf each are all there is.
  private func halt(
    _ summary: DerivativePass.Summary, columns: Int, _ builder: TreeBuilder
  ) -> GrowthHalt {
    let limits = builder.limits
    let leastChildWeight = builder.leastChildWeight
    if summary.ranges.allSatisfy({ $0.largestMagnitude == 0 }) { return .noGradient }
    if columns == 0 { return .noFeatureVaries }
    if rows.count < 2 * limits.minChildRows {
      return .tooFewRows(rows.count, leastPerLeaf: limits.minChildRows)
    }
    let isFlat = summary.ranges.allSatisfy { $0.sumOfHessians < 2 * leastChildWeight }
    return isFlat ? .tooLittleCurvature : .noGain(leastPerLeaf: limits.minChildRows)
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
        + "constant(1) (`curvature: 'constant(1)'`)")
  }

  private func unsolved(_ leaf: UnsolvedLeaf, round: Int) -> LearningError {
    LearningError(
      .nonFiniteDerivative,
      "\(train.source): the leaf solver of objective '\(objective.name)' gives \(leaf.constant) in "
        + "round \(round) for a leaf of \(leaf.rowCount) rows, the first of them row "
        + "\(train.sourceRow(leaf.firstRow)); it must give a finite number")
  }

  /// The unit of regularisation, in the units of this objective's curvature.
  private func unit(_ first: DerivativePass.Summary) -> Double {
    guard booster.regularisation == .scaleFree else { return 1 }
    let sum = first.ranges.reduce(0) { $0 + $1.sumOfHessians }
    return sum / Double(rows.count * objective.scoresPerRow)
  }

  private func limits(_ first: DerivativePass.Summary) -> GrowthLimits {
    GrowthLimits(
      leaves: booster.leaves, maxDepth: booster.maxDepth ?? .max, growth: booster.growth,
      minChildRows: booster.leastLeafRows(of: rows.count), l2: booster.l2 * unit(first))
  }

  private func repeated(_ start: [Double], _ count: Int) -> AlignedBuffer<Double> {
    let scores = AlignedBuffer(repeating: 0.0, count: count * start.count)
    for index in 0..<scores.count { scores[index] = start[index % start.count] }
    return scores
  }
}
