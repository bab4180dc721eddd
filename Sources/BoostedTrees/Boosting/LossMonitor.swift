import Parallel

/// Follows the losses of a fit and decides when to stop.
struct LossMonitor {
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
