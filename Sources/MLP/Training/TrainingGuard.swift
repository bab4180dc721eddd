import Learning
import Losses
import Parallel
import Tabular

/// Sees to it that no fit ends in a network that fits its own training rows worse than the constant
/// scores it started from, and worse than the network with the weights it drew.
///
/// A rise, as after few epochs on features that tell nothing, is taken back: the outputs are drawn
/// towards the start, by halves, until the loss is no higher (``TrainingLog/keptShare``). A very large
/// one is a training that ran away to finite numbers, and is refused.
struct TrainingGuard {
  /// Rows looked at, evenly spaced, where rows stand alone.
  private static let rowLimit = 8_192

  private let objective: any Objective
  private let rows: ObjectiveRows
  private let table: Table
  private let start: [Double]
  private let startLoss: Double
  private let lossUnit: Double

  /// - Parameters:
  ///   - initialScores: one per score of a row.
  ///   - lossUnit: what the loss changes by over one unit of output, about.
  init(
    _ objective: any Objective, on table: Table, initialScores: [Double], lossUnit: Double
  ) throws(LearningError) {
    self.objective = objective
    self.lossUnit = lossUnit
    let count = table.rowCount
    let isWhole = objective.reach != .row || count <= Self.rowLimit
    self.table =
      isWhole ? table : table.subset((0..<Self.rowLimit).map { $0 * count / Self.rowLimit })
    rows = try ObjectiveRows(self.table, for: objective)
    start = (0..<rows.count * initialScores.count).map { initialScores[$0 % initialScores.count] }
    startLoss = Self.loss(objective, rows, from: start, at: start)
  }

  private static func loss(
    _ objective: any Objective, _ rows: ObjectiveRows, from start: [Double], at scores: [Double]
  ) -> Double {
    var tracker = LossTracker(objective, rows, scores: start)
    return tracker.loss(at: scores)
  }

  /// The share of the network's outputs to keep, 1 if its loss is no higher than at the start.
  ///
  /// - Parameters:
  ///   - first: the network before training.
  ///   - learningRate: for the advice.
  /// - Throws: ``LearningError`` if the loss rose by more than a hundred times its unit.
  func share(
    of network: Network, from first: Network, learningRate: Double, _ pool: WorkerPool
  ) throws(LearningError) -> Double {
    let drawn = first.outputs(features: table.features, rowCount: rows.count, pool: pool)
    let drawnLoss = Self.loss(objective, rows, from: start, at: drawn)
    let startLoss = drawnLoss.isFinite ? max(self.startLoss, drawnLoss) : self.startLoss
    // A start whose loss is no number is nothing to compare with.
    guard startLoss.isFinite else { return 1 }
    let outputs = network.outputs(features: table.features, rowCount: rows.count, pool: pool)
    func loss(_ share: Double) -> Double {
      let scores = outputs.indices.map { start[$0] + share * (outputs[$0] - start[$0]) }
      return Self.loss(objective, rows, from: start, at: scores)
    }
    let end = loss(1)
    // Sums of rounded losses differ in their last places.
    let rounding = 1e-9 * max(startLoss.magnitude, lossUnit)
    if end <= startLoss + rounding { return 1 }
    guard end - startLoss <= 100 * lossUnit else {
      throw LearningError(
        .nonFiniteDerivative,
        "\(table.source): training ended at a mean loss of \(Float(end)) on the training rows, above "
          + "the \(Float(startLoss)) it started from: it ran away; lower the "
          + "learning rate (now \(learningRate)), or look for rows far out of the range of the others"
      )
    }
    let shares = (1...20).map { 1 / Double(1 << $0) }
    return shares.first { loss($0) <= startLoss + rounding } ?? 0
  }
}

extension Network {
  /// The network whose outputs are this share of the way from the start to its own.
  func scaled(by share: Double) -> [Float] {
    guard share < 1 else { return parameters }
    var scaled = parameters
    let last = shape.layerCount - 1
    for index in Array(shape.weights[last]) + Array(shape.biases[last]) {
      scaled[index] *= Float(share)
    }
    return scaled
  }
}
