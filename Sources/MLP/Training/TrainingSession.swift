public import Learning
import Losses
import Parallel
public import Tabular

extension Perceptron {
  /// One run over the epochs, an epoch at a time.
  ///
  /// ```swift
  /// var session = try Perceptron.TrainingSession(learner, train, validation: validation)
  /// while try session.step() {
  ///   try JSONEncoder().encode(session.state).write(to: checkpoint)
  /// }
  /// let network = try session.network()
  /// ```
  ///
  /// A session that goes on from a ``state`` gives the same model bytes as one that was never
  /// interrupted.
  public struct TrainingSession {
    private let fit: PreparedFit
    private let plan: RoundPlan
    private var floats: [Float]
    private var doubles: [Double]
    private var trainLoss: LossCurve?
    private var validationLoss: LossCurve?
    private var log = TrainingLog()
    private let clock = ContinuousClock()
    private var start: ContinuousClock.Instant?
    /// Seconds of training before this session took it up.
    private var secondsBefore = 0.0
    private let validationRows: Int
    /// Everything but what stands in `floats`, and what the fit is of.
    private var progress: TrainingState

    /// Prepares a run over ``Perceptron/epochs``, or the epochs planned for the table. With validation
    /// rows, unless the number of epochs stands alone, it ends when their loss falls no more, and the
    /// best epoch is kept. Nothing is held out.
    ///
    /// - Parameter state: where to go on; nil to begin.
    /// - Throws: ``LearningError`` if an option or a table cannot be used, or if the state is that of
    ///   another fit.
    public init(
      _ learner: Perceptron, _ train: Table, validation: Table? = nil,
      resuming state: TrainingState? = nil
    ) throws(LearningError) {
      try learner.checkOptions()
      let train = train.withoutWeightlessRows
      let most = learner.plannedEpochs(rows: train.rowCount)
      let stops = validation != nil && (learner.epochs == nil || learner.earlyStopping != nil)
      let patience = learner.earlyStopping?.rounds ?? Perceptron.usualPatience(epochs: most)
      try self.init(
        learner, train, validation: validation?.withoutWeightlessRows,
        plan: RoundPlan(most: most, last: most, patience: stops ? patience : nil),
        resuming: state)
    }

    init(
      _ learner: Perceptron, _ train: Table, validation: Table?, plan: RoundPlan,
      resuming state: TrainingState? = nil
    ) throws(LearningError) {
      let begin = clock.now
      self.plan = plan
      fit = try PreparedFit(learner, train)
      validationRows = validation?.rowCount ?? 0
      progress = TrainingState(seed: learner.seed)
      floats = fit.initialParameters
      floats.append(contentsOf: repeatElement(0, count: fit.memory.floats - floats.count))
      doubles = [Double](repeating: 0, count: fit.memory.doubles)
      trainLoss = learner.recordsTrainingLoss ? fit.trainingCurve : nil
      validationLoss = try validation.map { table throws(LearningError) in
        try fit.curve(on: table)
      }
      if let state {
        try resume(state)
      } else {
        let update = fit.update
        withDisjointSlices(of: &floats) { update.initialize($0) }
      }
      log.threads = fit.pool.threadCount
      log.lossIsIntegrated = !fit.objective.hasLoss
      log.prepareSeconds = (clock.now - begin).seconds
    }

    private mutating func resume(_ state: TrainingState) throws(LearningError) {
      try state.identity.require(fit.identity(plan, validationRows: validationRows))
      let workspace = fit.slice.workspace
      guard state.parameters.count == workspace.parameters.count,
        state.optimizerState.count == workspace.state.count, state.bestLoss.count == 1,
        state.bestParameters.count == (state.epoch > 0 ? workspace.parameters.count : 0),
        state.curve.count == state.epoch, (0...state.epoch).contains(state.bestEpoch),
        (0...plan.last).contains(state.epoch), state.step >= 0, state.seed == fit.learner.seed
      else {
        throw LearningError(
          .invalidOption, "the training state is damaged: its parts do not fit one another")
      }
      progress = state
      progress.parameters = []
      progress.optimizerState = []
      floats.replaceSubrange(workspace.parameters, with: state.parameters)
      floats.replaceSubrange(workspace.state, with: state.optimizerState)
      guard let last = state.rounds.last else { return }
      secondsBefore = last.seconds
      let (network, pool) = (fit.network(state.parameters), fit.pool)
      if let loss = last.trainLoss { trainLoss?.resume(at: loss, of: network, pool) }
      if let loss = last.validationLoss { validationLoss?.resume(at: loss, of: network, pool) }
    }

    /// How far training has come. O(parameters).
    public var state: TrainingState {
      var state = progress
      state.identity = fit.identity(plan, validationRows: validationRows)
      state.parameters = Array(floats[fit.slice.workspace.parameters])
      state.optimizerState = Array(floats[fit.slice.workspace.state])
      return state
    }

    /// The last epoch; nil before the first.
    public var lastRound: TrainingRound? { progress.curve.last?.round(progress.epoch) }

    /// Whether nothing is left to do.
    public var isFinished: Bool {
      guard progress.epoch < plan.last else { return true }
      guard validationLoss != nil, let patience = plan.patience else { return false }
      return progress.epoch > 0 && progress.epoch - progress.bestEpoch >= patience
    }

    /// Makes the next epoch, if there is one.
    ///
    /// - Returns: whether there was; false once training has ended.
    /// - Throws: ``LearningError`` if training diverges or the objective gives no finite derivative.
    public mutating func step() throws(LearningError) -> Bool {
      guard !isFinished else { return false }
      let start = start ?? clock.now
      self.start = start
      let (fit, pool, epoch, most) = (fit, fit.pool, progress.epoch, plan.most)
      var step = progress.step
      try withDisjointSlices(of: &floats) { floats throws(LearningError) in
        try withDisjointSlices(of: &doubles) { doubles throws(LearningError) in
          try fit.runEpoch(epoch, of: most, step: &step, floats, doubles)
        }
      }
      let parameters = Array(floats[fit.slice.workspace.parameters])
      guard parameters.allSatisfy(\.isFinite) else { throw fit.diverged(epoch: epoch) }
      let network = fit.network(parameters)
      var round = TrainingRound(round: epoch + 1, seconds: 0)
      round.trainLoss = try trainLoss?.loss(of: network, epoch: epoch, pool)
      round.validationLoss = try validationLoss?.loss(of: network, epoch: epoch, pool)
      round.seconds = secondsBefore + (clock.now - start).seconds
      progress.step = step
      progress.epoch += 1
      progress.curve.append(EpochRecord(round))
      keepIfBest(parameters, round)
      return true
    }

    private mutating func keepIfBest(_ parameters: [Float], _ round: TrainingRound) {
      let count = -Double(round.round)
      let loss = plan.patience == nil ? count : round.validationLoss ?? count
      guard loss < progress.bestLoss[0] || progress.bestParameters.isEmpty else { return }
      progress.bestParameters = parameters
      progress.bestLoss = [loss.isNaN ? .infinity : loss]
      progress.bestEpoch = round.round
    }

    /// The network of the best epoch, or of the last where none is to be chosen.
    ///
    /// - Precondition: an epoch was made.
    /// - Throws: ``LearningError`` if it fits the training rows far worse than the start.
    public func network() throws(LearningError) -> Network {
      precondition(progress.epoch > 0, "a network is made of an epoch at least")
      var (network, share) = try fit.kept(progress.bestParameters)
      var log = log
      log.rounds = progress.rounds
      log.bestRound = progress.bestEpoch
      log.trainSeconds = log.rounds.last?.seconds ?? 0
      if share < 1 { log.keptShare = share }
      network.log = log
      return network
    }
  }
}
