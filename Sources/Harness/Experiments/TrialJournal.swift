import Foundation
import Learning
import Tabular

/// The finished trials of an experiment on disk, one file each, from the moment they end.
///
/// A process that is killed in its fifth trial loses that trial and no other: the same experiment,
/// run again with a journal in the same folder, takes the four as they are. Files of any other
/// experiment, and damaged ones, are passed over.
public struct TrialJournal {
  /// The folder of the files; made when the first one is written.
  public let folder: String
  private let experiment: String
  private let complain: (String) -> Void

  /// A journal in `folder`.
  ///
  /// - Parameters:
  ///   - experiment: what the trials follow from, as texts: program, command, data. Trials are taken
  ///     only from a journal of the same.
  ///   - complain: told why a trial could not be kept, which does not end the work.
  public init(
    folder: String, experiment: [String], complain: @escaping (String) -> Void = { _ in }
  ) {
    self.folder = folder
    self.experiment = FileDigest.sha256(of: Data(experiment.joined(separator: "\u{0}").utf8))
    self.complain = complain
  }

  /// Removes the files and the folder.
  public func remove() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix("trial-") { unlink("\(folder)/\(name)") }
    // A folder with something else in it refuses.
    rmdir(folder)
  }

  /// The number of trials of this experiment that are there.
  public func count(of experiment: Experiment) -> Int {
    experiment.plannedTrials.enumerated().count { index, trial in
      outcome(of: trial, at: index, test: experiment.data.test) != nil
    }
  }

  /// What a trial gave when it ran before; nil if it did not, or not to its end.
  func outcome(of trial: PlannedTrial, at index: Int, test: Table) -> TrialOutcome? {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path(index))),
      let entry = try? Self.decoder.decode(Entry.self, from: data)
    else { return nil }
    let record = entry.record
    let planned = trial.emptyRecord
    guard entry.version == Entry.currentVersion, entry.experiment == experiment,
      entry.digest == (try? entry.computedDigest()),
      record.status == .finished, record.combination == planned.combination,
      record.seed == planned.seed, record.options == planned.options,
      let predictions = Self.numbers(entry.predictions), let scores = Self.numbers(entry.scores),
      entry.width > 0, predictions.count % entry.width == 0,
      predictions.count / entry.width == test.rowCount, scores.count == predictions.count
    else { return nil }
    return TrialOutcome(
      record: record,
      predictions: .init(
        combination: record.combination, seed: record.seed, width: entry.width,
        predictions: predictions, scores: scores))
  }

  /// Writes a trial that finished. One that cannot be written is lost with the process, no more.
  func keep(_ outcome: TrialOutcome, at index: Int) {
    guard outcome.record.status == .finished, let made = outcome.predictions else { return }
    var entry = Entry(
      version: Entry.currentVersion, experiment: experiment, record: outcome.record,
      width: made.width, predictions: Self.bytes(made.predictions), scores: Self.bytes(made.scores))
    do {
      entry.digest = try entry.computedDigest()
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      try replaceFile(at: path(index), with: Self.encoder.encode(entry))
    } catch let error as FileReplacementError {
      complain("a finished trial is not kept on its own: \(error)")
    } catch {
      complain("a finished trial is not kept on its own: '\(folder)' cannot be written")
    }
  }

  private func path(_ index: Int) -> String { "\(folder)/trial-\(index + 1).json" }

  /// What a file holds.
  private struct Entry: Codable {
    static let currentVersion = 1
    var version: Int
    var experiment: String
    var record: TrialRecord
    var width: Int
    /// Little-endian numbers of 64 bits.
    var predictions: Data
    var scores: Data
    /// SHA-256 of the rest.
    var digest = ""

    func computedDigest() throws -> String {
      var rest = self
      rest.digest = ""
      return FileDigest.sha256(of: try TrialJournal.encoder.encode(rest))
    }
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }

  private static func bytes(_ values: [Double]) -> Data {
    var encoder = BinaryEncoder()
    encoder.append(values)
    return Data(encoder.bytes)
  }

  private static func numbers(_ bytes: Data) -> [Double]? {
    var decoder = BinaryDecoder(Array(bytes)[...])
    guard let values = try? decoder.readDoubles(), decoder.isAtEnd else { return nil }
    return values
  }
}
