import Harness

/// The first screen of a report: one sentence that says what was found, and at most five points on
/// it: how much, how sure, at what cost, for whom not, what could be wrong.
struct Verdict {
  let record: ResultRecord
  let words: Words
  let comparisons: ComparisonWords
  let leader: Leader
  /// Makes a text from the data safe for where the verdict is shown.
  let shown: (String) -> String

  init(_ record: ResultRecord, _ words: Words, shown: @escaping (String) -> String) {
    self.record = record
    self.words = words
    self.shown = shown
    comparisons = words.comparisons(shown)
    leader = Leader(record, words)
  }

  /// One of the points.
  struct Point {
    /// What it answers: `How much`.
    var question: String
    /// The answer in sentences.
    var text: String
  }

  /// The sentence, without a full stop.
  var headline: String {
    guard let metric = leader.metric, let best = leader.combination, let value = leader.value else {
      return record.finishedTrials.isEmpty
        ? "No trial finished, so nothing can be said"
        : "No metric could be computed for any trial, so nothing can be said"
    }
    if let comparison = leader.againstSimple ?? leader.againstBaseline {
      return Claim(names: words.names, comparisons: comparisons, shown: shown).sentence(comparison)
    }
    let title = shown(comparisons.title(metric))
    return "\(shown(words.full(best))) has the \(leader.isLowerBetter ? "lowest" : "highest") "
      + "\(title) measured, \(NumberText.number(value))"
  }

  /// The points, without those that have nothing to say.
  var points: [Point] {
    guard leader.combination != nil else {
      return Caveats(self).point.map { [$0] } ?? []
    }
    return [howMuch, howSure, cost, forWhomNot, Caveats(self).point].compactMap { $0 }
  }

  private var howMuch: Point? {
    guard let metric = leader.metric else { return nil }
    var sentences = [meaning].compactMap { $0 }
    let challenges = leader.challenges(metric)
    if leader.againstSimple != nil || challenges.count > 1 {
      sentences += challenges.prefix(4).map(detail)
    }
    let rivals = leader.rivals(metric)
    sentences += rivals.prefix(3).map { comparison in
      "\(shown(comparison.a.learner)) compared with \(shown(comparison.b.learner)), both under "
        + "\(shown(words.objective(comparison.a))): \(NumberText.number(comparison.aValue)) against "
        + "\(NumberText.number(comparison.bValue)), \(comparisons.phrase(comparison))."
    }
    sentences += coverage
    return sentences.isEmpty
      ? nil : Point(question: "How much", text: sentences.joined(separator: " "))
  }

  /// What the leading metric's value says, for those who did not run the comparison.
  private var meaning: String? {
    guard let value = leader.value, let metric = leader.metric else { return nil }
    let unit = record.data.targetUnit.map(shown)
    switch metric {
    case "rmsne":
      return "RMSNE is the root mean squared error relative to each row's size: "
        + "\(NumberText.number(value)) is \(NumberText.percent(value)) of it."
    case "rmse": return unit.map { "RMSE is the root mean squared error in \($0)." }
    case "mae": return unit.map { "MAE is the mean absolute error in \($0)." }
    default: return nil
    }
  }

  /// `Against Squared error, Boosted trees: 0.09 against 1.3, lower by ...`
  private func detail(_ comparison: ComparisonRecord) -> String {
    "\(shown(comparison.a.learner)) under \(shown(words.objective(comparison.a))) against "
      + "\(shown(words.objective(comparison.b))): \(shown(comparisons.valued(comparison.metric))) "
      + "\(NumberText.number(comparison.aValue)) against \(NumberText.number(comparison.bValue)), "
      + "\(comparisons.phrase(comparison))."
  }

  /// How much of the targets the leader's interval holds, where it predicts quantiles.
  private var coverage: [String] {
    guard let best = leader.combination else { return [] }
    return record.metrics.compactMap { metric in
      guard let goal = metric.goal,
        let value = words.mean(best, { $0.testScore(metric.name) }), value.isFinite
      else { return nil }
      return "\(shown(metric.title)): \(NumberText.percent(value)) of the test rows, where "
        + "\(NumberText.percent(goal)) is right."
    }
  }

  private var howSure: Point? {
    var sentences: [String] = []
    if let comparison = leader.againstSimple ?? leader.againstBaseline {
      if comparison.difference.low.isFinite {
        sentences.append(
          "Intervals come from \(NumberText.count(comparison.resamples)) resamples of "
            + "\(comparisons.drawn(comparison)).")
      }
      if let value = comparison.adjustedPValue {
        let family =
          (comparison.familySize ?? 1) > 1
          ? " after correction for \(comparison.familySize ?? 1) comparisons (Holm)" : ""
        sentences.append(
          "p = \(ComparisonWords.probability(value))\(family).".replacing(
            "p = below", with: "p below"))
      }
      if let least = record.smallestDifference {
        sentences.append(
          "A difference matters from "
            + "\(comparisons.leastDifference(least, in: record.comparisons)) on.")
      }
    }
    let seeds = Set(record.finishedTrials.map(\.seed)).count
    let population = shown(words.testPopulation)
    sentences.append(
      seeds > 1
        ? "All were judged on the same \(population), under \(seeds) seeds."
        : "All were judged on the same \(population), under one seed, so chance in training is not "
          + "part of the intervals.")
    sentences += splitSentences.filter { !$0.isWarning }.map(\.text)
    return Point(question: "How sure", text: sentences.joined(separator: " "))
  }

  private var cost: Point? {
    guard let best = leader.combination else { return nil }
    var sentences: [String] = []
    func seconds(_ combination: Combination) -> Double? {
      words.mean(combination) { $0.seconds.map { $0.prepare + $0.train } }
    }
    if let own = seconds(best) {
      var text = "Trained in \(NumberText.seconds(own))"
      if let simple = leader.againstSimple?.b, let other = seconds(simple) {
        text += ", \(shown(words.simple(simple))) in \(NumberText.seconds(other))"
      }
      if let predict = words.mean(best, { $0.seconds?.predict }) {
        text += "; all test rows predicted in \(NumberText.seconds(predict))"
      }
      if let bytes = words.mean(best, { $0.modelBytes.map(Double.init) }) {
        text += "; model file \(NumberText.bytes(Int(bytes)))"
      }
      sentences.append(text + ".")
    }
    for comparison in leader.tradeOffs.prefix(2) {
      let baseline = shown(words.objective(comparison.b))
      let relation =
        leader.isAim(comparison.metric, of: comparison.b.objective)
        ? "which \(baseline) aims at" : "against \(baseline)"
      sentences.append(
        "On \(shown(comparisons.title(comparison.metric))), \(relation): "
          + "\(NumberText.number(comparison.aValue)) against "
          + "\(NumberText.number(comparison.bValue)), \(comparisons.phrase(comparison)).")
    }
    return sentences.isEmpty
      ? nil : Point(question: "At what cost", text: sentences.joined(separator: " "))
  }

  private var forWhomNot: Point? {
    WorstSlices(self).text.map { Point(question: "For whom not", text: $0) }
  }
}

extension Verdict {
  /// The sentence in bold and the points as a list.
  var markdown: String {
    let lines = points.map { "* *\($0.question):* \($0.text)" }
    return (["**\(headline).**"] + (lines.isEmpty ? [] : [lines.joined(separator: "\n")]))
      .joined(separator: "\n\n")
  }

  /// The same for a terminal.
  var plain: String {
    (["\(headline)."] + points.map { "  \($0.question): \($0.text)" }).joined(separator: "\n")
  }
}
