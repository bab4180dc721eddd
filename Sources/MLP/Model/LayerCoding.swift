import Learning

/// The layers of a network in its model file.
///
/// Dense layers of one activation with a linear one at the end are written as that activation's name
/// and the sizes, as ever. Other layers are written by name after the word `layers`, which versions
/// that know dense layers only refuse as an activation they do not know.
enum LayerCoding {
  private static let word = "layers"
  /// Layers that a network may have: 64 hidden ones and that of the scores, and as many more that
  /// have no parameters.
  private static let mostLayers = 129

  static func encode(
    _ stack: LayerStack, _ activation: Activation, into encoder: inout BinaryEncoder
  ) {
    let sizes = stack.shape.sizes.map(Int32.init)
    guard isPlain(stack, activation) else {
      append(word, to: &encoder)
      append(activation.rawValue, to: &encoder)
      encoder.append(sizes)
      for layer in stack.layers { append(layer.name, to: &encoder) }
      return
    }
    append(activation.rawValue, to: &encoder)
    encoder.append(sizes)
  }

  /// Whether the layers are told by one activation and the sizes.
  private static func isPlain(_ stack: LayerStack, _ activation: Activation) -> Bool {
    stack.layers.enumerated().allSatisfy { index, layer in
      (layer as? DenseLayer)?.activation
        == (index == stack.layers.count - 1 ? .identity : activation)
    }
  }

  static func decode(
    _ payload: inout BinaryDecoder
  ) throws(LearningError) -> (Activation, LayerStack) {
    let text = try name(&payload)
    guard text == word else {
      let activation = try activation(text)
      return (activation, .dense(try sizes(&payload, withinLayers: 65), activation))
    }
    let activation = try activation(name(&payload))
    let sizes = try sizes(&payload, withinLayers: mostLayers)
    var layers: [any Layer] = []
    for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
      let name = try name(&payload)
      let layer = try layer(name, units: outputs)
      let shape = layer.shape(inputs: inputs)
      guard shape.inputs == inputs, shape.outputs == outputs else {
        throw LearningError(
          .invalidModelFile,
          "the layer '\(name)' gives \(shape.outputs) values for \(inputs), but gave \(outputs) when "
            + "the network was trained; hand over the layer it was trained with")
      }
      layers.append(layer)
    }
    return (activation, LayerStack(layers, inputs: sizes[0]))
  }

  private static func activation(_ name: String) throws(LearningError) -> Activation {
    guard let activation = Activation(rawValue: name) else {
      throw LearningError(
        .invalidModelFile,
        "the network has the activation '\(name)', which this version does not know")
    }
    return activation
  }

  private static func sizes(
    _ payload: inout BinaryDecoder, withinLayers most: Int
  ) throws(LearningError) -> [Int] {
    let sizes = try payload.readInt32s().map(Int.init)
    // Without a unit in every layer the weights would not vouch for the memory of the others.
    guard (2...most + 1).contains(sizes.count), sizes.allSatisfy({ (0...1 << 24).contains($0) }),
      sizes.dropFirst().allSatisfy({ $0 > 0 })
    else {
      throw LearningError(
        .invalidModelFile, "the model file is damaged: its layer sizes are impossible")
    }
    return sizes
  }

  /// The layer of a name: a dense one, or one that the reader handed over.
  private static func layer(_ name: String, units: Int) throws(LearningError) -> any Layer {
    for activation in Activation.allCases {
      let dense = DenseLayer(units: units, activation: activation)
      if dense.name == name { return dense }
    }
    guard let layer = Network.handedLayers.first(where: { $0.name == name }) else {
      throw LearningError(
        .invalidModelFile,
        "the network has a layer '\(name)', which this version does not know; if it is yours, read "
          + "the file with Network(contentsOf:layers:)")
    }
    return layer
  }

  private static func append(_ name: String, to encoder: inout BinaryEncoder) {
    encoder.append(Array(name.utf8).map(Int32.init))
  }

  private static func name(_ payload: inout BinaryDecoder) throws(LearningError) -> String {
    let bytes = try payload.readInt32s().map { UInt8(truncatingIfNeeded: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Network {
  /// Layers that are not this library's, for the file that is being read.
  @TaskLocal static var handedLayers: [any Layer] = []

  /// Reads a network that has layers of your own.
  ///
  /// - Parameters:
  ///   - path: a file that ``TrainedModel/save(to:)`` wrote.
  ///   - layers: one layer for each name in the file that is not this library's.
  /// - Throws: ``LearningError`` if the file is damaged, of an unknown version, of another kind, or has
  ///   a layer that is neither known nor in `layers`.
  public init(contentsOf path: String, layers: [any Layer]) throws {
    self = try Self.$handedLayers.withValue(layers) { try Network(contentsOf: path) }
  }
}
