import OrderedCollections
public import Losses
public import Tabular

/// Which metrics an experiment computes.
public enum MetricChoice {
  /// What a metric judges, and what an objective is about.
  enum Family: Hashable {
    /// Predicted numbers or probabilities against targets.
    case values
    /// The order of rows within groups.
    case ranking
    /// The order of events in time.
    case survival

    init(_ metric: Metric) {
      switch metric.name {
      case "map": self = .ranking
      case let name where name.hasPrefix("ndcg("): self = .ranking
      case "concordance", "time-concordance": self = .survival
      default: self = .values
      }
    }

    init(_ objective: any Objective) { self.init(objective.defaultMetric) }
  }

  /// The default metrics of the objectives (baselines last), followed by what is usual for the task:
  /// RMSE, MAE and R2 for numbers, with RMSNE and SNE where rows have a `size`; log loss, accuracy
  /// and AUC for two classes; log loss and accuracy for more; NDCG and MAP where objectives only
  /// order rows, concordance alone for survival. Quantiles add their coverage, their crossing rate
  /// and, with the median among them, its MAE, by which a plain prediction can be judged as well.
  /// Metrics whose row data the table lacks are left out, and so are those that say nothing of any
  /// objective but the baselines.
  public static func metrics(for objectives: [ObjectivePlan], data: Table) -> [Metric] {
    let named = objectives.filter { !$0.isBaseline }
    let ordered = named + objectives.filter(\.isBaseline)
    let families = (named.isEmpty ? ordered : named).map { Family($0.objective) }
    let led = named.isEmpty ? ordered : named
    func saysSomething(_ metric: Metric) -> Bool {
      led.contains { suits(metric, $0.objective, classes: data.classNames?.count) }
    }
    let defaults = ordered.map(\.objective.defaultMetric).filter {
      families.contains(Family($0)) && saysSomething($0)
    }
    var usual = ordered.flatMap { Self.ofQuantiles($0.objective.defaultMetric) }
    if families.contains(.values) { usual += Self.usual(for: data).filter(saysSomething) }
    if families.contains(.ranking) { usual += [.ndcg(at: 10), .meanAveragePrecision] }
    var metrics: [Metric] = []
    for metric in defaults + usual
    where !metrics.contains(where: { $0.name == metric.name })
      && metric.rowDataNames.allSatisfy({ data.rowData[$0] != nil })
    {
      metrics.append(metric)
    }
    return metrics
  }

  /// What else to know of quantiles, given their own metric; nothing for other objectives.
  private static func ofQuantiles(_ metric: Metric) -> [Metric] {
    guard metric.name.hasPrefix("pinball("), let levels = metric.quantileLevels,
      zip(levels, levels.dropFirst()).allSatisfy(<)
    else { return [] }
    guard levels.count > 1 else { return [.coverage(levels)] }
    return (levels.contains(0.5) ? [.medianError(levels)] : [])
      + [.coverage(levels), .crossingRate]
  }

  private static func usual(for data: Table) -> [Metric] {
    switch Task(data) {
    case .regression: [.rmsne, .rmse, .mae, .r2, .sne]
    case .binary: [.logLoss, .accuracy, .auc]
    case .multiclass: [.logLoss, .accuracy]
    }
  }

  /// Whether `metric` can be computed for a model of `objective` on `classes` classes (nil: the
  /// target is a number) and says something of it: AUC reads one score per row, metrics of classes
  /// need one score per class, or one score for two classes, and scores that only order rows or
  /// events are judged by their order alone.
  public static func suits(_ metric: Metric, _ objective: any Objective, classes: Int?) -> Bool {
    let width = metric.space == .label ? 1 : objective.scoresPerRow
    if let needed = metric.valuesPerRow, needed != width { return false }
    if metric.name == objective.defaultMetric.name { return true }
    switch Family(objective) {
    case .ranking: return Family(metric) == .ranking
    // Scores of risks and of times point in opposite directions.
    case .survival: return false
    case .values: break
    }
    switch metric.name {
    case "auc": return objective.scoresPerRow == 1
    // Scores that are to grow with the risk; predicted times fall with it.
    case "concordance": return false
    case "log-loss": return isClassifier(objective, classes) && objective.link != .identity
    case "accuracy": return isClassifier(objective, classes)
    case let name where name.hasPrefix("coverage("):
      return objective.defaultMetric.name.hasPrefix("pinball(")
        && objective.defaultMetric.quantileLevels == metric.quantileLevels
    case let name where name.hasPrefix("median-mae("):
      return objective.scoresPerRow == 1
        || objective.defaultMetric.quantileLevels == metric.quantileLevels
    case "crossing-rate":
      return objective.scoresPerRow > 1 && objective.defaultMetric.quantileLevels != nil
    default:
      if metric.space == .label || objective.scoresPerRow == 1 { return true }
      // Of a mean or location and what else describes a distribution, the first counts.
      return metric.space == .prediction && classes == nil
        && (objective.link == .locationScale || objective.link == .log)
    }
  }

  static func isClassifier(_ objective: any Objective, _ classes: Int?) -> Bool {
    guard let classes else { return false }
    return objective.scoresPerRow == 1 ? classes <= 2 : objective.scoresPerRow >= classes
  }
}
