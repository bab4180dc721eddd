public import Losses
public import Tabular

/// What a model keeps beside its weights, so that prediction needs nothing else.
public struct ModelHeader: Sendable, Hashable, Codable {
  /// The objective: link, adjustment, row data, fingerprint.
  public var objective: ObjectiveDescription
  /// The constant outputs the model starts from, one per score.
  public var initialScores: [Double]
  /// The feature columns, in the order the model reads them.
  public var featureNames: [String]
  /// Names of the classes, if the target was one.
  public var classNames: [String]?
  /// How features too large for Float32 were shifted, by name; nil if none was. A table to predict
  /// must be read with the same ones.
  public var featureShifts: [String: FeatureShift]?

  /// A header for a model fitted to `table` under `objective` (adjusted if it was).
  public init(objective: any Objective, initialScores: [Double], table: Table) {
    self.objective = ObjectiveDescription(objective)
    self.initialScores = initialScores
    featureNames = table.featureNames
    classNames = table.classNames
    featureShifts = table.featureShifts.isEmpty ? nil : table.featureShifts
  }

  /// The features of `table` in the model's column order; extra columns are left out.
  ///
  /// - Throws: ``LearningError`` if the table lacks a column, or has one that is shifted otherwise.
  public func features(of table: Table) throws(LearningError) -> [Float] {
    try requireSameShifts(in: table)
    if table.featureNames == featureNames { return table.features }
    var places: [Int] = []
    for name in featureNames {
      guard let place = table.featureNames.firstIndex(of: name) else {
        throw LearningError(
          .columnMismatch,
          "\(table.source): the model reads a feature '\(name)' that the table does not have; "
            + "its features are \(table.featureNames.prefix(20).joined(separator: ", "))")
      }
      places.append(place)
    }
    var features: [Float] = []
    features.reserveCapacity(table.rowCount * places.count)
    for row in 0..<table.rowCount {
      for place in places { features.append(table.features[row * table.columnCount + place]) }
    }
    return features
  }

  /// Refuses a column that is not shifted as the model's: its numbers would mean others.
  private func requireSameShifts(in table: Table) throws(LearningError) {
    for name in featureNames where table.featureShifts[name] != featureShifts?[name] {
      throw LearningError(
        .columnMismatch,
        "\(table.source): the model reads the feature '\(name)' "
          + (featureShifts?[name] == nil ? "as it is" : "less an offset")
          + ", but the table was read with "
          + (table.featureShifts[name] == nil ? "none" : "an offset of its own")
          + "; read it with the model's: Table(contentsOf: ..., featureShifts: "
          + "model.header.featureShifts ?? [:])")
    }
  }

  /// The inverse link of `scores`.
  public func predictions(ofScores scores: [Double]) -> [Double] {
    var predictions = scores
    var span = predictions.mutableSpan
    objective.link.applyInverse(to: &span, scoresPerRow: objective.scoresPerRow)
    return predictions
  }

  /// The most probable class of each row, `[rows]`: the largest score, or whether a single score
  /// means a probability of at least one half.
  public func labels(ofScores scores: [Double]) -> [Double] {
    let width = objective.scoresPerRow
    guard width > 1 else {
      return predictions(ofScores: scores).map { $0 >= 0.5 ? 1 : 0 }
    }
    // Scores of ordered classes are a location and thresholds; only their probabilities compare.
    let scores = objective.link == .ordinal ? predictions(ofScores: scores) : scores
    return (0..<scores.count / width).map { row in
      var best = 0
      for k in 1..<width where scores[row * width + k] > scores[row * width + best] { best = k }
      return Double(best)
    }
  }

  /// Refuses a table whose target counts other classes, or the same ones in another order.
  public func requireSameClasses(in table: Table) throws(LearningError) {
    guard let classNames, let others = table.classNames, others != classNames else { return }
    func list(_ names: [String]) -> String {
      names.prefix(12).map { "'\($0)'" }.joined(separator: ", ") + (names.count > 12 ? ", ..." : "")
    }
    throw LearningError(
      .columnMismatch,
      "\(table.source): its classes are \(list(others)), but those of the model are "
        + "\(list(classNames)); read the target with the model's class names")
  }

  /// Metrics of `scores` on the rows of `table`.
  ///
  /// - Throws: ``LearningError`` if the table lacks what a metric reads, or has other classes.
  public func evaluate(
    scores: [Double], on table: Table, metrics: [Metric]
  ) throws(LearningError) -> Evaluation {
    try requireSameClasses(in: table)
    let predictions = predictions(ofScores: scores)
    var entries: [Evaluation.Entry] = []
    for metric in metrics {
      let rows = try ObjectiveRows(
        table, rowDataNames: metric.rowDataNames, neededBy: metric.name)
      let values =
        switch metric.space {
        case .score: scores
        case .prediction: predictions
        case .label: labels(ofScores: scores)
        }
      let width = metric.space == .label ? 1 : objective.scoresPerRow
      if let needed = metric.valuesPerRow, needed != width {
        throw LearningError(
          .invalidOption,
          "metric '\(metric.name)' needs \(needed) value\(needed == 1 ? "" : "s") per row, and "
            + "objective '\(objective.name)' gives \(width); choose another metric")
      }
      entries.append(
        .init(
          metric: metric.name,
          value: metric.value(
            of: values.span, valuesPerRow: width, rows.rows, weights: rows.weights.span)))
    }
    return Evaluation(entries: entries)
  }
}
