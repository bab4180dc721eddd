public import Learning
public import Losses

/// The options that every simple learner has, all of ``Learner``.
public struct SimpleOptions: Sendable {
  /// What is minimized.
  public var objective: any Objective
  /// Whether to fit in the space of the objective's adjustment.
  public var adjustsScores: Bool
  /// Whether to look for mistakes in the objective first.
  public var checksObjective = false
  /// Has no effect: there are no rounds.
  public var recordsTrainingLoss = false
  /// Has no effect: there is no chance in simple models.
  public var seed: UInt64 = 0
  /// Has no effect: one thread is enough.
  public var threads: Int?

  /// Options with the usual values.
  public init(objective: any Objective, adjustsScores: Bool) {
    self.objective = objective
    self.adjustsScores = adjustsScores
  }
}

/// A learner that is fitted at one stroke: what others have to beat.
public protocol SimpleLearner: Learner {
  /// Its options.
  var options: SimpleOptions { get set }
}

extension SimpleLearner {
  public var objective: any Objective {
    get { options.objective }
    set { options.objective = newValue }
  }

  public var adjustsScores: Bool {
    get { options.adjustsScores }
    set { options.adjustsScores = newValue }
  }

  public var checksObjective: Bool {
    get { options.checksObjective }
    set { options.checksObjective = newValue }
  }

  public var recordsTrainingLoss: Bool {
    get { options.recordsTrainingLoss }
    set { options.recordsTrainingLoss = newValue }
  }

  public var seed: UInt64 {
    get { options.seed }
    set { options.seed = newValue }
  }

  public var threads: Int? {
    get { options.threads }
    set { options.threads = newValue }
  }
}
