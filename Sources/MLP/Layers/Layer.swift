public import Tabular

/// A step of a network: what it makes of a block of rows on the way from inputs to scores, and how
/// derivatives come back.
///
/// A layer is a value without numbers of its own. Its parameters stand in one array with those of all
/// other layers, where the optimizer finds them: first the weights of every layer, which weight decay
/// pulls towards 0, then the biases of every layer, which it leaves alone. A layer says how many it
/// has (``shape(inputs:)``) and is handed its ranges.
///
/// Blocks are row-major, `[rows x values]`. Rows stand alone: a row's outputs depend on its own inputs
/// only, so that a batch may be cut into blocks at will. The same numbers must give the same numbers;
/// blocks of one batch run on several threads at once.
///
/// ``DenseLayer`` is the usual one. ``Perceptron/layers`` takes any; a dense layer of one unit per
/// score, which is linear, follows what is given there.
public protocol Layer: Sendable {
  /// The name under which a model file mentions the layer; with its options, if it has any.
  var name: String { get }

  /// What the layer needs for so many inputs per row.
  func shape(inputs: Int) -> LayerShape

  /// Writes the numbers that training starts from; all are 0 before.
  ///
  /// - Parameters:
  ///   - shape: what ``shape(inputs:)`` gave.
  ///   - weights: `[shape.weights]`.
  ///   - biases: `[shape.biases]`.
  ///   - generator: where chance comes from; the next layer draws after this one.
  func initialize(
    _ shape: LayerShape, weights: inout MutableSpan<Float>, biases: inout MutableSpan<Float>,
    using generator: inout RandomGenerator)

  /// Computes the outputs of a block, `[rows x outputs]`.
  ///
  /// - Parameter scratch: `[rows x shape.scratchPerRow]`, for the backward pass or for nobody.
  func forward(
    _ block: borrowing LayerBlock, outputs: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>)

  /// Computes derivatives of the loss from those by the outputs.
  ///
  /// - Parameters:
  ///   - block: what ``forward(_:outputs:scratch:)`` was given.
  ///   - outputs: what it gave, `[rows x outputs]`.
  ///   - scratch: as it left it.
  ///   - deltas: the derivatives by the outputs, `[rows x outputs]`; free to be overwritten.
  ///   - weights: to be filled with the derivatives by the weights, summed over the rows.
  ///   - biases: likewise by the biases.
  ///   - inputDeltas: to be filled with the derivatives by the inputs, `[rows x inputs]`; empty for the
  ///     first layer, where nobody reads them.
  func backward(
    _ block: borrowing LayerBlock, outputs: Span<Float>, scratch: inout MutableSpan<Float>,
    deltas: inout MutableSpan<Float>, weights: inout MutableSpan<Float>,
    biases: inout MutableSpan<Float>, inputDeltas: inout MutableSpan<Float>)
}

/// How many numbers a layer reads, writes and keeps.
public struct LayerShape: Sendable, Hashable {
  /// Values per row that it reads.
  public var inputs: Int
  /// Values per row that it writes.
  public var outputs: Int
  /// Parameters that weight decay pulls towards 0.
  public var weights: Int
  /// Parameters that it leaves alone.
  public var biases: Int
  /// Numbers per row that the layer keeps from its forward to its backward pass, beside its outputs.
  public var scratchPerRow: Int

  /// A shape from its numbers.
  public init(inputs: Int, outputs: Int, weights: Int = 0, biases: Int = 0, scratchPerRow: Int = 0)
  {
    precondition(
      inputs >= 0 && outputs >= 0 && weights >= 0 && biases >= 0 && scratchPerRow >= 0,
      "a layer has no negative number of anything")
    self.inputs = inputs
    self.outputs = outputs
    self.weights = weights
    self.biases = biases
    self.scratchPerRow = scratchPerRow
  }
}

/// A block of rows on its way through a layer, with the layer's parameters.
public struct LayerBlock: ~Escapable {
  /// Rows of the block, at least 1.
  public let rows: Int
  /// What the layer said for its number of inputs.
  public let shape: LayerShape
  /// Row-major `[rows x shape.inputs]`.
  public let inputs: Span<Float>
  /// `[shape.weights]`.
  public let weights: Span<Float>
  /// `[shape.biases]`.
  public let biases: Span<Float>

  @_lifetime(copy inputs, copy weights, copy biases)
  init(
    rows: Int, shape: LayerShape, inputs: Span<Float>, weights: Span<Float>, biases: Span<Float>
  ) {
    self.rows = rows
    self.shape = shape
    self.inputs = inputs
    self.weights = weights
    self.biases = biases
  }
}
