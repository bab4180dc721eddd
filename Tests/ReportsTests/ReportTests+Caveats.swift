import Losses
import Foundation
import Learning
import Testing
@testable import Harness
@testable import Reports

/// What a page warns of, and what it withstands.
extension ReportTests {
  @Test func aLargeStepFromValidationToTestIsFlagged() {
    var record = RecordFixture.record()
    #expect(!Report(record).verdict.contains("on the validation rows"))
    record.trials[1].scores[0].validation = 0.1
    #expect(
      Report(record).verdict.contains(
        "The leader's RMSNE is 0.100 on the validation rows and 0.129 on the test rows"))
    record.trials[1].scores[0].validation = 0.104
    #expect(!Report(record).verdict.contains("on the validation rows and"))
  }

  @Test func fewRowsAndRepeatedOnesAreFlagged() {
    var record = RecordFixture.record()
    record.data.testGroupCount = 12
    record.data.repeatedTestRows = 3
    let verdict = Report(record).verdict
    #expect(verdict.contains("The test rows are of only 12 systems."))
    #expect(verdict.contains("3 test rows repeat training rows."))
    #expect(!verdict.contains("may be in training as well"))
    (record.data.testGroupCount, record.data.groupCount, record.data.testRows) = (nil, nil, 90)
    #expect(Report(record).verdict.contains("There are only 90 test rows."))
  }

  /// Validation rows are spoken of only where there are some.
  @Test func validationRowsAreNotInvented() throws {
    var record = RecordFixture.record()
    #expect(try page(record).contains("stopped by the same validation rows"))
    record.data.validationRows = 0
    #expect(try !page(record).contains("stopped by the same validation rows"))
  }

  /// A formula is cut off everywhere but in the method and the command.
  @Test func longFormulasStandInFullOnce() throws {
    let formula = "square((score - y) / size) + 0.001 * abs(score - y); link=identity"
    var record = RecordFixture.record(title: "\(formula) against Squared error")
    record.objectives[0].name = formula
    record.objectives[0].formula = formula
    for index in record.trials.indices where record.trials[index].combination.objective == "SNE" {
      record.trials[index].combination.objective = formula
    }
    for index in record.comparisons.indices {
      if record.comparisons[index].a.objective == "SNE" {
        record.comparisons[index].a.objective = formula
      }
      if record.comparisons[index].b.objective == "SNE" {
        record.comparisons[index].b.objective = formula
      }
    }
    let page = try page(record)
    #expect(page.hasPrefix("# square((score - y) / s… against Squared error\n"))
    #expect(page.components(separatedBy: "0.001").count == 2, "once in full")
    #expect(page.contains("Long formulas are cut off"))
    #expect(
      Names.shortNames(of: [formula, formula + "1", "SNE"]).values.sorted() == [
        "square((score - y) / s…", "square((score - y) / s… (2)",
      ])
  }

  @Test func undefinedMetricsHaveAReason() throws {
    var record = RecordFixture.record()
    record.metrics.insert(.init(.mape), at: 0)
    record.metricNotes = ["MAPE is undefined: the target is 0 in 50 of 100 rows."]
    for index in record.trials.indices {
      record.trials[index].scores.append(
        .init(metric: "mape", train: .nan, validation: .nan, test: .nan))
    }
    let verdict = Report(record).verdict
    #expect(verdict.hasPrefix("**Boosted trees under SNE per unit of size: RMSNE"))
    #expect(verdict.contains("MAPE is undefined: the target is 0 in 50 of 100 rows."))
    #expect(table("## Scores", try page(record))[0][3] == "–")
  }

  /// Quantiles: how much an interval holds, against what it should hold.
  @Test func coverageIsTold() throws {
    var record = RecordFixture.record()
    record.metrics.append(.init(.coverage([0.1, 0.9])))
    for index in record.trials.indices {
      record.trials[index].scores.append(
        .init(metric: "coverage(0.1,0.9)", train: 0.8, validation: 0.7, test: 0.5612))
    }
    #expect(
      Report(record).verdict.contains(
        "Coverage of the 80 % interval: 56 % of the test rows, where 80 % is right."))
    #expect(try page(record).contains("| Coverage of the 80 % interval → 0.8 |"))
  }

  @Test func seedsShowTheirSpread() throws {
    var record = RecordFixture.record()
    record.seeds = [1, 2]
    record.trials += record.trials.map { trial in
      var trial = trial
      trial.seed = 2
      trial.scores[0].test += 0.02
      return trial
    }
    let rows = table("## Scores", try page(record))
    // Mean of 0.129 and 0.149; their standard deviation is 0.02 / sqrt(2).
    #expect(rows[1][3] == "**0.1390** ± 0.014")
    #expect(rows[1][4] == "55.00 ± 0")
    #expect(try !page(record).contains("every seed gave the same"))
    for index in record.trials.indices { record.trials[index].modelSHA256 = "\(index % 5)" }
    #expect(try page(record).contains("For Boosted trees and MLP every seed gave the same model"))
  }

  @Test func failedTrialsStayVisible() throws {
    var record = RecordFixture.record()
    record.trials[3].status = .failed
    record.trials[3].failure = "the rate is 9 | 10; choose <1"
    record.trials[3].scores = []
    record.trials[3].sizeErrors = []
    record.comparisons.removeAll { $0.a.learner == "MLP" || $0.b.learner == "MLP" }
    let page = try page(record)
    #expect(Report(record).verdict.contains("1 of 5 trials failed and is listed below."))
    #expect(page.contains("## Failed trials"))
    #expect(
      page.contains(
        "MLP under SNE per unit of size, seed 1: the rate is 9 \\| 10; choose &lt;1"))
    #expect(table("## All trials", page)[3][4] == "**failed**")
    #expect(table("## Scores", page).count == 4)
  }

  @Test func aStoppedExperimentSaysSo() throws {
    var record = RecordFixture.record()
    record.isComplete = false
    record.trials[3].status = .cancelled
    record.trials[4].status = .notRun
    let verdict = Report(record).verdict
    #expect(
      verdict.contains("The experiment was stopped: 2 of 5 trials did not run to the end."))
    for index in record.trials.indices { record.trials[index].status = .notRun }
    record.comparisons = []
    #expect(
      Report(record).verdict.hasPrefix("**No trial finished, so nothing can be said.**\n\n"))
    #expect(table("## All trials", try page(record)).allSatisfy { $0[4] == "**not run**" })
  }

  @Test func namesCannotBreakTheTables() throws {
    var record = RecordFixture.record(title: "A | <b>title</b>\n# not a heading")
    for index in record.trials.indices {
      record.trials[index].combination.learner = "a|b_c*<i>"
    }
    record.learners = ["a|b_c*<i>"]
    let page = try page(record)
    #expect(page.hasPrefix("# A \\| &lt;b&gt;title&lt;/b&gt; \\# not a heading\n"))
    #expect(!page.contains("<i>") && !page.contains("<b>"))
    let widths = page.components(separatedBy: "\n").filter { $0.hasPrefix("| a\\|b") }
      .map { $0.replacing("\\|", with: "").count { $0 == "|" } }
    #expect(widths.count > 10)
    #expect(Set(widths.prefix(3)) == [6])
  }

  @Test func theSameRecordGivesTheSameBytes() throws {
    let record = RecordFixture.record()
    let again = try ResultRecord(json: record.json())
    let (first, second) = (Report(record).files(name: "a"), Report(again).files(name: "a"))
    #expect(first.map(\.path) == second.map(\.path))
    #expect(first.map(\.text) == second.map(\.text))
  }

  @Test func filesAreWrittenAndStaleFiguresRemoved() throws {
    let folder = NSTemporaryDirectory() + "report-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let paths = try Report(RecordFixture.record()).write(to: folder, name: "fleet")
    #expect(paths.last == "\(folder)/fleet.md")
    func figures() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: "\(folder)/figures").sorted()
    }
    #expect(
      try figures() == [
        "fleet-error-by-size.svg", "fleet-learning-curves.svg",
        "fleet-predicted-against-actual.svg",
      ])
    try Report(RecordFixture.classes(3)).write(to: folder, name: "fleet")
    #expect(try figures() == ["fleet-confusion.svg", "fleet-learning-curves.svg"])
    #expect(throws: (any Error).self) {
      try Report(RecordFixture.record()).write(to: folder + "/fleet.md", name: "x")
    }
  }
}
