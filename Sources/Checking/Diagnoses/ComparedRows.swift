import Losses

/// Mistakes of losses that compare rows: pairs reversed or with one side only, and risk sets that
/// run the wrong way.
struct ComparedRows {
  let entries: CheckEntries
  let resolved: [CheckEntry]

  private var objective: any Objective { entries.samples[0].objective }

  func diagnosis() -> Finding? {
    guard objective.reach != .row, objective.scoresPerRow == 1 else { return nil }
    return reversed() ?? oneSided()
  }

  /// The gradient of the loss with the order of the targets turned round.
  private func reversed() -> Finding? {
    var moved = entries.samples
    for place in moved.indices {
      for unit in moved[place].units {
        let targets = moved[place].targets[unit]
        let sum = (targets.min() ?? 0) + (targets.max() ?? 0)
        for row in unit { moved[place].targets[row] = sum - moved[place].targets[row] }
      }
      guard moved[place].refusal == nil else { return nil }
    }
    let turned = CheckEntries(moved, domain: entries.domain).all
    for sign in [1.0, -1] {
      var informative = 0
      var equal = 0
      for (here, there) in zip(entries.all, turned) {
        let slope = there.slope.times(sign)
        guard slope.isResolved(beside: 0) else { continue }
        informative += 1
        if slope.agrees(with: here.gradient, floor: entries.floor) { equal += 1 }
      }
      guard informative >= 8, equal * 20 >= informative * 19 else { continue }
      return Finding(
        .error, .swappedArguments,
        (objective.reach == .table
          ? "the risk set is reversed: the gradient is that of the loss with the order of times "
            + "turned round (rows up to a time in the place of those from it on)"
          : "the pairs are reversed: the gradient is that of the loss with the order of the targets "
            + "turned round (the row with the lower target is pushed up)")
          + (sign < 0 ? "; the sign is flipped, too" : ""))
    }
    return nil
  }

  /// Slopes of a group sum to zero, as what moves one row of a pair up moves the other down.
  private func oneSided() -> Finding? {
    var (due, given, size) = (0.0, 0.0, 0.0)
    var start = 0
    for sample in entries.samples {
      for unit in sample.units where unit.count > 1 {
        let rows = entries.all[start + unit.lowerBound..<start + unit.upperBound]
        due = max(due, rows.reduce(0) { $0 + $1.slope.value }.magnitude)
        given = max(given, rows.reduce(0) { $0 + $1.gradient }.magnitude)
        size = max(size, rows.reduce(0) { $0 + $1.slope.value.magnitude })
      }
      start += sample.count
    }
    guard size > 0, due < 1e-6 * size, given > 1e-3 * size else { return nil }
    let pushed = resolved.filter { $0.gradient != 0 }
    let side =
      pushed.allSatisfy { $0.gradient < 0 }
      ? ": only rows to be raised have one"
      : pushed.allSatisfy { $0.gradient > 0 } ? ": only rows to be lowered have one" : ""
    return Finding(
      .error, .gradientMismatch,
      "the pairs are one-sided: what moves one row of a pair up moves the other down, so that the "
        + "gradient of a \(objective.reach == .table ? "table" : "group") sums to zero, and this "
        + "does not\(side)", figures: ["sum": given / size])
  }
}
