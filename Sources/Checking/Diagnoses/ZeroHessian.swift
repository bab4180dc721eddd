import Wording
import Losses

/// What to say if all Hessians, or nearly all, are zero.
struct ZeroHessian {
  let entries: CheckEntries
  private var objective: any Objective { entries.samples[0].objective }

  init(_ entries: CheckEntries) { self.entries = entries }

  /// - Parameter isRight: whether the loss has no curvature either.
  func everywhere(isRight: Bool) -> Finding {
    guard entries.samples[0].isFlatEverywhere else { return Self.here }
    return Self.finding(
      isFlat: entries.all.allSatisfy { $0.gradient == 0 }, isTelling: entries.all.count >= 16,
      isRight: isRight, hasLeafSolver: objective.leafSolver != nil)
  }

  /// Nearly all are zero: those of `zero`, of `count` in all.
  func nearlyEverywhere(_ zero: [CheckEntry], of count: Int, isRight: Bool) -> Finding {
    let isFlat = zero.allSatisfy { $0.gradient == 0 }
    guard isFlat || entries.samples[0].isFlatEverywhere else { return Self.here }
    guard isFlat, zero.count < count else {
      return Self.finding(
        isFlat: isFlat, isTelling: count >= 16, isRight: isRight,
        hasLeafSolver: objective.leafSolver != nil)
    }
    let share = Double(zero.count) / Double(count)
    return Finding(
      .note, .hessianZero,
      "gradient and Hessian are zero in \(share.percent) of the places: the loss is flat there, and "
        + "such rows teach nothing", figures: ["share": share])
  }

  /// What to say if all Hessians looked at are zero, but others are not.
  private static var here: Finding {
    Finding(
      .note, .hessianZero,
      "Hessian is zero at nearly all scores looked at, and positive at others, as that of Huber's "
        + "loss with a small delta: such rows count for nothing in a Newton step; the policy floor "
        + "counts them in", figures: ["share": 1])
  }

  /// What to say if all Hessians are zero.
  ///
  /// - Parameters:
  ///   - isFlat: whether the gradients are, too.
  ///   - isTelling: whether that is an error; a few rows drawn at one score tell little.
  ///   - isRight: whether the loss was looked at and has no curvature either.
  static func finding(
    isFlat: Bool, isTelling: Bool, isRight: Bool, hasLeafSolver: Bool
  ) -> Finding {
    if isFlat {
      return Finding(
        isTelling ? .error : .note, .hessianZero,
        "gradient and Hessian are zero in every row: the loss is flat at these scores (every row "
          + "right already, or targets far outside the range in which the loss tells errors apart?)",
        figures: ["share": 1])
    }
    if hasLeafSolver {
      return Finding(
        .note, .hessianZero,
        "Hessian is zero in every row: trees then split by the gradient and the number of rows, and "
          + "the objective solves the leaves itself", figures: ["share": 1])
    }
    return isRight
      ? Finding(
        .note, .hessianZero,
        "Hessian is zero in every row, as it should be: the loss is made of straight lines, as "
          + "absolute errors and quantiles are, and a Newton step needs a stand-in for its curvature",
        figures: ["share": 1])
      : Finding(
        .error, .hessianZero,
        "Hessian is zero in every row: a Newton step divides by it; use 1 (a constant curvature) or "
          + "the policy floor", figures: ["share": 1])
  }
}
