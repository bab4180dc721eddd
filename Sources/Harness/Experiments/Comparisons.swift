import OrderedCollections
import Learning
import Losses
import Tabular

extension Experiment {
  /// The pairs worth a verdict, judged by the first metric and by the baseline's own.
  ///
  /// Each objective against each baseline under the same learner (over all test rows, and by the
  /// first metric in each size bucket); adjusted against plain; each learner against the first one
  /// under the same objective and form; each combination of a learner against the simple model that
  /// is best on the test rows, which flatters the simple ones. What could not be compared is said in
  /// `failures`. P-values are corrected within families.
  func comparisons(
    _ records: [TrialRecord], _ test: TestPredictions, buckets: SizeBuckets?
  ) -> (comparisons: [ComparisonRecord], failures: [String]) {
    let pairs = comparedPairs(records.filter { $0.status == .finished }.map(\.combination))
    guard let first = metrics.first, records.contains(where: { $0.status == .finished }) else {
      return ([], [])
    }
    let leading = leadingMetrics(first)
    var comparisons: [ComparisonRecord] = []
    var failures: [String] = []
    func add(_ pairs: [Pair], _ metric: Metric, bucket: Int? = nil, rows: [Int]? = nil) {
      guard !pairs.isEmpty else { return }
      do {
        comparisons += try compare(
          pairs, metric, test, bucket: bucket, rows: rows,
          families: bucket == nil ? 1 : buckets?.count ?? 1)
      } catch {
        let place = bucket.map { " in size bucket \($0 + 1)" } ?? ""
        failures.append("no comparison by \(metric.title)\(place): \(error.reason)")
      }
    }
    func corrected() -> (comparisons: [ComparisonRecord], failures: [String]) {
      let directions = Dictionary(
        (metrics + [.rmsne]).map { ($0.name, $0.direction) },
        uniquingKeysWith: { first, _ in first }
      )
      return (
        comparisons.corrected(smallestDifference: smallestDifference) {
          directions[$0] != .higherIsBetter
        }, failures
      )
    }
    for metric in leading {
      add(pairs + simplePairs(records, metric), metric)
    }
    guard let buckets, let sizes = data.test.rowData["size"] else { return corrected() }
    let byObjective = pairs.filter { $0.question == .objective }
    for bucket in 0..<buckets.count {
      let rows = sizes.indices.filter { buckets.index(of: sizes[$0]) == bucket }
      guard !rows.isEmpty else { continue }
      add(byObjective, .rmsne, bucket: bucket, rows: rows)
    }
    return corrected()
  }

  /// The metrics that pairs are compared by: the first, the baselines' own, and, where no baseline
  /// can be judged by the first, one that suits every objective.
  private func leadingMetrics(_ first: Metric) -> [Metric] {
    var leading = [first]
    func add(_ metric: Metric) {
      if !leading.contains(where: { $0.name == metric.name }) { leading.append(metric) }
    }
    for plan in objectives where plan.isBaseline {
      let name = plan.objective.defaultMetric.name
      metrics.first { $0.name == name }.map(add)
    }
    func suitsAll(_ metric: Metric) -> Bool {
      objectives.allSatisfy {
        MetricChoice.suits(metric, $0.objective, classes: data.test.classNames?.count)
      }
    }
    if !suitsAll(first) {
      metrics.first { $0.goal == nil && suitsAll($0) }.map(add)
    }
    return leading
  }

  private func isSimple(_ combination: Combination) -> Bool {
    simpleModels.contains { $0.learner.name == combination.learner }
  }

  /// Each finished combination of a learner against the best simple model by `metric`.
  private func simplePairs(_ records: [TrialRecord], _ metric: Metric) -> [Pair] {
    var best: (combination: Combination, score: Double)?
    var learned: [Combination] = []
    for record in records where record.status == .finished {
      if !isSimple(record.combination) {
        if !learned.contains(record.combination) { learned.append(record.combination) }
      } else if let score = record.testScore(metric.name), score.isFinite,
        best.map({ metric.isBetter(score, than: $0.score) }) ?? true
      {
        best = (record.combination, score)
      }
    }
    guard let best else { return [] }
    return learned.map { Pair(question: .simple, a: $0, b: best.combination) }
  }

  private struct Pair {
    let question: ComparisonRecord.Question
    let a: Combination
    let b: Combination
  }

  private func comparedPairs(_ finished: [Combination]) -> [Pair] {
    var seen: Set<Combination> = []
    let combinations = finished.filter { !isSimple($0) && seen.insert($0).inserted }
    let baselines = Set(objectives.filter(\.isBaseline).map(\.name))
    var pairs: [Pair] = []
    for a in combinations {
      for b in combinations where a != b {
        let sameLearner = a.learner == b.learner
        if sameLearner, !baselines.contains(a.objective), baselines.contains(b.objective) {
          pairs.append(Pair(question: .objective, a: a, b: b))
        } else if sameLearner, a.objective == b.objective, a.form == .adjusted {
          pairs.append(Pair(question: .form, a: a, b: b))
        } else if !sameLearner, a.objective == b.objective, a.form == b.form,
          a.learner == learners[0].name
        {
          pairs.append(Pair(question: .learner, a: a, b: b))
        }
      }
    }
    return pairs
  }

  private func compare(
    _ pairs: [Pair], _ metric: Metric, _ test: TestPredictions, bucket: Int?, rows: [Int]?,
    families parts: Int
  ) throws(LearningError) -> [ComparisonRecord] {
    let classes = data.test.classNames?.count
    let suited = Set(
      allObjectives.filter { MetricChoice.suits(metric, $0.objective, classes: classes) }
        .map(\.name))
    let trials = test.trials.filter { suited.contains($0.combination.objective) }
    // A family of many needs finer p-values to leave anything below 0.05.
    let families = Dictionary(grouping: pairs, by: \.question).values
    let needed = 60 * parts * (families.map(\.count).max() ?? 0)
    let bootstrap = PairedBootstrap(data.test, rows: rows, resamples: max(resamples, needed))
    let scores = try bootstrap.scores(of: metric, trials: trials, on: data.test)
    func places(_ combination: Combination, _ seeds: [UInt64]) -> [Int] {
      // A simple model ran once, and stands for itself under every seed.
      let isSimple = isSimple(combination)
      return seeds.compactMap { seed in
        trials.firstIndex {
          $0.combination == combination && (isSimple || $0.seed == seed)
        }
      }
    }
    return pairs.compactMap { pair in
      let common = seeds.filter {
        places(pair.a, [$0]).count == 1 && places(pair.b, [$0]).count == 1
      }
      guard !common.isEmpty else { return nil }
      let (a, b) = (places(pair.a, common), places(pair.b, common))
      let outcome = bootstrap.intervals(scores, a: a, b: b)
      return ComparisonRecord(
        question: pair.question, a: pair.a, b: pair.b, metric: metric.name, bucket: bucket,
        rows: rows?.count ?? data.test.rowCount, seeds: common.count,
        aValue: Statistics.mean(a.map { scores.observed[$0] }),
        bValue: Statistics.mean(b.map { scores.observed[$0] }),
        difference: outcome.difference, relative: outcome.relative, unit: bootstrap.unit,
        unitCount: bootstrap.unitCount, resamples: bootstrap.resamples, verdict: .undecided,
        pValue: outcome.pValue.isNaN ? nil : outcome.pValue)
    }
  }
}
