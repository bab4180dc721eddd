/// How weights start. Biases start at 0.
///
/// The numbers are uniform in a symmetric interval, so that they are the same on every platform.
public enum Initializer: String, Sendable, Hashable, Codable, CaseIterable {
  /// ``he`` for ReLU, ``glorot`` for the other activations.
  case automatic
  /// Variance `2 / inputs` (He et al., "Delving deep into rectifiers", 2015).
  case he
  /// Variance `2 / (inputs + outputs)` (Glorot & Bengio, "Understanding the difficulty of training
  /// deep feedforward neural networks", 2010).
  case glorot

  /// What ``automatic`` means in a network whose hidden units have this activation; itself otherwise.
  func resolved(for activation: Activation) -> Initializer {
    guard self == .automatic else { return self }
    return activation == .relu ? .he : .glorot
  }

  /// Half the width of the interval weights are drawn from; `variance = bound^2 / 3`.
  func bound(inputs: Int, outputs: Int, activation: Activation) -> Double {
    resolved(for: activation) == .he
      ? (6 / Double(inputs)).squareRoot() : (6 / Double(inputs + outputs)).squareRoot()
  }
}
