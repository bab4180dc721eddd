public import Learning

/// One fit: what was asked, how it went, and what came out.
public struct TrialRecord: Sendable, Hashable, Codable {
  /// How a trial ended.
  public enum Status: String, Sendable, Hashable, Codable {
    /// It ran to its end.
    case finished
    /// It stopped with the sentence in ``TrialRecord/failure``.
    case failed
    /// The user stopped it; its losses so far are kept, its scores were not computed.
    case cancelled
    /// The user stopped the experiment before it began.
    case notRun
  }

  /// Seconds on the wall clock.
  public struct Seconds: Sendable, Hashable, Codable {
    /// Binning or standardising.
    public var prepare: Double
    /// Training without preparation, with the losses of every round logged.
    public var train: Double
    /// Scores of all test rows, from their features: the median of several runs when it is short.
    public var predict: Double

    /// Times from their parts.
    public init(prepare: Double, train: Double, predict: Double) {
      self.prepare = prepare
      self.train = train
      self.predict = predict
    }
  }

  /// One metric on each part of the data; NaN where it is undefined, nil where the part is missing.
  public struct Score: Sendable, Hashable, Codable {
    /// The metric's name.
    public var metric: String
    /// On the training rows, validation rows not included.
    public var train: Double
    /// On the validation rows.
    public var validation: Double?
    /// On the test rows.
    public var test: Double

    /// A score from its parts.
    public init(metric: String, train: Double, validation: Double?, test: Double) {
      self.metric = metric
      self.train = train
      self.validation = validation
      self.test = test
    }
  }

  /// Learner, objective and form.
  public var combination: Combination
  /// The kind of learner.
  public var kind: LearnerPlan.Kind
  /// The objective's own name, as model files give it.
  public var objectiveName: String
  /// The adjustment in a formula (`score = size * f`), if the form is adjusted.
  public var adjustment: String?
  /// What chance depends on.
  public var seed: UInt64
  /// The learner's options.
  public var options: [NamedValue]
  /// How the trial ended.
  public var status: Status
  /// Why it failed, in a sentence.
  public var failure: String?
  /// Wall-clock seconds; nil unless finished.
  public var seconds: Seconds?
  /// Threads the learner used.
  public var threads: Int?
  /// Peak memory of the whole process when the trial ended, in bytes. It counts everything that ran
  /// before in the same process, so it never falls from one trial to the next.
  public var processPeakBytes: Int?
  /// How the number of rounds was settled; nil without a model, for learners that have none, and in
  /// records of older versions. ``RoundChoice/isCapped`` says that the search was cut short while
  /// the loss was still falling.
  public var choice: RoundChoice?
  /// The seed of the first trial of the same combination whose model is the same byte for byte:
  /// chance had no part, and the two fits count once. Nil for a fit that repeats no other.
  public var repeatsSeed: UInt64?
  /// Mean loss on the training rows after each round; empty if not logged. Where rounds were chosen
  /// on held-out rows it is that of the search, on the other training rows.
  public var trainLosses: [Double] = []
  /// Mean loss on the validation rows, or on those held out, after each round; empty without.
  public var validationLosses: [Double] = []
  /// Mean loss on the test rows, to be set beside ``RoundChoice/bestLoss``; nil for an objective
  /// without a loss, and in records of older versions.
  public var testLoss: Double?
  /// Whether the losses are the integral of the gradient, for an objective without a loss.
  public var lossIsIntegrated = false
  /// Rounds that ran, those of a refit not counted.
  public var rounds = 0
  /// Rounds that the model keeps.
  public var bestRound = 0
  /// Hessians that were changed to make them usable, summed over rounds.
  public var adjustedHessians = 0
  /// The curvature policy and what it changed round by round; nil for a learner that makes no
  /// Newton steps, a trial without a model, and in records of older versions.
  public var curvature: CurvatureUse?
  /// The least rows of a leaf; nil for a learner without trees and in records of older versions.
  public var leastLeafRows: Int?
  /// Why no further tree could be grown; nil if something else ended training.
  public var halt: String?
  /// Bytes of the model file.
  public var modelBytes: Int?
  /// SHA-256 of the model file, in hexadecimal.
  public var modelSHA256: String?
  /// Metrics, in the order of ``ResultRecord/metrics``.
  public var scores: [Score] = []
  /// Test rows by target (row) and predicted class (column); empty unless the target is a class.
  public var confusion: [[Int]] = []
  /// Error by size, in the order of ``ResultRecord/sizeBuckets``; empty without sizes.
  public var sizeErrors: [SizeError] = []

  /// A trial that has not run yet.
  public init(
    combination: Combination, kind: LearnerPlan.Kind, objectiveName: String, adjustment: String?,
    seed: UInt64, options: [NamedValue], status: Status = .notRun
  ) {
    self.combination = combination
    self.kind = kind
    self.objectiveName = objectiveName
    self.adjustment = adjustment
    self.seed = seed
    self.options = options
    self.status = status
  }

  /// The metric called `name` on the test rows; nil if it was not computed.
  public func testScore(_ name: String) -> Double? {
    scores.first { $0.metric == name }?.test
  }

  /// The metric called `name` on the validation rows; nil if it was not computed.
  public func validationScore(_ name: String) -> Double? {
    scores.first { $0.metric == name }?.validation
  }
}
