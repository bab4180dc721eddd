extension ScoreAdjustment {
  /// The adjustment `score = data * f` for a loss that judges rows by their size: one that does not
  /// change when score, target and that column of row data are in another unit,
  /// `loss(l s, l y, l d) = loss(s, y, d)`. Nil if no column is such a size.
  ///
  /// Only of losses with the identity link, whose scores are in the target's unit, and one score per
  /// row or several alike.
  package static func derived(for objective: some Objective, on rows: ProbeRows) -> ScoreAdjustment?
  {
    guard objective.link == .identity, objective.reach == .row, rows.columns > 0 else { return nil }
    let width = objective.scoresPerRow
    let residuals = [0.3, -0.7, 1.9, -6, 40]
    let places = ProbePlaces(rows, width: width) { row in
      residuals.indices.map { place in
        (0..<width).map { rows.targets[row] + residuals[(place + $0) % residuals.count] }
      }
    }
    let (here, _) = places.derivatives(of: objective)
    for (column, name) in objective.rowDataNames.enumerated() {
      func gradients(unit: Double, dataUnit: Double) -> [Double] {
        places.rows.mapped(
          target: { $0 * unit }, data: { $0 == column ? $1 * dataUnit : $1 }
        ).derivatives(of: objective, at: places.scores.map { $0 * unit }).gradients
      }
      // Powers of two, so that nothing is rounded.
      let isInvariant = [4.0, 0x1p-5].allSatisfy { unit in
        Self.agree(gradients(unit: unit, dataUnit: unit).map { $0 * unit }, here)
      }
      if isInvariant, !Self.agree(gradients(unit: 1, dataUnit: 4), here) {
        return .multiplied(by: name)
      }
    }
    return nil
  }

  private static func agree(_ a: [Double], _ b: [Double]) -> Bool {
    var looked = 0
    for (a, b) in zip(a, b) where a.isFinite && b.isFinite {
      looked += 1
      guard (a - b).magnitude <= 1e-9 * max(a.magnitude, b.magnitude) else { return false }
    }
    return looked * 2 > a.count
  }
}
