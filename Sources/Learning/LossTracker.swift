public import Losses
public import Tabular

/// Follows the mean loss of some rows while their scores change.
///
/// For an objective without a loss it adds up the integral of the gradient, from 0 at the first
/// scores, so that early stopping and curves work all the same.
public struct LossTracker: Sendable {
  private let objective: any Objective
  private let rows: ObjectiveRows
  private var previous: [Double]
  /// The integral so far; 0 for an objective with a loss.
  public private(set) var integrated: Double
  /// The first row of positive weight whose loss was not a number when last asked for.
  private var undefinedRow: Int?

  /// Starts at `scores`, row-major `[rows x scoresPerRow]`.
  ///
  /// - Parameter integrated: where another tracker had come to at these scores, to go on from there.
  public init(
    _ objective: any Objective, _ rows: ObjectiveRows, scores: [Double], integrated: Double = 0
  ) {
    self.objective = objective
    self.integrated = integrated
    self.rows = rows
    previous = objective.hasLoss ? [] : scores
  }

  /// The weighted mean loss at `scores`. O(rows).
  public mutating func loss(at scores: [Double]) -> Double {
    var values = [Double](repeating: 0, count: rows.count)
    var span = values.mutableSpan
    if objective.hasLoss {
      objective.losses(at: scores.span, rows.rows, into: &span)
      return weightedMean(values)
    }
    IntegratedLoss.changes(
      of: objective, from: previous.span, to: scores.span, rows.rows, into: &span)
    previous = scores
    integrated += weightedMean(values)
    return integrated
  }

  /// The weighted mean loss at `scores` after a round.
  ///
  /// - Throws: ``LearningError`` naming the row of `table` if a loss is not a number.
  public mutating func loss(
    at scores: [Double], of table: Table, after round: String
  ) throws(LearningError) -> Double {
    let mean = loss(at: scores)
    guard let undefinedRow else { return mean }
    let width = objective.scoresPerRow
    // An output that is not finite may spoil the losses of other rows.
    let row = scores.firstIndex { !$0.isFinite }.map { $0 / width } ?? undefinedRow
    let own = scores[row * width..<(row + 1) * width]
    let outputs = own.map { "\($0)" }.joined(separator: ", ")
    guard own.allSatisfy(\.isFinite) else {
      throw LearningError(
        .nonFiniteDerivative,
        "\(table.source): row \(table.sourceRow(row)): the model's output is \(outputs) after "
          + "\(round), beyond what a number holds: steps grew from round to round; correct the "
          + "objective where its gradient outgrows its Hessian, or lower the learning rate")
    }
    throw LearningError(
      .nonFiniteDerivative,
      "\(table.source): row \(table.sourceRow(row)): the loss of objective '\(objective.name)' is "
        + "not a number at model output \(outputs), target \(rows.targets[row]), after \(round); "
        + "correct the row, or the objective where it divides by 0 or overflows")
  }

  private mutating func weightedMean(_ values: [Double]) -> Double {
    let mean: Double
    if rows.weights.isEmpty {
      mean = values.reduce(0, +) / Double(values.count)
    } else {
      var sum = 0.0
      for (value, weight) in zip(values, rows.weights) where weight > 0 { sum += value * weight }
      mean = sum / rows.totalWeight
    }
    undefinedRow =
      mean.isNaN
      ? values.indices.first {
        values[$0].isNaN && (rows.weights.isEmpty || rows.weights[$0] > 0)
      } : nil
    return mean
  }
}
