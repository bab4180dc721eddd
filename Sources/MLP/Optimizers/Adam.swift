/// Steps scaled by running means of the gradient and its square (Kingma & Ba, "Adam: a method for
/// stochastic optimization", 2015). Weight decay is added to the gradient.
public struct Adam: Optimizer, Hashable, Codable {
  public var learningRate: Double
  /// How much of the mean gradient a step keeps.
  public var beta1: Double
  /// How much of the mean square a step keeps.
  public var beta2: Double
  /// Added to the root of the mean square.
  public var epsilon: Double

  /// Adam from its numbers.
  public init(
    learningRate: Double = 3e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  public var name: String { "Adam" }
  public var stateCount: Int { 2 }

  public var complaint: String? {
    if let rateComplaint { return rateComplaint }
    for (name, value) in [("beta1", beta1), ("beta2", beta2)] where !(value >= 0 && value < 1) {
      return "\(name) is \(value); it must be at least 0 and less than 1"
    }
    return epsilon.isFinite && epsilon > 0
      ? nil : "epsilon is \(epsilon); it must be a positive number"
  }

  public func update(
    _ parameters: inout MutableSpan<Float>, gradients: Span<Float>,
    state: inout MutableSpan<Float>, step: OptimizerStep
  ) {
    var numbers = numbers(of: step)
    numbers.decay = Float(step.weightDecay)
    Kernels.adam(numbers, weights: &parameters, state: &state, gradients: gradients)
  }

  /// The numbers of a step, but for weight decay.
  func numbers(of step: OptimizerStep) -> Kernels.AdamStep {
    Kernels.AdamStep(
      beta1: Float(beta1), beta2: Float(beta2),
      rate: Float(step.learningRate / (1 - power(beta1, step.number))),
      rootCorrection: Float(1 / (1 - power(beta2, step.number)).squareRoot()),
      epsilon: Float(epsilon), decay: 0, shrinkage: 0)
  }

  /// `base` to the power of `exponent` by squaring: the same on every platform.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}

extension Optimizer where Self == Adam {
  /// ``Adam``.
  public static func adam(
    learningRate: Double = 3e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8
  ) -> Adam {
    Adam(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon)
  }
}
