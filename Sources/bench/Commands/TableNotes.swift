import Formulas
import Learning
import Checking
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
    checkSuspects(progress)
  }

  /// Says which columns know more than a model should.
  private func checkSuspects(_ progress: ProgressDisplay) {
    if table.classNames == nil, table.rowCount > 1, let target = table.target,
      let first = target.first, target.allSatisfy({ $0 == first })
    {
      progress.note(
        "note: \(table.source): the target is \(first == 0 ? 0 : first) in every row to train on; there is nothing "
          + "to learn")
    }
    let suspects = SuspectColumns(table)
    for name in suspects.targets.prefix(3) {
      progress.note(
        "note: \(table.source): column '\(name)' equals the target in every row to train on, so that "
          + "a model would only copy it; leave it out of --features")
    }
    for name in suspects.counters.prefix(3) {
      progress.note(
        "note: \(table.source): column '\(name)' counts the rows of the file; a model may learn their "
          + "order from it, which new rows do not have")
    }
  }

  /// Says which classes no row to train on has; `others` are the rows to stop early and to test on.
  ///
  /// - Throws: ``Failure`` if all rows to train on are of one class.
  func checkClasses(_ others: [Table], _ progress: ProgressDisplay) throws {
    let classes = AbsentClasses(table, others: others)
    if classes.present.count == 1, let names = table.classNames, names.count > 1 {
      throw Failure(
        .badData,
        "\(table.source): every row to train on is of the class '\(classes.present[0])'; a "
          + "classification needs rows of at least two: divide the rows another way, as with "
          + "--split-by stratified")
    }
    let most = 6
    for absent in classes.absent.prefix(most) {
      progress.note(
        "note: \(table.source): no row to train on is of the class '\(absent.name)', but "
          + "\(absent.rows) other row\(absent.rows == 1 ? " is" : "s are"): no model can learn it, and "
          + "the loss on these rows is large")
    }
    if classes.absent.count > most {
      progress.note(
        "note: \(table.source): \(classes.absent.count - most) more classes have no row to train on"
      )
    }
  }

  /// Says of formulas over two classes that they seem to be written for other labels than 0 and 1,
  /// which would be trained on all the same.
  func checkLabelCoding(of objectives: [any Objective], _ progress: ProgressDisplay) {
    guard table.classNames?.count == 2 || table.target?.allSatisfy({ $0 == 0 || $0 == 1 }) == true
    else { return }
    for objective in objectives where objective is ExpressionObjective {
      let verdict = objective.check(on: table)
      for finding in verdict.findings where finding.code == .labelCoding {
        progress.note("note: \(table.source): objective '\(objective.name)': \(finding.message)")
      }
    }
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
