public import Learning
public import Losses
public import Tabular

/// A straight line in all features: what a comparison asks of a learner is to beat it.
///
/// * Numbers under the identity link: ridge regression of the target, per unit of size where the
///   objective is fitted so. If the loss depends on the residual alone (quantiles, absolute errors,
///   a location with its scale) the constant that minimizes it on the training residuals is added,
///   one per score.
/// * Log link: a Poisson regression, with the logarithm of the exposure as offset.
/// * Classes and probabilities: logistic regression, one against the rest for several scores under
///   a logit link, softmax regression else.
///
/// Features are standardized (``LinearInputs``). The penalty is the one of a few, a factor of 10 or
/// 100 apart, with the least loss on a fifth of the training rows (whole groups) that are fitted
/// again afterwards. There is no chance in it: the seed makes no difference.
public struct LinearLearner: Learner {
  public var objective: any Objective
  public var adjustsScores: Bool
  public var checksObjective = false
  public var recordsTrainingLoss = false
  public var seed: UInt64 = 0
  public var threads: Int?

  /// The most numbers of the matrix of inputs, times scores per row; of more rows a sample is drawn.
  public static let mostInputs = 20_000_000
  /// The most features for which normal equations are made; of more, those are used that correlate
  /// most with the target.
  public static let mostColumns = 400

  /// A straight line for `objective`.
  public init(objective: any Objective, adjustsScores: Bool = true) {
    self.objective = objective
    self.adjustsScores = adjustsScores
  }

  /// Why there is no linear model for an objective on the rows of a table, as the end of a
  /// sentence; nil if there is one.
  public static func refusal(of objective: any Objective, on table: Table) -> String? {
    do throws(LearningError) {
      _ = try LinearRoute(objective, table)
      return nil
    } catch {
      return error.reason
    }
  }

  /// The rows that are fitted of so many, with so many features and scores.
  public static func rowsFitted(of rows: Int, columns: Int, scores: Int) -> Int {
    min(rows, max(1_000, mostInputs / max(1, columns * scores)))
  }

  /// Fits the line; validation rows are not looked at. O(rows x columns^2) for ridge regression,
  /// O(rows x columns x scores) times some hundreds for the others.
  public func fit(
    _ train: Table, validation: Table?, progress: ((TrainingRound) -> Bool)?
  ) throws(LearningError) -> LinearModel {
    let clock = ContinuousClock()
    let start = clock.now
    let all = train.withoutWeightlessRows
    _ = try ObjectiveRows(all, for: fittedObjective)
    let route = try LinearRoute(fittedObjective, all)
    let table = sampled(all, scores: route.width)
    let data = try LinearData(table, route, mostColumns: Self.mostColumns)
    let prepared = clock.now
    var model = try LinearFit(data: data, route: route).model()
    model.log.prepareSeconds = (prepared - start) / .seconds(1)
    model.log.trainSeconds = (clock.now - prepared) / .seconds(1)
    return model
  }

  private func sampled(_ table: Table, scores: Int) -> Table {
    let count = Self.rowsFitted(
      of: table.rowCount, columns: min(table.columnCount, Self.mostColumns), scores: scores)
    guard count < table.rowCount else { return table }
    var rows = Array(0..<table.rowCount)
    var generator = RandomGenerator(seed: 0, stream: 0x6c69_6e65)
    generator.shuffle(&rows)
    return table.subset(rows.prefix(count).sorted())
  }
}

/// What is fitted for an objective: least squares, or a likelihood.
struct LinearRoute {
  /// The likelihood; nil for least squares.
  let likelihood: Likelihood?
  /// Scores that the linear part is made for: 1 for least squares.
  let width: Int
  /// The scores of the objective that the one line of least squares is added to.
  let carriers: Range<Int>
  /// What a model is judged by: the objective, or the plain one of the task where the objective's
  /// link has no linear scores.
  let objective: any Objective
  /// Whether constants that minimize the objective on residuals are to be added.
  let isShifted: Bool

  init(_ objective: any Objective, _ table: Table) throws(LearningError) {
    func refused(_ reason: String) -> LearningError { LearningError(.objectiveMismatch, reason) }
    let target = table.target ?? []
    let scores = objective.scoresPerRow
    let classes = table.classNames?.count
    var carriers = 0..<1
    var fitted: any Objective = objective
    var likelihood: Likelihood?
    var width = 1
    guard objective.reach != .table else {
      throw refused("its loss compares all rows with one another")
    }
    switch objective.link {
    case .identity: carriers = 0..<scores
    case .increasing, .locationScale: break
    case .log:
      guard scores == 1 else { throw refused("its scores are not one mean per row") }
      guard target.allSatisfy({ $0 >= 0 }), target.contains(where: { $0 > 0 }) else {
        throw refused("a linear model of logarithms needs targets that are not negative")
      }
      likelihood = .poisson
    case .logit:
      likelihood = .bernoulli
      width = scores
      let isWithinRange =
        scores == 1
        ? target.allSatisfy { $0 >= 0 && $0 <= 1 }
        : target.allSatisfy { $0 >= 0 && $0 < Double(scores) && $0 == $0.rounded() }
      guard isWithinRange else { throw refused("its targets are not classes or probabilities") }
    case .softmax, .ordinal:
      guard let classes, classes == scores, scores > 1 else {
        throw refused("its targets are not one class per row")
      }
      likelihood = .softmax
      width = scores
      if objective.link == .ordinal { fitted = SoftmaxCrossEntropy(classes: scores) }
    }
    let isShifted = likelihood == nil && ResidualLoss.isOne(fitted, carriers, table)
    guard likelihood != nil || scores == 1 || isShifted else {
      throw refused("it has several scores that are no locations")
    }
    self.likelihood = likelihood
    self.width = width
    self.carriers = carriers
    self.objective = fitted
    self.isShifted = isShifted
  }

  /// Of least squares under another number of scores: what a model's output is made of.
  var scores: Int { objective.scoresPerRow }
}
