public import Tabular

/// A weighted sum of all inputs per unit, put through an activation:
/// `outputs = activation(inputs weights + biases)`.
public struct DenseLayer: Layer, Hashable {
  /// Outputs per row.
  public let units: Int
  /// What a unit does to its sum.
  public let activation: Activation
  /// How weights start.
  public let initializer: Initializer

  /// A layer of `units` units.
  public init(
    units: Int, activation: Activation = .relu, initializer: Initializer = .automatic
  ) {
    self.units = units
    self.activation = activation
    self.initializer = initializer
  }

  public var name: String { "dense \(activation.rawValue)" }

  /// Weights are row-major `[inputs x units]`.
  public func shape(inputs: Int) -> LayerShape {
    LayerShape(inputs: inputs, outputs: units, weights: inputs * units, biases: units)
  }

  /// Weights uniform in the initializer's interval, in their order; biases 0.
  public func initialize(
    _ shape: LayerShape, weights: inout MutableSpan<Float>, biases: inout MutableSpan<Float>,
    using generator: inout RandomGenerator
  ) {
    let bound = initializer.bound(
      inputs: shape.inputs, outputs: shape.outputs, activation: activation)
    for index in weights.indices {
      weights[index] = Float(bound * (2 * generator.uniform() - 1))
    }
  }

  public func forward(
    _ block: borrowing LayerBlock, outputs: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>
  ) {
    Kernels.dense(
      rows: block.rows, block.inputs, weights: block.weights, biases: block.biases,
      activation: activation, into: &outputs)
  }

  public func backward(
    _ block: borrowing LayerBlock, outputs: Span<Float>, scratch: inout MutableSpan<Float>,
    deltas: inout MutableSpan<Float>, weights: inout MutableSpan<Float>,
    biases: inout MutableSpan<Float>, inputDeltas: inout MutableSpan<Float>
  ) {
    // From derivatives by the outputs to those by the sums.
    Kernels.multiply(&deltas, bySlopeOf: activation, at: outputs)
    Kernels.denseGradients(
      rows: block.rows, inputs: block.inputs, deltas: deltas.span, weights: &weights,
      biases: &biases)
    guard !inputDeltas.isEmpty else { return }
    Kernels.denseInputDeltas(
      rows: block.rows, deltas: deltas.span, weights: block.weights, into: &inputDeltas)
  }
}
