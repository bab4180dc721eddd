public import Losses

/// When to end training before all rounds are done: no better validation loss for a while.
public struct EarlyStopping: Sendable, Hashable, Codable {
  /// Rounds (trees) or epochs (MLP) without improvement after which training ends.
  public var rounds: Int

  /// Ends training `rounds` rounds after the best one; the model keeps the best.
  public init(rounds: Int) {
    precondition(rounds > 0, "early stopping waits at least one round")
    self.rounds = rounds
  }
}

/// One round of boosting or one epoch, as it ended.
public struct TrainingRound: Sendable, Hashable, Codable {
  /// Counted from 1.
  public var round: Int
  /// Mean loss on the training rows, if asked for.
  public var trainLoss: Double?
  /// Mean loss on the validation rows, if there are any.
  public var validationLoss: Double?
  /// Seconds since training began.
  public var seconds: Double
  /// Hessians that were changed in this round to make them usable, by the curvature policy above
  /// all; of ``TrainingLog/hessiansPerRound``.
  public var adjustedHessians: Int
  /// Leaves whose step was shortened because it would have raised the training loss.
  public var shortenedLeaves: Int
  /// Whether it is one of a refit on all training rows, after the number of rounds was chosen.
  public var isRefit = false

  /// A round from its parts.
  public init(
    round: Int, trainLoss: Double? = nil, validationLoss: Double? = nil, seconds: Double,
    adjustedHessians: Int = 0, shortenedLeaves: Int = 0
  ) {
    self.round = round
    self.trainLoss = trainLoss
    self.validationLoss = validationLoss
    self.seconds = seconds
    self.adjustedHessians = adjustedHessians
    self.shortenedLeaves = shortenedLeaves
  }
}

/// What happened while a model was fitted. Not part of the model file.
public struct TrainingLog: Sendable, Hashable, Codable {
  /// Every round, also those after the best one; of the search, where the number of rounds was
  /// chosen on held-out rows.
  public var rounds: [TrainingRound] = []
  /// The rounds of the refit on all training rows; nil if there was none.
  public var refitRounds: [TrainingRound]?
  /// The rounds the model keeps.
  public var bestRound = 0
  /// How that number was settled; nil for a model read from a file.
  public var choice: RoundChoice?
  /// Seconds to prepare the data: binning, or standardising. Search and refit together.
  public var prepareSeconds = 0.0
  /// Seconds of training, without preparation. Search and refit together.
  public var trainSeconds = 0.0
  /// Threads used.
  public var threads = 1
  /// The policy that made Hessians usable; nil for a learner that makes no Newton steps.
  public var curvature: CurvaturePolicy?
  /// Hessians that every round computes: one per row of positive weight and score; 0 for a learner
  /// that makes no Newton steps.
  public var hessiansPerRound = 0
  /// The share of what training learned that the model keeps, below 1 where its last state fitted the
  /// training rows worse than the constant scores it started from; nil where all is kept.
  public var keptShare: Double?
  /// The least rows of a leaf that the trees were grown with; nil for a learner without trees.
  public var leastLeafRows: Int?
  /// Why no further tree could be grown; nil if something else ended training.
  public var halt: GrowthHalt?
  /// Whether the losses are the objective's own, or the integral of its gradient counted from the
  /// first round, for objectives without a loss.
  public var lossIsIntegrated = false

  /// An empty log.
  public init() {}

  /// Why a model has no rounds, as the end of a sentence that begins "because".
  public var reasonForNone: String {
    guard !rounds.isEmpty else { return halt?.reason ?? "none was run" }
    let rows =
      switch choice?.basis {
      case .heldOut: " on the held-out rows"
      case .validation: " on the validation rows"
      case .number, nil: ""
      }
    return "none of \(rounds.count) lowered the loss\(rows)"
  }
}
