public import Losses
public import Tabular

extension MetricChoice {
  /// Why a metric that a user asked for would say nothing, as the end of a sentence; nil if it says
  /// something.
  ///
  /// Metrics of classes need a target of classes (AUC and PR-AUC also take numbers that are all 0 or
  /// 1, log loss and Brier score probabilities), those of one class against the other exactly two, metrics of numbers a target that is a
  /// number or one of two classes, and an objective that orders rows or events a metric of order.
  ///
  /// - Parameters:
  ///   - table: the rows, with their target.
  ///   - objectives: what models are trained for; the metric must say something of one of them.
  ///   - targetName: what to call the target.
  public static func refusal(
    of metric: Metric, on table: Table, under objectives: [any Objective], targetName: String
  ) -> String? {
    let needed = "metric '\(metric.name)' needs"
    if let reason = targetRefusal(of: metric, on: table, targetName: targetName) {
      return "\(needed) \(reason)"
    }
    let orders = objectives.filter { Family($0) != .values }
    if orders.count == objectives.count, let objective = orders.first,
      !objectives.contains(where: { suits(metric, $0, classes: table.classNames?.count) })
    {
      let usual = Family(objective) == .ranking ? "ndcg(10) or map" : objective.defaultMetric.name
      return "\(needed) predictions in the target's own unit, but objective '\(objective.name)' "
        + "only orders rows; use `metric: \(usual)`"
    }
    return nil
  }

  private static func targetRefusal(
    of metric: Metric, on table: Table, targetName: String
  ) -> String? {
    let name = String(metric.name.prefix { $0 != "(" })
    let classes = table.classNames?.count
    let isOfClasses = classMetrics.contains(name)
    if classes == nil, isOfClasses {
      let target = table.target ?? []
      // A target of 0 and 1 read as numbers still has rows of two kinds to tell apart.
      if orderMetrics.contains(name), target.allSatisfy({ $0 == 0 || $0 == 1 }) { return nil }
      if probabilityMetrics.contains(name), target.allSatisfy({ (0...1).contains($0) }) {
        return nil
      }
      let examples = target.prefix(3).map { "\($0)" }.joined(separator: ", ")
      if twoClassMetrics.contains(name) || name == "accuracy",
        target.allSatisfy({ (0...1).contains($0) })
      {
        return
          "a target of classes, but '\(targetName)' holds probabilities (\(examples), ...); use "
          + "`metric: log-loss`, brier or rmse"
      }
      return "a target of classes, but '\(targetName)' is a number (\(examples), ...); use "
        + "`metric: rmse` or mae, or an objective for classes such as `objective: logistic`"
    }
    guard let classes, classes > 2 else { return nil }
    if twoClassMetrics.contains(name) {
      return "two classes, but '\(targetName)' has \(classes); use `metric: accuracy` or log-loss"
    }
    if !isOfClasses, metric.space == .prediction, Catalogue.metrics.contains(where: sameFamily) {
      return "a target that is a number, but '\(targetName)' has \(classes) classes; use "
        + "`metric: accuracy` or log-loss"
    }
    return nil

    func sameFamily(_ other: Metric) -> Bool { other.name.prefix { $0 != "(" } == name }
  }

  /// Metrics of predicted probabilities, which targets may be, too.
  private static let probabilityMetrics: Set<String> = ["log-loss", "brier"]
  /// Metrics of scores against two classes.
  private static let orderMetrics: Set<String> = ["auc", "pr-auc"]
  private static let twoClassMetrics = orderMetrics.union(["f1"])
  private static let classMetrics = twoClassMetrics.union([
    "accuracy", "balanced-accuracy", "macro-f1", "mcc", "log-loss", "brier", "top", "ece",
  ])
}
