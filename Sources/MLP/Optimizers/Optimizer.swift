/// How a gradient becomes a step.
///
/// An optimizer is a value without memory of its own: what it remembers of earlier steps stands in an
/// array beside the parameters, ``stateCount`` numbers per parameter, so that a training can be written
/// down and taken up again.
///
/// Parameters are handed over in runs, on several threads at once: what becomes of a parameter
/// depends on its own numbers alone. The same numbers must give the same numbers.
///
/// ```swift
/// /// Steps of one size, by the gradient's sign.
/// struct SignDescent: Optimizer {
///   var learningRate = 1e-3
///   var name: String { "sign descent" }
///   var stateCount: Int { 0 }
///   func update(
///     _ parameters: inout MutableSpan<Float>, gradients: Span<Float>,
///     state: inout MutableSpan<Float>, step: OptimizerStep
///   ) {
///     for index in parameters.indices where gradients[index] != 0 {
///       parameters[index] -= Float(step.learningRate) * (gradients[index] < 0 ? -1 : 1)
///     }
///   }
/// }
/// ```
public protocol Optimizer: Sendable {
  /// The name under which records mention it.
  var name: String { get }

  /// The learning rate of the first epoch.
  var learningRate: Double { get }

  /// Numbers that it remembers of each parameter.
  var stateCount: Int { get }

  /// What is wrong with its numbers, as a sentence; nil if nothing is.
  var complaint: String? { get }

  /// Writes what it remembers before the first step; all is 0 before.
  ///
  /// - Parameters:
  ///   - state: as in ``update(_:gradients:state:step:)``.
  ///   - parameters: where training starts.
  func initialize(_ state: inout MutableSpan<Float>, parameters: Span<Float>)

  /// Makes one step with a run of parameters. O(parameters).
  ///
  /// - Parameters:
  ///   - parameters: to be moved.
  ///   - gradients: of the mean loss of the batch, `[parameters]`.
  ///   - state: what it remembers, `[stateCount x parameters]`: the first number of each parameter of
  ///     the run, then the second of each, and so on.
  ///   - step: which step it is.
  func update(
    _ parameters: inout MutableSpan<Float>, gradients: Span<Float>,
    state: inout MutableSpan<Float>, step: OptimizerStep)
}

/// The numbers of one step that are the same for a whole run of parameters.
public struct OptimizerStep: Sendable, Hashable {
  /// The step, counted from 1.
  public var number: Int
  /// The learning rate of this step, as the schedule has it.
  public var learningRate: Double
  /// What weight decay adds to the gradient per unit of weight; 0 for biases.
  public var weightDecay: Double

  /// A step from its numbers.
  public init(number: Int, learningRate: Double, weightDecay: Double = 0) {
    self.number = number
    self.learningRate = learningRate
    self.weightDecay = weightDecay
  }
}

extension Optimizer {
  public var complaint: String? { rateComplaint }

  public func initialize(_ state: inout MutableSpan<Float>, parameters: Span<Float>) {}

  /// What is wrong with the learning rate.
  var rateComplaint: String? {
    learningRate.isFinite && learningRate > 0
      ? nil : "the learning rate is \(learningRate); it must be a positive number"
  }
}
