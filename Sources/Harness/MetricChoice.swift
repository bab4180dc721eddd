public import Losses
public import Tabular

/// Which metrics an experiment computes.
public enum MetricChoice {
  /// The default metrics of the objectives (baselines last), followed by what is usual for the task:
  /// RMSE, MAE and R2 for numbers, with RMSNE and SNE where rows have a `size`; log loss, accuracy
  /// and AUC for two classes; log loss and accuracy for more. Metrics whose row data the table
  /// lacks are left out.
  public static func metrics(for objectives: [ObjectivePlan], data: Table) -> [Metric] {
    let ordered = objectives.filter { !$0.isBaseline } + objectives.filter(\.isBaseline)
    var metrics: [Metric] = []
    for metric in ordered.map(\.objective.defaultMetric) + usual(for: data)
    where !metrics.contains(where: { $0.name == metric.name })
      && metric.rowDataNames.allSatisfy({ data.rowData[$0] != nil })
    {
      metrics.append(metric)
    }
    return metrics
  }

  private static func usual(for data: Table) -> [Metric] {
    switch Task(data) {
    case .regression: [.rmsne, .rmse, .mae, .r2, .sne]
    case .binary: [.logLoss, .accuracy, .auc]
    case .multiclass: [.logLoss, .accuracy]
    }
  }

  /// Whether `metric` can be computed for a model of `objective` on `classes` classes (nil: the
  /// target is a number): AUC reads one score per row, and metrics of classes need one score per
  /// class, or one score for two classes.
  public static func suits(_ metric: Metric, _ objective: any Objective, classes: Int?) -> Bool {
    let width = metric.space == .label ? 1 : objective.scoresPerRow
    if let needed = metric.valuesPerRow, needed != width { return false }
    if metric.name == objective.defaultMetric.name { return true }
    switch metric.name {
    case "auc": return objective.scoresPerRow == 1
    case "log-loss": return isClassifier(objective, classes) && objective.link != .identity
    case "accuracy": return isClassifier(objective, classes)
    default: return metric.space == .label || objective.scoresPerRow == 1
    }
  }

  static func isClassifier(_ objective: any Objective, _ classes: Int?) -> Bool {
    guard let classes else { return false }
    return objective.scoresPerRow == 1 ? classes <= 2 : objective.scoresPerRow >= classes
  }
}
