import Losses
import Harness

/// For whom the leader does worst, and where something simple does better.
struct WorstSlices {
  private let verdict: Verdict
  private let leader: Combination?
  private let other: Combination?

  init(_ verdict: Verdict) {
    self.verdict = verdict
    leader = verdict.leader.combination
    other = verdict.leader.againstSimple?.b ?? verdict.leader.againstBaseline?.b
  }

  private var record: ResultRecord { verdict.record }

  /// The sentences; nil if there are no slices.
  var text: String? {
    guard leader != nil else { return nil }
    let kinds: [SliceRecord.Kind] = [.size, .label, .target]
    var sentences = kinds.compactMap(worst)
    if let groups { sentences.append(groups) }
    return sentences.isEmpty ? nil : sentences.joined(separator: " ")
  }

  private func slices(_ kind: SliceRecord.Kind) -> [(slice: SliceRecord, value: Double)] {
    guard let leader else { return [] }
    return (record.slices ?? []).compactMap { slice in
      guard slice.kind == kind, let value = slice.value(of: leader), value.isFinite else {
        return nil
      }
      return (slice, value)
    }
  }

  private func isLowerBetter(_ metric: String) -> Bool {
    let known = record.metrics.first { $0.name == metric }?.direction
    return known.map { $0 == .lowerIsBetter } ?? (metric != "accuracy")
  }

  /// `Largest error: systems of 10-100 kWp (20 systems), RMSNE 0.09; Squared error has 0.1 there.`
  private func worst(_ kind: SliceRecord.Kind) -> String? {
    let all = slices(kind)
    guard all.count > 1, let metric = all.first?.slice.metric else { return nil }
    let isLower = isLowerBetter(metric)
    guard
      let worst = isLower
        ? all.max(by: { $0.value < $1.value })
        : all.min(by: { $0.value < $1.value })
    else { return nil }
    var text = "Worst for \(name(worst.slice)): \(number(worst.value, metric))"
    if let other, let value = worst.slice.value(of: other), value.isFinite {
      text += "; \(verdict.shown(otherName)) has \(number(value, metric)) there"
    }
    if let other {
      let behind = all.filter { entry in
        guard let value = entry.slice.value(of: other), value.isFinite else { return false }
        return isLower ? entry.value > value : entry.value < value
      }
      if !behind.isEmpty {
        let names = behind.prefix(3).map { name($0.slice) }.joined(separator: ", ")
        text +=
          behind.count == 1 && behind[0].slice == worst.slice
          ? " and is better" : ", and is better for \(names)"
        if behind.count > 3 { text += " and \(behind.count - 3) more" }
      }
    }
    return text + "."
  }

  /// How many groups would be better served otherwise, and the one that is served worst.
  private var groups: String? {
    let all = slices(.group)
    guard all.count > 1, let metric = all.first?.slice.metric, let other else { return nil }
    let isLower = isLowerBetter(metric)
    let behind = all.compactMap { entry -> (slice: SliceRecord, value: Double, other: Double)? in
      guard let value = entry.slice.value(of: other), value.isFinite,
        isLower ? entry.value > value : entry.value < value
      else { return nil }
      return (entry.slice, entry.value, value)
    }
    let noun = record.data.groupName
    guard
      let worst = behind.max(by: {
        ($0.value - $0.other).magnitude < ($1.value - $1.other).magnitude
      })
    else {
      return "It is better than \(verdict.shown(otherName)) in each of "
        + "\(verdict.shown(verdict.words.counted(all.count, noun)))."
    }
    return "\(verdict.shown(otherName).capitalizedFirst) is better in \(behind.count) of "
      + "\(verdict.shown(verdict.words.counted(all.count, noun))), most in "
      + "\(verdict.shown("\(noun) \(worst.slice.name)")): \(number(worst.other, metric)) against "
      + "\(bare(worst.value, metric)) on \(NumberText.count(worst.slice.rows)) rows."
  }

  private var otherName: String {
    guard let other else { return "" }
    return verdict.words.names.inSentence(other)
  }

  private func number(_ value: Double, _ metric: String) -> String {
    metric == "accuracy"
      ? "\(NumberText.percent(value)) right"
      : "\(verdict.shown(verdict.comparisons.valued(metric))) \(NumberText.number(value, digits: 3))"
  }

  private func bare(_ value: Double, _ metric: String) -> String {
    metric == "accuracy" ? NumberText.percent(value) : NumberText.number(value, digits: 3)
  }

  private func name(_ slice: SliceRecord) -> String {
    switch slice.kind {
    case .size:
      guard let place = Int(slice.name), record.sizeBuckets.indices.contains(place) else {
        return verdict.shown(slice.name)
      }
      let bucket = record.sizeBuckets[place]
      return verdict.shown(
        "\(verdict.words.bucket(bucket)) (\(verdict.words.population(bucket)))")
    case .label:
      return verdict.shown("class \(slice.name) (\(verdict.words.counted(slice.rows, "row")))")
    case .group: return verdict.shown("\(record.data.groupName) \(slice.name)")
    case .target:
      let ends = slice.range ?? []
      guard ends.count == 2 else { return "some targets" }
      return "targets from \(NumberText.number(ends[0], digits: 3)) to "
        + "\(NumberText.number(ends[1], digits: 3)) (\(verdict.words.counted(slice.rows, "row")))"
    }
  }
}

extension String {
  /// The same with a capital first letter.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
