import Losses
import RealModule

/// Whether loss and gradient read the target at all.
struct TargetTest {
  private(set) var finding: Finding?

  /// - Parameter sample: rows at moderate scores.
  init(_ sample: CheckSample, seed: UInt64) {
    var random = CheckRandom(seed: seed ^ 0x7a67)
    let gradients = sample.derivatives().gradients
    // Without an event, or with equal labels in every group, there is nothing to depend on it.
    guard gradients.contains(where: { $0 != 0 }) else { return }
    let losses = sample.objective.hasLoss ? sample.losses() : []
    var changed = 0
    for _ in 0..<8 {
      guard let moved = Self.retargeted(sample, &random) else { continue }
      changed += zip(moved.targets, sample.targets).count { $0 != $1 }
      if moved.derivatives().gradients != gradients { return }
      if sample.objective.hasLoss, moved.losses() != losses { return }
    }
    guard changed >= 4 else { return }
    if let label = Self.labelColumn(sample) {
      let name = sample.objective.rowDataNames[label]
      finding = Finding(
        .error, .ignoresTarget,
        "the \(sample.objective.hasLoss ? "loss" : "gradient") never reads the target (y) and "
          + "compares the score with row data '\(name)' instead: if that is the target, name it as "
          + "such and read y")
      return
    }
    if Self.readsLabelsElsewhere(sample, gradients, &random) { return }
    finding = Finding(
      .error, .ignoresTarget,
      sample.objective.hasLoss
        ? "the loss does not depend on the target: every row keeps its loss and gradient when its "
          + "target changes; is y missing (square(score) instead of square(score - y))?"
        : "the gradient does not depend on the target: every row keeps it when its target changes; "
          + "is y missing (score instead of score - y)?")
  }

  /// The rows with targets of other rows, where the objective accepts them. No other values: an
  /// objective on rows of the user's own may index a table by the target.
  private static func retargeted(_ sample: CheckSample, _ random: inout CheckRandom) -> CheckSample?
  {
    var moved = sample
    for row in moved.targets.indices {
      let old = moved.targets[row]
      moved.targets[row] = random.pick(sample.targets)
      guard moved.targets[row] != old else { continue }
      var alone = moved.picking([row])
      if !alone.groups.isEmpty { alone.groups = [0] }
      if alone.refusal != nil { moved.targets[row] = old }
    }
    return moved.refusal == nil ? moved : nil
  }

  /// The column of row data at which, or at whose logarithm, the loss of every row is least.
  private static func labelColumn(_ sample: CheckSample) -> Int? {
    guard sample.width == 1, sample.objective.reach == .row, sample.count >= 8 else { return nil }
    func gradients(_ goals: [Double], _ side: Double) -> [Double] {
      var moved = sample
      moved.scores = goals.map { $0 + side * 1e-3 * max(1, $0.magnitude) }
      return moved.derivatives().gradients
    }
    return (0..<sample.columns).first { column in
      let values = (0..<sample.count).map { sample.data($0, column) }
      guard Set(values).count > 2 else { return false }
      return [values, values.map { $0 > 0 ? Double.log($0) : .nan }].contains { goals in
        guard goals.allSatisfy(\.isFinite) else { return false }
        return zip(gradients(goals, -1), gradients(goals, 1)).allSatisfy { $0 < 0 && $1 > 0 }
      }
    }
  }

  /// Whether row data decides on which side the minimum lies: labels may stand there (the
  /// probabilities of classes, the ends of an interval) instead of in the target.
  private static func readsLabelsElsewhere(
    _ sample: CheckSample, _ gradients: [Double], _ random: inout CheckRandom
  ) -> Bool {
    let columns = sample.columns
    guard columns > 0 else { return false }
    for _ in 0..<8 {
      var moved = sample
      let order = random.permutation(sample.count)
      for row in 0..<sample.count {
        for column in 0..<columns {
          moved.rowData[row * columns + column] = sample.data(order[row], column)
        }
      }
      guard moved.refusal == nil else { continue }
      let there = moved.derivatives().gradients
      if zip(there, gradients).contains(where: { $0 * $1 < 0 }) { return true }
    }
    return false
  }
}
