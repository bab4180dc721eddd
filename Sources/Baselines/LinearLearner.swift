public import Learning
public import Losses
public import Tabular

/// A straight line in all features: what a comparison asks of a learner is to beat it.
///
/// It minimizes the objective's own loss, whatever that is. First a line of a usual kind is fitted:
///
/// * Numbers under the identity link: ridge regression of the target, per unit of size where the
///   objective is fitted so. If the loss depends on the residual alone (quantiles, absolute errors,
///   a location with its scale) the constant that minimizes it on the training residuals is added,
///   one per score.
/// * Log link: a Poisson regression, with the logarithm of the exposure as offset.
/// * Classes and probabilities: logistic regression, one against the rest for several scores under
///   a logit link, softmax regression else.
/// * Anything else (a risk set, a location with a scale of its own): the best constants.
///
/// Where that is not the minimum of the objective's loss already, a line of that loss is fitted from
/// there on (``LossDescent``), and taken if it has less loss on the held-out rows.
///
/// Features are standardized (``LinearInputs``). The penalty is the one of a few, a factor of 10 or
/// 100 apart, with the least loss on a fifth of the training rows (whole groups) that are fitted
/// again afterwards. There is no chance in it: the seed makes no difference.
public struct LinearLearner: SimpleLearner {
  public var options: SimpleOptions

  /// The most numbers of the matrix of inputs, times scores per row; of more rows a sample is drawn.
  public static let mostInputs = 20_000_000
  /// The most features for which normal equations are made; of more, those are used that correlate
  /// most with the target.
  public static let mostColumns = 400

  /// A straight line for `objective`.
  public init(objective: any Objective, adjustsScores: Bool = true) {
    options = SimpleOptions(objective: objective, adjustsScores: adjustsScores)
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
  /// O(rows x columns x scores) times some hundreds for the others and for losses of another kind.
  public func fit(
    _ train: Table, validation: Table?, progress: ((TrainingRound) -> Bool)?
  ) throws(LearningError) -> LinearModel {
    let clock = ContinuousClock()
    let start = clock.now
    let all = train.withoutWeightlessRows
    let (objective, _) = try objectiveAndRows(of: all) { _ in nil }
    let route = try LinearRoute(objective, all)
    let table = sampled(all, scores: route.objective.scoresPerRow)
    let data = try LinearData(table, route, mostColumns: Self.mostColumns)
    let prepared = clock.now
    var model = try LinearFit(data: data, route: route).model()
    model.log.prepareSeconds = (prepared - start) / .seconds(1)
    model.log.trainSeconds = (clock.now - prepared) / .seconds(1)
    return model
  }

  /// So many rows as are fitted, whole groups if the objective compares the rows of a group.
  private func sampled(_ table: Table, scores: Int) -> Table {
    let count = Self.rowsFitted(
      of: table.rowCount, columns: min(table.columnCount, Self.mostColumns), scores: scores)
    guard count < table.rowCount else { return table }
    var generator = RandomGenerator(seed: 0, stream: 0x6c69_6e65)
    guard objective.reach == .group, let groups = table.groups else {
      var rows = Array(0..<table.rowCount)
      generator.shuffle(&rows)
      return table.subset(rows.prefix(count).sorted())
    }
    var order = Set(groups).sorted()
    generator.shuffle(&order)
    let kept = Set(order.prefix(max(1, order.count * count / table.rowCount)))
    return table.subset(groups.indices.filter { kept.contains(groups[$0]) })
  }
}
