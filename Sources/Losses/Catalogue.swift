/// The objectives and metrics that ship, by name.
public enum Catalogue {
  /// What a shipped objective is for, without the number of classes some need.
  public struct Entry: Sendable {
    /// The name on the command line and in model files.
    public let name: String
    /// The loss as a formula.
    public let formula: String
    /// The row data it needs.
    public let rowDataNames: [String]
    /// When to use it, in one sentence.
    public let purpose: String
    /// Makes the objective; only objectives over classes look at the number of classes.
    public let make: @Sendable (_ classes: Int) -> any Objective
  }

  /// Every shipped objective. A new one is a file in `Objectives` and a line here.
  public static let objectives: [Entry] = [
    Entry(
      name: "squared", formula: "(score - y)^2", rowDataNames: [],
      purpose: "regression where an error of one unit matters equally in every row",
      make: { _ in SquaredError() }),
    Entry(
      name: "sne", formula: "((score - y) / size)^2", rowDataNames: ["size"],
      purpose: "regression over rows of very different size, each judged by its relative error",
      make: { _ in SizeNormalisedSquaredError() }),
    Entry(
      name: "logistic", formula: "log(1 + exp(score)) - y score", rowDataNames: [],
      purpose: "two classes, targets 0 and 1", make: { _ in Logistic() }),
    Entry(
      name: "softmax", formula: "logSumExp(scores) - scores[y]", rowDataNames: [],
      purpose: "two or more classes, targets 0 to K-1",
      make: { SoftmaxCrossEntropy(classes: $0) }),
  ]

  /// Every shipped metric.
  public static let metrics: [Metric] = [
    .rmse, .mae, .sne, .rmsne, .r2, .logLoss, .accuracy, .auc,
  ]

  /// The shipped objective called `name`, or nil.
  public static func objective(named name: String, classes: Int = 2) -> (any Objective)? {
    objectives.first { $0.name == name }?.make(classes)
  }

  /// The shipped metric called `name`, or nil.
  public static func metric(named name: String) -> Metric? {
    metrics.first { $0.name == name }
  }
}
