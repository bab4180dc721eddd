import Wording
import Losses

/// Losses for labels of another coding than 0 and 1: -1 and +1, or both classes exchanged.
enum LabelCoding {
  static func finding(_ sample: CheckSample) -> Finding? {
    let objective = sample.objective
    guard sample.width == 1, objective.reach == .row, objective.hasLoss,
      objective.link == .logit,
      sample.targets.allSatisfy({ $0 == 0 || $0 == 1 }), Set(sample.targets).count == 2
    else { return nil }
    return unread(sample) ?? exchanged(sample)
  }

  /// Rows of one label whose loss stays the same whatever the score.
  private static func unread(_ sample: CheckSample) -> Finding? {
    let values = [-3, -1, -0.3, 0.4, 1.2, 3].map { sample.losses(at: $0) }
    func isConstant(_ row: Int) -> Bool { values.allSatisfy { $0[row] == values[0][row] } }
    let rows = (0..<sample.count).filter { values[0][$0].isFinite }
    guard rows.count == sample.count,
      rows.allSatisfy({ isConstant($0) == (sample.targets[$0] == 0) })
    else { return nil }
    return Finding(
      .warning, .labelCoding,
      "the loss does not depend on the score in rows with target 0: is it written for targets -1 "
        + "and +1? Here they are 0 and 1 (2 * y - 1 makes -1 and +1 of them); or is the term of "
        + "class 0 missing, as (1 - y) * log(1 - p)?")
  }

  /// The loss is least, and bounded, where the prediction is the other class.
  private static func exchanged(_ sample: CheckSample) -> Finding? {
    let (low, high) = (sample.losses(at: -3), sample.losses(at: 3))
    let (far, centre, farther) = (
      sample.losses(at: -20), sample.losses(at: 0), sample.losses(at: 20)
    )
    let isExchanged = sample.targets.indices.allSatisfy { row in
      (sample.targets[row] == 1 ? high[row] > low[row] : high[row] < low[row])
        // A likelihood given as the loss bends the other way, and has a sentence of its own.
        && far[row] + farther[row] >= 2 * centre[row]
    }
    guard isExchanged, let row = sample.targets.firstIndex(of: 1) else { return nil }
    return Finding(
      .warning, .labelCoding,
      "the loss is least at the other class: in a row with target 1 it is \(low[row].short) at "
        + "score -3 and \(high[row].short) at score 3, so that predictions will be the probability "
        + "of class 0; are y and 1 - y exchanged?")
  }
}
