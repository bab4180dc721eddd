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

  /// The page's text.
  public func text(name: String) -> String {
    let marked = PooledReport(DataText.marked(texts: record))
    return Markdown.finished(marked.page(name: DataText.marked(name)))
  }

  private func page(name: String) -> String {
    var parts = ["# \(Markdown.escaped(record.title)), cross-validated"]
    if !record.isComplete {
      parts.append(
        "**Stopped before its end**: \(record.folds.count) of \(record.plannedFolds) folds are here, "
          + "and not every trial of theirs ran.")
    }
    parts += [
      "## Scores",
      "Each row of the file is a test row of one of \(record.plannedFolds) folds. \(spreadWords)"
        + " ↓ lower is better, ↑ higher is better, best in bold.\(weighting)",
      scores, "## Folds", foldTable,
    ]
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
      Markdown.escaped(line.combination.learner), Markdown.escaped(line.combination.objective),
      line.adjustment.map(Markdown.escaped) ?? "plain",
    ]
  }

  private let nameColumns: [(String, Markdown.Alignment)] = [
    ("Learner", .left), ("Objective", .left), ("Form", .left),
  ]

  private var scores: String {
    let best = record.metrics.map { metric -> Double? in
      let means = record.lines.compactMap { $0.mean[metric.name] }.filter(\.isFinite)
      guard means.count > 1 else { return nil }
      return metric.direction == .lowerIsBetter ? means.min() : means.max()
    }
    let header = record.metrics.map { metric in
      let arrow = metric.direction == .lowerIsBetter ? "↓" : "↑"
      return ("\(Markdown.escaped(metric.title)) \(arrow)", Markdown.Alignment.right)
    }
    let rows = record.lines.map { line in
      names(line)
        + zip(record.metrics, best).map { metric, best in
          guard let mean = line.mean[metric.name] else { return "–" }
          let number = NumberText.number(mean)
          let text = mean == best ? "**\(number)**" : number
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
      return (
        "\(metric): \(Markdown.escaped("\(line.combination.learner), \(line.combination.objective)\(form)"))",
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
