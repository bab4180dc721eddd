/// The sizes of a network's layers, and where the parameters of each stand in one flat array: all
/// weights, layer after layer, then all biases.
struct NetworkShape: Sendable, Hashable {
  /// Inputs, units of each hidden layer, outputs.
  let sizes: [Int]
  /// The place of each layer's weights, row-major `[inputs x outputs]`.
  let weights: [Range<Int>]
  /// The place of each layer's biases, `[outputs]`.
  let biases: [Range<Int>]

  /// The shape of a network with these layer sizes, at least two of them.
  init(_ sizes: [Int]) {
    precondition(sizes.count >= 2, "a network has inputs and outputs")
    self.sizes = sizes
    var end = 0
    func next(_ count: Int) -> Range<Int> {
      defer { end += count }
      return end..<end + count
    }
    weights = (0..<sizes.count - 1).map { next(sizes[$0] * sizes[$0 + 1]) }
    biases = (0..<sizes.count - 1).map { next(sizes[$0 + 1]) }
  }

  var layerCount: Int { sizes.count - 1 }
  var inputCount: Int { sizes[0] }
  var outputCount: Int { sizes[layerCount] }
  var weightCount: Int { biases[0].lowerBound }
  var parameterCount: Int { biases[layerCount - 1].upperBound }
  /// Units of all layers, inputs included: the activations of one row.
  var unitCount: Int { sizes.reduce(0, +) }
}
