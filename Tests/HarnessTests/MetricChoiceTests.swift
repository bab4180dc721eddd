import OrderedCollections
import Formulas
import Losses
import Tabular
import Testing

@testable import Harness

/// Metrics that say something of the objectives, and no others.
struct MetricChoiceTests {
  private func table(_ targets: [Double], classes: [String]? = nil) throws -> Table {
    try Table(
      features: targets.map(Float.init), featureNames: ["x"], target: targets,
      rowData: ["event": targets.map { _ in 1 }], classNames: classes, source: "table")
  }

  private func names(_ challenger: any Objective, _ table: Table) -> [String] {
    MetricChoice.metrics(
      for: [
        .init(name: "A", objective: challenger),
        .init(name: "B", objective: SquaredError(), isBaseline: true),
      ], data: table
    ).map(\.name)
  }

  @Test func orderIsJudgedByOrder() throws {
    let numbers = try table([0, 1, 2, 3])
    #expect(names(LambdaMART(at: 5), numbers) == ["ndcg(5)", "ndcg(10)", "map"])
    #expect(names(PairwiseRanking(), numbers) == ["ndcg(10)", "map"])
    #expect(names(Cox(), numbers) == ["concordance"])
    #expect(names(AcceleratedFailureTime(), numbers) == ["time-concordance"])
    #expect(names(AbsoluteError(), numbers) == ["mae", "rmse", "r2"])
  }

  /// The same loss by name, as text and as closures: the same metrics and forms.
  @Test func theSameLossIsJudgedAlike() throws {
    let targets = (0..<40).map { 1 + Double($0 % 7) }
    let sizes = (0..<40).map { 1 + Double($0 % 5) }
    let table = try Table(
      features: targets.map(Float.init), featureNames: ["x"], target: targets,
      rowData: ["size": sizes], source: "table")
    let same: [any Objective] = [
      SizeNormalisedSquaredError(), try ExpressionObjective("square((score - y) / size)"),
      try ExpressionObjective("3 * (y / size - score / size)^2 + 1"),
      DifferentiableObjective("mine", rowData: ["size"]) { row in
        ((row.score - row.target) / row.data[0]).squared()
      },
      CustomObjective("by hand", rowData: ["size"]) { row in
        let square = row.data[0] * row.data[0]
        return .init(gradient: (row.score - row.target) / square, hessian: 1 / square)
      },
    ]
    for objective in same {
      let plan = ObjectivePlan(name: "A", objective: objective, forms: [.plain, .adjusted])
      let resolved = plan.resolved(on: table)
      #expect(resolved.runnableForms == [.plain, .adjusted], "\(objective.name)")
      #expect(names(resolved.objective, table) == ["rmsne", "rmse", "mae", "r2", "sne"])
    }
    // A metric that the author names is kept.
    let named = CustomObjective("named", rowData: ["size"], metric: .mae) { row in
      .init(
        gradient: (row.score - row.target) / row.data[0] / row.data[0],
        hessian: 1 / (row.data[0] * row.data[0]))
    }
    let plan = ObjectivePlan(name: "A", objective: named).resolved(on: table)
    #expect(plan.objective.defaultMetric.name == "mae")
  }

  /// Quantiles: their own loss, what they share with a plain prediction, coverage and crossing; and
  /// no metric that only the baseline could have.
  @Test func quantilesAreCoveredAndShared() throws {
    let numbers = try table([0, 1, 2, 3])
    let levels = [0.1, 0.5, 0.9]
    #expect(
      names(Quantiles(levels), numbers) == [
        "pinball(0.1,0.5,0.9)", "median-mae(0.1,0.5,0.9)", "coverage(0.1,0.5,0.9)",
        "crossing-rate",
      ])
    // Of a mean with its deviation the mean is judged as a plain prediction is.
    #expect(names(Gaussian(), numbers) == ["rmse", "mae", "r2"])
    #expect(
      names(Quantile(0.9), numbers) == ["pinball(0.9)", "rmse", "coverage(0.9)", "mae", "r2"])
    for (metric, isOfBaseline) in [
      (Metric.medianError(levels), true), (.coverage(levels), false), (.crossingRate, false),
    ] {
      #expect(MetricChoice.suits(metric, Quantiles(levels), classes: nil))
      #expect(MetricChoice.suits(metric, SquaredError(), classes: nil) == isOfBaseline)
    }
    #expect(!MetricChoice.suits(.coverage([0.9]), SquaredError(), classes: nil))
    #expect(!MetricChoice.suits(.coverage([0.9]), Quantile(0.5), classes: nil))
  }

  /// A baseline alone is judged by its own metrics; both families where both are asked for.
  @Test func severalFamilies() throws {
    let numbers = try table([0, 1, 2, 3])
    let both = MetricChoice.metrics(
      for: [
        .init(name: "A", objective: PairwiseRanking()), .init(name: "B", objective: SquaredError()),
      ], data: numbers
    ).map(\.name)
    #expect(both == ["ndcg(10)", "rmse", "mae", "r2", "map"])
    #expect(MetricChoice.suits(.ndcg(at: 10), SquaredError(), classes: nil))
    #expect(!MetricChoice.suits(.rmse, PairwiseRanking(), classes: nil))
    // Risks rise where times fall: the same index of one says the opposite of the other.
    #expect(!MetricChoice.suits(.concordance, AcceleratedFailureTime(), classes: nil))
  }

  private func refusal(
    _ metric: Metric, _ table: Table, _ objective: any Objective = SquaredError()
  ) -> String? {
    MetricChoice.refusal(of: metric, on: table, under: [objective], targetName: "y")
  }

  @Test func metricsOfClassesNeedClasses() throws {
    let numbers = try table([0.5, 1, 2, 3])
    let zeroOne = try table([0, 1, 1, 0])
    let two = try table([0, 1, 1, 0], classes: ["no", "yes"])
    let three = try table([0, 1, 2, 0], classes: ["a", "b", "c"])
    for metric in [
      Metric.accuracy, .logLoss, .auc, .averagePrecision, .f1, .macroF1, .balancedAccuracy, .mcc,
      .brier, .top(2), .calibrationError(),
    ] {
      let sentence = try #require(refusal(metric, numbers), "\(metric.name)")
      #expect(sentence.hasPrefix("metric '\(metric.name)' needs a target of classes"))
      #expect(sentence.contains("'y' is a number (0.5, 1.0, 2.0, ...)"))
      #expect(refusal(metric, two, Logistic()) == nil)
    }
    // The order of scores tells rows of 0 and 1 apart, whatever the objective.
    #expect(refusal(.auc, zeroOne) == nil)
    #expect(refusal(.accuracy, zeroOne) != nil)
    #expect(refusal(.auc, three, SoftmaxCrossEntropy(classes: 3))?.contains("two classes") == true)
    #expect(refusal(.rmse, three, SoftmaxCrossEntropy(classes: 3))?.contains("a number") == true)
    #expect(refusal(.accuracy, three, SoftmaxCrossEntropy(classes: 3)) == nil)
    #expect(refusal(.rmse, numbers) == nil)
    #expect(refusal(.rmse, numbers, Cox())?.contains("use `metric: concordance`") == true)
    let own = Metric("own", title: "Own", space: .prediction) { _, _, _, _ in 0 }
    #expect(refusal(own, three, SoftmaxCrossEntropy(classes: 3)) == nil)
  }
}
