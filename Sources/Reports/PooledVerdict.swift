import Losses
import Harness

/// The first screen of a report over folds: one sentence and a few points.
struct PooledVerdict {
  let record: PooledRecord
  let names: Names
  let comparisons: ComparisonWords
  /// Makes a text from the data safe for where the verdict is shown.
  let shown: (String) -> String

  init(_ record: PooledRecord, shown: @escaping (String) -> String) {
    self.record = record
    self.shown = shown
    names = Names(
      objectives: record.objectives ?? [], simpleModels: record.simpleModels ?? [],
      combinations: record.lines.map(\.combination))
    comparisons = ComparisonWords(
      metrics: record.metrics, groupName: "group", smallestDifference: record.smallestDifference)
  }

  /// The first metric with a value.
  private var metric: ResultRecord.MetricDescription? {
    record.metrics.first { metric in
      metric.goal == nil && record.lines.contains { $0.mean[metric.name]?.isFinite == true }
    }
  }

  /// The line of a learner with the best mean.
  private var leader: PooledRecord.Line? {
    guard let metric else { return nil }
    let lines = record.lines.filter {
      !names.isSimple($0.combination) && $0.mean[metric.name]?.isFinite == true
    }
    func value(_ line: PooledRecord.Line) -> Double { line.mean[metric.name] ?? .nan }
    return metric.direction == .lowerIsBetter
      ? lines.min { value($0) < value($1) } : lines.max { value($0) < value($1) }
  }

  /// The leader against the best simple model, else against a baseline.
  private var leading: ComparisonRecord? {
    let own = (record.comparisons ?? []).filter {
      $0.metric == metric?.name && $0.a == leader?.combination
    }
    return own.first { $0.question == .simple } ?? own.first { $0.question == .objective }
  }

  /// The sentence, without a full stop.
  var headline: String {
    guard let metric, let leader, let mean = leader.mean[metric.name] else {
      return "No metric could be computed for any trial, so nothing can be said"
    }
    if let leading {
      return Claim(names: names, comparisons: comparisons, shown: shown).sentence(leading)
    }
    return "\(shown(names.full(leader.combination))) has the "
      + "\(metric.direction == .lowerIsBetter ? "lowest" : "highest") mean \(shown(metric.title)), "
      + "\(NumberText.number(mean)); nothing was compared with it"
  }

  /// The points, without those that have nothing to say.
  var points: [Verdict.Point] {
    [howMuch, howSure, caveats].compactMap { $0 }
  }

  private var howMuch: Verdict.Point? {
    let others = (record.comparisons ?? []).filter {
      $0.metric == metric?.name && $0 != leading && $0.question != .simple
        && ($0.a == leader?.combination || $0.b == leader?.combination)
    }
    guard !others.isEmpty else { return nil }
    let sentences = others.prefix(4).map {
      "\(shown(names.full($0.a))) against \(shown(names.full($0.b))): "
        + "\(NumberText.number($0.aValue)) against \(NumberText.number($0.bValue)), "
        + "\(comparisons.phrase($0))."
    }
    return Verdict.Point(question: "How much", text: sentences.joined(separator: " "))
  }

  private var howSure: Verdict.Point? {
    guard let leading else { return nil }
    var text =
      "Intervals are those of the corrected resampled t test over \(comparisons.drawn(leading)), "
      + "which allows for the training rows that folds share."
    if let value = leading.adjustedPValue {
      let family = leading.familySize ?? 1
      text +=
        " p \(value < 0.001 ? "" : "= ")\(ComparisonWords.probability(value))"
        + (family > 1 ? " after correction for \(family) comparisons (Holm)." : ".")
    }
    if let least = record.smallestDifference {
      text +=
        " A difference matters from "
        + "\(comparisons.leastDifference(least, in: record.comparisons ?? [])) on."
    }
    return Verdict.Point(question: "How sure", text: text)
  }

  private var caveats: Verdict.Point? {
    var sentences: [String] = []
    if !record.isComplete {
      sentences.append(
        "The run was stopped: \(record.folds.count) of \(record.plannedFolds) folds are here.")
    }
    if !record.failures.isEmpty {
      let count = record.failures.count
      sentences.append(
        "\(count) trial\(count == 1 ? "" : "s") failed and \(count == 1 ? "is" : "are") listed below."
      )
    }
    sentences += (record.metricNotes ?? []).map(shown)
    if record.folds.count < 5 {
      sentences.append("\(record.folds.count) folds tell little of how far folds differ.")
    }
    if record.lines.count(where: { !names.isSimple($0.combination) }) > 1 {
      sentences.append("The leader was chosen on the test rows, which flatters it a little.")
    }
    return sentences.isEmpty
      ? nil
      : Verdict.Point(question: "What could be wrong", text: sentences.joined(separator: " "))
  }

  /// The sentence and the points; the sentence is bold only if an interval stands behind it.
  var markdown: String {
    let isTested = leading?.difference.low.isFinite == true
    let lines = points.map { "* *\($0.question):* \($0.text)" }
    return
      ([isTested ? "**\(headline).**" : "\(headline)."]
      + (lines.isEmpty ? [] : [lines.joined(separator: "\n")])).joined(separator: "\n\n")
  }

  /// The same for a terminal.
  var plain: String {
    (["\(headline)."] + points.map { "  \($0.question): \($0.text)" }).joined(separator: "\n")
  }
}
