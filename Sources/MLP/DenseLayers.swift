/// The forward and the backward pass of a block of rows through dense layers.
///
/// Activations of a block stand layer after layer, inputs first, `[rows x units]` each; deltas
/// (derivatives of the loss by the sums before the activation) in the same places.
struct DenseLayers: Sendable {
  let shape: NetworkShape
  let activation: Activation

  /// Elements that `rows` rows need, for activations or deltas.
  func blockSize(rows: Int) -> Int { rows * shape.unitCount }

  /// The part of a block that belongs to `layer`; 0 means the inputs.
  func part(_ layer: Int, rows: Int, of block: Floats) -> Matrix {
    let start = rows * shape.sizes[..<layer].reduce(0, +)
    let count = rows * shape.sizes[layer]
    return Matrix(
      Floats(rebasing: block[start..<start + count]), rows: rows, columns: shape.sizes[layer])
  }

  /// Computes the activations of all layers from the inputs in `activations`. The last layer is
  /// linear.
  func forward(rows: Int, activations: Floats, parameters: Floats) {
    precondition(
      activations.count >= blockSize(rows: rows) && parameters.count == shape.parameterCount,
      "a block holds all layers")
    for layer in 0..<shape.layerCount {
      let outputs = part(layer + 1, rows: rows, of: activations)
      BLAS.multiply(
        part(layer, rows: rows, of: activations), weights(layer, of: parameters), into: outputs)
      Kernels.addBias(
        Floats(rebasing: parameters[shape.biases[layer]]),
        andApply: layer == shape.layerCount - 1 ? .identity : activation, to: outputs)
    }
  }

  /// Computes the gradient by all parameters from the deltas of the outputs in `deltas`, which are
  /// the objective's gradient, and the activations of the forward pass.
  func backward(
    rows: Int, activations: Floats, deltas: Floats, parameters: Floats, gradients: Floats
  ) {
    precondition(
      activations.count >= blockSize(rows: rows) && deltas.count >= blockSize(rows: rows)
        && parameters.count == shape.parameterCount && gradients.count == shape.parameterCount,
      "a block holds all layers")
    for layer in (0..<shape.layerCount).reversed() {
      let delta = part(layer + 1, rows: rows, of: deltas)
      let inputs = part(layer, rows: rows, of: activations)
      BLAS.multiply(
        inputs, delta, transposingFirst: true, into: weights(layer, of: gradients))
      Kernels.sumColumns(of: delta, into: Floats(rebasing: gradients[shape.biases[layer]]))
      guard layer > 0 else { break }
      let previous = part(layer, rows: rows, of: deltas)
      BLAS.multiply(
        delta, weights(layer, of: parameters), transposingSecond: true, into: previous)
      Kernels.multiply(previous.elements, bySlopeOf: activation, at: inputs.elements)
    }
  }

  private func weights(_ layer: Int, of parameters: Floats) -> Matrix {
    Matrix(
      Floats(rebasing: parameters[shape.weights[layer]]), rows: shape.sizes[layer],
      columns: shape.sizes[layer + 1])
  }
}
