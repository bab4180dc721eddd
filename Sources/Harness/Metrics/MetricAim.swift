import Learning
import Losses
import Tabular

extension MetricChoice {
  /// The shipped objective that `metric` measures: the one that a model fitted to do well by it
  /// would minimize. Nil if there is none, or the table lacks what it needs.
  static func aim(of metric: Metric, on table: Table) -> (any Objective)? {
    let classes = table.classNames?.count
    let name: String?
    switch metric.name {
    case "rmse", "r2": name = "squared"
    case "mae": name = "absolute"
    case "rmsne", "sne": name = "sne"
    case "rmsle": name = "squared-log"
    case "mape", "smape": name = metric.name
    case "poisson-deviance": name = "poisson"
    case "gamma-deviance": name = "gamma"
    case "log-loss", "accuracy", "auc": name = (classes ?? 2) <= 2 ? "logistic" : "softmax"
    case let text where text.hasPrefix("tweedie-deviance("):
      name = "tweedie(" + text.dropFirst("tweedie-deviance(".count)
    case let text where text.hasPrefix("pinball("):
      name = "quantile(" + text.dropFirst("pinball(".count)
    default: name = nil
    }
    guard let name, let objective = Catalogue.objective(named: name, classes: classes),
      (try? ObjectiveRows(table, for: objective)) != nil
    else { return nil }
    return objective
  }
}
