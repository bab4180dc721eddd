import Learning
import Losses
import Tabular

/// Losses that depend on target and location by their difference alone.
enum ResidualLoss {
  /// Whether moving targets and the scores `carriers` by the same amount leaves every derivative as
  /// it was, on some rows of `table`. Derivatives that are 0 throughout tell nothing.
  static func isOne(
    _ objective: any Objective, _ carriers: Range<Int>, _ table: Table
  ) -> Bool {
    let base = (objective as? AdjustedObjective)?.base ?? objective
    guard base.reach == .row, let target = table.target, table.rowCount > 0 else { return false }
    let rows = stride(from: 0, to: table.rowCount, by: max(1, table.rowCount / 40)).map { $0 }
    let some = table.subset(rows)
    let level = rows.map { target[$0].magnitude }.max() ?? 1
    let step = level > 0 ? level / 4 : 1
    let width = base.scoresPerRow
    func derivatives(shift: Double) -> [Double]? {
      guard let moved = try? some.withTarget((some.target ?? []).map { $0 + shift }),
        let gathered = try? ObjectiveRows(
          moved, rowDataNames: base.rowDataNames, neededBy: base.name)
      else { return nil }
      // Targets off by various amounts, so that every side of the loss is looked at.
      let scores = (0..<rows.count * width).map { index in
        let (row, k) = (index / width, index % width)
        guard carriers.contains(k) else { return 0.5 }
        return gathered.targets[row] + step * (Double((row * 7 + k * 3) % 11) / 5 - 0.93)
      }
      var gradients = [Double](repeating: 0, count: scores.count)
      var hessians = gradients
      var g = gradients.mutableSpan
      var h = hessians.mutableSpan
      base.derivatives(at: scores.span, gathered.rows, gradients: &g, hessians: &h)
      return gradients
    }
    guard let here = derivatives(shift: 0), let there = derivatives(shift: step) else {
      return false
    }
    let scale = here.reduce(0) { max($0, $1.magnitude) }
    guard scale > 0, scale.isFinite else { return false }
    return zip(here, there).allSatisfy {
      ($0 - $1).magnitude <= 1e-7 * max($0.magnitude, $1.magnitude) + 1e-12 * scale
    }
  }

  /// The constants, one per score, that minimize `objective` when they alone have to explain
  /// `residuals`; nil if they are not finite.
  static func constants(
    _ objective: any Objective, _ residuals: [Double], _ table: Table
  ) -> [Double]? {
    guard let moved = try? table.withTarget(residuals),
      let rows = try? ObjectiveRows(
        moved, rowDataNames: objective.rowDataNames, neededBy: objective.name)
    else { return nil }
    let scores = initialScores(for: objective, rows.rows, weights: rows.weights.span)
    return scores.allSatisfy(\.isFinite) ? scores : nil
  }
}
