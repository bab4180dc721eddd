/// Gradient descent with momentum: `v = momentum v + gradient; w = w - learningRate v`. Weight decay
/// is added to the gradient.
public struct SGD: Optimizer, Hashable, Codable {
  public var learningRate: Double
  /// How much of the velocity a step keeps.
  public var momentum: Double

  /// Gradient descent from its numbers.
  public init(learningRate: Double = 0.1, momentum: Double = 0.9) {
    self.learningRate = learningRate
    self.momentum = momentum
  }

  public var name: String { "SGD" }
  public var stateCount: Int { 1 }

  public var complaint: String? {
    if let rateComplaint { return rateComplaint }
    return momentum >= 0 && momentum < 1
      ? nil : "the momentum is \(momentum); it must be at least 0 and less than 1"
  }

  public func update(
    _ parameters: inout MutableSpan<Float>, gradients: Span<Float>,
    state: inout MutableSpan<Float>, step: OptimizerStep
  ) {
    Kernels.descend(
      rate: Float(step.learningRate), momentum: Float(momentum), decay: Float(step.weightDecay),
      weights: &parameters, velocities: &state, gradients: gradients)
  }
}

extension Optimizer where Self == SGD {
  /// ``SGD``.
  public static func sgd(learningRate: Double = 0.1, momentum: Double = 0.9) -> SGD {
    SGD(learningRate: learningRate, momentum: momentum)
  }
}
