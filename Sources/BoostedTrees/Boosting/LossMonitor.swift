import Parallel

/// Follows the losses of a fit and decides when to stop.
struct LossMonitor {
  private let fit: FitData
  private var trainLoss: LossTracker?
  private var validationLoss: LossTracker?
  private var validationScores: [Double] = []
  private var bestLoss = Double.infinity
  /// The round to keep; nil to keep all.
  private(set) var bestRound: Int?

  /// What it keeps from round to round.
  struct Memory: Sendable, Codable {
    /// The scores of the validation rows, `[rows x scoresPerRow]`; empty without them.
    @ExactNumbers var validationScores: [Double]
    /// The loss of the round to keep, a number or not.
    @ExactNumber var bestLoss: Double
    /// The round to keep; nil to keep all.
    var bestRound: Int?
    /// The integrals of the training and the validation loss, for objectives without one.
    @ExactNumbers var integrals: [Double]
  }

  /// - Parameters:
  ///   - start: the initial scores, `[scoresPerRow]`.
  ///   - scores: those of the training rows, `[rows x scoresPerRow]`.
  ///   - memory: what a monitor of the rounds before kept; nil before the first.
  init(
    _ fit: FitData, start: [Double], scores: AlignedBuffer<Double>, continuing memory: Memory?
  ) {
    self.fit = fit
    let integrals = memory?.integrals ?? [0, 0]
    if fit.booster.recordsTrainingLoss {
      trainLoss = LossTracker(
        fit.objective, fit.rows, scores: scores.elements, integrated: integrals[0])
    }
    if let validation = fit.validation {
      let count = validation.rows.count * start.count
      validationScores =
        memory?.validationScores ?? (0..<count).map { start[$0 % start.count] }
      validationLoss = LossTracker(
        fit.objective, validation.rows, scores: validationScores, integrated: integrals[1])
    }
    if let memory {
      (bestLoss, bestRound) = (memory.bestLoss, memory.bestRound)
    } else if fit.plan.patience != nil {
      bestRound = 0
      bestLoss = validationLoss?.loss(at: validationScores) ?? .infinity
    }
  }

  var memory: Memory {
    Memory(
      validationScores: validationScores, bestLoss: bestLoss, bestRound: bestRound,
      integrals: [trainLoss?.integrated ?? 0, validationLoss?.integrated ?? 0])
  }

  /// Records the losses after a round; returns whether to go on.
  mutating func follow(
    _ grown: [Tree], _ scores: AlignedBuffer<Double>, _ record: inout TrainingRound
  ) throws(LearningError) -> Bool {
    let (name, train) = ("round \(record.round)", fit.train)
    record.trainLoss = try trainLoss?.loss(at: scores.elements, of: train, after: name)
    guard let validation = fit.validation else { return true }
    addOutputs(
      of: grown, scoresPerRow: grown.count, features: validation.features,
      columns: fit.train.columnCount, to: &validationScores, pool: fit.pool)
    let outputs = validationScores
    let loss = try validationLoss?.loss(at: outputs, of: validation.table, after: name)
    record.validationLoss = loss
    guard let patience = fit.plan.patience, let loss else { return true }
    // A start whose loss is not a number is no best one to keep.
    if loss < bestLoss || bestLoss.isNaN {
      bestLoss = loss
      bestRound = record.round
    }
    return record.round - (bestRound ?? 0) < patience
  }
}
