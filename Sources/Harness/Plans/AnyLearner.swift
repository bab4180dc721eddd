public import Foundation
public import Learning
public import Tabular

extension Learner {
  /// Fits a model whatever the learner is: what ``Learner/fit(_:validation:progress:)`` gives, with
  /// its type set aside.
  public func fitted(
    to train: Table, validation: Table? = nil, progress: ((TrainingRound) -> Bool)? = nil
  ) throws(LearningError) -> any TrainedModel {
    try fit(train, validation: validation, progress: progress)
  }
}

extension TrainedModel {
  /// Scores of `table` and the seconds they took: the median of five runs if one is short
  /// (under 0.2 s), else one.
  public func timedScores(
    for table: Table, threads: Int? = nil
  ) throws(LearningError) -> (scores: [Double], seconds: Double) {
    let clock = ContinuousClock()
    var seconds: [Double] = []
    var scores: [Double] = []
    repeat {
      let start = clock.now
      scores = try self.scores(for: table, threads: threads)
      seconds.append((clock.now - start) / .seconds(1))
    } while seconds.count < 5 && seconds[0] < 0.2
    return (scores, Statistics.median(seconds))
  }

  /// The bytes of the model's file.
  public func fileBytes() throws -> Data { try ModelFile.bytes(of: self) }
}
