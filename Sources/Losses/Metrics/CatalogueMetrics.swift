extension Catalogue {
  /// Every shipped metric in its usual form.
  public static let metrics: [Metric] =
    regressionMetrics + classificationMetrics + otherMetrics

  static let regressionMetrics: [Metric] = [
    .rmse, .mae, .sne, .rmsne, .r2, .mape, .smape, .rmsle, .medianAbsoluteError, .maxError,
    .poissonDeviance, .gammaDeviance, .explainedPoissonDeviance, .explainedGammaDeviance,
  ]

  static let classificationMetrics: [Metric] = [
    .logLoss, .accuracy, .auc, .brier, .balancedAccuracy, .f1, .macroF1, .averagePrecision, .mcc,
    .top(2), .calibrationError(),
  ]

  static let otherMetrics: [Metric] = [
    .pinball([0.5]), .coverage, .crossingRate, .ndcg(at: 10), .meanAveragePrecision, .concordance,
    .timeConcordance,
  ]

  /// The shipped metric that `text` names, or nil.
  public static func metric(named text: String) -> Metric? { try? metric(text) }

  /// The shipped metric that `text` names, with its numbers: `rmse`, `pinball(0.9)`, `ndcg(10)`.
  ///
  /// - Throws: ``CatalogueError`` with the nearest name, or with what is wrong with a number.
  public static func metric(_ text: String) throws(CatalogueError) -> Metric {
    let call = try CallText(text)
    var numbers: [Double] = []
    for argument in call.arguments { numbers.append(try argument.number(of: call.name)) }
    if numbers.isEmpty, let metric = metrics.first(where: { $0.name == call.name }) {
      return metric
    }
    guard let family = families[call.name] else {
      let names = metrics.map(\.name) + families.keys.sorted()
      guard names.contains(call.name) else { throw unknown("metric", call.name, among: names) }
      throw CatalogueError(
        .badParameter, "metric '\(call.name)' has no parameters, but it is '\(text)'")
    }
    guard let metric = family.make(numbers) else {
      throw CatalogueError(.badParameter, "metric '\(text)' cannot be: it needs \(family.rule)")
    }
    return metric
  }

  /// Metrics with numbers.
  private struct Family: Sendable {
    let rule: String
    let make: @Sendable ([Double]) -> Metric?
  }

  private static let families: [String: Family] = [
    "pinball": Family(rule: "levels between 0 and 1, as in 'pinball(0.1,0.9)'") { levels in
      let levels = levels.isEmpty ? [0.5] : levels
      return levels.allSatisfy { $0 > 0 && $0 < 1 } ? .pinball(levels) : nil
    },
    "coverage": Family(rule: "increasing levels between 0 and 1, as in 'coverage(0.1,0.9)'") {
      levels in
      let isFit =
        levels.allSatisfy { $0 > 0 && $0 < 1 } && zip(levels, levels.dropFirst()).allSatisfy(<)
      return isFit && !levels.isEmpty ? .coverage(levels) : nil
    },
    "median-mae": Family(
      rule: "the levels of quantiles, 0.5 among them, as in 'median-mae(0.1,0.5,0.9)'"
    ) { levels in
      let levels = levels.isEmpty ? [0.5] : levels
      return levels.contains(0.5) && levels.allSatisfy { $0 > 0 && $0 < 1 }
        ? .medianError(levels) : nil
    },
    "ndcg": whole("a number of places, as in 'ndcg(10)'", 10) { .ndcg(at: $0) },
    "top": whole("a number of classes, as in 'top(3)'", 2) { .top($0) },
    "ece": whole("a number of bins, as in 'ece(10)'", 10) { .calibrationError(bins: $0) },
    "tweedie-deviance": tweedie { .tweedieDeviance(power: $0) },
    "explained-tweedie-deviance": tweedie { .explainedTweedieDeviance(power: $0) },
  ]

  private static func tweedie(_ make: @escaping @Sendable (Double) -> Metric) -> Family {
    Family(rule: "one power between 1 and 2, as in 'tweedie-deviance(1.5)'") { numbers in
      let power = numbers.first ?? 1.5
      return numbers.count <= 1 && power > 1 && power < 2 ? make(power) : nil
    }
  }

  private static func whole(
    _ rule: String, _ initial: Double, _ make: @escaping @Sendable (Int) -> Metric
  ) -> Family {
    Family(rule: rule) { numbers in
      let number = numbers.first ?? initial
      guard numbers.count <= 1, let count = Int(exactly: number), count > 0 else { return nil }
      return make(count)
    }
  }
}
