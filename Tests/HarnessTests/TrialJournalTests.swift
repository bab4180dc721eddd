import Foundation
import Tabular
import TestSupport
import Testing

@testable import Harness

/// Trials that were kept are taken as they are; whatever is not whole, or another's, is run again.
struct TrialJournalTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("journal-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  /// Runs the experiment, counting the trials that were run, and stops after so many of them.
  private func run(
    _ journal: TrialJournal, most: Int = .max
  ) throws -> (result: ExperimentResult, ran: Int, kept: Int) {
    var ran = 0
    var kept = 0
    let result = try Samples.experiment().run(journal: journal) { state in
      switch state.event {
      case .began: return ran < most
      case .ended: ran += 1
      case .kept: kept += 1
      case .round: break
      }
      return true
    }
    return (result, ran, kept)
  }

  @Test func anExperimentGoesOnWhereItEnded() throws {
    try withFolder { folder in
      let journal = TrialJournal(folder: folder, experiment: ["a", "b"])
      let first = try run(journal, most: 5)
      #expect(first.ran == 5 && first.result.record.finishedTrials.count == 5)
      let second = try run(journal)
      #expect(second.kept == 5 && second.ran == 7 && second.result.record.isComplete)
      let whole = try run(TrialJournal(folder: folder + "-other", experiment: []))
      defer { try? FileManager.default.removeItem(atPath: folder + "-other") }
      // Bit for bit, as the numbers are kept as they are.
      #expect(second.result.predictions == whole.result.predictions)
      #expect(
        second.result.record.trials.map(\.scores) == whole.result.record.trials.map(\.scores))
      // As text, as some intervals are not numbers.
      #expect(
        "\(second.result.record.comparisons)" == "\(whole.result.record.comparisons)")
      journal.remove()
      #expect(!FileManager.default.fileExists(atPath: folder))
    }
  }

  @Test func trialsOfAnotherExperimentAreRunAgain() throws {
    try withFolder { folder in
      _ = try run(TrialJournal(folder: folder, experiment: ["a"]), most: 3)
      #expect(try run(TrialJournal(folder: folder, experiment: ["b"]), most: 1).kept == 0)
    }
  }

  @Test func damagedFilesArePassedOver() throws {
    try withFolder { folder in
      let journal = TrialJournal(folder: folder, experiment: ["a"])
      _ = try run(journal, most: 2)
      let path = URL(fileURLWithPath: folder + "/trial-1.json")
      let whole = Array(try Data(contentsOf: path))
      var generator = RandomGenerator(seed: 1)
      for variant in 0..<300 {
        var bytes =
          variant % 3 == 0
          ? Array(whole.prefix(generator.index(below: whole.count)))
          : DamagedBytes.variant(of: whole, from: 0, &generator)
        if variant == 0 { bytes = Array(#"{"version":1,"predictions":"////////fw=="}"#.utf8) }
        try Data(bytes).write(to: path)
        // The second file is whole.
        #expect(try bytes == whole || run(journal, most: 0).kept == 1, "variant \(variant)")
      }
      try FileManager.default.removeItem(at: path)
      try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
      #expect(try run(journal).ran == 11)
    }
  }

  @Test func aJournalThatCannotBeWrittenEndsNothing() throws {
    var complaints: [String] = []
    let journal = TrialJournal(folder: "/dev/null/journal", experiment: ["a"]) {
      complaints.append($0)
    }
    let result = try run(journal)
    #expect(result.result.record.isComplete && complaints.count == 12)
    #expect(complaints[0].contains("a finished trial is not kept on its own"))
  }
}
