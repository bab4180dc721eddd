/// What a hidden unit does to its weighted sum. Output units are linear: the objective's link is
/// not part of the network.
public enum Activation: String, Sendable, Hashable, Codable, CaseIterable {
  /// `max(x, 0)`.
  case relu
  /// `1 / (1 + exp(-x))`.
  case sigmoid
  /// `tanh(x)`.
  case tanh
  /// `x`: a linear model, whatever its depth.
  case identity
}

/// How weights start. Biases start at 0.
///
/// The numbers are uniform in a symmetric interval, so that they are the same on every platform.
public enum Initialiser: String, Sendable, Hashable, Codable, CaseIterable {
  /// ``he`` for ReLU, ``glorot`` for the other activations.
  case automatic
  /// Variance `2 / inputs` (He et al., "Delving deep into rectifiers", 2015).
  case he
  /// Variance `2 / (inputs + outputs)` (Glorot & Bengio, "Understanding the difficulty of training
  /// deep feedforward neural networks", 2010).
  case glorot

  /// Half the width of the interval weights are drawn from; `variance = bound^2 / 3`.
  func bound(inputs: Int, outputs: Int, activation: Activation) -> Double {
    switch self {
    case .automatic:
      (activation == .relu ? Initialiser.he : .glorot)
        .bound(inputs: inputs, outputs: outputs, activation: activation)
    case .he: (6 / Double(inputs)).squareRoot()
    case .glorot: (6 / Double(inputs + outputs)).squareRoot()
    }
  }
}
