import Losses
public import Learning

/// A model that is linear in its inputs: `output_k = intercept_k + sum(coefficient_jk * input_j)`.
///
/// Without inputs it is a constant; with one input, coefficient 1 and no intercept it is a column
/// of the table as it stands. The intercepts are the header's initial scores.
public struct LinearModel: TrainedModel {
  public static let kind = "linear"

  public let header: ModelHeader
  public var log = TrainingLog()
  /// How features become inputs.
  public let inputs: LinearInputs
  /// The weight of each input in each score, row-major `[inputs x scoresPerRow]`.
  public let coefficients: [Double]

  /// A model from its parts.
  ///
  /// - Parameter header: its initial scores are the intercepts, one per score.
  public init(header: ModelHeader, inputs: LinearInputs, coefficients: [Double]) {
    precondition(
      coefficients.count == inputs.count * header.objective.scoresPerRow
        && header.initialScores.count == header.objective.scoresPerRow,
      "a linear model has a coefficient per input and score, and an intercept per score")
    self.header = header
    self.inputs = inputs
    self.coefficients = coefficients
  }

  /// The outputs at inputs of 0, which are the means of the training rows, `[scoresPerRow]`.
  public var intercepts: [Double] { header.initialScores }

  /// Model outputs, row-major `[rows x scoresPerRow]`. O(rows x inputs x scoresPerRow); one thread
  /// is enough.
  public func outputs(features: [Float], rowCount: Int, threads: Int?) -> [Double] {
    let width = header.objective.scoresPerRow
    let columnCount = header.featureNames.count
    var outputs: [Double] = []
    outputs.reserveCapacity(rowCount * width)
    var sums = [Double](repeating: 0, count: width)
    for row in 0..<rowCount {
      for k in 0..<width { sums[k] = header.initialScores[k] }
      for (place, column) in inputs.columns.enumerated() {
        let input = inputs.input(place, of: features[row * columnCount + column])
        for k in 0..<width { sums[k] += input * coefficients[place * width + k] }
      }
      outputs += sums
    }
    return outputs
  }

  public func encodePayload(into encoder: inout BinaryEncoder) {
    encoder.append(inputs.columns.map(Int32.init))
    for part in [inputs.means, inputs.scales, inputs.lowest, inputs.highest, inputs.fills] {
      encoder.append(part)
    }
    encoder.append(coefficients)
  }

  public init(header: ModelHeader, payload: inout BinaryDecoder) throws(LearningError) {
    func require(_ holds: Bool, _ what: String) throws(LearningError) {
      guard holds else {
        throw LearningError(.invalidModelFile, "the model file is damaged: \(what)")
      }
    }
    let columns = try payload.readInt32s().map(Int.init)
    var parts: [[Double]] = []
    for _ in 0..<5 { parts.append(try payload.readDoubles()) }
    try require(
      parts.allSatisfy { $0.count == columns.count }
        && columns.allSatisfy(header.featureNames.indices.contains)
        && zip(columns, columns.dropFirst()).allSatisfy(<),
      "its inputs do not fit its columns")
    let coefficients = try payload.readDoubles()
    let width = header.objective.scoresPerRow
    try require(
      width > 0 && coefficients.count == columns.count * width
        && header.initialScores.count == width,
      "its coefficients do not fit its inputs")
    // The range of a column taken as it stands is open; everything else is a finite number.
    try require(
      (parts[0] + parts[1] + parts[4] + coefficients + header.initialScores)
        .allSatisfy(\.isFinite) && !(parts[2] + parts[3]).contains(where: \.isNaN),
      "one of its numbers is not finite")
    self.init(
      header: header,
      inputs: LinearInputs(
        columns: columns, means: parts[0], scales: parts[1], lowest: parts[2], highest: parts[3],
        fills: parts[4]), coefficients: coefficients)
  }
}
