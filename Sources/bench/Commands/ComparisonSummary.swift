import Harness
import Learning
import Reports

/// The results of one data file as the terminal shows them: mean and spread over seeds and folds.
struct ComparisonSummary {
  let name: String
  /// The reports so far, by name.
  private(set) var folds: [(report: String, record: ResultRecord)] = []
  private(set) var paths: [String] = []

  init(name: String) { self.name = name }

  /// Adds the record of a fold, or of the only split, and the files written for it.
  mutating func add(_ record: ResultRecord, report: String, paths: [String]) {
    folds.append((report, record))
    self.paths += paths
  }

  /// Adds files written for all folds together.
  mutating func add(paths: [String]) { self.paths += paths }

  /// Everything pooled; nil without a record.
  func pooled(plannedFolds: Int) -> PooledRecord? {
    folds.isEmpty ? nil : PooledRecord(folds, plannedFolds: plannedFolds)
  }

  /// One combination's test metrics.
  struct Line: Encodable {
    var learner: String
    var objective: String
    var form: String
    var adjustment: String?
    /// By metric: mean over finished trials.
    var mean: [String: Double]
    /// By metric: standard deviation over finished trials; nil for a single one.
    var deviation: [String: Double]?
    var trainSeconds: Double
    /// The curvature policy and the Hessians it changed over all finished trials; nil for a learner
    /// that makes no Newton steps.
    var curvature: PooledRecord.Curvature?
    var finished: Int
    var failed: Int

    init(_ line: PooledRecord.Line) {
      learner = line.combination.learner
      objective = line.combination.objective
      form = line.combination.form.rawValue
      adjustment = line.adjustment
      mean = line.mean
      deviation = line.deviation
      trainSeconds = line.trainSeconds
      curvature = line.curvature
      finished = line.finished
      failed = line.failed
    }
  }

  /// What `--json` prints.
  struct Listing: Encodable {
    var data: String
    var trainRows: Int
    var validationRows: Int
    var testRows: Int
    var folds: Int
    /// The column that the metrics are weighted by.
    var weight: String?
    var metrics: [String]
    var results: [Line]
    /// What was found, in one sentence.
    var verdict: String?
    /// Pairs of learners, objectives and simple models, with intervals and corrected p-values.
    var comparisons: [ComparisonRecord]
    /// A sentence per failed trial.
    var failures: [String]
    var files: [String]
  }

  var listing: Listing {
    let record = folds.first?.record
    let pooled = pooled(plannedFolds: folds.count)
    let isPooled = folds.count > 1
    let verdict =
      isPooled ? pooled.map { PooledReport($0).headline } : record.map { Report($0).headline }
    let comparisons =
      (isPooled ? pooled?.comparisons : record?.comparisons.filter { $0.bucket == nil }) ?? []
    return Listing(
      data: name, trainRows: record?.data.trainRows ?? 0,
      validationRows: record?.data.validationRows ?? 0, testRows: record?.data.testRows ?? 0,
      folds: folds.count, weight: record?.data.weightName,
      metrics: record?.metrics.map(\.name) ?? [],
      results: pooled?.lines.map(Line.init) ?? [],
      verdict: verdict, comparisons: comparisons, failures: pooled?.failures ?? [], files: paths)
  }

  /// What the numbers are means of and weighted by; empty for single, unweighted ones. Seeds that
  /// did not finish do not count.
  private func note(_ pooled: PooledRecord) -> String {
    var counts: [String] = []
    if folds.count > 1 { counts.append("\(folds.count) folds") }
    if pooled.seeds.count > 1 { counts.append("\(pooled.seeds.count) seeds") }
    var sentences: [String] = []
    if !counts.isEmpty, pooled.lines.contains(where: { $0.deviation != nil }) {
      sentences.append("Mean ± standard deviation over \(counts.joined(separator: " and ")).")
    }
    if let weight = pooled.weightName {
      sentences.append("Metrics are weighted by the column '\(weight)'.")
    }
    return sentences.isEmpty ? "" : "\n\(sentences.joined(separator: " "))\n"
  }

  /// How the test rows stand to the rows learned from; empty where there is nothing to tell. Folds
  /// are made by one rule, so that the first stands for all.
  private func splitNote(_ data: DataRecord) -> String {
    let sentences =
      data.splitFacts?.sentences(
        groupName: data.groupName, trainRows: data.trainRows + data.validationRows) ?? []
    guard !sentences.isEmpty else { return "" }
    let which = folds.count > 1 ? "Split (first fold)" : "Split"
    let note = "\(which): \(data.split); \(sentences.joined(separator: "; "))."
    return TerminalText.line(note) + "\n"
  }

  /// What curvature policies changed; empty if none changed anything.
  private func curvatureNote(_ pooled: PooledRecord) -> String {
    let sentences = pooled.lines.compactMap { line -> String? in
      guard let use = line.curvature, use.changed > 0 else { return nil }
      let form = line.adjustment.map { " (\($0))" } ?? ""
      let objective = PooledReport(pooled).shortName(of: line.combination.objective)
      return "  \(line.combination.learner), \(objective)\(form): policy "
        + "\(use.policy), \(use.changed) of \(use.hessians) (\((100 * use.share).shown) %)\n"
    }
    return sentences.isEmpty ? "" : "\nHessians changed:\n" + sentences.joined()
  }

  /// The table, the failures and the files, for people.
  var text: String {
    guard let first = folds.first?.record, let pooled = pooled(plannedFolds: folds.count) else {
      return ""
    }
    var table = TextTable(
      header: ["Test rows: \(first.data.testRows)"] + first.metrics.map(\.title) + ["seconds"])
    let report = PooledReport(pooled)
    for line in pooled.lines {
      let form = line.adjustment.map { " (\($0))" } ?? ""
      let objective = report.shortName(of: line.combination.objective)
      var row = ["\(line.combination.learner), \(objective)\(form)"]
      for metric in first.metrics {
        guard let mean = line.mean[metric.name] else {
          row.append(line.failed > 0 ? "failed" : "-")
          continue
        }
        let spread = line.deviation?[metric.name].map { " ± \($0.shown)" } ?? ""
        row.append(mean.shown + spread)
      }
      table.append(row + [line.trainSeconds.shown])
    }
    let failed =
      pooled.failures.isEmpty
      ? "" : "\nFailed:\n" + pooled.failures.map { "  \(TerminalText.line($0))\n" }.joined()
    let verdict =
      folds.count > 1 ? report.plainVerdict : Report(first).plainVerdict
    return "\(TerminalText.line(first.title))\n\(splitNote(first.data))\n"
      + "\(verdict)\n\n\(table.text)\n\(note(pooled))"
      + "\(curvatureNote(pooled))\(failed)\nWritten:\n"
      + paths.map { "  \(TerminalText.line($0))" }.joined(separator: "\n")
  }
}
