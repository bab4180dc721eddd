import Learning
import Losses
import Parallel
import Tabular

/// What one fit computes with and does not change from epoch to epoch: the prepared data, and what
/// inputs and outputs are scaled by.
struct PreparedFit: Sendable {
  let learner: Perceptron
  let train: Table
  let objective: any Objective
  let header: ModelHeader
  let pool: WorkerPool
  let slice: BatchSlice
  let update: ParameterUpdate
  let batches: BatchPlan
  let joint: JointGradients
  let initialParameters: [Float]
  private let risesNoLoss: TrainingGuard

  /// Gathers and checks the data, and measures what inputs and outputs are scaled by.
  ///
  /// - Parameter learner: its options, found to be sound.
  init(_ learner: Perceptron, _ train: Table) throws(LearningError) {
    self.learner = learner
    self.train = train
    let (objective, rows) = try learner.objectiveAndRows(of: train) { _ in nil }
    self.objective = objective
    pool = WorkerPool(threads: learner.threads)
    let initial = try objective.finiteInitialScores(on: rows, of: train)
    header = ModelHeader(objective: objective, initialScores: initial, table: train)
    let scale = try OutputScale(objective, rows, initialScores: initial, table: train)
    let standardizer = Standardizer(
      features: train.features, columns: train.columnCount, order: Array(0..<rows.count),
      weights: rows.weights, standardizes: learner.standardizesInputs, limit: Network.inputLimit)
    let stack = try learner.stack(
      inputs: standardizer.inputCount, outputs: objective.scoresPerRow)
    batches = BatchPlan(
      rows, reach: objective.reach,
      batchSize: learner.batchSize(rows: rows.count, reach: objective.reach))
    let workspace = Workspace(
      layers: stack, batchRows: batches.largestBatch, stateCount: learner.optimizer.stateCount,
      rowDataCount: rows.rowDataCount)
    slice = BatchSlice(
      workspace: workspace, standardizer: standardizer, objective: objective,
      features: train.features, rows: rows, initialScores: initial, outputScale: scale)
    update = ParameterUpdate(
      workspace: workspace, optimizer: learner.optimizer,
      weightDecay: learner.decayPerStep(rows: rows.count))
    joint = JointGradients(objective, rows, start: workspace.doubleCount)
    var generator = RandomGenerator(seed: learner.seed, stream: 0)
    initialParameters = stack.initialParameters(using: &generator)
    risesNoLoss = try TrainingGuard(
      objective, on: train, initialScores: initial, lossUnit: scale.lossUnit)
  }

  /// Elements of the two arrays that training works in.
  var memory: (floats: Int, doubles: Int) {
    (slice.workspace.floatCount, slice.workspace.doubleCount + joint.doubleCount)
  }

  func network(_ parameters: [Float]) -> Network {
    Network(
      header: header, activation: learner.activation, outputScale: slice.outputScale.scales,
      stack: slice.workspace.layers, standardizer: slice.standardizer, parameters: parameters)
  }

  /// The network to keep of `parameters`, and the share of what they learned that it keeps.
  func kept(_ parameters: [Float]) throws(LearningError) -> (network: Network, share: Double) {
    let share = try risesNoLoss.share(
      of: network(parameters), from: network(initialParameters),
      learningRate: learner.optimizer.learningRate, pool)
    return (network(network(parameters).scaled(by: share)), share)
  }

  func diverged(epoch: Int) -> LearningError {
    LearningError(
      .nonFiniteDerivative,
      "\(train.source): training diverged in epoch \(epoch + 1): weights or outputs are no longer "
        + "finite numbers; lower the learning rate (now \(learner.optimizer.learningRate))")
  }
}
