import Learning
import Losses

extension Perceptron {
  /// ``batchSize``, or its default for a table of `rows` rows.
  func batchSize(rows: Int, reach: Reach) -> Int {
    if let batchSize { return batchSize }
    var size = 16
    while size < 128, size * 2 * 16 <= rows { size *= 2 }
    return reach == .table ? max(size, (rows + 63) / 64) : size
  }

  /// What a step adds to the gradient per unit of weight.
  func decayPerStep(rows: Int) -> Double {
    weightDecay / Double(max(rows, Self.leastRowsOfDecay))
  }

  /// Refuses options that make no sense.
  func checkOptions() throws(LearningError) {
    func require(_ holds: Bool, _ sentence: @autoclosure () -> String) throws(LearningError) {
      guard holds else { throw LearningError(.invalidOption, sentence()) }
    }
    for (place, units) in hidden.enumerated() {
      try require(
        (1...1 << 20).contains(units),
        "hidden layer \(place + 1) has \(units) units; give it 1 to \(1 << 20)")
    }
    try require(hidden.count <= 64, "there are \(hidden.count) hidden layers; use at most 64")
    try require(
      (layers?.count ?? 0) <= 128, "there are \(layers?.count ?? 0) hidden layers; use at most 128")
    if let epochs {
      try require(
        (1...Int(Int32.max)).contains(epochs), "the number of epochs is \(epochs); use at least 1")
    }
    if let batchSize {
      try require(
        (1...1 << 20).contains(batchSize),
        "the batch size is \(batchSize); use 1 to \(1 << 20) rows per batch")
    }
    try require(
      weightDecay.isFinite && weightDecay >= 0,
      "the weight decay is \(weightDecay); it must be 0 or a positive number")
    if let threads {
      try require(
        (1...1024).contains(threads), "the number of threads is \(threads); use 1 to 1024")
    }
    if let complaint = optimizer.complaint { throw LearningError(.invalidOption, complaint) }
    let rate = optimizer.learningRate
    try require(
      rate.isFinite && rate > 0, "the learning rate is \(rate); it must be a positive number")
    try require(
      optimizer.stateCount >= 0,
      "the optimizer '\(optimizer.name)' remembers \(optimizer.stateCount) numbers per parameter; it "
        + "must be 0 or more")
  }

  /// The network's layers over so many inputs, with that of the scores.
  ///
  /// - Throws: ``LearningError`` if a layer cannot take what the one before gives.
  func stack(inputs: Int, outputs: Int) throws(LearningError) -> LayerStack {
    guard let layers else {
      return .dense([inputs] + hidden + [outputs], activation, initializer: initializer)
    }
    var width = inputs
    for (index, layer) in layers.enumerated() {
      let shape = layer.shape(inputs: width)
      guard shape.inputs == width, (1...1 << 20).contains(shape.outputs) else {
        throw LearningError(
          .invalidOption,
          "layer \(index + 1), '\(layer.name)', makes \(shape.outputs) values of \(shape.inputs) per "
            + "row where \(width) come in; its shape(inputs:) must take them and give 1 to \(1 << 20)"
        )
      }
      width = shape.outputs
    }
    let scores = DenseLayer(
      units: outputs, activation: .identity, initializer: initializer.resolved(for: activation))
    return LayerStack(layers + [scores], inputs: inputs)
  }
}
