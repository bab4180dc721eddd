import Foundation
import Tabular
import TestSupport
import Testing

@testable import Harness
@testable import Reports

/// Text from data is shown and never acts, wherever a record has text.
struct HostileTextTests {
  /// A record as JSON, and those of its texts that may be any text.
  struct Poisonable: Sendable {
    private var json: [UInt8]
    private(set) var texts: Set<String> = []

    init(_ record: ResultRecord) throws {
      let encoder = JSONEncoder()
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      json = Array(try encoder.encode(record))
      var all: Set<String> = []
      _ = try JSONStrings.mapped(json, names: false) {
        all.insert($0)
        return $0
      }
      // Cases of an enumeration are no texts.
      texts = all.subtracting(["inf", "-inf", "nan"]).filter { text in
        (try? poisoned { $0 == text ? "any \(text)" : $0 }) != nil
      }
    }

    private func poisoned(_ change: (String) -> String) throws -> ResultRecord {
      let decoder = JSONDecoder()
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      return try decoder.decode(
        ResultRecord.self, from: Data(try JSONStrings.mapped(json, change)))
    }

    /// The record with every such text replaced by what `hostile` makes of it, the same everywhere.
    func record(_ hostile: (String) -> String) throws -> ResultRecord {
      let others = Dictionary(uniqueKeysWithValues: texts.sorted().map { ($0, hostile($0)) })
      return try poisoned { others[$0] ?? $0 }
    }
  }

  private static let records = Result {
    try [RecordFixture.record(), RecordFixture.classes(3), RecordFixture.classes(30)].map {
      var record = $0
      var failed = record.trials[0]
      (failed.status, failed.failure) = (.failed, "the fit diverged")
      record.trials.append(failed)
      record.comparisonFailures = ["no comparison"]
      record.data.weightName = "importance"
      return try Poisonable(record)
    }
  }

  private func check(_ record: ResultRecord, name: String, seed: UInt64) {
    for file in Report(record).files(name: "sne") {
      if file.path.hasSuffix(".svg") {
        let allowed: Set = [
          "svg", "title", "desc", "rect", "line", "polyline", "path", "circle", "polygon", "text",
        ]
        #expect(
          HostileText.elements(ofSVG: file.text)?.isSubset(of: allowed) == true, "seed \(seed)")
        #expect(!file.text.unicodeScalars.contains { $0 != "\n" && HostileText.isShapeless($0) })
      } else {
        #expect(HostileText.fault(ofPage: file.text) == nil, "seed \(seed)")
      }
    }
    #expect(HostileText.fault(ofPage: Report(record).verdict) == nil, "seed \(seed)")
    #expect(HostileText.fault(ofPage: Report(record).files(name: name).last?.text ?? "") == nil)
  }

  @Test(arguments: Thoroughness.seeds(20, thorough: 60))
  func hostileTextInEveryPositionOfARecord(seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed)
    for whole in try Self.records.get() {
      let record = try whole.record { text in
        // Two texts must not become one.
        "\(HostileText.random(&generator))\(text.hashed)\(HostileText.random(&generator))"
      }
      #expect(whole.texts.count > 30)
      check(record, name: HostileText.random(&generator), seed: seed)
    }
  }

  /// The page says what it says without a hostile text, letter by letter, as Markdown shows it.
  @Test func textsAreShownAsTheyAre() throws {
    var record = RecordFixture.record()
    record.data.groupName = "<b>*x*</b> [a](b) | `c` \u{1B}[1m"
    let page = try #require(Report(record).files(name: "n").last).text
    #expect(
      page.contains(
        "60 &lt;b&gt;\\*x\\*&lt;/b&gt; \\[a\\](b) \\| \\`c\\` \\\\u{1B}\\[1ms of them in the test")
        || page.contains("&lt;b&gt;\\*x\\*&lt;/b&gt; \\[a\\](b) \\| \\`c\\` \\\\u{1B}\\[1ms"))
    record.command = "bench compare --name 'a`b' --objective 'square(score - y) * 2\n+ 1'"
    let other = try #require(Report(record).files(name: "a`b").last).text
    #expect(other.contains("```sh\n\(record.command ?? "")\n```"))
    #expect(other.contains("`` a`b.json ``"))
    #expect(other.contains("](figures/a%60b-learning-curves.svg)"))
  }

  /// The pooled page reads metrics by name from dictionaries.
  @Test func namesThatAreKeysStayTogether() throws {
    var record = RecordFixture.record()
    for index in record.trials.indices {
      for place in record.trials[index].scores.indices
      where record.trials[index].scores[place].metric == "rmse" {
        record.trials[index].scores[place].metric = "a_b*c|<d>"
      }
    }
    record.metrics[1].name = "a_b*c|<d>"
    record.metrics[1].title = "a_b*c|<d>"
    let pooled = PooledRecord(
      [(report: "fold-1", record: record), (report: "fold-2", record: record)], plannedFolds: 2)
    let page = PooledReport(pooled).text(name: "n")
    #expect(page.contains("a\\_b\\*c\\|&lt;d&gt;"))
    // The RMSE of the first combination, under its new name.
    #expect(page.contains("60.00") && HostileText.fault(ofPage: page) == nil)
  }

  @Test(arguments: [
    "plain", "", "größe", "a|b", "<x>", "\u{1B}[0m", "\u{E041}", "https://a.b", "www.a", "- a",
    "-1",
  ])
  func marksStandForWhatTheyReplace(text: String) {
    let marked = DataText.marked(text)
    #expect(DataText.plain(marked) == VisibleText.lines(text))
    #expect(DataText.marked(text + "|") != DataText.marked(text + "\\|"))
  }
}

extension String {
  /// A short text of plain letters that is another one for another text.
  fileprivate var hashed: String {
    let number = utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
      ($0 ^ UInt64($1)) &* 1_099_511_628_211
    }
    return "n" + String(number, radix: 36)
  }
}
