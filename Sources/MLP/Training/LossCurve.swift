import Learning
import Losses
import Parallel
import Tabular

/// Follows the loss of a network on some rows from epoch to epoch.
struct LossCurve {
  private let objective: any Objective
  private let rows: ObjectiveRows
  private let table: Table
  private let features: [Float]
  /// Of an objective without a loss: the integral of its gradient so far, and the scores it reaches to.
  private var integral = (loss: 0.0, scores: [Double]())

  init(
    _ objective: any Objective, _ rows: ObjectiveRows, of table: Table, features: [Float],
    initialScores: [Double]
  ) {
    self.objective = objective
    self.rows = rows
    self.table = table
    self.features = features
    guard !objective.hasLoss else { return }
    integral.scores.reserveCapacity(rows.count * initialScores.count)
    for _ in 0..<rows.count { integral.scores.append(contentsOf: initialScores) }
  }

  /// Goes on where `network` had the loss `loss`.
  mutating func resume(at loss: Double, of network: Network, _ pool: WorkerPool) {
    guard !objective.hasLoss else { return }
    integral = (loss, network.outputs(features: features, rowCount: rows.count, pool: pool))
  }

  /// The mean loss of the network after `epoch`, counted from 0.
  ///
  /// - Throws: ``LearningError`` naming the row if a loss is not a number.
  mutating func loss(
    of network: Network, epoch: Int, _ pool: WorkerPool
  ) throws(LearningError) -> Double {
    let outputs = network.outputs(features: features, rowCount: rows.count, pool: pool)
    var tracker = LossTracker(objective, rows, scores: integral.scores)
    let loss = try tracker.loss(at: outputs, of: table, after: "epoch \(epoch + 1)")
    guard !objective.hasLoss else { return loss }
    integral = (integral.loss + loss, outputs)
    return integral.loss
  }
}

extension PreparedFit {
  /// The loss on the training rows.
  var trainingCurve: LossCurve {
    LossCurve(
      objective, slice.rows, of: train, features: train.features,
      initialScores: slice.initialScores)
  }

  /// The loss on the rows of `table`.
  func curve(on table: Table) throws(LearningError) -> LossCurve {
    try header.requireSameClasses(in: table)
    return LossCurve(
      objective, try ObjectiveRows(table, for: objective), of: table,
      features: try header.features(of: table), initialScores: slice.initialScores)
  }
}
