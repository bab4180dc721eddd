import Learning
import Losses
import Parallel
import Tabular

/// One fit: the prepared data and the loop over epochs and batches.
struct Trainer {
  private let learner: Perceptron
  private let train: Table
  private let header: ModelHeader
  private let pool: WorkerPool
  private let slice: BatchSlice
  private let optimiser: OptimiserStep
  private let batchSize: Int
  /// The rows with positive weight.
  private let order: [Int]
  private let initialParameters: [Float]
  private let trainLoss: LossCurve?
  private let validationLoss: LossCurve?
  private var log = TrainingLog()
  private let clock = ContinuousClock()

  /// Gathers and checks the data, and measures what inputs and outputs are scaled by.
  init(_ learner: Perceptron, _ train: Table, validation: Table?) throws(LearningError) {
    let start = clock.now
    let objective = learner.fittedObjective
    guard objective.reach == .row else {
      throw LearningError(
        .objectiveMismatch,
        "objective '\(objective.name)' compares rows with one another, and a perceptron trains on "
          + "batches of rows drawn by chance; fit it with boosted trees")
    }
    self.learner = learner
    self.train = train
    let rows = try ObjectiveRows(train, for: objective)
    if learner.checksObjective { try objective.requireSound(on: rows, of: train, policy: .exact) }
    order =
      rows.weights.isEmpty
      ? Array(0..<rows.count) : (0..<rows.count).filter { rows.weights[$0] > 0 }
    pool = WorkerPool(threads: learner.threads)
    let initial = initialScores(for: objective, rows.rows, weights: rows.weights.span)
    header = ModelHeader(objective: objective, initialScores: initial, table: train)
    let scale = try OutputScale(objective, rows, initialScores: initial, table: train)
    let standardiser = Standardiser(
      features: train.features, columns: train.columnCount, order: order, weights: rows.weights,
      standardises: learner.standardisesInputs, limit: Network.inputLimit)
    let shape = NetworkShape(
      [standardiser.inputCount] + learner.hidden + [objective.scoresPerRow])
    let layers = DenseLayers(shape: shape, activation: learner.activation)
    batchSize = learner.batchSize(rows: order.count)
    let workspace = Workspace(
      layers: layers, batchRows: min(batchSize, order.count),
      stateCount: OptimiserStep.stateCount(of: learner.optimizer),
      rowDataCount: rows.rowDataCount)
    slice = BatchSlice(
      workspace: workspace, standardiser: standardiser, objective: objective,
      features: train.features, rows: rows, initialScores: initial, outputScale: scale)
    optimiser = OptimiserStep(
      workspace: workspace, optimizer: learner.optimizer,
      weightDecay: learner.decayPerStep(rows: order.count))
    initialParameters = Self.initialParameters(learner, shape)
    trainLoss =
      learner.recordsTrainingLoss
      ? LossCurve(objective, rows, features: train.features, initialScores: initial) : nil
    if let validation {
      try header.requireSameClasses(in: validation)
      validationLoss = LossCurve(
        objective, try ObjectiveRows(validation, for: objective),
        features: try header.features(of: validation), initialScores: initial)
    } else {
      validationLoss = nil
    }
    log.threads = pool.threadCount
    log.lossIsIntegrated = !objective.hasLoss
    log.prepareSeconds = clock.seconds(since: start)
  }

  private static func initialParameters(_ learner: Perceptron, _ shape: NetworkShape) -> [Float] {
    var generator = RandomGenerator(seed: learner.seed, stream: 0)
    var parameters = [Float](repeating: 0, count: shape.parameterCount)
    for layer in 0..<shape.layerCount {
      let bound = learner.initialiser.bound(
        inputs: shape.sizes[layer], outputs: shape.sizes[layer + 1],
        activation: learner.activation)
      for index in shape.weights[layer] {
        parameters[index] = Float(bound * (2 * generator.uniform() - 1))
      }
    }
    return parameters
  }

  /// Trains and returns the network of the best epoch, or of the last without validation rows.
  func run(progress: ((TrainingRound) -> Bool)?) throws(LearningError) -> Network {
    var floats = initialParameters
    floats.append(
      contentsOf: repeatElement(0, count: slice.workspace.floatCount - floats.count))
    var doubles = [Double](repeating: 0, count: slice.workspace.doubleCount)
    var log = log
    let parameters = try withDisjointSlices(of: &floats) { floats throws(LearningError) in
      try withDisjointSlices(of: &doubles) { doubles throws(LearningError) in
        try runEpochs(floats, doubles, log: &log, progress: progress)
      }
    }
    var network = network(parameters)
    network.log = log
    return network
  }

  private func network(_ parameters: [Float]) -> Network {
    Network(
      header: header, activation: learner.activation, outputScale: slice.outputScale.scales,
      shape: slice.workspace.layers.shape, standardiser: slice.standardiser,
      parameters: parameters)
  }

  private func runEpochs(
    _ floats: DisjointSlices<Float>, _ doubles: DisjointSlices<Double>, log: inout TrainingLog,
    progress: ((TrainingRound) -> Bool)?
  ) throws(LearningError) -> [Float] {
    let start = clock.now
    var (trainLoss, validationLoss) = (trainLoss, validationLoss)
    var best = (parameters: [Float](), loss: Double.infinity)
    var step = 0
    for epoch in 0..<learner.epochs {
      try runEpoch(epoch, step: &step, floats, doubles)
      let parameters = Array(floats.part(slice.workspace.parameters))
      guard parameters.allSatisfy(\.isFinite) else { throw diverged(epoch: epoch) }
      let current = network(parameters)
      var round = TrainingRound(round: epoch + 1, seconds: 0)
      round.trainLoss = trainLoss?.loss(of: current, pool)
      round.validationLoss = validationLoss?.loss(of: current, pool)
      round.seconds = clock.seconds(since: start)
      log.rounds.append(round)
      let loss = round.validationLoss ?? -Double(epoch)
      if loss < best.loss || best.parameters.isEmpty {
        best = (parameters, loss.isNaN ? .infinity : loss)
        log.bestRound = epoch + 1
      }
      if let progress, !progress(round) { break }
      if validationLoss != nil, let patience = learner.earlyStopping?.rounds,
        epoch + 1 - log.bestRound >= patience
      {
        break
      }
    }
    log.trainSeconds = clock.seconds(since: start)
    return best.parameters
  }

  private func runEpoch(
    _ epoch: Int, step: inout Int, _ floats: DisjointSlices<Float>,
    _ doubles: DisjointSlices<Double>
  ) throws(LearningError) {
    var shuffled = order
    var generator = RandomGenerator(seed: learner.seed, stream: UInt64(epoch) + 1)
    generator.shuffle(&shuffled)
    let order = shuffled
    let share = learner.schedule.share(epoch: epoch, of: learner.epochs)
    var failures = [BatchSlice.Failure](
      repeating: .init(), count: slice.workspace.sliceCount)
    let sliceRows = slice.workspace.sliceRows
    for first in stride(from: 0, to: order.count, by: batchSize) {
      let batch = first..<min(first + batchSize, order.count)
      let totalWeight =
        slice.rows.weights.isEmpty
        ? Double(batch.count) : batch.reduce(0) { $0 + slice.rows.weights[order[$1]] }
      let slices = (batch.count + sliceRows - 1) / sliceRows
      withDisjointSlices(of: &failures) { failures in
        pool.forEach(slices) { index in
          let start = first + index * sliceRows
          let rows = order[start..<min(start + sliceRows, batch.upperBound)]
          failures.part(index..<index + 1)[0] = slice.run(
            index, order: rows, totalWeight: totalWeight, floats: floats, doubles: doubles)
        }
      }
      if let failure = failures.first(where: { $0.row >= 0 }) {
        guard !failure.score.isNaN else { throw diverged(epoch: epoch) }
        throw nonFiniteDerivative(
          of: slice.objective, value: failure.derivative, score: failure.score,
          row: failure.row, table: train)
      }
      step += 1
      optimiser.run(number: step, share: share, slices: slices, floats: floats, pool: pool)
    }
  }

  private func diverged(epoch: Int) -> LearningError {
    LearningError(
      .nonFiniteDerivative,
      "\(train.source): training diverged in epoch \(epoch + 1): weights or outputs are no longer "
        + "finite numbers; lower the learning rate (now \(learner.optimizer.learningRate))")
  }
}

/// Follows the loss of a network on some rows.
private struct LossCurve {
  private var tracker: LossTracker
  private let features: [Float]
  private let rowCount: Int

  init(
    _ objective: any Objective, _ rows: ObjectiveRows, features: [Float], initialScores: [Double]
  ) {
    self.features = features
    rowCount = rows.count
    var scores: [Double] = []
    scores.reserveCapacity(rows.count * initialScores.count)
    for _ in 0..<rows.count { scores.append(contentsOf: initialScores) }
    tracker = LossTracker(objective, rows, scores: scores)
  }

  mutating func loss(of network: Network, _ pool: WorkerPool) -> Double {
    tracker.loss(at: network.outputs(features: features, rowCount: rowCount, pool: pool))
  }
}

extension ContinuousClock {
  fileprivate func seconds(since start: Instant) -> Double {
    (now - start).seconds
  }
}
