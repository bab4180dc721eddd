extension Catalogue {
  /// Every shipped objective. A new one is a file in `Objectives`, an entry here, and a case in the
  /// table that the tests of all objectives run over.
  public static let objectives: [Entry] =
    squaredErrors + robustErrors + quantiles + positiveTargets + percentages + twoClasses + classes

  private static let squaredErrors: [Entry] = [
    Entry(
      name: "squared", formula: "(score - y)^2",
      purpose: "regression where an error of one unit matters equally in every row"
    ) { _ throws(CatalogueError) in SquaredError() },
    Entry(
      name: "sne", formula: "((score - y) / size)^2", rowDataNames: ["size"],
      purpose: "regression over rows of very different size, each judged by its relative error"
    ) { _ throws(CatalogueError) in SizeNormalisedSquaredError() },
  ]

  private static let delta = Parameter("delta", 1, "a positive number, in the unit of the target") {
    $0 > 0
  }

  private static let robustErrors: [Entry] = [
    Entry(
      name: "absolute", formula: "|score - y|",
      purpose: "the median; large errors count in proportion, outliers hardly move it"
    ) { _ throws(CatalogueError) in AbsoluteError() },
    Entry(
      name: "huber",
      formula: "r^2 / 2 if |r| <= delta, else delta (|r| - delta / 2); r = score - y",
      purpose: "the mean of well-behaved rows, with outliers pulling no harder than delta",
      parameters: [delta]
    ) { arguments throws(CatalogueError) in Huber(delta: arguments["delta"]) },
    Entry(
      name: "pseudo-huber", formula: "delta^2 (sqrt(1 + ((score - y) / delta)^2) - 1)",
      purpose: "Huber's loss without its kink in the slope", parameters: [delta]
    ) { arguments throws(CatalogueError) in PseudoHuber(delta: arguments["delta"]) },
    Entry(
      name: "log-cosh", formula: "log(cosh(score - y))",
      purpose: "squared for errors below one unit, absolute above, smooth everywhere"
    ) { _ throws(CatalogueError) in LogCosh() },
  ]

  private static let level = Parameter("level", 0.5, "between 0 and 1, without either") {
    $0 > 0 && $0 < 1
  }

  private static let quantiles: [Entry] = [
    Entry(
      name: "quantile", formula: "level max(y - score, 0) + (1 - level) max(score - y, 0)",
      purpose: "the value that a given share of targets stays below, one or several at once",
      parameters: [level], takesSeveral: true, options: ["non-crossing"]
    ) { arguments throws(CatalogueError) in
      let levels = arguments.several
      guard zip(levels, levels.dropFirst()).allSatisfy(<) else {
        throw CatalogueError(
          .badParameter,
          "the levels of objective 'quantile' are \(Metric.list(levels)), but they must increase")
      }
      let isOne = levels.count == 1
      return isOne
        ? Quantile(levels[0]) : Quantiles(levels, nonCrossing: arguments.has("non-crossing"))
    },
    Entry(
      name: "expectile", formula: "|level - [y < score]| (score - y)^2",
      purpose: "like a quantile, but weighing errors by their square", parameters: [level]
    ) { arguments throws(CatalogueError) in Expectile(arguments["level"]) },
  ]

  private static let positiveTargets: [Entry] = [
    Entry(
      name: "poisson", formula: "exp(score) - y score",
      purpose: "counts; with the option 'exposure', per unit of the row data 'exposure'",
      options: ["exposure"]
    ) { arguments throws(CatalogueError) in
      Poisson(exposure: arguments.has("exposure") ? "exposure" : nil)
    },
    Entry(
      name: "gamma", formula: "score + y exp(-score)",
      purpose: "positive amounts whose spread grows in proportion to their mean"
    ) { _ throws(CatalogueError) in Gamma() },
    Entry(
      name: "tweedie",
      formula: "exp((2 - power) score) / (2 - power) - y exp((1 - power) score) / (1 - power)",
      purpose: "amounts that are often exactly zero, such as claims per policy or rain per day",
      parameters: [
        Parameter("power", 1.5, "between 1 and 2, without either") { $0 > 1 && $0 < 2 }
      ]
    ) { arguments throws(CatalogueError) in Tweedie(power: arguments["power"]) },
    Entry(
      name: "squared-log", formula: "(log(1 + exp(score)) - log(1 + y))^2",
      purpose: "non-negative targets over several decades, each judged by its ratio"
    ) { _ throws(CatalogueError) in SquaredLogError() },
  ]

  private static let percentages: [Entry] = [
    Entry(
      name: "mape", formula: "|score - y| / |y|",
      purpose: "the percentage error, if that is what is paid for; it favours low predictions"
    ) { _ throws(CatalogueError) in AbsolutePercentageError() },
    Entry(
      name: "smape", formula: "2 |score - y| / (|score| + |y|)",
      purpose: "the percentage error bounded by 2, where targets may be 0"
    ) { _ throws(CatalogueError) in SymmetricPercentageError() },
  ]

  private static let twoClasses: [Entry] = [
    Entry(
      name: "logistic", formula: "log(1 + exp(score)) - y score",
      purpose: "two classes, targets 0 and 1", targets: .twoClasses
    ) { _ throws(CatalogueError) in Logistic() }
  ]

  private static let classes: [Entry] = [
    Entry(
      name: "softmax", formula: "logSumExp(scores) - scores[y]",
      purpose: "two or more classes, targets 0 to K-1", targets: .classes
    ) { arguments throws(CatalogueError) in SoftmaxCrossEntropy(classes: arguments.classes) }
  ]
}
