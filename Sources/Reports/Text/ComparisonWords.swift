import Losses
import Harness

/// A comparison in words, whatever record it stands in.
struct ComparisonWords {
  /// The metrics of the record.
  let metrics: [ResultRecord.MetricDescription]
  /// What a group is, in the singular, safe for where it is shown.
  let groupName: String
  /// The least difference that matters; nil in records that state none.
  let smallestDifference: Double?

  /// The title of a metric: `RMSNE`.
  func title(_ metric: String) -> String {
    metrics.first { $0.name == metric }?.title ?? metric
  }

  /// The title of a metric before a number: with a colon where it ends in one itself.
  func valued(_ metric: String) -> String {
    let title = title(metric)
    return title.last?.isNumber == true ? "\(title):" : title
  }

  /// `1 %`, or `0.01` for scores where more is better, or both.
  func leastDifference(_ least: Double, in comparisons: [ComparisonRecord]) -> String {
    let errors = comparisons.contains(where: isError)
    let scores = comparisons.contains { !isError($0) }
    let (percent, number) = (NumberText.percent(least), NumberText.short(least))
    if errors, scores { return "\(percent) of an error or \(number) of a score" }
    return errors ? percent : number
  }

  /// How a verdict follows from intervals and p-values.
  func rule(_ least: Double, in comparisons: [ComparisonRecord]) -> String {
    "A difference matters from \(leastDifference(least, in: comparisons)) on. A is better or worse if "
      + "the difference matters and its p-value, corrected for all comparisons of the same question "
      + "by the same metric (Holm), is below 0.05; equal if the whole 95 % interval is smaller than "
      + "what matters; else undecided. Intervals are for one comparison each."
  }

  private func isError(_ comparison: ComparisonRecord) -> Bool {
    metrics.first { $0.name == comparison.metric }?.direction != .higherIsBetter
  }

  /// What a comparison shows, as the end of a sentence: `lower by 34 % (95 % interval 30 to 38 %)`
  /// or `no clear difference (...)`. Relative for errors, absolute for scores where more is better.
  func phrase(_ comparison: ComparisonRecord) -> String {
    guard comparison.aValue.isFinite, comparison.bValue.isFinite else {
      return "not comparable, because the metric is undefined for one of the two"
    }
    let isRelative =
      isError(comparison) && comparison.bValue > 0 && comparison.relative.value.isFinite
    let interval = isRelative ? comparison.relative : comparison.difference
    let unit = isRelative ? " %" : ""
    guard interval.low.isFinite, interval.high.isFinite else {
      let value = isRelative ? NumberText.percent(interval.value) : magnitude(interval.value)
      return "\(interval.value < 0 ? "lower" : "higher") by \(value.replacing("-", with: "")), but "
        + "there are too few \(units(comparison)) for an interval"
    }
    let (value, low, high) =
      isRelative
      ? NumberText.percents(interval.value, low: interval.low, high: interval.high)
      : (magnitude(interval.value), magnitude(interval.low), magnitude(interval.high))
    func sign(_ end: Double) -> String { end < 0 ? "-" : end > 0 ? "+" : "" }
    let ends = "\(sign(interval.low))\(low)\(unit) to \(sign(interval.high))\(high)\(unit)"
    switch comparison.verdict {
    case .equal: return "no difference that matters (95 % interval \(ends))"
    case .undecided: return undecided(comparison, ends)
    case .better, .worse: break
    }
    if isRelative, interval.value >= 9, interval.low > 0 {
      func times(_ value: Double) -> String { NumberText.number(1 + value, digits: 2) }
      return "\(times(interval.value)) times as high (95 % interval \(times(interval.low)) to "
        + "\(times(interval.high)) times)"
    }
    let isLower = interval.value < 0
    let direction = isLower ? "lower" : "higher"
    guard (interval.low < 0) == isLower, (interval.high < 0) == isLower else {
      return "\(direction) by \(value)\(unit) (95 % interval \(ends))"
    }
    let (near, far) = isLower ? (high, low) : (low, high)
    return "\(direction) by \(value)\(unit) (95 % interval \(near) to \(far)\(unit))"
  }

  /// No clear difference, and why where the interval alone would look like one.
  private func undecided(_ comparison: ComparisonRecord, _ ends: String) -> String {
    let isOneSided = comparison.difference.low > 0 || comparison.difference.high < 0
    guard isOneSided, let corrected = comparison.adjustedPValue else {
      return "no clear difference (95 % interval \(ends))"
    }
    if corrected < 0.05 {
      return "a difference, but not clearly one that matters (95 % interval \(ends))"
    }
    return "no clear difference among \(comparison.familySize ?? 1) comparisons (95 % interval "
      + "\(ends), corrected p = \(Self.probability(corrected)))"
  }

  /// `clearly lower`, for a list.
  func short(_ comparison: ComparisonRecord) -> String {
    let isLower = comparison.difference.value < 0
    switch comparison.verdict {
    case .better, .worse: return isLower ? "clearly lower" : "clearly higher"
    case .equal: return "no difference that matters"
    case .undecided:
      return comparison.difference.low.isFinite
        ? "no clear difference" : "too few \(units(comparison)) for an interval"
    }
  }

  /// `0.006`, or `below 0.001`.
  static func probability(_ value: Double) -> String {
    value < 0.001 ? "below 0.001" : NumberText.number(value, digits: value < 0.0995 ? 1 : 2)
  }

  /// What was drawn: `64 systems`, `5 folds`.
  func drawn(_ comparison: ComparisonRecord) -> String {
    let noun = units(comparison)
    let one = comparison.unitCount == 1
    return "\(NumberText.count(comparison.unitCount)) "
      + (one && noun.hasSuffix("s") ? String(noun.dropLast()) : noun)
  }

  private func units(_ comparison: ComparisonRecord) -> String {
    switch comparison.unit {
    case .groups: "\(groupName)s"
    case .rows: "rows"
    case .blocks: "blocks of rows"
    case .folds: "folds"
    }
  }

  private func magnitude(_ value: Double) -> String {
    NumberText.number(value.magnitude, digits: 3)
  }
}
