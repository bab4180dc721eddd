/// Gradient-boosted decision trees on histograms, for any objective.
///
/// Every round computes the objective's gradient and Hessian on all rows and grows one tree per
/// score on them; the tree's leaves are Newton steps, `-learningRate * G / (H + l2)`, or
/// `learningRate` times the constant of the objective's ``Objective/leafSolver`` if it has one (then
/// ``l2`` and ``minChildWeight`` bear on splits only), added to the scores of the rows that reach
/// them. Splits maximise the second-order gain
/// `GL^2 / (HL + l2) + GR^2 / (HR + l2) - G^2 / (H + l2)` (Chen & Guestrin, "XGBoost", KDD 2016).
///
/// Rows of weight 0 are left out before anything else. Where every Hessian of a score is 0, as the
/// exact one of the absolute error is, an objective with a leaf solver gets trees all the same:
/// each Hessian then counts as 1 times the row's weight, and
/// ``TrainingRound/adjustedHessians`` tells so. Without a leaf solver there is no step to make,
/// and the fit is refused.
///
/// Feature values are put into at most 256 quantile bins, missing ones (NaN) into a bin of their
/// own; each split learns which way missing values go. Gradients are summed as integers, so the
/// model depends on data, options and seed alone, not on the number of threads; of 16 bits or more
/// per derivative, as many as it takes for the rows whose derivatives are smallest.
///
/// A round whose steps would raise the training loss is shortened
/// (``TrainingRound/shortenedLeaves``): a Hessian that is too small for its gradient makes learning
/// slow, not absurd.
///
/// ```swift
/// let forest = try Booster(objective: Logistic()).fit(train)
/// ```
///
/// The number of rounds is chosen on held-out training rows and the forest then fitted on all of
/// them; with ``rounds`` alone there are exactly that many. See ``Learner/fit(_:validation:progress:)``.
public struct Booster: Learner {
  public typealias Model = Forest

  /// What is minimised.
  public var objective: any Objective
  /// The number of rounds, each of which adds one tree per score of a row; with ``earlyStopping``
  /// the largest. Nil to choose it.
  public var rounds: Int?
  /// What every leaf value is multiplied by.
  public var learningRate: Double
  /// The largest number of leaves of a tree.
  public var leaves: Int
  /// The largest number of splits between root and leaf; nil for no limit.
  public var maxDepth: Int?
  /// The order in which leaves are split.
  public var growth: Growth
  /// The largest number of bins per feature, 2 to 256, the one for missing values included.
  public var maxBins: Int
  /// Added to the curvature of every leaf, in the unit of ``regularisation``.
  public var l2: Double
  /// The least sum of weight times Hessian of a child, in the unit of ``regularisation``.
  ///
  /// Nil for what suits any loss: rows decide how small a leaf may be, as rows of little curvature
  /// may count as much as any other, large systems under a size-normalised loss for instance. Only
  /// rows that lost their curvature, as a logistic loss takes it from rows it is certain of, are not
  /// divided by: a child must have a ten-thousandth of the mean curvature that its own rows had at
  /// the initial scores.
  public var minChildWeight: Double?
  /// The least number of rows of a child; nil for ``leastLeafRows(of:)``, 20 but for few rows.
  public var minChildRows: Int?
  /// The unit of ``l2`` and ``minChildWeight``.
  public var regularisation: Regularisation
  /// How Hessians are made usable; nil for the policy that the objective itself declares
  /// (``Curvature/policy``) or that is derived of its loss (``Objective/resolved(on:)``). ``TrainingRound/adjustedHessians`` counts what it changed.
  public var curvature: CurvaturePolicy?
  /// How long to wait for a better loss on the validation or held-out rows. Nil for
  /// ``usualPatience`` rounds where their number is to be chosen, and for exactly ``rounds`` where it
  /// is given.
  public var earlyStopping: EarlyStopping?
  /// How rows are held out to choose the number of rounds on, without validation rows.
  public var holdOut: HoldOut
  public var adjustsScores: Bool
  public var checksObjective: Bool
  public var recordsTrainingLoss: Bool
  /// Decides which rows the bins' bounds are drawn from, where there are very many.
  public var seed: UInt64
  public var threads: Int?

  /// A booster; the properties of the same names say what each option means.
  public init(
    objective: any Objective, rounds: Int? = nil, learningRate: Double = 0.1, leaves: Int = 31,
    maxDepth: Int? = nil, growth: Growth = .bestFirst, maxBins: Int = 256, l2: Double = 0,
    minChildWeight: Double? = nil, minChildRows: Int? = nil,
    regularisation: Regularisation = .scaleFree, curvature: CurvaturePolicy? = nil,
    earlyStopping: EarlyStopping? = nil, holdOut: HoldOut = HoldOut(), adjustsScores: Bool = true,
    checksObjective: Bool = true, recordsTrainingLoss: Bool = false, seed: UInt64 = 0,
    threads: Int? = nil
  ) {
    self.objective = objective
    self.rounds = rounds
    self.learningRate = learningRate
    self.leaves = leaves
    self.maxDepth = maxDepth
    self.growth = growth
    self.maxBins = maxBins
    self.l2 = l2
    self.minChildWeight = minChildWeight
    self.minChildRows = minChildRows
    self.regularisation = regularisation
    self.curvature = curvature
    self.earlyStopping = earlyStopping
    self.holdOut = holdOut
    self.adjustsScores = adjustsScores
    self.checksObjective = checksObjective
    self.recordsTrainingLoss = recordsTrainingLoss
    self.seed = seed
    self.threads = threads
  }

  /// ``curvature``, or what the objective declares, or what was derived of its loss.
  ///
  /// - Throws: ``LearningError`` if the objective does not offer it.
  func curvaturePolicy(for objective: any Objective) throws(LearningError) -> CurvaturePolicy {
    let policy = curvature ?? objective.curvature.policy
    do throws(CatalogueError) {
      try policy.check(for: objective)
    } catch {
      throw LearningError(.invalidOption, "\(error)")
    }
    return policy
  }

  /// The most rounds among which the number is chosen where ``rounds`` names none.
  public static let mostRounds = 1_000
  /// The rounds where no number is named and none can be chosen: too few rows to hold out.
  public static let usualRounds = 100
  /// The usual ``earlyStopping``.
  public static let usualPatience = 30

  /// The most rounds that a fit may run.
  public var plannedRounds: Int { rounds ?? Self.mostRounds }

  /// Fits a forest. O(rounds x scoresPerRow x rows x (columns + depth)) time.
  ///
  /// - Parameters:
  ///   - train: the rows to learn from.
  ///   - validation: rows whose loss is followed. Unless ``rounds`` stands alone they decide when to
  ///     stop, and the forest keeps the best round. Without them rows of `train` are held out to
  ///     choose the number of rounds, and the forest is fitted again on all of `train`.
  ///   - progress: called after every round; return false to end training there.
  /// - Throws: ``LearningError`` if an option is out of range, a table lacks what the objective
  ///   reads, a derivative, a leaf's constant or a loss is not a finite number, or no Hessian is
  ///   above 0.
  public func fit(
    _ train: Table, validation: Table?, progress: ((TrainingRound) -> Bool)?
  ) throws(LearningError) -> Forest {
    try checkOptions()
    let search = RoundSearch(
      number: rounds, earlyStopping: earlyStopping, most: Self.mostRounds, usual: Self.usualRounds,
      patience: Self.usualPatience, holdOut: holdOut, objective: objective)
    return try search.fit(
      train.withoutWeightlessRows, validation: validation?.withoutWeightlessRows,
      progress: progress
    ) { train, validation, plan, progress throws(LearningError) in
      try BoostingSession(FitData(self, train, validation: validation, plan: plan))
        .run(progress: progress)
    }
  }
}
