extension Objective {
  /// A leaf's constant that is a quantile of the residuals `y - score`, each counted `factor`
  /// times. `scoresPerRow` is that of the objective.
  static func residualQuantile(
    level: Double, scoresPerRow: Int = 1,
    factor: (@Sendable (borrowing Row) -> Double)? = nil
  ) -> LeafSolver {
    { scores, rows, weights, score in
      var residuals: [Double] = []
      var counts: [Double] = []
      residuals.reserveCapacity(rows.count)
      for index in 0..<rows.count {
        residuals.append(rows.targets[index] - scores[index * scoresPerRow + score])
        guard !weights.isEmpty || factor != nil else { continue }
        let row = rows.row(index, scores: scores, scoresPerRow: scoresPerRow)
        counts.append((weights.isEmpty ? 1 : weights[index]) * (factor?(row) ?? 1))
      }
      return weightedQuantile(residuals, weights: counts, level: level)
    }
  }
}

extension CurvatureOffer {
  /// The quadratic upper bound `numerator / |score - y|` of a loss with a kink at the target, kept
  /// finite near it: residuals count as at least a millionth of score and target (Hunter & Lange,
  /// "Quantile Regression via an MM Algorithm", J. Computational and Graphical Statistics 9, 2000).
  static func residualMajoriser(
    formula: String, numerator: Double,
    factor: (@Sendable (borrowing Row) -> Double)? = nil
  ) -> CurvatureOffer {
    perRow(
      "upper-bound", formula: formula,
      purpose:
        "Its parabola lies above the loss, so steps have the target's own unit; its range is "
        + "wide, for rows near their target bend sharply."
    ) { row, _ in
      let least = 1e-6 * max(row.score.magnitude, row.target.magnitude, 1e-100)
      let size = max((row.score - row.target).magnitude, least)
      return numerator * (factor?(row) ?? 1) / size
    }
  }
}
