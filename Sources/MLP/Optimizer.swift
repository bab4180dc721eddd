/// How a gradient becomes a step.
public enum Optimizer: Sendable, Hashable, Codable {
  /// Steps scaled by running means of the gradient and its square (Kingma & Ba, "Adam: a method
  /// for stochastic optimization", 2015).
  case adam(
    learningRate: Double = 3e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8)
  /// Adam with the weight decay applied to the weights, not to the gradient (Loshchilov & Hutter,
  /// "Decoupled weight decay regularization", 2019).
  case adamW(
    learningRate: Double = 3e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8)
  /// Gradient descent with momentum: `v = momentum v + gradient; w = w - learningRate v`.
  case sgd(learningRate: Double = 0.1, momentum: Double = 0.9)

  /// The learning rate of the first epoch.
  public var learningRate: Double {
    switch self {
    case .adam(let rate, _, _, _), .adamW(let rate, _, _, _), .sgd(let rate, _): rate
    }
  }

  /// What is wrong with the numbers, as a sentence; nil if nothing is.
  var complaint: String? {
    guard learningRate.isFinite, learningRate > 0 else {
      return "the learning rate is \(learningRate); it must be a positive number"
    }
    switch self {
    case .adam(_, let beta1, let beta2, let epsilon), .adamW(_, let beta1, let beta2, let epsilon):
      for (name, value) in [("beta1", beta1), ("beta2", beta2)] where !(value >= 0 && value < 1) {
        return "\(name) is \(value); it must be at least 0 and less than 1"
      }
      return epsilon.isFinite && epsilon > 0
        ? nil : "epsilon is \(epsilon); it must be a positive number"
    case .sgd(_, let momentum):
      return momentum >= 0 && momentum < 1
        ? nil : "the momentum is \(momentum); it must be at least 0 and less than 1"
    }
  }
}

/// How the learning rate changes from epoch to epoch.
public enum LearningRateSchedule: String, Sendable, Hashable, Codable, CaseIterable {
  /// The same rate in all epochs.
  case constant
  /// Half a cosine from the full rate down to nearly 0 in the last epoch (Loshchilov & Hutter,
  /// "SGDR: stochastic gradient descent with warm restarts", 2017, without the restarts).
  case cosine

  /// The share of the full rate in `epoch`, counted from 0, of `epochs`.
  func share(epoch: Int, of epochs: Int) -> Double {
    switch self {
    case .constant: 1
    case .cosine: 0.5 + 0.5 * cosine(ofHalfTurns: Double(epoch) / Double(epochs))
    }
  }

  /// `cos(pi x)` for x in [0, 1], by its Taylor series about the nearer of 0, 1/2 and 1, so that it
  /// is the same on every platform. The error is below 1e-12.
  private func cosine(ofHalfTurns x: Double) -> Double {
    if x > 0.5 { return -cosine(ofHalfTurns: 1 - x) }
    let square = (Double.pi * x) * (Double.pi * x)
    var term = 1.0
    var sum = 1.0
    for k in 1...10 {
      term *= -square / Double((2 * k - 1) * (2 * k))
      sum += term
    }
    return sum
  }
}
