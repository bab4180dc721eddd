import Foundation
import Harness
import TestSupport
import Testing

@testable import Reports

/// Records of released versions must still give a report.
@Suite("Reports of releases") struct GoldenReportTests {
  @Test("an old record is rendered whole", arguments: ["sne", "softmax"])
  func renders(name: String) throws {
    let record = try ResultRecord(contentsOf: fixturePath("golden/record-\(name).json"))
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(
      atPath: "\(folder)/figures", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Report(record).write(to: folder, name: "old")
    let text = try String(contentsOfFile: "\(folder)/old.md", encoding: .utf8)
    for trial in record.trials {
      #expect(text.contains(trial.combination.learner))
      #expect(text.contains(trial.combination.objective))
    }
    let figures = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/figures")
    #expect(!figures.isEmpty)
  }
}
