public import Learning
public import Losses
public import Tabular

/// The constant that minimizes the objective on the training rows: what a model without any
/// feature does. Through a score adjustment it is a constant per unit of size, or a rate.
public struct ConstantLearner: SimpleLearner {
  public var options: SimpleOptions

  /// The best constant under `objective`.
  public init(objective: any Objective, adjustsScores: Bool = true) {
    options = SimpleOptions(objective: objective, adjustsScores: adjustsScores)
  }

  /// Finds the constant; validation rows are not looked at. O(rows x scoresPerRow) per Newton step.
  public func fit(
    _ train: Table, validation: Table?, progress: ((TrainingRound) -> Bool)?
  ) throws(LearningError) -> LinearModel {
    let clock = ContinuousClock()
    let start = clock.now
    let train = train.withoutWeightlessRows
    let (objective, rows) = try objectiveAndRows(of: train) { _ in nil }
    let scores = try objective.finiteInitialScores(on: rows, of: train)
    var model = LinearModel(
      header: ModelHeader(objective: objective, initialScores: scores, table: train),
      inputs: .none, coefficients: [])
    model.log.trainSeconds = (clock.now - start) / .seconds(1)
    return model
  }
}
