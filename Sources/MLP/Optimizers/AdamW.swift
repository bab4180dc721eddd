/// ``Adam`` with the weight decay applied to the weights, not to the gradient: every step takes
/// `learningRate * weightDecay * w` off each weight (Loshchilov & Hutter, "Decoupled weight decay
/// regularization", 2019).
public struct AdamW: Optimizer, Hashable, Codable {
  /// What it does beside the decay.
  public var adam: Adam

  /// AdamW from its numbers, which are those of ``Adam``.
  public init(
    learningRate: Double = 3e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8
  ) {
    adam = Adam(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon)
  }

  public var name: String { "AdamW" }
  public var learningRate: Double { adam.learningRate }
  public var stateCount: Int { adam.stateCount }
  public var complaint: String? { adam.complaint }

  public func update(
    _ parameters: inout MutableSpan<Float>, gradients: Span<Float>,
    state: inout MutableSpan<Float>, step: OptimizerStep
  ) {
    var numbers = adam.numbers(of: step)
    numbers.shrinkage = Float(step.learningRate * step.weightDecay)
    Kernels.adam(numbers, weights: &parameters, state: &state, gradients: gradients)
  }
}

extension Optimizer where Self == AdamW {
  /// ``AdamW``.
  public static func adamW(
    learningRate: Double = 3e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8
  ) -> AdamW {
    AdamW(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon)
  }
}
