/// The sizes of a network's layers, and where the parameters of each stand in one flat array: all
/// weights, layer after layer, then all biases.
struct NetworkShape: Sendable, Hashable {
  /// What each layer needs.
  let layers: [LayerShape]
  /// Inputs, units of each hidden layer, outputs.
  let sizes: [Int]
  /// The range of each layer's weights.
  let weights: [Range<Int>]
  /// The range of each layer's biases.
  let biases: [Range<Int>]
  /// Values of one row in all layers, inputs included.
  let unitCount: Int
  /// Numbers per row that layers keep beside their outputs.
  let scratchCount: Int
  /// The values of a row before those of each size.
  let unitStarts: [Int]
  /// The numbers of a row that the layers before each keep.
  let scratchStarts: [Int]

  /// The shape of at least one layer, each reading what the one before writes.
  init(_ layers: [LayerShape]) {
    precondition(!layers.isEmpty, "a network has a layer")
    precondition(
      zip(layers, layers.dropFirst()).allSatisfy { $0.outputs == $1.inputs },
      "a layer reads what the one before writes")
    self.layers = layers
    sizes = [layers[0].inputs] + layers.map(\.outputs)
    (unitStarts, unitCount) = Self.starts(sizes)
    (scratchStarts, scratchCount) = Self.starts(layers.map(\.scratchPerRow))
    var end = 0
    func next(_ count: Int) -> Range<Int> {
      defer { end += count }
      return end..<end + count
    }
    weights = layers.map { next($0.weights) }
    biases = layers.map { next($0.biases) }
  }

  var layerCount: Int { layers.count }
  var inputCount: Int { sizes[0] }
  var outputCount: Int { sizes[layerCount] }
  var weightCount: Int { biases[0].lowerBound }
  var parameterCount: Int { biases[layerCount - 1].upperBound }

  /// The sum of the counts before each, and of all.
  private static func starts(_ counts: [Int]) -> (starts: [Int], end: Int) {
    var end = 0
    let starts = counts.map { count in
      defer { end += count }
      return end
    }
    return (starts, end)
  }
}
