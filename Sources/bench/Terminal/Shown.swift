import BoostedTrees
import Foundation
import Harness
import Learning
import MLP

extension Double {
  /// The number with four significant digits, as people read it.
  var shown: String {
    guard isFinite else { return isNaN ? "undefined" : "\(self)" }
    if self == 0 { return "0" }
    let digits = 3 - Int(Foundation.log10(magnitude).rounded(.down))
    if digits > 7 || digits < -5 { return String(format: "%.3e", self) }
    return String(format: "%.\(Swift.max(0, digits))f", self)
  }
}

extension TrainingRound {
  /// The round for a progress line.
  func detail(_ kind: LearnerPlan.Kind) -> String {
    var text = "\(kind.roundName) \(round)\(isRefit ? " of the refit on all rows" : "")"
    if let validationLoss { text += ", validation loss \(validationLoss.shown)" }
    if adjustedHessians > 0 { text += ", \(adjustedHessians) Hessians changed" }
    return text
  }
}

extension LearnerPlan.Kind {
  /// What rounds are called, in the plural.
  var roundNames: String { "\(roundName)s" }

  /// The most rounds a learner may run over so many training rows.
  func plannedRounds(of learner: any Learner, rows: Int) -> Int {
    switch learner {
    case let booster as Booster: booster.plannedRounds
    case let perceptron as Perceptron: perceptron.plannedEpochs(rows: rows)
    default: 1
    }
  }
}
