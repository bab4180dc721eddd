/// The optimizers that have a name to be asked for by: for records, command lines and tuning. One line
/// for each.
public enum OptimizerKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// ``Adam``.
  case adam
  /// ``AdamW``.
  case adamW
  /// ``SGD``.
  case sgd

  /// The optimizer with its usual numbers, but for the learning rate if one is given.
  public func optimizer(learningRate: Double? = nil) -> any Optimizer {
    switch self {
    case .adam: learningRate.map { Adam(learningRate: $0) } ?? Adam()
    case .adamW: learningRate.map { AdamW(learningRate: $0) } ?? AdamW()
    case .sgd: learningRate.map { SGD(learningRate: $0) } ?? SGD()
    }
  }
}
