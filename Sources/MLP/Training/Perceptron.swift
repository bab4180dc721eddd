public import Learning
public import Losses
public import Tabular

/// Fits a multilayer perceptron: dense layers, minibatches, and the gradient of your objective as
/// the error of the output layer.
///
/// ```swift
/// let network = try Perceptron(hidden: [64, 64], objective: SquaredError()).fit(train)
/// ```
///
/// Features are standardized and missing values filled in (``standardizesInputs``). The model's
/// output is `initialScores + outputScale * net`, with the objective's own initial scores, and for
/// objectives with the identity link a scale of the size of a Newton step, so that targets in
/// watts and in gigawatts train alike. The loss is divided by its mean curvature on that scale, so
/// that `c * loss` trains the same.
///
/// Objectives whose rows depend on one another train as well. Those that compare the rows of a group
/// see whole groups. Those that compare all rows see all of them in every step: the derivative of the
/// whole loss by a row's score, for the rows of a batch, is an unbiased estimate of its gradient but
/// for the scores of rows outside the batch, which lag by less than an epoch and catch up as the
/// learning rate falls (a memory of outputs as in Wang et al., "Cross-Batch Memory for Embedding
/// Learning", CVPR 2020). The usual way for Cox's likelihood, to compare the rows of a batch among
/// themselves (Kvamme, Borgan & Scheel, "Time-to-Event Prediction with Neural Networks and Cox
/// Regression", JMLR 20, 2019), needs no such memory but minimizes another loss than the one written.
///
/// The same data, options and seed give the same model bytes for any number of threads.
public struct Perceptron: Learner {
  /// Units of each hidden layer; empty for a linear model.
  public var hidden: [Int]
  /// Hidden layers of any kind, in place of dense ones of ``hidden`` units, ``activation`` and
  /// ``initializer``; nil for those. A dense layer of one unit per score, which is linear, follows in
  /// either case.
  public var layers: [any Layer]?
  /// Rows that ``weightDecay`` is divided by at least.
  public static let leastRowsOfDecay = 400

  /// What hidden units do to their sums.
  public var activation: Activation
  public var objective: any Objective
  /// How gradients become steps.
  public var optimizer: any Optimizer
  /// How the learning rate changes over the epochs.
  public var schedule: LearningRateSchedule
  /// Passes over the training rows; with ``earlyStopping`` the most. Nil to choose their number.
  ///
  /// The learning rate follows ``schedule`` over the most epochs that may run, so that a refit with
  /// the number that was chosen takes the same steps as the search did.
  public var epochs: Int?
  /// Rows per step; the last batch of an epoch holds what is left.
  ///
  /// With nil it is 128, or fewer where that leaves less than 16 steps per epoch, but at least 16
  /// and a power of two.
  ///
  /// Where the objective compares the rows of a group (ranking), a batch is filled with whole
  /// groups, drawn by chance, as long as they fit; a larger group is a batch of its own.
  ///
  /// Where the loss of a row depends on all rows (Cox), the batch says whose derivatives make the
  /// step; the objective always sees all training rows, those outside the batch with the scores
  /// they had when the epoch began or they were last in a batch. With nil there are then at most 64
  /// steps per epoch, as each evaluates the objective on the whole table. With `batchSize` rows or
  /// fewer in the table, each step is one of the whole loss, exactly.
  public var batchSize: Int?
  /// The strength of the pull of weights (not of biases) towards 0, counted like the loss of a row:
  /// the mean loss gets `weightDecay / rows * w^2 / 2` added, as by a normal prior of variance
  /// `1 / weightDecay` for each weight, so that more data speak louder.
  ///
  /// With ``AdamW`` every step takes
  /// `learningRate * weightDecay / rows * w` off each weight instead. `rows` are those of positive
  /// weight, counted as ``leastRowsOfDecay`` if they are fewer: a few rows are examples to learn
  /// by heart, not a sample.
  public var weightDecay: Double
  /// How weights start.
  public var initializer: Initializer
  /// Whether each feature is brought to mean 0 and standard deviation 1 over the training rows,
  /// and limited to +-``Network/inputLimit``.
  ///
  /// In either case a value that is missing (NaN) or infinite is replaced by the column's mean, a
  /// column with such values in training gets a second input that says where, and a column that is
  /// constant or missing everywhere in training is left out.
  public var standardizesInputs: Bool
  /// How long to wait for a better loss on the validation or held-out rows. Nil for
  /// ``usualPatience(epochs:)`` where the number of epochs is to be chosen, and for exactly
  /// ``epochs`` where it is given.
  public var earlyStopping: EarlyStopping?
  /// How rows are held out to choose the number of epochs on, without validation rows.
  public var holdOut: HoldOut
  public var adjustsScores: Bool
  public var checksObjective: Bool
  public var recordsTrainingLoss: Bool
  public var seed: UInt64
  public var threads: Int?

  /// A perceptron from its options; see the properties.
  public init(
    hidden: [Int] = [256, 128], activation: Activation = .relu, objective: any Objective,
    optimizer: any Optimizer = .adam(), schedule: LearningRateSchedule = .cosine,
    epochs: Int? = nil,
    batchSize: Int? = nil, weightDecay: Double = 2, initializer: Initializer = .automatic,
    standardizesInputs: Bool = true, earlyStopping: EarlyStopping? = nil,
    holdOut: HoldOut = HoldOut(), adjustsScores: Bool = true, checksObjective: Bool = true,
    recordsTrainingLoss: Bool = false,
    seed: UInt64 = 0,
    threads: Int? = nil
  ) {
    self.hidden = hidden
    self.activation = activation
    self.objective = objective
    self.optimizer = optimizer
    self.schedule = schedule
    self.epochs = epochs
    self.batchSize = batchSize
    self.weightDecay = weightDecay
    self.initializer = initializer
    self.standardizesInputs = standardizesInputs
    self.earlyStopping = earlyStopping
    self.holdOut = holdOut
    self.adjustsScores = adjustsScores
    self.checksObjective = checksObjective
    self.recordsTrainingLoss = recordsTrainingLoss
    self.seed = seed
    self.threads = threads
  }

  /// A perceptron of layers of your own; see ``layers``. Everything else is as usual.
  ///
  /// ```swift
  /// Perceptron(layers: [DenseLayer(units: 64), MyLayer()], objective: sne, optimizer: MyOptimizer())
  /// ```
  public init(
    layers: [any Layer], objective: any Objective, optimizer: any Optimizer = .adam(),
    epochs: Int? = nil, seed: UInt64 = 0
  ) {
    self.init(
      hidden: [], objective: objective, optimizer: optimizer, epochs: epochs, seed: seed)
    self.layers = layers
  }

  /// The most epochs that a fit to `rows` training rows may run: ``epochs``, or else as many as
  /// make two million rows, but 15 to 200, or 500 over fewer than 500 rows.
  public func plannedEpochs(rows: Int) -> Int {
    epochs ?? min(max(2_000_000 / max(rows, 1), 15), rows < 500 ? 500 : 200)
  }

  /// The usual ``earlyStopping``: a quarter of the most epochs, since few rows make few steps per
  /// epoch, but at least 10.
  public static func usualPatience(epochs: Int) -> Int { max(10, epochs / 4) }

  /// Fits a network. O(epochs x rows x weights).
  ///
  /// - Parameters:
  ///   - train: the rows to learn from.
  ///   - validation: rows whose loss is followed. Unless ``epochs`` stands alone they decide when to
  ///     stop, and the network keeps the best epoch. Without them rows of `train` are held out to
  ///     choose the number of epochs, and the network is fitted again on all of `train`.
  ///   - progress: called after every epoch; return false to end training there.
  /// - Throws: ``LearningError`` if an option or the tables cannot be used, or if training
  ///   diverges.
  public func fit(
    _ train: Table, validation: Table?, progress: ((TrainingRound) -> Bool)?
  ) throws(LearningError) -> Network {
    try checkOptions()
    let train = train.withoutWeightlessRows
    let most = plannedEpochs(rows: train.rowCount)
    let search = RoundSearch(
      number: epochs, earlyStopping: earlyStopping, most: most, usual: most,
      patience: Self.usualPatience(epochs: most), holdOut: holdOut, objective: objective)
    // Search and refit take steps of the same size.
    var learner = self
    learner.batchSize = batchSize(rows: train.rowCount, reach: objective.reach)
    return try search.fit(
      train, validation: validation?.withoutWeightlessRows, progress: progress
    ) { train, validation, plan, progress throws(LearningError) in
      var session = try TrainingSession(learner, train, validation: validation, plan: plan)
      while try session.step() {
        if let progress, let round = session.lastRound, !progress(round) { break }
      }
      return try session.network()
    }
  }
}
