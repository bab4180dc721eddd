import Parallel

/// What a fit learns from and by, the same in every round: options, objective and rows, checked.
struct FitData {
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

  /// The training rows' scores after `trees`, the same bits that training added up.
  func outputs(of trees: [Tree], _ start: [Double]) -> [Double] {
    var outputs = (0..<rows.count * start.count).map { start[$0 % start.count] }
    guard !trees.isEmpty else { return outputs }
    addOutputs(
      of: trees, scoresPerRow: start.count, features: train.features, columns: train.columnCount,
      to: &outputs, pool: pool)
    return outputs
  }

  /// The unit of regularisation, in the units of this objective's curvature.
  func unit(_ first: DerivativePass.Summary) -> Double {
    guard booster.regularisation == .scaleFree else { return 1 }
    let sum = first.ranges.reduce(0) { $0 + $1.sumOfHessians }
    return sum / Double(rows.count * objective.scoresPerRow)
  }

  func limits(_ first: DerivativePass.Summary) -> GrowthLimits {
    GrowthLimits(
      leaves: booster.leaves, maxDepth: booster.maxDepth ?? .max, growth: booster.growth,
      minChildRows: booster.leastLeafRows(of: rows.count), l2: booster.l2 * unit(first))
  }

  /// A builder of trees for the derivatives at the initial scores.
  ///
  /// - Parameter format: the narrowest format of sums that a tree may have.
  func builder(
    _ binned: BinnedTable, _ derivatives: DerivativePass, _ first: DerivativePass.Summary,
    format: SumFormat
  ) -> TreeBuilder {
    TreeBuilder(
      binned, derivatives: derivatives, limits: limits(first),
      start: booster.minChildWeight == nil
        ? StartCurvature(derivatives.hessians, ranges: first.ranges) : nil,
      leastChildWeight: (booster.minChildWeight ?? 0) * unit(first),
      learningRate: booster.learningRate, pool: pool, format: format)
  }

  /// The log of a fit before its first round.
  var emptyLog: TrainingLog {
    var log = TrainingLog()
    log.lossIsIntegrated = !objective.hasLoss
    log.curvature = policy
    log.hessiansPerRound = rows.count * objective.scoresPerRow
    log.leastLeafRows = booster.leastLeafRows(of: rows.count)
    return log
  }
}
