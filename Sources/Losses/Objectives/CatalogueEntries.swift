extension Catalogue {
  /// Every shipped objective. A new one is a file in `Objectives`, an entry here, and a case in the
  /// table that the tests of all objectives run over.
  public static let objectives: [Entry] =
    squaredErrors + robustErrors + quantiles + positiveTargets + percentages + twoClasses + classes
    + survival + ranking + likelihoods

  private static let squaredErrors: [Entry] = [
    Entry(
      name: "squared", expression: "(score - y)^2",
      purpose: "regression where an error of one unit matters equally in every row; with the "
        + "option 'half', half of it",
      options: ["half"]
    ) { arguments throws(CatalogueError) in SquaredError(half: arguments.has("half")) },
    Entry(
      name: "sne", expression: "((score - y) / size)^2", rowDataNames: ["size"],
      purpose: "regression over rows of very different size, each judged by its relative error; "
        + "with the option 'half', half of it",
      options: ["half"]
    ) { arguments throws(CatalogueError) in
      SizeNormalisedSquaredError(half: arguments.has("half"))
    },
  ]

  private static let delta = Parameter("delta", 1, "a positive number, in the unit of the target") {
    $0 > 0
  }

  private static let robustErrors: [Entry] = [
    Entry(
      name: "absolute", expression: "abs(score - y)",
      purpose: "the median; large errors count in proportion, outliers hardly move it"
    ) { _ throws(CatalogueError) in AbsoluteError() },
    Entry(
      name: "huber",
      expression: "let delta = 1; let r = abs(score - y); "
        + "if(r <= delta, r^2 / 2, delta * (r - delta / 2))",
      purpose: "the mean of well-behaved rows, with outliers pulling no harder than delta",
      parameters: [delta]
    ) { arguments throws(CatalogueError) in Huber(delta: arguments["delta"]) },
    Entry(
      name: "pseudo-huber",
      expression: "let delta = 1; delta^2 * (sqrt(1 + ((score - y) / delta)^2) - 1)",
      purpose: "Huber's loss without its kink in the slope", parameters: [delta]
    ) { arguments throws(CatalogueError) in PseudoHuber(delta: arguments["delta"]) },
    Entry(
      name: "log-cosh", expression: "logcosh(score - y)",
      purpose: "squared for errors below one unit, absolute above, smooth everywhere"
    ) { _ throws(CatalogueError) in LogCosh() },
  ]

  private static let level = Parameter("level", 0.5, "between 0 and 1, without either") {
    $0 > 0 && $0 < 1
  }

  private static let quantiles: [Entry] = [
    Entry(
      name: "quantile",
      expression: "let level = 0.5; max(level * (y - score), (1 - level) * (score - y))",
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
      name: "expectile",
      expression: "let level = 0.5; if(score > y, 1 - level, level) * (score - y)^2",
      purpose: "like a quantile, but weighing errors by their square", parameters: [level]
    ) { arguments throws(CatalogueError) in Expectile(arguments["level"]) },
  ]

  private static let positiveTargets: [Entry] = [
    Entry(
      name: "poisson", expression: "exp(score) - y * score; link=log",
      purpose: "counts; with the option 'exposure', per unit of the row data 'exposure'",
      options: ["exposure"]
    ) { arguments throws(CatalogueError) in
      Poisson(exposure: arguments.has("exposure") ? "exposure" : nil)
    },
    Entry(
      name: "negative-binomial",
      expression: "let a = 1; let t = score + log(a); softplus(t) / a + y * softplus(-t); link=log",
      purpose: "counts that spread further than Poisson's: variance mean + dispersion mean^2; with "
        + "the option 'exposure', per unit of the row data 'exposure'",
      parameters: [
        Parameter("dispersion", 1, "between 1e-9 and 1e9") {
          NegativeBinomial.allowedDispersions.contains($0)
        }
      ], options: ["exposure"]
    ) { arguments throws(CatalogueError) in
      NegativeBinomial(
        dispersion: arguments["dispersion"],
        exposure: arguments.has("exposure") ? "exposure" : nil)
    },
    Entry(
      name: "gamma", expression: "score + y * exp(-score); link=log",
      purpose: "positive amounts whose spread grows in proportion to their mean"
    ) { _ throws(CatalogueError) in Gamma() },
    Entry(
      name: "tweedie",
      expression: "let power = 1.5; exp((2 - power) * score) / (2 - power) "
        + "- y * exp((1 - power) * score) / (1 - power); link=log",
      purpose: "amounts that are often exactly zero, such as claims per policy or rain per day",
      parameters: [
        Parameter("power", 1.5, "between 1 and 2, without either") { $0 > 1 && $0 < 2 }
      ]
    ) { arguments throws(CatalogueError) in Tweedie(power: arguments["power"]) },
    Entry(
      name: "squared-log", expression: "(softplus(score) - log1p(y))^2; link=log",
      purpose: "non-negative targets over several decades, each judged by its ratio"
    ) { _ throws(CatalogueError) in SquaredLogError() },
  ]

  private static let percentages: [Entry] = [
    Entry(
      name: "mape", expression: "abs(score - y) / abs(y)",
      purpose: "the percentage error, if that is what is paid for; it favours low predictions"
    ) { _ throws(CatalogueError) in AbsolutePercentageError() },
    Entry(
      name: "smape", expression: "2 * abs(score - y) / (abs(score) + abs(y))",
      purpose: "the percentage error bounded by 2, where targets may be 0"
    ) { _ throws(CatalogueError) in SymmetricPercentageError() },
  ]

  private static let twoClasses: [Entry] = [
    Entry(
      name: "logistic", expression: "softplus(score) - y * score; link=logit",
      purpose: "two classes, targets 0 and 1", targets: .twoClasses
    ) { _ throws(CatalogueError) in Logistic() },
    Entry(
      name: "focal",
      expression: "let gamma = 2; let x = if(y == 1, score, -score); "
        + "sigmoid(-x)^gamma * softplus(-x); link=logit",
      purpose: "two classes of which one is rare, with less weight on rows already right",
      targets: .twoClasses, parameters: [Parameter("gamma", 2, "0 or more") { $0 >= 0 }]
    ) { arguments throws(CatalogueError) in Focal(gamma: arguments["gamma"]) },
    Entry(
      name: "squared-hinge", expression: "max(0, 1 - (2 * y - 1) * score)^2; link=logit",
      purpose: "two classes, where only the label counts and no probability is needed",
      targets: .twoClasses
    ) { _ throws(CatalogueError) in SquaredHinge() },
  ]

  private static let classes: [Entry] = [
    Entry(
      name: "softmax", expression: "logsumexp(score) - score[y]",
      purpose:
        "two or more classes, targets 0 to K-1; with the option 'soft', against row data p0, "
        + "p1, ...; with weights=[1, 2, ...], each class weighed",
      targets: .classes,
      parameters: [Parameter("smoothing", 0, "0 to below 1") { $0 >= 0 && $0 < 1 }],
      lists: [Parameter("weights", 1, "a positive number") { $0 > 0 }],
      options: ["soft"]
    ) { arguments throws(CatalogueError) in
      SoftmaxCrossEntropy(
        classes: arguments.classes, labelSmoothing: arguments["smoothing"],
        classWeights: arguments.list("weights"), softLabels: arguments.has("soft"))
    },
    Entry(
      name: "one-vs-rest",
      expression: "sum(k in classes: softplus(if(k == y, -score[k], score[k]))); link=logit",
      purpose: "classes judged one by one, each against all others", targets: .classes
    ) { arguments throws(CatalogueError) in OneVsRest(classes: arguments.classes) },
    Entry(
      name: "ordinal", formula: "-log P(y); P(class <= k) = sigmoid(threshold_k - location)",
      purpose: "classes in an order, such as grades or stages", targets: .classes
    ) { arguments throws(CatalogueError) in Ordinal(classes: arguments.classes) },
    Entry(
      name: "probability-cross-entropy",
      expression: "-log(clamp(score[y] / sum(score), 1e-7, 1 - 1e-7)); link=identity",
      purpose: "to compare with a network whose last layer already gives probabilities",
      targets: .classes,
      parameters: [Parameter("clip", 1e-7, "between 0 and 0.5") { $0 > 0 && $0 < 0.5 }]
    ) { arguments throws(CatalogueError) in
      let clip = arguments["clip"]
      return arguments.classes == 2
        ? ProbabilityCrossEntropy(clip: clip)
        : CategoricalProbabilityCrossEntropy(classes: arguments.classes, clip: clip)
    },
  ]

  private static let survival: [Entry] = [
    Entry(
      name: "cox", formula: "log(sum(exp(score_j), time_j >= time)) - score, per event",
      rowDataNames: ["event"],
      purpose: "who has the event sooner, where some rows are only watched until a time"
    ) { _ throws(CatalogueError) in Cox() },
    Entry(
      name: "aft", formula: "-log likelihood of log(time) = score + scale noise",
      rowDataNames: ["event"],
      purpose:
        "times until an event, some known only as bounds; with the option 'interval', by row "
        + "data 'lower' and 'upper'",
      parameters: [Parameter("scale", 1, "a positive number") { $0 > 0 }],
      options: ["normal", "logistic", "extreme-value", "interval"]
    ) { arguments throws(CatalogueError) in
      let noises = AcceleratedFailureTime.Noise.allCases.filter { arguments.has($0.rawValue) }
      guard noises.count <= 1 else {
        throw CatalogueError(
          .badParameter,
          "objective 'aft' has one noise, but \(noises.map(\.rawValue).joined(separator: " and ")) "
            + "are given")
      }
      return AcceleratedFailureTime(
        noises.first ?? .normal, scale: arguments["scale"],
        censoring: arguments.has("interval") ? .interval : .event)
    },
  ]

  private static let ranking: [Entry] = [
    Entry(
      name: "pairwise", formula: "log(1 + exp(score_j - score_i)) for pairs of a group, y_i > y_j",
      purpose: "the order of rows within groups, every pair alike"
    ) { _ throws(CatalogueError) in PairwiseRanking() },
    Entry(
      name: "lambdamart", formula: "|change of NDCG| log(1 + exp(score_j - score_i)), y_i > y_j",
      purpose: "the order of rows within groups, the top places above all",
      parameters: [
        Parameter("at", 0, "a whole number of places, or 0 for all") {
          $0 >= 0 && $0 < 1e9 && $0 == $0.rounded()
        }
      ]
    ) { arguments throws(CatalogueError) in
      let limit = Int(arguments["at"])
      return LambdaMART(at: limit == 0 ? nil : limit)
    },
  ]

  private static let likelihoods: [Entry] = [
    Entry(
      name: "gaussian",
      expression: "let z = (y - score[0]) * exp(-score[1]); score[1] + z^2 / 2 + log(2 * pi) / 2; "
        + "link=locationScale",
      purpose: "a mean with its own standard deviation in every row"
    ) { _ throws(CatalogueError) in Gaussian() },
    Entry(
      name: "laplace",
      expression: "score[1] + abs(y - score[0]) * exp(-score[1]) + log(2); link=locationScale",
      purpose: "a median with its own mean deviation in every row; outliers hardly move it"
    ) { _ throws(CatalogueError) in Laplace() },
    Entry(
      name: "logistic-scale",
      expression: "let z = (y - score[0]) * exp(-score[1]); score[1] + z + 2 * softplus(-z); "
        + "link=locationScale",
      purpose: "a mean with its own scale in every row, tails heavier than the Gaussian's"
    ) { _ throws(CatalogueError) in LogisticScale() },
    Entry(
      name: "student-t",
      expression: "let z = (y - score[0]) * exp(-score[1]); score[1] + 2.5 * log1p(z^2 / 4) "
        + "+ log(8 / 3); link=locationScale",
      purpose: "a location with its own scale in every row, where outliers hardly count",
      parameters: [
        Parameter("degrees", 4, "between 0.1 and 1e6") { StudentT.allowedDegrees.contains($0) }
      ]
    ) { arguments throws(CatalogueError) in StudentT(degrees: arguments["degrees"]) },
    Entry(
      name: "gumbel",
      expression: "let z = (y - score[0]) * exp(-score[1]); score[1] + z + exp(-z); "
        + "link=locationScale",
      purpose: "maxima, such as peak loads: a mode with its own scale in every row"
    ) { _ throws(CatalogueError) in Gumbel() },
    Entry(
      name: "log-normal",
      expression: "let z = (log(y) - score[0]) * exp(-score[1]); "
        + "log(y) + score[1] + z^2 / 2 + log(2 * pi) / 2; link=log",
      purpose: "positive amounts: a median with the spread of its logarithm in every row"
    ) { _ throws(CatalogueError) in LogNormal() },
    Entry(
      name: "negative-binomial-dispersion",
      formula: "k softplus(t) + y softplus(-t) - log Gamma(y + k) + log Gamma(k) + log(y!); "
        + "k = exp(-s), t = m + s",
      purpose: "counts: a mean with its own dispersion in every row"
    ) { _ throws(CatalogueError) in NegativeBinomialDispersion() },
    Entry(
      name: "gamma-shape", formula: "log Gamma(a) - a log(a) + a (m + y exp(-m)) - (a - 1) log(y)",
      purpose: "positive amounts: a mean with its own relative spread in every row"
    ) { _ throws(CatalogueError) in GammaShape() },
  ]
}
