public import Losses

/// Follows the mean loss of some rows while their scores change.
///
/// For an objective without a loss it adds up the integral of the gradient, from 0 at the first
/// scores, so that early stopping and curves work all the same.
public struct LossTracker: Sendable {
  private let objective: any Objective
  private let rows: ObjectiveRows
  private var previous: [Double]
  private var integrated = 0.0

  /// Starts at `scores`, row-major `[rows x scoresPerRow]`.
  public init(_ objective: any Objective, _ rows: ObjectiveRows, scores: [Double]) {
    self.objective = objective
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

  private func weightedMean(_ values: [Double]) -> Double {
    guard !rows.weights.isEmpty else { return values.reduce(0, +) / Double(values.count) }
    var sum = 0.0
    for (value, weight) in zip(values, rows.weights) where weight > 0 { sum += value * weight }
    return sum / rows.totalWeight
  }
}
