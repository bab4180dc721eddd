import Tabular

/// The forward and the backward pass of a block of rows through the layers of a network.
///
/// Activations of a block stand layer after layer, inputs first, `[rows x units]` each, and behind
/// them what layers keep for the backward pass; deltas (derivatives of the loss by activations) in the
/// same ranges.
struct LayerStack: Sendable {
  let layers: [any Layer]
  let shape: NetworkShape

  /// The layers from `inputs` values per row on.
  init(_ layers: [any Layer], inputs: Int) {
    self.layers = layers
    var width = inputs
    shape = NetworkShape(
      layers.map { layer in
        let shape = layer.shape(inputs: width)
        precondition(
          shape.inputs == width, "the layer '\(layer.name)' has a shape for the inputs it was told")
        width = shape.outputs
        return shape
      })
  }

  /// Dense layers of these sizes, inputs first; the last one is linear, and its weights start like
  /// those of the hidden ones.
  static func dense(
    _ sizes: [Int], _ activation: Activation, initializer: Initializer = .automatic
  ) -> LayerStack {
    let initializer = initializer.resolved(for: activation)
    return LayerStack(
      sizes.indices.dropFirst().map { index in
        DenseLayer(
          units: sizes[index], activation: index == sizes.count - 1 ? .identity : activation,
          initializer: initializer)
      }, inputs: sizes[0])
  }

  /// Elements that the activations of `rows` rows need.
  func activationCount(rows: Int) -> Int { rows * (shape.unitCount + shape.scratchCount) }

  /// Elements that the deltas of `rows` rows need.
  func deltaCount(rows: Int) -> Int { rows * shape.unitCount }

  /// The range of what `layer` writes, in a block of activations or deltas; 0 means the inputs.
  func values(_ layer: Int, rows: Int) -> Range<Int> {
    let start = rows * shape.unitStarts[layer]
    return start..<start + rows * shape.sizes[layer]
  }

  /// The range of what `layer`, counted from 0, keeps beside its outputs.
  private func scratch(_ layer: Int, rows: Int) -> Range<Int> {
    let before = shape.unitCount + shape.scratchStarts[layer]
    return rows * before..<rows * (before + shape.layers[layer].scratchPerRow)
  }

  /// The parameters that training starts from, drawn layer after layer.
  func initialParameters(using generator: inout RandomGenerator) -> [Float] {
    var parameters = [Float](repeating: 0, count: shape.parameterCount)
    parameters.withUnsafeMutableBufferPointer { parameters in
      for (index, layer) in layers.enumerated() {
        // Safe because: weights and biases are disjoint ranges of the array, which outlives the call.
        var weights = MutableSpan(_unsafeElements: part(shape.weights[index], of: parameters))
        var biases = MutableSpan(_unsafeElements: part(shape.biases[index], of: parameters))
        layer.initialize(
          shape.layers[index], weights: &weights, biases: &biases, using: &generator)
      }
    }
    return parameters
  }

  /// Computes the activations of all layers from the inputs in `activations`.
  func forward(rows: Int, activations: Floats, parameters: Floats) {
    precondition(
      activations.count >= activationCount(rows: rows)
        && parameters.count == shape.parameterCount, "a block holds all layers")
    for (index, layer) in layers.enumerated() {
      // Safe because: the ranges of a block are disjoint, and it outlives the call.
      var outputs = MutableSpan(
        _unsafeElements: part(values(index + 1, rows: rows), of: activations))
      var scratch = MutableSpan(
        _unsafeElements: part(scratch(index, rows: rows), of: activations))
      layer.forward(
        LayerBlock(
          rows: rows, shape: shape.layers[index],
          inputs: Span(_unsafeElements: part(values(index, rows: rows), of: activations)),
          weights: Span(_unsafeElements: part(shape.weights[index], of: parameters)),
          biases: Span(_unsafeElements: part(shape.biases[index], of: parameters))),
        outputs: &outputs, scratch: &scratch)
    }
  }

  /// Computes the gradient by all parameters from the deltas of the outputs in `deltas`, which are
  /// the objective's gradient, and the activations of the forward pass. Overwrites the deltas.
  func backward(
    rows: Int, activations: Floats, deltas: Floats, parameters: Floats, gradients: Floats
  ) {
    precondition(
      activations.count >= activationCount(rows: rows) && deltas.count >= deltaCount(rows: rows)
        && parameters.count == shape.parameterCount && gradients.count == shape.parameterCount,
      "a block holds all layers")
    for index in layers.indices.reversed() {
      let written = values(index + 1, rows: rows)
      let read = values(index, rows: rows)
      // Safe because: the ranges of a block are disjoint, and so are those of the gradients; both
      // outlive the call.
      var scratch = MutableSpan(
        _unsafeElements: part(scratch(index, rows: rows), of: activations))
      var own = MutableSpan(_unsafeElements: part(written, of: deltas))
      var weights = MutableSpan(_unsafeElements: part(shape.weights[index], of: gradients))
      var biases = MutableSpan(_unsafeElements: part(shape.biases[index], of: gradients))
      var inputDeltas = MutableSpan(
        _unsafeElements: part(index > 0 ? read : read.lowerBound..<read.lowerBound, of: deltas))
      layers[index].backward(
        LayerBlock(
          rows: rows, shape: shape.layers[index],
          inputs: Span(_unsafeElements: part(read, of: activations)),
          weights: Span(_unsafeElements: part(shape.weights[index], of: parameters)),
          biases: Span(_unsafeElements: part(shape.biases[index], of: parameters))),
        outputs: Span(_unsafeElements: part(written, of: activations)), scratch: &scratch,
        deltas: &own, weights: &weights, biases: &biases, inputDeltas: &inputDeltas)
    }
  }

  private func part(_ range: Range<Int>, of block: Floats) -> Floats {
    Floats(rebasing: block[range])
  }
}
