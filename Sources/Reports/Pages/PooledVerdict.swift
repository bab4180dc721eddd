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
    [howMuch, howSure, cost, forWhomNot, caveats].compactMap { $0 }
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

  private func line(_ combination: Combination?) -> Int? {
    record.lines.firstIndex { $0.combination == combination }
  }

  /// Training time, and the metrics that baselines aim at.
  private var cost: Verdict.Point? {
    guard let leader else { return nil }
    var text = "Trained in \(NumberText.seconds(leader.trainSeconds)) per fold"
    if let simple = leading?.b, names.isSimple(simple), let place = line(simple) {
      let seconds = NumberText.seconds(record.lines[place].trainSeconds)
      text += ", \(shown(names.simple(simple))) in \(seconds)"
    }
    let others = (record.comparisons ?? []).filter {
      $0.question == .objective && $0.metric != metric?.name && $0.a == leader.combination
    }
    let tradeOffs = others.prefix(2).map { comparison in
      " On \(shown(comparisons.title(comparison.metric))), against "
        + "\(shown(names.objective(comparison.b))): \(NumberText.number(comparison.aValue)) against "
        + "\(NumberText.number(comparison.bValue)), \(comparisons.phrase(comparison))."
    }
    return Verdict.Point(question: "At what cost", text: text + "." + tradeOffs.joined())
  }

  /// The fold where the leader does worst, and those where the other of the headline does better.
  private var forWhomNot: Verdict.Point? {
    guard let metric, metric.name == record.metrics.first?.name, record.folds.count > 1,
      let own = line(leader?.combination)
    else { return nil }
    let isLowerBetter = metric.direction == .lowerIsBetter
    func value(_ fold: PooledRecord.Fold, _ line: Int) -> Double? {
      fold.firstMetric.indices.contains(line) ? fold.firstMetric[line] : nil
    }
    let known = record.folds.indices.filter { value(record.folds[$0], own)?.isFinite == true }
    let worst = known.max {
      let (a, b) = (value(record.folds[$0], own) ?? .nan, value(record.folds[$1], own) ?? .nan)
      return isLowerBetter ? a < b : a > b
    }
    guard let worst, let least = value(record.folds[worst], own) else { return nil }
    var text =
      "Worst in fold \(worst + 1) (\(NumberText.count(record.folds[worst].testRows)) test rows): "
      + "\(shown(comparisons.valued(metric.name))) \(NumberText.number(least))"
    if let other = leading?.b, let place = line(other) {
      let name = shown(names.inSentence(other))
      if let value = value(record.folds[worst], place), value.isFinite {
        text += "; \(name) has \(NumberText.number(value)) there"
      }
      let better = known.filter { fold in
        guard let a = value(record.folds[fold], own), let b = value(record.folds[fold], place)
        else { return false }
        return isLowerBetter ? b < a : b > a
      }
      text +=
        better.isEmpty
        ? ". \(name.capitalizedFirst) is better in no fold"
        : ". \(name.capitalizedFirst) is better in \(better.count) of \(known.count) folds: "
          + better.map { "\($0 + 1)" }.joined(separator: ", ")
    }
    return Verdict.Point(question: "For whom not", text: text + ".")
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
