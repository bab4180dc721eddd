import Losses
import Foundation
import Learning
import Testing

@testable import Harness
@testable import Reports

struct ReportTests {
  func page(_ record: ResultRecord) throws -> String {
    try #require(Report(record).files(name: "sne").last).text
  }

  /// The cells of the table under a heading, header and rule left out.
  func table(_ heading: String, _ page: String) -> [[String]] {
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
    // A record of the version before states no smallest difference and corrects nothing.
    #expect(page.contains("of twenty without any true difference, about one would look clear"))
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

  @Test func comparisonsThatFailedStayVisible() throws {
    var record = RecordFixture.record()
    #expect(try !page(record).contains("no comparison"))
    record.comparisonFailures = ["no comparison by RMSE: row data 'size' is missing"]
    #expect(try page(record).contains("\n* no comparison by RMSE: row data 'size' is missing\n"))
  }

  @Test func weightedMetricsAreSaidToBe() throws {
    var record = RecordFixture.record()
    #expect(try !page(record).contains("weighted"))
    record.data.weightName = "count_of"
    let page = try page(record)
    // Under both tables of errors, and in the table of the data.
    let parts = page.components(separatedBy: "weighted by the column count\\_of.")
    #expect(parts.count == 3)
    #expect(page.contains("| Row weights | count\\_of |"))
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
    // Only the first bucket has a comparison with an interval.
    #expect(rows[1].suffix(3) == ["**14.0 %** (8.40 %)", "13.0 % (7.80 %)", "11.0 % (6.60 %)"])
    #expect(rows[2].suffix(3) == ["540 % (324 %)", "60.0 % (36.0 %)", "9.00 % (5.40 %)"])
  }

  /// Without simple models (records of older versions) the baseline objective is what is beaten.
  @Test func theVerdictSaysWhatWasMeasured() {
    let verdict = Report(RecordFixture.record()).verdict
    #expect(
      verdict.hasPrefix(
        "**Boosted trees under SNE per unit of size: RMSNE 0.1290 against 3.400 for Boosted trees "
          + "under Squared error: lower by 96.2 % (95 % interval 94.0 to 97.0 %).**\n\n"))
    #expect(
      verdict.contains(
        "Boosted trees compared with MLP, both under SNE per unit of size: 0.1290 against 0.1350, "
          + "no clear difference (95 % interval -9 % to +2 %)."))
    #expect(
      verdict.contains("On RMSE, which Squared error aims at: 55.00 against 40.00, higher by 38 %"))
    #expect(verdict.contains("1,200 test rows of 60 systems, under one seed"))
    #expect(verdict.contains("All 60 systems of the test rows may be in training as well"))
  }

  /// One bold sentence, then at most five points, each with its question.
  @Test func theVerdictIsShort() {
    let lines = Report(RecordFixture.withSimpleModels()).verdict.components(separatedBy: "\n")
    #expect(lines[0].hasPrefix("**") && lines[0].hasSuffix("**") && lines[1].isEmpty)
    #expect(
      lines[2...].map { String($0.prefix { $0 != ":" }) } == [
        "* *How much", "* *How sure", "* *At what cost", "* *For whom not",
        "* *What could be wrong",
      ])
    #expect(lines.joined().count { $0 == "*" } == 4 + 5 * 3)
  }

  @Test func theLeaderIsHeldAgainstTheBestSimpleModel() throws {
    let record = RecordFixture.withSimpleModels()
    let verdict = Report(record).verdict
    #expect(
      verdict.hasPrefix(
        "**Boosted trees under SNE per unit of size: RMSNE 0.1290 against 0.1520 for a straight "
          + "line per unit of size, the best simple model: lower by 15.1 % (95 % interval 12.0 to "
          + "18.0 %).**"))
    #expect(verdict.contains("p = 0.006 after correction for 3 comparisons (Holm)."))
    #expect(verdict.contains("A difference matters from 1 % on."))
    #expect(verdict.contains("Trained in 1.51 s, a straight line per unit of size in 3.00 ms"))
    #expect(
      verdict.contains(
        "Worst for 2–10 kWp (20 systems): RMSNE 0.140; a straight line per unit of size has RMSNE "
          + "0.160 there, and is better for 100–5,000 kWp (15 systems)."))
    let page = try page(record)
    #expect(page.contains("**Simple models**") && page.contains("| Constant |"))
    #expect(table("### Which differences are clear", page)[0][5...] == ["0.006", "better"])
  }

  @Test func aSimpleModelThatIsBetterIsSaidToBe() {
    var record = RecordFixture.withSimpleModels()
    let place = record.comparisons.count - 1
    (record.comparisons[place].difference, record.comparisons[place].relative) = (
      Interval(value: 0.02, low: 0.01, high: 0.03), Interval(value: 0.18, low: 0.09, high: 0.27)
    )
    record.comparisons[place].verdict = .worse
    #expect(
      Report(record).headline.hasPrefix(
        "No learner beats a straight line per unit of size, a simple model: the best one, Boosted "
          + "trees under SNE per unit of size, has RMSNE"))
    record.comparisons[place].verdict = .equal
    #expect(Report(record).headline.contains("does no better than a straight line"))
    record.comparisons[place].verdict = .undecided
    #expect(Report(record).headline.hasPrefix("It is open whether Boosted trees"))
    #expect(Report(record).headline.contains("no clear difference among 3 comparisons") == false)
    record.comparisons[place].adjustedPValue = 0.2
    #expect(
      Report(record).headline.contains(
        "no clear difference among 3 comparisons (95 % interval +9 % to +27 %, corrected p = 0.20)")
    )
  }

  /// The leader is the one with the best validation score, not the best test score.
  @Test func theLeaderIsNotChosenByTheTestRows() throws {
    var record = RecordFixture.record()
    record.trials[3].scores[0].validation = 0.001
    #expect(Report(record).headline.hasPrefix("MLP under SNE per unit of size"))
    #expect(!Report(record).verdict.contains("flatters"))
    for index in record.trials.indices { record.trials[index].scores[0].validation = nil }
    #expect(Report(record).headline.hasPrefix("Boosted trees under SNE per unit of size"))
    #expect(Report(record).verdict.contains("The leader was chosen on the test rows"))
    #expect(try page(record).contains("the best first metric on the test rows"))
  }

  /// An interval that holds zero never becomes a claim, whatever the means say.
  @Test func anOpenQuestionStaysOpen() {
    var record = RecordFixture.record()
    for index in record.comparisons.indices {
      record.comparisons[index].relative.high = 0.1
      record.comparisons[index].difference.high = 0.1
      record.comparisons[index].verdict = .undecided
    }
    let verdict = Report(record).verdict
    #expect(
      verdict.hasPrefix("**It is open whether Boosted trees under SNE per unit of size beats"))
    #expect(!verdict.contains("lower by"))
  }

  @Test func withoutABaselineTheBestIsNamed() throws {
    let record = RecordFixture.classes(3)
    let verdict = Report(record).verdict
    #expect(verdict.hasPrefix("**MLP under Softmax has the lowest Log loss measured, 0.1000.**"))
    #expect(verdict.contains("higher by 100 % (95 % interval 50 to 160 %)"))
    let page = try page(record)
    #expect(page.contains("figures/sne-confusion.svg"))
    #expect(!page.contains("## Error by size"))
    // Only log loss was compared with an interval.
    #expect(table("## Scores", page)[1].suffix(2) == ["**0.1000**", "0.9700"])
  }

  /// The last round allowed is the best: more of them might have helped.
  @Test func cappedTrainingIsFlagged() {
    var record = RecordFixture.record()
    #expect(!Report(record).verdict.contains("cut off"))
    record.trials[4].bestRound = 40
    record.trials[4].validationLosses = (1...40).map { 6 / Double($0) }
    #expect(
      Report(record).verdict.contains(
        "Training was cut off while the loss was still falling: MLP under Squared error at epoch "
          + "40;"))
  }
}
