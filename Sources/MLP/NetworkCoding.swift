import Losses
public import Learning

extension Network {
  public func encodePayload(into encoder: inout BinaryEncoder) {
    encoder.append(Array(activation.rawValue.utf8).map(Int32.init))
    encoder.append(shape.sizes.map(Int32.init))
    encoder.append(standardiser.columns)
    encoder.append(standardiser.means)
    encoder.append(standardiser.scales)
    encoder.append(standardiser.fills)
    encoder.append(standardiser.indicators)
    encoder.append(standardiser.limit)
    encoder.append(outputScale)
    encoder.append(parameters)
  }

  public init(header: ModelHeader, payload: inout BinaryDecoder) throws(LearningError) {
    func require(_ holds: Bool, _ what: String) throws(LearningError) {
      guard holds else {
        throw LearningError(.invalidModelFile, "the model file is damaged: \(what)")
      }
    }
    let name = try payload.readInt32s().compactMap { Unicode.Scalar(UInt32(bitPattern: $0)) }
    let text = String(String.UnicodeScalarView(name))
    guard let activation = Activation(rawValue: text) else {
      throw LearningError(
        .invalidModelFile,
        "the network has the activation '\(text)', which this version does not know")
    }
    let sizes = try payload.readInt32s().map(Int.init)
    try require(
      // Without a unit in every layer the weights would not vouch for the memory of the others.
      (2...66).contains(sizes.count) && sizes.allSatisfy { (0...1 << 24).contains($0) }
        && sizes.dropFirst().allSatisfy { $0 > 0 },
      "its layer sizes are impossible")
    let shape = NetworkShape(sizes)
    let columnCount = header.featureNames.count
    let columns = try payload.readInt32s()
    let means = try payload.readFloats()
    let scales = try payload.readFloats()
    let fills = try payload.readFloats()
    let indicators = try payload.readInt32s()
    let limit = Float(bitPattern: try payload.read(UInt32.self))
    try require(
      means.count == columns.count && scales.count == columns.count
        && fills.count == columns.count && columns.count + indicators.count == shape.inputCount
        && zip(columns, columns.dropFirst()).allSatisfy { $0 < $1 }
        && zip(indicators, indicators.dropFirst()).allSatisfy { $0 < $1 }
        && (columns + indicators).allSatisfy { (0..<columnCount).contains(Int($0)) },
      "its inputs do not fit its columns")
    try require(
      limit > 0 && [means, scales, fills].joined().allSatisfy(\.isFinite),
      "the numbers that standardise its inputs are not finite")
    let standardiser = Standardiser(
      columnCount: columnCount, columns: columns, means: means, scales: scales, fills: fills,
      indicators: indicators, limit: limit)
    let outputScale = try payload.readDoubles()
    try require(
      outputScale.count == shape.outputCount
        && header.initialScores.count == shape.outputCount
        && header.objective.scoresPerRow == shape.outputCount && shape.outputCount > 0,
      "its outputs do not fit its objective")
    try require(
      (outputScale + header.initialScores).allSatisfy(\.isFinite),
      "the scale of its outputs is not a finite number")
    let parameters = try payload.readFloats()
    try require(parameters.count == shape.parameterCount, "its weights do not fit its layers")
    try require(parameters.allSatisfy(\.isFinite), "a weight is not a finite number")
    self.init(
      header: header, activation: activation, outputScale: outputScale, shape: shape,
      standardiser: standardiser, parameters: parameters)
  }
}
