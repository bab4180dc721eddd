import Learning
import Losses
import Parallel
import Tabular

/// One fit: the prepared data and the loop over epochs and batches.
struct Trainer {
  private let learner: Perceptron
  private let plan: RoundPlan
  private let train: Table
  private let header: ModelHeader
  private let pool: WorkerPool
  private let slice: BatchSlice
  private let optimiser: OptimiserStep
  private let batches: BatchPlan
  private let joint: JointDerivatives
  private let initialParameters: [Float]
  private let guardAgainstRise: TrainingGuard
  private let trainLoss: LossCurve?
  private let validationLoss: LossCurve?
  private var log = TrainingLog()
  private let clock = ContinuousClock()

  /// Gathers and checks the data, and measures what inputs and outputs are scaled by.
  init(
    _ learner: Perceptron, _ train: Table, validation: Table?, plan: RoundPlan
  ) throws(LearningError) {
    let start = clock.now
    self.learner = learner
    self.plan = plan
    self.train = train
    let (objective, rows) = try learner.objectiveAndRows(of: train) { _ in nil }
    pool = WorkerPool(threads: learner.threads)
    let initial = try objective.finiteInitialScores(on: rows, of: train)
    header = ModelHeader(objective: objective, initialScores: initial, table: train)
    let scale = try OutputScale(objective, rows, initialScores: initial, table: train)
    let standardiser = Standardiser(
      features: train.features, columns: train.columnCount, order: Array(0..<rows.count),
      weights: rows.weights, standardises: learner.standardisesInputs, limit: Network.inputLimit)
    let shape = NetworkShape(
      [standardiser.inputCount] + learner.hidden + [objective.scoresPerRow])
    let layers = DenseLayers(shape: shape, activation: learner.activation)
    batches = BatchPlan(
      rows, reach: objective.reach,
      batchSize: learner.batchSize(rows: rows.count, reach: objective.reach))
    let workspace = Workspace(
      layers: layers, batchRows: batches.largestBatch,
      stateCount: OptimiserStep.stateCount(of: learner.optimizer),
      rowDataCount: rows.rowDataCount)
    slice = BatchSlice(
      workspace: workspace, standardiser: standardiser, objective: objective,
      features: train.features, rows: rows, initialScores: initial, outputScale: scale)
    optimiser = OptimiserStep(
      workspace: workspace, optimizer: learner.optimizer,
      weightDecay: learner.decayPerStep(rows: rows.count))
    joint = JointDerivatives(objective, rows, start: workspace.doubleCount)
    initialParameters = Self.initialParameters(learner, shape)
    guardAgainstRise = try TrainingGuard(
      objective, on: train, initialScores: initial, lossUnit: scale.lossUnit)
    trainLoss =
      learner.recordsTrainingLoss
      ? LossCurve(objective, rows, of: train, features: train.features, initialScores: initial)
      : nil
    if let validation {
      try header.requireSameClasses(in: validation)
      validationLoss = LossCurve(
        objective, try ObjectiveRows(validation, for: objective), of: validation,
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

  /// Trains and returns the network of the best epoch, or of the last where none is to be chosen.
  func run(progress: ((TrainingRound) -> Bool)?) throws(LearningError) -> Network {
    var floats = initialParameters
    floats.append(
      contentsOf: repeatElement(0, count: slice.workspace.floatCount - floats.count))
    var doubles = [Double](repeating: 0, count: slice.workspace.doubleCount + joint.doubleCount)
    var log = log
    let parameters = try withDisjointSlices(of: &floats) { floats throws(LearningError) in
      try withDisjointSlices(of: &doubles) { doubles throws(LearningError) in
        try runEpochs(floats, doubles, log: &log, progress: progress)
      }
    }
    let share = try guardAgainstRise.share(
      of: network(parameters), from: network(initialParameters),
      learningRate: learner.optimizer.learningRate, pool)
    var network = network(network(parameters).scaled(by: share))
    if share < 1 { log.keptShare = share }
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
    for epoch in 0..<plan.last {
      try runEpoch(epoch, step: &step, floats, doubles)
      let parameters = Array(floats.part(slice.workspace.parameters))
      guard parameters.allSatisfy(\.isFinite) else { throw diverged(epoch: epoch) }
      let current = network(parameters)
      var round = TrainingRound(round: epoch + 1, seconds: 0)
      round.trainLoss = try trainLoss?.loss(of: current, epoch: epoch, pool)
      round.validationLoss = try validationLoss?.loss(of: current, epoch: epoch, pool)
      round.seconds = clock.seconds(since: start)
      log.rounds.append(round)
      let loss = plan.patience == nil ? -Double(epoch) : round.validationLoss ?? -Double(epoch)
      if loss < best.loss || best.parameters.isEmpty {
        best = (parameters, loss.isNaN ? .infinity : loss)
        log.bestRound = epoch + 1
      }
      if let progress, !progress(round) { break }
      if validationLoss != nil, let patience = plan.patience,
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
    var generator = RandomGenerator(seed: learner.seed, stream: UInt64(epoch) + 1)
    let (order, batches) = batches.epoch(&generator)
    if slice.objective.reach == .table { try scoreAllRows(epoch: epoch, floats, doubles) }
    let share = learner.schedule.share(epoch: epoch, of: plan.most)
    for batch in batches {
      let totalWeight =
        slice.rows.weights.isEmpty
        ? Double(batch.places.count)
        : batch.places.reduce(0) { $0 + slice.rows.weights[order[$1]] }
      if let failure = computeGradients(order, batch, totalWeight, floats, doubles) {
        guard !failure.score.isNaN else { throw diverged(epoch: epoch) }
        throw nonFiniteDerivative(
          of: slice.objective, value: failure.derivative, score: failure.score,
          row: failure.row, table: train, time: "in epoch \(epoch + 1)")
      }
      step += 1
      optimiser.run(
        number: step, share: share, slices: sliceCount(of: batch), floats: floats, pool: pool)
    }
  }

  private func sliceCount(of batch: BatchPlan.Batch) -> Int {
    let sliceRows = slice.workspace.sliceRows
    return (batch.places.count + sliceRows - 1) / sliceRows
  }

  /// Computes the gradients of all slices of a batch. Where rows depend on one another, the slices
  /// meet twice: before the objective, to have all scores, and after it.
  private func computeGradients(
    _ order: [Int], _ batch: BatchPlan.Batch, _ totalWeight: Double,
    _ floats: DisjointSlices<Float>, _ doubles: DisjointSlices<Double>
  ) -> BatchSlice.Failure? {
    guard !batch.blocks.isEmpty else {
      return forEachSlice(of: batch, order) { [slice] index, rows in
        slice.run(index, order: rows, totalWeight: totalWeight, floats: floats, doubles: doubles)
      }
    }
    let scoring = forEachSlice(of: batch, order) { [slice, joint] index, rows in
      slice.writeScores(
        index, order: rows, totalWeight: totalWeight, to: joint, floats: floats, doubles: doubles)
    }
    if let scoring { return scoring }
    joint.evaluate(batch.blocks, doubles, pool: pool)
    return forEachSlice(of: batch, order) { [slice, joint] index, rows in
      slice.readGradients(index, order: rows, from: joint, floats: floats, doubles: doubles)
    }
  }

  /// Runs `body` for every slice of a batch; returns the first failure.
  private func forEachSlice(
    of batch: BatchPlan.Batch, _ order: [Int],
    _ body: @Sendable (_ slice: Int, _ rows: ArraySlice<Int>) -> BatchSlice.Failure
  ) -> BatchSlice.Failure? {
    let sliceRows = slice.workspace.sliceRows
    let count = sliceCount(of: batch)
    var failures = [BatchSlice.Failure](repeating: .init(), count: count)
    withDisjointSlices(of: &failures) { failures in
      pool.forEach(count) { index in
        let start = batch.places.lowerBound + index * sliceRows
        let rows = order[start..<min(start + sliceRows, batch.places.upperBound)]
        failures.part(index..<index + 1)[0] = body(index, rows)
      }
    }
    return failures.first { $0.row >= 0 }
  }

  /// Brings the scores of all rows up to date, for an objective that sees them in every step.
  private func scoreAllRows(
    epoch: Int, _ floats: DisjointSlices<Float>, _ doubles: DisjointSlices<Double>
  ) throws(LearningError) {
    let current = network(Array(floats.part(slice.workspace.parameters)))
    let outputs = current.outputs(features: train.features, rowCount: train.rowCount, pool: pool)
    guard outputs.allSatisfy(\.isFinite) else { throw diverged(epoch: epoch) }
    let scores = doubles.part(joint.scores)
    for index in outputs.indices { scores[index] = outputs[index] }
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
  private let table: Table
  private let features: [Float]
  private let rowCount: Int

  init(
    _ objective: any Objective, _ rows: ObjectiveRows, of table: Table, features: [Float],
    initialScores: [Double]
  ) {
    self.table = table
    self.features = features
    rowCount = rows.count
    var scores: [Double] = []
    scores.reserveCapacity(rows.count * initialScores.count)
    for _ in 0..<rows.count { scores.append(contentsOf: initialScores) }
    tracker = LossTracker(objective, rows, scores: scores)
  }

  mutating func loss(
    of network: Network, epoch: Int, _ pool: WorkerPool
  ) throws(LearningError) -> Double {
    let outputs = network.outputs(features: features, rowCount: rowCount, pool: pool)
    return try tracker.loss(at: outputs, of: table, after: "epoch \(epoch + 1)")
  }
}

extension ContinuousClock {
  fileprivate func seconds(since start: Instant) -> Double {
    (now - start).seconds
  }
}
