import Losses
public import Learning

extension Network {
  public func encodePayload(into encoder: inout BinaryEncoder) {
    LayerCoding.encode(stack, activation, into: &encoder)
    encoder.append(standardizer.columns)
    encoder.append(standardizer.means)
    encoder.append(standardizer.scales)
    encoder.append(standardizer.fills)
    encoder.append(standardizer.indicators)
    encoder.append(standardizer.limit)
    encoder.append(outputScale)
    encoder.append(parameters)
  }

  public init(header: ModelHeader, payload: inout BinaryDecoder) throws(LearningError) {
    func require(_ holds: Bool, _ what: String) throws(LearningError) {
      guard holds else {
        throw LearningError(.invalidModelFile, "the model file is damaged: \(what)")
      }
    }
    let (activation, stack) = try LayerCoding.decode(&payload)
    let shape = stack.shape
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
      "the numbers that standardize its inputs are not finite")
    let standardizer = Standardizer(
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
      header: header, activation: activation, outputScale: outputScale, stack: stack,
      standardizer: standardizer, parameters: parameters)
  }
}
