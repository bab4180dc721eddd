import Harness

/// The first paragraph of a report: what may be said, in words, and on what it rests.
struct Verdict {
  private let record: ResultRecord
  private let words: Words

  init(_ record: ResultRecord, _ words: Words) {
    self.record = record
    self.words = words
  }

  /// The paragraph, as Markdown on one line.
  var paragraph: String {
    var sentences: [String] = []
    if let sentence = incompleteness { sentences.append(sentence) }
    guard let primary = record.metrics.first, !record.finishedTrials.isEmpty else {
      return (sentences + ["No trial finished, so nothing can be said."]).joined(separator: " ")
    }
    let led = headline(primary.name)
    sentences += led
    sentences += led.isEmpty ? [best(primary)] : []
    sentences += smallAndLarge
    sentences += baselineMetrics(except: primary.name)
    sentences += learners(primary.name)
    sentences.append(basis)
    return sentences.joined(separator: " ")
  }

  /// What a comparison shows, as the end of a sentence: `lower by 34 % (95 % interval 30 to 38 %)`
  /// or `no clear difference (...)`. Relative for errors, absolute for scores where more is better.
  func phrase(_ comparison: ComparisonRecord) -> String {
    guard comparison.aValue.isFinite, comparison.bValue.isFinite else {
      return "not comparable, because the metric is undefined for one of the two"
    }
    let isError = words.metric(comparison.metric)?.direction != .higherIsBetter
    let isRelative = isError && comparison.bValue > 0 && comparison.relative.value.isFinite
    let interval = isRelative ? comparison.relative : comparison.difference
    let unit = isRelative ? " %" : ""
    guard interval.low.isFinite, interval.high.isFinite else {
      let value = isRelative ? NumberText.percent(interval.value) : magnitude(interval.value)
      return "\(interval.value < 0 ? "lower" : "higher") by \(value.replacing("-", with: "")), but "
        + "there are too few \(unitNoun(comparison)) for an interval"
    }
    let (value, low, high) =
      isRelative
      ? NumberText.percents(interval.value, low: interval.low, high: interval.high)
      : (magnitude(interval.value), magnitude(interval.low), magnitude(interval.high))
    guard comparison.verdict != .undecided else {
      func sign(_ end: Double) -> String { end < 0 ? "-" : "+" }
      return "no clear difference (95 % interval \(sign(interval.low))\(low)\(unit) to "
        + "\(sign(interval.high))\(high)\(unit))"
    }
    if isRelative, interval.value >= 9, interval.low > 0 {
      func times(_ value: Double) -> String { NumberText.number(1 + value, digits: 2) }
      return "\(times(interval.value)) times as high (95 % interval \(times(interval.low)) to "
        + "\(times(interval.high)) times)"
    }
    let isLower = interval.value < 0
    let (near, far) = isLower ? (high, low) : (low, high)
    return "\(isLower ? "lower" : "higher") by \(value)\(unit) (95 % interval \(near) to "
      + "\(far)\(unit))"
  }

  private func magnitude(_ value: Double) -> String {
    NumberText.number(value.magnitude, digits: 3)
  }

  private func unitNoun(_ comparison: ComparisonRecord) -> String {
    switch comparison.unit {
    case .groups: "\(record.data.groupName)s"
    case .rows: "rows"
    case .blocks: "blocks of rows"
    }
  }

  private var incompleteness: String? {
    let failed = record.trials.count { $0.status == .failed }
    let open = record.trials.count { $0.status == .cancelled || $0.status == .notRun }
    var parts: [String] = []
    if open > 0 {
      parts.append(
        "**The experiment was stopped: \(open) of \(words.counted(record.trials.count, "trial")) "
          + "did not run to the end.**")
    }
    if failed > 0 {
      parts.append(
        "**\(failed) of \(words.counted(record.trials.count, "trial")) failed** and "
          + "\(failed == 1 ? "is" : "are") listed below.")
    }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  /// Per learner and challenger objective, the comparison with the baseline in the form whose
  /// validation score is best.
  private func challenges(_ metric: String, bucket: Int? = nil) -> [ComparisonRecord] {
    var chosen: [ComparisonRecord] = []
    for learner in record.learners {
      for objective in record.objectives where !objective.isBaseline {
        let candidates = record.comparisons.filter {
          $0.question == .objective && $0.metric == metric && $0.bucket == bucket
            && $0.aValue.isFinite && $0.bValue.isFinite
            && $0.a.learner == learner && $0.a.objective == objective.name
        }
        if let form = preferredForm(candidates.map(\.a)) {
          chosen += candidates.filter { $0.a == form }
        }
      }
    }
    return chosen
  }

  /// The combination with the best validation score of the first metric; the first one where there
  /// are no validation rows.
  private func preferredForm(_ candidates: [Combination]) -> Combination? {
    guard let primary = record.metrics.first else { return candidates.first }
    var best: (combination: Combination, score: Double)?
    for candidate in candidates {
      guard let score = words.mean(candidate, { $0.validationScore(primary.name) }),
        score.isFinite
      else { continue }
      let isBetter =
        best.map { primary.direction == .lowerIsBetter ? score < $0.score : score > $0.score }
        ?? true
      if isBetter { best = (candidate, score) }
    }
    return best?.combination ?? candidates.first
  }

  private func headline(_ metric: String) -> [String] {
    let comparisons = challenges(metric)
    guard let first = comparisons.first else { return [] }
    var sentences: [String] = []
    let isOnePair =
      Set(comparisons.map(\.a.objective)).count == 1
      && Set(comparisons.map(\.b.objective)).count == 1
    if isOnePair {
      sentences.append("**\(claim(comparisons, first)).**")
    }
    for comparison in comparisons { sentences.append(detail(comparison)) }
    return sentences
  }

  /// `SNE beats Squared error on RMSNE under both learners`, or what is true instead.
  private func claim(_ comparisons: [ComparisonRecord], _ first: ComparisonRecord) -> String {
    let a = Markdown.escaped(first.a.objective)
    let b = Markdown.escaped(first.b.objective)
    let title = words.title(first.metric)
    func learners(_ verdict: ComparisonRecord.Verdict) -> String? {
      let names = comparisons.filter { $0.verdict == verdict }.map(\.a.learner)
      guard !names.isEmpty else { return nil }
      if names.count == record.learners.count, names.count > 1 {
        return names.count == 2 ? "under both learners" : "under all learners"
      }
      return "under \(names.map(Markdown.escaped).joined(separator: " and "))"
    }
    var parts: [String] = []
    if let names = learners(.better) { parts.append("\(a) beats \(b) on \(title) \(names)") }
    if let names = learners(.worse) {
      parts.append("\(a) does worse than \(b) on \(title) \(names)")
    }
    if let names = learners(.undecided) {
      parts.append(
        "there is no clear difference between \(a) and \(b) on \(title) \(names)")
    }
    let text = parts.joined(separator: "; ")
    return text.prefix(1).uppercased() + text.dropFirst()
  }

  /// `Boosted trees: RMSNE 0.129 under SNE against 3.4 under Squared error, lower by ...`
  private func detail(_ comparison: ComparisonRecord) -> String {
    "\(Markdown.escaped(comparison.a.learner)): \(words.title(comparison.metric)) "
      + "\(NumberText.number(comparison.aValue)) under \(Markdown.escaped(words.objective(comparison.a))) "
      + "against \(NumberText.number(comparison.bValue)) under "
      + "\(Markdown.escaped(words.objective(comparison.b))), \(phrase(comparison))."
  }

  private var smallAndLarge: [String] {
    let filled = record.sizeBuckets.indices.filter { record.sizeBuckets[$0].rows > 0 }
    guard let small = filled.first, let large = filled.last, small != large else { return [] }
    return [(small, "smallest"), (large, "largest")].compactMap { bucket, adjective in
      let comparisons = challenges("rmsne", bucket: bucket)
      guard !comparisons.isEmpty else { return nil }
      let parts = comparisons.map { comparison in
        "\(Markdown.escaped(comparison.a.learner)) "
          + "\(NumberText.percentage(100 * comparison.aValue)) of size under "
          + "\(Markdown.escaped(words.objective(comparison.a))) against "
          + "\(NumberText.percentage(100 * comparison.bValue)) under "
          + "\(Markdown.escaped(words.objective(comparison.b))) (\(short(comparison)))"
      }
      return "Error in the \(adjective) systems "
        + "(\(Markdown.escaped(words.bucket(record.sizeBuckets[bucket]))), "
        + "\(words.population(record.sizeBuckets[bucket]))): \(parts.joined(separator: "; "))."
    }
  }

  private func short(_ comparison: ComparisonRecord) -> String {
    switch comparison.verdict {
    case .better: "clearly lower"
    case .worse: "clearly higher"
    case .undecided:
      comparison.difference.low.isFinite
        ? "no clear difference" : "too few \(unitNoun(comparison)) for an interval"
    }
  }

  private func baselineMetrics(except primary: String) -> [String] {
    var sentences: [String] = []
    for baseline in record.objectives where baseline.isBaseline && baseline.defaultMetric != primary
    {
      let comparisons = challenges(baseline.defaultMetric).filter {
        $0.b.objective == baseline.name
      }
      guard !comparisons.isEmpty else { continue }
      let parts = comparisons.map {
        "\(Markdown.escaped($0.a.learner)) \(NumberText.number($0.aValue)) under "
          + "\(Markdown.escaped(words.objective($0.a))) against \(NumberText.number($0.bValue)), "
          + phrase($0)
      }
      sentences.append(
        "On \(words.title(baseline.defaultMetric)), which \(Markdown.escaped(baseline.name)) "
          + "aims at: \(parts.joined(separator: "; ")).")
    }
    return sentences
  }

  private func learners(_ metric: String) -> [String] {
    let all = record.comparisons.filter {
      $0.question == .learner && $0.metric == metric && $0.bucket == nil
    }
    let challengers = Set(record.objectives.filter { !$0.isBaseline }.map(\.name))
    let relevant = all.filter { challengers.contains($0.a.objective) }
    let pool = relevant.isEmpty ? all : relevant
    var sentences: [String] = []
    for objective in record.objectives {
      let ofObjective = pool.filter { $0.a.objective == objective.name }
      guard let form = preferredForm(ofObjective.map(\.a)) else { continue }
      for comparison in ofObjective where comparison.a == form {
        sentences.append(
          "\(Markdown.escaped(comparison.a.learner)) compared with "
            + "\(Markdown.escaped(comparison.b.learner)), both under "
            + "\(Markdown.escaped(words.objective(comparison.a))): \(words.title(metric)) "
            + "\(NumberText.number(comparison.aValue)) against "
            + "\(NumberText.number(comparison.bValue)), \(phrase(comparison)).")
      }
    }
    return sentences
  }

  /// Where nothing is compared with a baseline: the best combination measured.
  private func best(_ primary: ResultRecord.MetricDescription) -> String {
    var best: (Combination, Double)?
    for combination in record.combinations {
      guard let score = words.mean(combination, { $0.testScore(primary.name) }), score.isFinite
      else { continue }
      if best.map({ primary.direction == .lowerIsBetter ? score < $0.1 : score > $0.1 }) ?? true {
        best = (combination, score)
      }
    }
    guard let best else { return "\(primary.title) could not be computed for any trial." }
    let adjective = primary.direction == .lowerIsBetter ? "lowest" : "highest"
    return "The \(adjective) \(primary.title) measured is **\(NumberText.number(best.1))**, by "
      + "\(Markdown.escaped(words.full(best.0)))."
  }

  private var basis: String {
    let judged = "All were judged on the same \(Markdown.escaped(words.testPopulation))"
    let seeds =
      record.seeds.count > 1
      ? "with \(record.seeds.count) seeds each"
      : "with one seed, so chance in training is not part of the intervals"
    return "\(judged), \(seeds)."
  }
}
