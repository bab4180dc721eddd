extension Catalogue {
  /// Every shipped objective. A new one is a file in `Objectives` that ends with its entry, its name
  /// here, and a case in the table that the tests of all objectives run over.
  public static let objectives: [Entry] = [
    .squared, .sne,
    .absolute, .huber, .pseudoHuber, .logCosh,
    .quantile, .expectile,
    .poisson, .negativeBinomial, .gamma, .tweedie, .squaredLog,
    .mape, .smape,
    .logistic, .focal, .squaredHinge,
    .softmax, .oneVsRest, .ordinal, .probabilityCrossEntropy,
    .cox, .aft,
    .pairwise, .lambdamart,
    .gaussian, .laplace, .logisticScale, .studentT, .gumbel,
    .logNormal, .negativeBinomialDispersion, .gammaShape,
  ]
}

// Parameters that several objectives share.
extension Catalogue.Parameter {
  static let delta = Self("delta", 1, "a positive number, in the unit of the target") { $0 > 0 }
  static let level = Self("level", 0.5, "between 0 and 1, without either") { $0 > 0 && $0 < 1 }
}

extension Catalogue {
  /// The shipped objective that `text` names, or nil.
  public static func objective(named text: String, classes: Int? = nil) -> (any Objective)? {
    try? objective(text, classes: classes)
  }

  /// The shipped objective that `text` names, with its parameters: `quantile(0.9)`.
  ///
  /// - Parameter classes: the number of classes, for objectives over classes; if nil, as `text`
  ///   says, else 2.
  /// - Throws: ``CatalogueError`` with the nearest name, or with the parameter and its range.
  public static func objective(
    _ text: String, classes: Int? = nil
  ) throws(CatalogueError) -> any Objective {
    let call = try CallText(text)
    guard let entry = objectives.first(where: { $0.name == call.name }) else {
      if let meant = OtherNames.objective(call.name) {
        throw CatalogueError(.unknownName, "there is no objective '\(call.name)'\(meant)")
      }
      throw unknown("objective", call.name, among: objectives.map(\.name))
    }
    return try entry.build(Arguments(call, entry: entry, classes: classes))
  }

  /// The catalogue's entry that `text` names, with or without parameters; nil if there is none.
  public static func entry(named text: String) -> Entry? {
    guard let name = try? CallText(text).name else { return nil }
    return objectives.first { $0.name == name }
  }
}
