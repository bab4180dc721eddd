public import Learning
import Parallel

/// A trained multilayer perceptron.
///
/// `output = initialScores + outputScale * net(inputs)`, inputs being the standardized features
/// followed by indicators of missing values.
public struct Network: TrainedModel {
  /// Standardized inputs are limited to plus and minus this number of standard deviations.
  public static let inputLimit: Float = 10

  public static let kind = "network"

  public let header: ModelHeader
  public var log = TrainingLog()
  /// What hidden dense units do to their sums, unless ``layers`` says otherwise.
  public let activation: Activation
  /// The output per unit of the last layer, one per score.
  public let outputScale: [Double]
  let stack: LayerStack
  let standardizer: Standardizer
  /// All weights, layer after layer, then all biases.
  let parameters: [Float]

  /// One layer with its numbers.
  public struct FittedLayer: Sendable, Hashable {
    /// The layer's name; see ``Layer/name``.
    public let name: String
    /// Values per row of the layer before, or inputs.
    public let inputs: Int
    /// Values per row.
    public let outputs: Int
    /// Of a dense layer row-major `[inputs x outputs]`.
    public let weights: [Float]
    /// Of a dense layer `[outputs]`.
    public let biases: [Float]
  }

  /// The layers from the inputs to the scores.
  public var layers: [FittedLayer] {
    stack.layers.indices.map { layer in
      FittedLayer(
        name: stack.layers[layer].name, inputs: shape.sizes[layer],
        outputs: shape.sizes[layer + 1], weights: Array(parameters[shape.weights[layer]]),
        biases: Array(parameters[shape.biases[layer]]))
    }
  }

  /// The number of weights and biases.
  public var parameterCount: Int { shape.parameterCount }

  var shape: NetworkShape { stack.shape }

  init(
    header: ModelHeader, log: TrainingLog = TrainingLog(), activation: Activation,
    outputScale: [Double], stack: LayerStack, standardizer: Standardizer, parameters: [Float]
  ) {
    self.header = header
    self.log = log
    self.activation = activation
    self.outputScale = outputScale
    self.stack = stack
    self.standardizer = standardizer
    self.parameters = parameters
  }

  /// Model outputs, row-major `[rows x scoresPerRow]`, initial scores included.
  ///
  /// Rows are computed in blocks of fixed size, so the result does not depend on the number of
  /// threads. O(rows x weights).
  public func outputs(features: [Float], rowCount: Int, threads: Int? = nil) -> [Double] {
    let wanted = rowCount > ForwardPass.blockRows ? threads : 1
    return outputs(features: features, rowCount: rowCount, pool: WorkerPool(threads: wanted))
  }

  func outputs(features: [Float], rowCount: Int, pool: WorkerPool) -> [Double] {
    ForwardPass(
      layers: stack, standardizer: standardizer, initialScores: header.initialScores,
      outputScale: outputScale
    ).outputs(features: features, rowCount: rowCount, parameters: parameters, pool: pool)
  }
}
