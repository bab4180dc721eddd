import Losses
import Losses
import Harness

/// The combination of learner, objective and form that a verdict is about, and what it is compared
/// with.
///
/// It is the one with the best first metric on the validation rows, where every learner has that;
/// else on the test rows, which flatters it a little: ``isChosenByTest``.
struct Leader {
  /// The metric that leads: the first one with a value.
  let metric: String?
  /// Whether small values of it are good.
  let isLowerBetter: Bool
  /// The combination; nil if no trial of a learner has a value.
  let combination: Combination?
  /// Its metric on the test rows, mean over seeds.
  let value: Double?
  /// Whether it was chosen by the test rows, from several.
  let isChosenByTest: Bool
  private let record: ResultRecord
  private let words: Words

  init(_ record: ResultRecord, _ words: Words) {
    self.record = record
    self.words = words
    let all = record.combinations.filter { !record.isSimple($0) }
    func score(_ combination: Combination, _ metric: String, isTest: Bool) -> Double? {
      words.mean(combination) {
        isTest ? $0.testScore(metric) : $0.validationScore(metric)
      }.flatMap { $0.isFinite ? $0 : nil }
    }
    let leading = record.metrics.first { metric in
      metric.goal == nil && all.contains { score($0, metric.name, isTest: true) != nil }
    }
    metric = leading?.name
    isLowerBetter = leading?.direction != .higherIsBetter
    guard let leading else {
      (combination, value, isChosenByTest) = (nil, nil, false)
      return
    }
    let candidates = all.filter { score($0, leading.name, isTest: true) != nil }
    let isTest = candidates.contains { score($0, leading.name, isTest: false) == nil }
    var best: (combination: Combination, score: Double)?
    for candidate in candidates {
      guard let score = score(candidate, leading.name, isTest: isTest) else { continue }
      let isBetter =
        best.map { leading.direction == .lowerIsBetter ? score < $0.score : score > $0.score }
        ?? true
      if isBetter { best = (candidate, score) }
    }
    combination = best?.combination
    value = best.flatMap { score($0.combination, leading.name, isTest: true) }
    isChosenByTest = isTest && candidates.count > 1
  }

  /// The leader against the best simple model.
  var againstSimple: ComparisonRecord? {
    record.comparisons.first {
      $0.question == .simple && $0.metric == metric && $0.bucket == nil && $0.a == combination
    }
  }

  /// The leader against a baseline objective under the same learner, or of a baseline that leads
  /// the other way round.
  var againstBaseline: ComparisonRecord? {
    record.comparisons.first {
      $0.question == .objective && $0.metric == metric && $0.bucket == nil && $0.a == combination
    }
  }

  /// Per learner and challenger objective, the comparison with each baseline in the form that leads.
  func challenges(_ metric: String) -> [ComparisonRecord] {
    var chosen: [ComparisonRecord] = []
    for learner in record.learners {
      for objective in record.objectives where !objective.isBaseline {
        let candidates = record.comparisons.filter {
          $0.question == .objective && $0.metric == metric && $0.bucket == nil
            && $0.aValue.isFinite && $0.bValue.isFinite
            && $0.a.learner == learner && $0.a.objective == objective.name
        }
        let form = preferred(candidates.map(\.a))
        chosen += candidates.filter { $0.a == form }
      }
    }
    return chosen
  }

  /// Learners against each other, under the leader's objective and form if it was compared so, else
  /// under each objective.
  func rivals(_ metric: String) -> [ComparisonRecord] {
    let all = record.comparisons.filter {
      $0.question == .learner && $0.metric == metric && $0.bucket == nil
    }
    let own = all.filter { $0.a == combination || $0.b == combination }
    return own.isEmpty ? all : own
  }

  /// The leader against baselines by other metrics than the leading one: those that baselines aim
  /// at, and one that both can be judged by.
  var tradeOffs: [ComparisonRecord] {
    record.comparisons.filter {
      $0.question == .objective && $0.metric != metric && $0.bucket == nil && $0.a == combination
    }
  }

  /// Whether a metric is what an objective aims at.
  func isAim(_ metric: String, of objective: String) -> Bool {
    record.objectives.contains { $0.name == objective && $0.defaultMetric == metric }
  }

  /// Of some combinations the one that leads by the rule of the leader.
  private func preferred(_ candidates: [Combination]) -> Combination? {
    guard let metric else { return candidates.first }
    func score(_ combination: Combination) -> Double? {
      words.mean(combination) { $0.validationScore(metric) ?? $0.testScore(metric) }
    }
    var best: (combination: Combination, score: Double)?
    for candidate in candidates {
      guard let score = score(candidate), score.isFinite else { continue }
      if best.map({ isLowerBetter ? score < $0.score : score > $0.score }) ?? true {
        best = (candidate, score)
      }
    }
    return best?.combination ?? candidates.first
  }
}
