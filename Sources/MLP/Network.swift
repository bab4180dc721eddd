public import Learning
import Parallel

/// A trained multilayer perceptron.
///
/// `output = initialScores + outputScale * net(inputs)`, inputs being the standardised features
/// followed by indicators of missing values.
public struct Network: TrainedModel {
  /// Standardised inputs are limited to plus and minus this number of standard deviations.
  public static let inputLimit: Float = 10

  public static let kind = "network"

  public let header: ModelHeader
  public var log = TrainingLog()
  /// What hidden units do to their sums.
  public let activation: Activation
  /// The output per unit of the last layer, one per score.
  public let outputScale: [Double]
  let shape: NetworkShape
  let standardiser: Standardiser
  /// All weights, layer after layer, then all biases.
  let parameters: [Float]

  /// One dense layer.
  public struct Layer: Sendable, Hashable {
    /// Units of the layer before, or inputs.
    public let inputs: Int
    /// Units.
    public let outputs: Int
    /// Row-major `[inputs x outputs]`.
    public let weights: [Float]
    /// `[outputs]`.
    public let biases: [Float]
  }

  /// The layers from the inputs to the scores.
  public var layers: [Layer] {
    (0..<shape.layerCount).map { layer in
      Layer(
        inputs: shape.sizes[layer], outputs: shape.sizes[layer + 1],
        weights: Array(parameters[shape.weights[layer]]),
        biases: Array(parameters[shape.biases[layer]]))
    }
  }

  /// The number of weights and biases.
  public var parameterCount: Int { shape.parameterCount }

  init(
    header: ModelHeader, log: TrainingLog = TrainingLog(), activation: Activation,
    outputScale: [Double], shape: NetworkShape, standardiser: Standardiser, parameters: [Float]
  ) {
    self.header = header
    self.log = log
    self.activation = activation
    self.outputScale = outputScale
    self.shape = shape
    self.standardiser = standardiser
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
      layers: DenseLayers(shape: shape, activation: activation), standardiser: standardiser,
      initialScores: header.initialScores, outputScale: outputScale
    ).outputs(features: features, rowCount: rowCount, parameters: parameters, pool: pool)
  }
}
