import Foundation
import TestSupport
import Testing

@testable import Harness
@testable import Reports

/// Pages and figures stay as they were last looked at, to the byte. `Tests/Fixtures/reports` holds
/// them, to be opened and read like any report.
///
/// After a change that is meant, `CURVATURE_WRITE_REPORTS=1 swift test --filter ReportSnapshotTests`
/// writes them anew; look at what git says has changed before keeping it.
@Suite("Reports as they were last looked at") struct ReportSnapshotTests {
  private static let isWriting =
    ProcessInfo.processInfo.environment["CURVATURE_WRITE_REPORTS"] == "1"

  private static func record(_ name: String) throws -> ResultRecord {
    switch name {
    case "fleet": RecordFixture.withSimpleModels()
    case "eventful-fleet": RecordFixture.eventful()
    case "three-classes": RecordFixture.slicedClasses()
    case "twenty-classes": RecordFixture.classes(20)
    // Records of a release, of real runs.
    default: try ResultRecord(contentsOf: fixturePath("golden/\(name).json"))
    }
  }

  @Test(arguments: [
    "fleet", "eventful-fleet", "three-classes", "twenty-classes", "record-sne", "record-softmax",
  ])
  func reports(name: String) throws {
    let record = try Self.record(name)
    for file in Report(record).files(name: name) { try compare(file.path, file.text) }
    try compare("\(name)-verdict.txt", Report(record).plainVerdict + "\n")
  }

  @Test func pooledReport() throws {
    let folds = [0, 0.002, -0.001].enumerated().map { place, step in
      var record = RecordFixture.withSimpleModels()
      for index in record.trials.indices {
        record.trials[index].scores[0].test += step * Double(index)
      }
      return (report: "fold-\(place)", record: record)
    }
    let report = PooledReport(PooledRecord(folds, plannedFolds: 4))
    try compare("folds.md", report.text(name: "folds"))
    try compare("folds-verdict.txt", report.plainVerdict + "\n")
  }

  /// Compares `text` with the file at `path`, or writes it there.
  private func compare(_ path: String, _ text: String) throws {
    let file = fixturePath("reports/\(path)")
    if Self.isWriting {
      try FileManager.default.createDirectory(
        at: URL(filePath: file).deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: file))
    }
    let old = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    guard text != old else { return }
    let lines = text.components(separatedBy: "\n")
    let kept = old.components(separatedBy: "\n")
    let place = zip(lines, kept).prefix { $0 == $1 }.count
    func line(_ lines: [String]) -> String { place < lines.count ? lines[place] : "(the end)" }
    Issue.record(
      """
      reports/\(path), line \(place + 1), was
      \(line(kept))
      and is
      \(line(lines))
      """)
  }
}
