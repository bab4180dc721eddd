public import Losses
public import Tabular

/// What every fitted model can do, whatever it is made of.
public protocol TrainedModel: Sendable {
  /// The kind of model, as model files name it: `forest`, `network`.
  static var kind: String { get }

  /// What the model keeps beside its weights: objective, link, columns.
  var header: ModelHeader { get }

  /// How the fit went; empty for a model read from a file.
  var log: TrainingLog { get set }

  /// Model outputs, row-major `[rows x scoresPerRow]`, initial scores included: scores before the
  /// objective's adjustment, if the model was fitted through one.
  ///
  /// - Parameter features: values in the model's column order, row-major `[rows x columns]`.
  func outputs(features: [Float], rowCount: Int, threads: Int?) -> [Double]

  /// The oldest version of ``ModelFile`` whose readers understand the payload; 1 if nothing else is
  /// said.
  var fileVersion: Int { get }

  /// The model's own part of a model file.
  func encodePayload(into encoder: inout BinaryEncoder)

  /// Restores a model from its header and the payload that ``encodePayload(into:)`` wrote.
  init(header: ModelHeader, payload: inout BinaryDecoder) throws(LearningError)
}

extension TrainedModel {
  public var fileVersion: Int { 1 }

  /// Raw scores (link space), row-major `[rows x scoresPerRow]`.
  ///
  /// - Throws: ``LearningError`` if `table` lacks a feature, or a row data column that the scores
  ///   are scaled by.
  public func scores(for table: Table, threads: Int? = nil) throws(LearningError) -> [Double] {
    var scores = outputs(
      features: try header.features(of: table), rowCount: table.rowCount, threads: threads)
    guard let adjustment = header.objective.adjustment else { return scores }
    let data = try ObjectiveRows.gather(
      [adjustment.rowDataName], of: table, neededBy: header.objective.name)
    let width = header.objective.scoresPerRow
    for row in 0..<table.rowCount {
      guard data[row].isFinite, data[row] > 0 else {
        throw LearningError(
          .invalidRow,
          "\(table.source): row \(table.sourceRow(row)): '\(adjustment.rowDataName)' is "
            + "\(data[row]), but scores are scaled by it and it must be greater than 0")
      }
      for index in row * width..<(row + 1) * width {
        scores[index] = adjustment.score(output: scores[index], data: data[row])
      }
    }
    return scores
  }

  /// Predictions, the inverse link of the scores, row-major `[rows x scoresPerRow]`.
  public func predictions(for table: Table, threads: Int? = nil) throws(LearningError) -> [Double] {
    header.predictions(ofScores: try scores(for: table, threads: threads))
  }

  /// Metrics on `table`, each reading the space it declares, rows counted by their weight.
  public func evaluate(
    on table: Table, metrics: [Metric], threads: Int? = nil
  ) throws(LearningError) -> Evaluation {
    try header.evaluate(scores: scores(for: table, threads: threads), on: table, metrics: metrics)
  }

  /// Writes the model to one file, replacing it whole or not at all.
  public func save(to path: String) throws {
    try ModelFile.write(self, to: path)
  }

  /// Reads a model that ``save(to:)`` wrote.
  ///
  /// - Throws: ``LearningError`` if the file is damaged, of an unknown version, or of another kind.
  public init(contentsOf path: String) throws {
    self = try ModelFile.read(Self.self, from: path)
  }
}

/// Metric values in the order they were asked for.
public struct Evaluation: Sendable, Hashable, CustomStringConvertible {
  /// One metric and its value.
  public struct Entry: Sendable, Hashable, Codable {
    /// The metric's name.
    public let metric: String
    /// Its value; NaN where it is undefined.
    public let value: Double
  }

  /// All values.
  public let entries: [Entry]

  /// The value of the metric called `name`.
  public subscript(name: String) -> Double? {
    entries.first { $0.metric == name }?.value
  }

  public var description: String {
    entries.map { "\($0.metric) \($0.value)" }.joined(separator: ", ")
  }
}
