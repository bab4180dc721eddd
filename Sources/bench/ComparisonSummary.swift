import Harness
import Learning

/// The results of one data file as the terminal shows them: mean and spread over seeds and folds.
struct ComparisonSummary {
  let name: String
  private(set) var records: [ResultRecord] = []
  private(set) var paths: [String] = []

  init(name: String) { self.name = name }

  /// Adds the record of a fold, or of the only split, and the files written for it.
  mutating func add(_ record: ResultRecord, paths: [String]) {
    records.append(record)
    self.paths += paths
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
    var curvature: Curvature?
    var finished: Int
    var failed: Int
  }

  /// What a curvature policy changed over several trials.
  struct Curvature: Encodable {
    var policy: String
    var hessians: Int
    var changed: Int
    var share: Double

    /// Nil if no trial made Newton steps.
    init?(_ uses: [CurvatureUse]) {
      guard let first = uses.first else { return nil }
      policy = first.policy
      hessians = uses.reduce(0) { $0 + $1.hessians }
      changed = uses.reduce(0) { $0 + $1.changed }
      share = hessians > 0 ? Double(changed) / Double(hessians) : 0
    }
  }

  /// What `--json` prints.
  struct Listing: Encodable {
    var data: String
    var trainRows: Int
    var validationRows: Int
    var testRows: Int
    var folds: Int
    var metrics: [String]
    var results: [Line]
    /// A sentence per failed trial.
    var failures: [String]
    var files: [String]
  }

  var listing: Listing {
    let record = records.first
    return Listing(
      data: name, trainRows: record?.data.trainRows ?? 0,
      validationRows: record?.data.validationRows ?? 0, testRows: record?.data.testRows ?? 0,
      folds: records.count, metrics: record?.metrics.map(\.name) ?? [], results: lines,
      failures: failures, files: paths)
  }

  private var lines: [Line] {
    guard let first = records.first else { return [] }
    return first.combinations.map { combination in
      let all = records.flatMap(\.trials).filter { $0.combination == combination }
      let trials = all.filter { $0.status == .finished }
      var mean: [String: Double] = [:]
      var deviation: [String: Double] = [:]
      for metric in first.metrics {
        let values = trials.compactMap { $0.testScore(metric.name) }
        guard !values.isEmpty else { continue }
        // Equal values have their own value as mean, without rounding.
        let isConstant = values.allSatisfy { $0 == values[0] }
        let average = isConstant ? values[0] : values.reduce(0, +) / Double(values.count)
        mean[metric.name] = average
        guard values.count > 1 else { continue }
        let squares = values.reduce(0) { $0 + ($1 - average) * ($1 - average) }
        deviation[metric.name] = (squares / Double(values.count - 1)).squareRoot()
      }
      let seconds = trials.compactMap { $0.seconds.map { $0.prepare + $0.train } }
      return Line(
        learner: combination.learner, objective: combination.objective,
        form: combination.form.rawValue, adjustment: all.first?.adjustment, mean: mean,
        deviation: deviation.isEmpty ? nil : deviation,
        trainSeconds: seconds.reduce(0, +) / Double(max(1, seconds.count)),
        curvature: Curvature(trials.compactMap(\.curvature)),
        finished: trials.count, failed: all.count { $0.status == .failed })
    }
  }

  /// What each failed trial failed of.
  private var failures: [String] {
    records.enumerated().flatMap { fold, record in
      record.trials.filter { $0.status == .failed }.map { trial in
        let place = records.count > 1 ? ", fold \(fold + 1)" : ""
        return "\(trial.combination), seed \(trial.seed)\(place): "
          + (trial.failure ?? "no reason is known")
      }
    }
  }

  /// What the numbers are means of; empty for single ones. Seeds that did not finish do not count.
  private var note: String {
    let seeds = Set(records.flatMap(\.finishedTrials).map(\.seed)).count
    var counts: [String] = []
    if records.count > 1 { counts.append("\(records.count) folds") }
    if seeds > 1 { counts.append("\(seeds) seeds") }
    guard !counts.isEmpty else { return "" }
    return "\nMean ± standard deviation over \(counts.joined(separator: " and ")).\n"
  }

  /// What curvature policies changed; empty if none changed anything.
  private var curvatureNote: String {
    let sentences = lines.compactMap { line -> String? in
      guard let use = line.curvature, use.changed > 0 else { return nil }
      let form = line.adjustment.map { " (\($0))" } ?? ""
      return "  \(line.learner), \(line.objective)\(form): policy \(use.policy), \(use.changed) of "
        + "\(use.hessians) (\((100 * use.share).shown) %)\n"
    }
    return sentences.isEmpty ? "" : "\nHessians changed:\n" + sentences.joined()
  }

  /// The table, the failures and the files, for people.
  var text: String {
    guard let first = records.first else { return "" }
    var table = TextTable(
      header: ["Test rows: \(first.data.testRows)"] + first.metrics.map(\.title) + ["seconds"])
    for line in lines {
      let form = line.adjustment.map { " (\($0))" } ?? ""
      var row = ["\(line.learner), \(line.objective)\(form)"]
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
      failures.isEmpty
      ? "" : "\nFailed:\n" + failures.map { "  \($0)\n" }.joined()
    return "\(first.title)\n\n\(table.text)\n\(note)\(curvatureNote)\(failed)\nWritten:\n"
      + paths.map { "  \($0)" }.joined(separator: "\n")
  }
}
