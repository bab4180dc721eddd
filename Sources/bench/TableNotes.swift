import Harness
import Losses
import Tabular

/// What a user should know of a table before training on it.
struct TableNotes {
  let table: Table

  /// Says which columns tell nothing.
  ///
  /// - Throws: ``Failure`` if none tells anything.
  func checkColumns(_ progress: ProgressDisplay) throws {
    let columns = UninformativeColumns(table)
    guard !columns.areAll else {
      throw Failure(
        .badData,
        "\(table.source): no feature tells anything: each has the same value, or none, in every "
          + "row to train on; name other columns with --features, or another split")
    }
    func note(_ names: [String], one: String, several: String) {
      guard !names.isEmpty else { return }
      let most = 12
      let shown = names.prefix(most).map { "'\($0)'" }.joined(separator: ", ")
      let rest = names.count > most ? " and \(names.count - most) more" : ""
      progress.note(
        names.count == 1
          ? "note: \(table.source): column \(shown) \(one) in every row to train on; it tells "
            + "nothing"
          : "note: \(table.source): columns \(shown)\(rest) \(several) in every row to train on; "
            + "they tell nothing")
    }
    note(columns.constant, one: "has the same value", several: "have the same value")
    note(columns.missing, one: "is missing", several: "are missing")
  }

  /// Refuses rows of which none counts: metrics of them are undefined.
  ///
  /// - Parameter purpose: what the rows are for: `train`, `test`, `stop early`.
  /// - Throws: ``Failure``.
  func checkWeights(_ purpose: String) throws {
    guard let weights = table.weights, weights.allSatisfy({ $0 == 0 }) else { return }
    throw Failure(
      .badData,
      "\(table.source): every row to \(purpose) on has weight 0; give some of them a weight, or "
        + "divide the rows another way")
  }

  /// Refuses metrics that would say nothing of the target or the objectives.
  ///
  /// - Throws: ``Failure``.
  func checkMetrics(
    _ metrics: [Metric], under objectives: [any Objective], targetName: String
  ) throws {
    for metric in metrics {
      let refusal = MetricChoice.refusal(
        of: metric, on: table, under: objectives, targetName: targetName)
      if let refusal { throw Failure(.badData, "\(table.source): \(refusal)") }
    }
  }
}
