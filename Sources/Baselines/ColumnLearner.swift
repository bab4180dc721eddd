public import Learning
public import Losses
public import Tabular

/// A feature taken as the prediction as it stands: persistence, if it is the target's own past.
///
/// Through an adjustment that multiplies, the column counts per unit of size. A missing value
/// stands for the mean of the training targets. If the objective wants several scores around one
/// location (quantiles, a scale), the constants that minimize it on the training residuals are
/// added; a single score is left as it stands.
public struct ColumnLearner: SimpleLearner {
  /// The feature's name.
  public let column: String
  public var options: SimpleOptions

  /// The feature called `column` as the prediction.
  public init(column: String, objective: any Objective, adjustsScores: Bool = false) {
    self.column = column
    options = SimpleOptions(objective: objective, adjustsScores: adjustsScores)
  }

  /// Why a column cannot stand for predictions of an objective, as the end of a sentence; nil if it
  /// can.
  public static func refusal(of objective: any Objective, on table: Table) -> String? {
    if table.classNames != nil { return "the target is a class" }
    if objective.reach != .row { return "its scores only order rows" }
    switch objective.link {
    case .identity, .increasing, .locationScale:
      let carriers = objective.link == .identity ? 0..<objective.scoresPerRow : 0..<1
      let isFit =
        objective.scoresPerRow == 1 || ResidualLoss.isOne(objective, carriers, table)
      return isFit ? nil : "it has several scores that are no locations"
    case .log where objective.scoresPerRow == 1: return nil
    default: return "its predictions are not in the target's unit"
    }
  }

  /// Looks the column up and finds what stands for missing values. O(rows).
  public func fit(
    _ train: Table, validation: Table?, progress: ((TrainingRound) -> Bool)?
  ) throws(LearningError) -> LinearModel {
    let clock = ContinuousClock()
    let start = clock.now
    let train = train.withoutWeightlessRows
    guard let place = train.featureNames.firstIndex(of: column) else {
      throw LearningError(
        .columnMismatch, "\(train.source): there is no feature '\(column)' to take as prediction")
    }
    if let reason = Self.refusal(of: objective, on: train) {
      throw LearningError(
        .objectiveMismatch, "\(train.source): no column is a prediction: \(reason)")
    }
    // A score under a log link is a logarithm; the column is the prediction itself.
    let judged: any Objective = objective.link == .log ? SquaredError() : fittedObjective
    let rows = try ObjectiveRows(train, for: judged)
    let units = try Self.units(judged, train)
    var (sum, total) = (0.0, 0.0)
    for row in 0..<train.rowCount {
      let weight = rows.weights.isEmpty ? 1 : rows.weights[row]
      sum += weight * rows.targets[row] / (units.isEmpty ? 1 : units[row])
      total += weight
    }
    let inputs = LinearInputs(
      columns: [place], means: [0], scales: [1], lowest: [-.infinity], highest: [.infinity],
      fills: [sum / total])
    let width = judged.scoresPerRow
    let carriers = judged.link == .identity ? 0..<width : 0..<1
    var constants = [Double](repeating: 0, count: width)
    if width > 1 {
      let residuals = (0..<train.rowCount).map { row in
        let value = inputs.input(0, of: train.features[row * train.columnCount + place])
        return rows.targets[row] - value * (units.isEmpty ? 1 : units[row])
      }
      guard let found = ResidualLoss.constants(judged, residuals, train) else {
        throw LearningError(
          .nonFiniteDerivative, "the objective gives no constants for the residuals of a column")
      }
      constants = found
    }
    var model = LinearModel(
      header: ModelHeader(objective: judged, initialScores: constants, table: train),
      inputs: inputs, coefficients: (0..<width).map { carriers.contains($0) ? 1 : 0 })
    model.log.trainSeconds = (clock.now - start) / .seconds(1)
    return model
  }

  /// What predictions are multiplied by, `[rows]`; empty for 1.
  static func units(
    _ objective: any Objective, _ table: Table
  ) throws(LearningError) -> [Double] {
    guard case .multiplied(let name) = (objective as? AdjustedObjective)?.adjustment else {
      return []
    }
    return try ObjectiveRows.gather([name], of: table, neededBy: objective.name)
  }
}
