import Learning
import Losses
import Tabular

/// What must be the same for a training to go on.
struct FitIdentity: Sendable, Hashable, Codable {
  /// Description and value of each, in the order they are compared.
  var parts: [Part]

  struct Part: Sendable, Hashable, Codable {
    var name: String
    var value: String
  }

  /// Refuses another fit than `other`.
  func require(_ other: FitIdentity) throws(LearningError) {
    guard parts.count == other.parts.count else {
      throw LearningError(
        .invalidOption, "the training state is damaged: it does not say what fit it is of")
    }
    for (own, their) in zip(parts, other.parts) where own != their {
      throw LearningError(
        .invalidOption,
        "the training state is that of another fit: its \(own.name) is \(own.value), and now it is "
          + "\(their.value); go on with the learner and the tables it began with")
    }
  }
}

extension PreparedFit {
  /// What tells this fit from others.
  func identity(_ plan: RoundPlan, validationRows: Int) -> FitIdentity {
    func part(_ name: String, _ value: some Any) -> FitIdentity.Part {
      FitIdentity.Part(name: name, value: "\(value)")
    }
    let stack = slice.workspace.layers
    return FitIdentity(parts: [
      part("objective", header.objective.name),
      part("objective's fingerprint", header.objective.fingerprint),
      part("number of training rows", train.rowCount),
      part("number of validation rows", validationRows),
      part("start", header.initialScores),
      part("row of layers", stack.layers.map(\.name).joined(separator: ", ")),
      part("row of layer sizes", stack.shape.sizes),
      part("optimizer", learner.optimizer), part("weight decay", learner.weightDecay),
      part("learning rate schedule", learner.schedule),
      part("number of epochs", plan.last), part("most epochs", plan.most),
      part("batch size", batches.largestBatch), part("seed", learner.seed),
    ])
  }
}
