public import Checking
public import Losses
public import Tabular

extension Objective {
  /// Tells what is wrong with the objective, on the rows of a table.
  ///
  /// Rows are named by their number in the table's source. A table that lacks what the objective
  /// reads gives a verdict that says so.
  ///
  /// - Parameter seed: decides which rows and scores are looked at.
  public func check(on table: Table, seed: UInt64 = 0) -> Verdict {
    do throws(LearningError) {
      let rows = try ObjectiveRows(table, for: self)
      return resolved(on: rows.rows).check(rows.rows, seed: seed, rowNumber: table.sourceRow)
    } catch {
      return Verdict(objective: name, refusing: error.reason)
    }
  }

  /// What every fit asks before its first round unless told not to.
  ///
  /// Ask it of the objective as its author wrote it, before any adjustment: a size that was forgotten
  /// may cancel in the space that is fitted.
  ///
  /// - Parameter policy: how the learner makes Hessians usable; nil if it reads none.
  /// - Throws: ``LearningError`` with the errors of
  ///   ``Objective/quickCheck(_:scores:policy:seed:rowNumber:)``.
  public func requireSound(
    on rows: ObjectiveRows, of table: Table, policy: CurvaturePolicy? = .exact
  ) throws(LearningError) {
    // Where the fit will start; score 0 may lie outside the domain of an objective that says.
    let given = startingScores(rows.rows, weights: rows.weights.span) ?? []
    let start = given.allSatisfy(\.isFinite) ? given : []
    let scores = start.isEmpty ? [] : (0..<rows.count * start.count).map { start[$0 % start.count] }
    let verdict = quickCheck(
      rows.rows, scores: scores.span, policy: policy, rowNumber: table.sourceRow)
    guard !verdict.isSound else { return }
    let isNotFinite = verdict.errors.contains { $0.code == .notFinite }
    let reasons = verdict.errors.map { finding in
      let places = finding.rows.map(String.init).joined(separator: ", ")
      return finding.message + (places.isEmpty ? "" : " (rows \(places))")
    }
    throw LearningError(
      isNotFinite ? .nonFiniteDerivative : .unsoundObjective,
      "\(table.source): objective '\(name)' cannot be trained on: "
        + reasons.joined(separator: "; ")
        + " (to train on it all the same, turn the check off: `checksObjective: false`)")
  }
}
