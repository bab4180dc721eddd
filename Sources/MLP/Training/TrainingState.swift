import Learning

extension Perceptron {
  /// How far a fit has come, between two epochs: all that ``TrainingSession`` needs beside the learner
  /// and the tables to go on as if it had never been interrupted.
  ///
  /// Numbers are coded by their bits, so that any coder brings them back as they were.
  public struct TrainingState: Sendable, Hashable, Codable {
    /// Epochs done.
    public internal(set) var epoch = 0
    /// Steps of the optimizer done.
    var step = 0
    /// All weights, layer after layer, then all biases.
    @BitExact var parameters: [Float]
    /// What the optimizer remembers of them.
    @BitExact var optimizerState: [Float]
    /// The parameters of ``bestEpoch``; empty before the first epoch.
    @BitExact var bestParameters: [Float]
    /// The epoch whose network would be kept, counted from 1; 0 before the first.
    public internal(set) var bestEpoch = 0
    /// By what it was the best.
    @BitExact var bestLoss: [Double]
    /// Where the order of batches comes from: with the epoch, the seed of its generator.
    var seed: UInt64
    /// What the fit is of; a state goes on in the same one only.
    var identity = FitIdentity(parts: [])
    /// Losses and seconds of each epoch.
    var curve: [EpochRecord] = []

    init(seed: UInt64) {
      self.seed = seed
      parameters = []
      optimizerState = []
      bestParameters = []
      bestLoss = [.infinity]
    }

    /// The epochs done.
    public var rounds: [TrainingRound] {
      curve.enumerated().map { index, record in record.round(index + 1) }
    }
  }
}

/// What an epoch leaves in the log, by bits.
struct EpochRecord: Sendable, Hashable, Codable {
  private var trainLoss: UInt64?
  private var validationLoss: UInt64?
  private var seconds: UInt64

  init(_ round: TrainingRound) {
    trainLoss = round.trainLoss?.bitPattern
    validationLoss = round.validationLoss?.bitPattern
    seconds = round.seconds.bitPattern
  }

  func round(_ number: Int) -> TrainingRound {
    TrainingRound(
      round: number, trainLoss: trainLoss.map(Double.init(bitPattern:)),
      validationLoss: validationLoss.map(Double.init(bitPattern:)),
      seconds: Double(bitPattern: seconds))
  }
}
