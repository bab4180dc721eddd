import Foundation
import Learning
import Testing

@testable import Harness
@testable import Reports

struct ReportTests {
  private func page(_ record: ResultRecord) throws -> String {
    try #require(Report(record).files(name: "sne").last).text
  }

  /// The cells of the table under a heading, header and rule left out.
  private func table(_ heading: String, _ page: String) -> [[String]] {
    let lines = page.components(separatedBy: "\n")
    guard let start = lines.firstIndex(of: heading) else { return [] }
    return lines[(start + 1)...].drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }.dropFirst(
      2
    )
    .map { line in
      line.dropFirst(2).dropLast(2).components(separatedBy: " | ")
    }
  }

  @Test func thePageHasItsParts() throws {
    let page = try page(RecordFixture.record())
    let headings = page.components(separatedBy: "\n").filter { $0.hasPrefix("#") }
    #expect(
      headings == [
        "# SNE against squared error", "## Scores", "### Which differences are clear",
        "## Error by size", "## Predicted against actual", "## Learning curves", "## Cost",
        "## All trials", "## Data", "## Method", "## Reproduce",
      ])
    for kind in ["error-by-size", "predicted-against-actual", "learning-curves"] {
      #expect(page.contains("](figures/sne-\(kind).svg)"))
    }
    #expect(page.contains("```sh\nbench compare --objective sne\n```"))
    #expect(page.contains(String(repeating: "ab", count: 32)))
    #expect(page.contains("**RMSNE**"))
    #expect(page.contains("minimises the same loss, but the model fits f in score = size \\* f"))
  }

  /// Only trials of which there is something to tell: a policy that is not the exact Hessian, or one
  /// that changed something.
  @Test func whatPoliciesChangedIsShown() throws {
    var record = RecordFixture.record()
    for index in record.trials.indices where record.trials[index].kind == .trees {
      record.trials[index].curvature = CurvatureUse(
        policy: "exact", hessians: 160_000, changedPerRound: [Int](repeating: 0, count: 40))
    }
    let without = try page(record)
    #expect(!without.contains("## Curvature") && !without.contains("Curvature policy"))
    var changed = [Int](repeating: 0, count: 40)
    (changed[3], changed[6]) = (1_000, 2_000)
    record.trials[0].curvature = CurvatureUse(
      policy: "exact", hessians: 160_000, changedPerRound: changed)
    record.trials[2].curvature = CurvatureUse(
      policy: "floor(0.5)", hessians: 160_000, changedPerRound: [])
    let page = try page(record)
    // 3,000 of 160,000; 2,000 of the 4,000 of round 7.
    #expect(
      table("## Curvature", page) == [
        [
          "Boosted trees", "SNE", "plain", "1", "exact", "3,000 of 160,000", "1.9 %",
          "50 %, round 7",
        ],
        [
          "Boosted trees", "Squared error", "plain", "1", "floor(0.5)", "0 of 160,000", "0 %", "–",
        ],
      ])
    #expect(page.contains("**Curvature policy**"))
    #expect(page.contains("No policy bears on MLP"))
  }

  @Test func theBestScoreIsBold() throws {
    let rows = table("## Scores", try page(RecordFixture.record()))
    #expect(rows.count == 5)
    #expect(rows[1] == ["Boosted trees", "SNE", "per unit of size", "**0.1290**", "55.00"])
    #expect(rows[2] == ["Boosted trees", "Squared error", "plain", "3.400", "**40.00**"])
    #expect(rows.joined().count { $0.contains("**") } == 2)
  }

  @Test func errorsBySizeAreInPercent() throws {
    let rows = table("## Error by size", try page(RecordFixture.record()))
    #expect(rows[1].suffix(3) == ["**14.0 %** (8.40 %)", "**13.0 %** (7.80 %)", "11.0 % (6.60 %)"])
    #expect(rows[2].suffix(3) == ["540 % (324 %)", "60.0 % (36.0 %)", "**9.00 %** (5.40 %)"])
  }

  @Test func theVerdictSaysWhatWasMeasured() {
    let verdict = Report(RecordFixture.record()).verdict
    #expect(verdict.hasPrefix("**SNE beats Squared error on RMSNE under both learners.**"))
    #expect(
      verdict.contains(
        "Boosted trees: RMSNE 0.1290 under SNE per unit of size against 3.400 under Squared error, "
          + "lower by 96.2 % (95 % interval 94.0 to 97.0 %)."))
    #expect(verdict.contains("no clear difference (95 % interval -9 % to +2 %)"))
    #expect(verdict.contains("higher by 38 % (95 % interval 20 to 50 %)"))
    #expect(verdict.contains("smallest systems (2–10 kWp, 20 systems)"))
    #expect(verdict.contains("too few systems for an interval"))
    #expect(verdict.contains("1,200 test rows of 60 systems"))
    #expect(verdict.contains("with one seed"))
    #expect(!verdict.contains("\n"))
  }

  /// An interval that holds zero never becomes a claim, whatever the means say.
  @Test func anOpenQuestionStaysOpen() {
    var record = RecordFixture.record()
    for index in record.comparisons.indices {
      record.comparisons[index].relative.high = 0.1
      record.comparisons[index].difference.high = 0.1
      record.comparisons[index].verdict = ComparisonRecord.verdict(
        record.comparisons[index].difference, .lowerIsBetter)
    }
    let verdict = Report(record).verdict
    #expect(verdict.hasPrefix("**There is no clear difference between SNE and Squared error"))
    #expect(!verdict.contains("beats") && !verdict.contains("lower by"))
  }

  @Test func learnersThatDisagreeAreNamed() {
    var record = RecordFixture.record()
    record.comparisons[1].verdict = .worse
    let verdict = Report(record).verdict
    #expect(
      verdict.hasPrefix(
        "**SNE beats Squared error on RMSNE under Boosted trees; SNE does worse than Squared error "
          + "on RMSNE under MLP.**"))
  }

  @Test func withoutABaselineTheBestIsNamed() throws {
    let record = RecordFixture.classes(3)
    let verdict = Report(record).verdict
    #expect(verdict.hasPrefix("The lowest Log loss measured is **0.1000**, by MLP under Softmax."))
    #expect(verdict.contains("higher by 100 % (95 % interval 50 to 160 %)"))
    let page = try page(record)
    #expect(page.contains("figures/sne-confusion.svg"))
    #expect(!page.contains("## Error by size"))
    #expect(table("## Scores", page)[1].suffix(2) == ["**0.1000**", "**0.9700**"])
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
    #expect(Report(record).verdict.hasPrefix("**1 of 5 trials failed** and is listed below."))
    #expect(page.contains("## Failed trials"))
    #expect(
      page.contains(
        "MLP under SNE per unit of size, seed 1: the rate is 9 \\| 10; choose &lt;1"))
    #expect(table("## All trials", page)[3][4] == "**failed**")
    #expect(table("## Scores", page).count == 4)
    #expect(!Report(record).verdict.contains("both learners"))
  }

  @Test func aStoppedExperimentSaysSo() throws {
    var record = RecordFixture.record()
    record.isComplete = false
    record.trials[3].status = .cancelled
    record.trials[4].status = .notRun
    let verdict = Report(record).verdict
    #expect(
      verdict.hasPrefix("**The experiment was stopped: 2 of 5 trials did not run to the end.**"))
    for index in record.trials.indices { record.trials[index].status = .notRun }
    record.comparisons = []
    #expect(Report(record).verdict.hasSuffix("No trial finished, so nothing can be said."))
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
