public import Losses
public import Tabular

extension Table {
  /// The table without its rows of weight 0, which must not influence anything: not the bins, the
  /// scales of features, the derivatives or the check. The same table if there are none, or if
  /// nothing would be left. O(rows x columns) if some are left out.
  public var withoutWeightlessRows: Table {
    guard let weights, weights.contains(0) else { return self }
    let kept = weights.indices.filter { weights[$0] > 0 }
    return kept.isEmpty ? self : subset(kept)
  }
}

extension Objective {
  /// The scores a fit starts from, `[scoresPerRow]`; see ``Losses/initialScores(for:_:weights:)``.
  ///
  /// - Throws: ``LearningError`` if one is not a finite number, as a leaf solver or a start of the
  ///   objective's own may give.
  public func finiteInitialScores(
    on rows: ObjectiveRows, of table: Table
  ) throws(LearningError) -> [Double] {
    let scores = initialScores(for: self, rows.rows, weights: rows.weights.span)
    guard scores.count == scoresPerRow, scores.allSatisfy(\.isFinite) else {
      throw LearningError(
        .nonFiniteDerivative,
        "\(table.source): objective '\(name)' gives the initial scores \(scores), but training "
          + "starts from \(scoresPerRow) finite number\(scoresPerRow == 1 ? "" : "s"); correct "
          + "its startingScores or its leafSolver")
    }
    return scores
  }
}
