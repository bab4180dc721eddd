import Losses
import Foundation
public import Harness
import Tabular

/// A pooled record as a Markdown page: one table over all folds, and a link to the report of each.
///
/// Every number comes from the record: the same record gives the same bytes.
public struct PooledReport: Sendable {
  /// What is told.
  public let record: PooledRecord

  /// A report of `record`.
  public init(_ record: PooledRecord) { self.record = record }

  /// The files that a report of this name has, by path within the folder of reports.
  public static func paths(name: String) -> [String] { ["\(name).json", "\(name).md"] }

  /// Writes `NAME.json` and `NAME.md` into `folder`, which must exist. Each file is replaced whole
  /// or not at all, the page last.
  ///
  /// - Throws: what `Tabular.replaceFile` throws.
  public func write(to folder: String, name: String) throws {
    try replaceFile(at: "\(folder)/\(name).json", with: record.json())
    try replaceFile(at: "\(folder)/\(name).md", with: Data(text(name: name).utf8))
  }

  /// The verdict for a terminal, over several lines; each text from the data stands on one.
  public var plainVerdict: String { PooledVerdict(DataText.visible(texts: record)) { $0 }.plain }

  /// The verdict's sentence alone, without its full stop and as plain text.
  public var headline: String { PooledVerdict(record) { $0 }.headline }

  /// An objective's name as it stands in tables: a long formula is cut off.
  public func shortName(of objective: String) -> String {
    PooledVerdict(record) { $0 }.names.short(objective)
  }

  private var verdict: PooledVerdict { PooledVerdict(record, shown: Markdown.escaped) }

  /// The page's text.
  public func text(name: String) -> String {
    let marked = PooledReport(DataText.marked(texts: record))
    return Markdown.finished(marked.page(name: DataText.marked(name)))
  }

  private func page(name: String) -> String {
    let verdict = verdict
    var parts = [
      "# \(Markdown.escaped(verdict.names.shortened(record.title))), cross-validated",
      verdict.markdown,
    ]
    if !record.isComplete {
      parts.append(
        "**Stopped before its end**: \(record.folds.count) of \(record.plannedFolds) folds are here, "
          + "and not every trial of theirs ran.")
    }
    parts += [
      "## Scores",
      "Each row of the file is a test row of one of \(record.plannedFolds) folds. \(spreadWords)"
        + " ↓ lower is better, ↑ higher is better.\(weighting)", scores,
    ]
    if let table = Tables.comparisons(
      record.comparisons ?? [], names: verdict.names, verdict.comparisons)
    {
      parts += ["### Which differences are clear", comparisonNote(verdict), table]
    }
    parts += ["## Folds", foldTable]
    let long = (record.objectives ?? []).filter { verdict.names.short($0.name) != $0.name }
    if !long.isEmpty {
      parts.append(
        long.map {
          "* **\(Markdown.escaped(verdict.names.short($0.name)))** is in full "
            + "\(Markdown.escaped($0.name))."
        }.joined(separator: "\n"))
    }
    if !record.failures.isEmpty {
      let lines = record.failures.map { "* \(Markdown.escaped($0))" }
      parts += ["## Failed trials", lines.joined(separator: "\n")]
    }
    parts.append("## Reproduce")
    if let command = record.command { parts.append(Markdown.codeBlock(command, language: "sh")) }
    if let path = record.path {
      let digest = record.sha256.map { ", SHA-256 \($0)" } ?? ""
      parts.append("Data: \(Markdown.escaped(path + digest)).")
    }
    parts.append(
      "Every number on this page comes from \(Markdown.code("\(name).json")), which is made of the folds' records."
    )
    return parts.joined(separator: "\n\n") + "\n"
  }

  private func comparisonNote(_ verdict: PooledVerdict) -> String {
    "A and B are compared by the differences of their scores in each fold, with a t test whose "
      + "variance is corrected for training rows that folds share (Nadeau and Bengio, 2003). "
      + verdict.comparisons.rule(
        record.smallestDifference ?? ComparisonRecord.usualSmallestDifference,
        in: record.comparisons ?? [])
  }

  private var spreadWords: String {
    let seeds = record.seeds.count > 1 ? " and \(record.seeds.count) seeds" : ""
    guard record.folds.count > 1 else { return "Scores of the only fold that was run\(seeds)." }
    let folds = "\(record.folds.count) folds"
    return "Mean ± standard deviation over the test rows of \(folds)\(seeds): how far single folds "
      + "differ, not how sure the mean is."
  }

  private var weighting: String {
    guard let name = record.weightName else { return "" }
    return " Metrics and losses are weighted by the column \(Markdown.escaped(name))."
  }

  private func names(_ line: PooledRecord.Line) -> [String] {
    [
      Markdown.escaped(line.combination.learner),
      Markdown.escaped(verdict.names.short(line.combination.objective)),
      line.adjustment.map(Markdown.escaped) ?? "plain",
    ]
  }

  private let nameColumns: [(String, Markdown.Alignment)] = [
    ("Learner", .left), ("Objective", .left), ("Form", .left),
  ]

  private var scores: String {
    let header = record.metrics.map { metric in
      let arrow =
        metric.goal.map { "→ \(NumberText.short($0))" }
        ?? (metric.direction == .lowerIsBetter ? "↓" : "↑")
      return ("\(Markdown.escaped(metric.title)) \(arrow)", Markdown.Alignment.right)
    }
    let rows = record.lines.map { line in
      names(line)
        + record.metrics.map { metric in
          guard let mean = line.mean[metric.name] else { return "–" }
          let text = NumberText.number(mean)
          guard let spread = line.deviation?[metric.name], mean.isFinite else { return text }
          return "\(text) ± \(NumberText.number(spread, digits: 2))"
        }
        + [
          NumberText.seconds(line.finished > 0 ? line.trainSeconds : .nan),
          "\(line.finished)" + (line.failed > 0 ? ", **\(line.failed) failed**" : ""),
        ]
    }
    return Markdown.table(
      nameColumns + header + [("Prepare and train", .right), ("Trials", .right)], rows)
  }

  /// A row per fold: its report, its rows, and every combination's first metric.
  private var foldTable: String {
    let metric = Markdown.escaped(record.metrics.first?.title ?? "score")
    let header = record.lines.map { line in
      let form = line.adjustment.map { ", \($0)" } ?? ""
      let objective = verdict.names.short(line.combination.objective)
      return (
        "\(metric): \(Markdown.escaped("\(line.combination.learner), \(objective)\(form)"))",
        Markdown.Alignment.right
      )
    }
    let rows = record.folds.enumerated().map { number, fold in
      [
        "[Fold \(number + 1)](\(Markdown.link("\(fold.report).md")))",
        NumberText.count(fold.trainRows), NumberText.count(fold.validationRows),
        NumberText.count(fold.testRows),
      ] + fold.firstMetric.map { $0.map { NumberText.number($0) } ?? "–" }
    }
    return Markdown.table(
      [("Report", .left), ("Train", .right), ("Validation", .right), ("Test", .right)] + header,
      rows)
  }
}
