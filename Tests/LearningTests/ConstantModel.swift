import Learning

/// The smallest model: its initial scores.
struct ConstantModel: TrainedModel {
  static let kind = "constant"
  var header: ModelHeader
  var log = TrainingLog()
  var payload: [Double] = [1, 2]

  init(header: ModelHeader) { self.header = header }

  init(header: ModelHeader, payload: inout BinaryDecoder) throws(LearningError) {
    self.header = header
    self.payload = try payload.readDoubles()
  }

  func outputs(features: [Float], rowCount: Int, threads: Int?) -> [Double] {
    (0..<rowCount).flatMap { _ in header.initialScores }
  }

  func encodePayload(into encoder: inout BinaryEncoder) { encoder.append(payload) }
}
