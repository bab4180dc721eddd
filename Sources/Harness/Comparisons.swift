import Learning
import Losses
import Tabular

extension Experiment {
  /// The pairs worth a verdict, judged by the first metric and by the baseline's own.
  ///
  /// Each objective against each baseline under the same learner (over all test rows, and by the
  /// first metric in each size bucket); adjusted against plain; each learner against the first one
  /// under the same objective and form. What could not be compared is said in `failures`.
  func comparisons(
    _ records: [TrialRecord], _ test: TestPredictions, buckets: SizeBuckets?
  ) -> (comparisons: [ComparisonRecord], failures: [String]) {
    let pairs = comparedPairs(records.filter { $0.status == .finished }.map(\.combination))
    guard !pairs.isEmpty, let first = metrics.first else { return ([], []) }
    var leading = [first]
    for plan in objectives where plan.isBaseline {
      let metric = plan.objective.defaultMetric
      if !leading.contains(where: { $0.name == metric.name }),
        metrics.contains(where: { $0.name == metric.name })
      {
        leading.append(metric)
      }
    }
    var comparisons: [ComparisonRecord] = []
    var failures: [String] = []
    func add(_ pairs: [Pair], _ metric: Metric, bucket: Int? = nil, rows: [Int]? = nil) {
      do {
        comparisons += try compare(pairs, metric, test, bucket: bucket, rows: rows)
      } catch {
        let place = bucket.map { " in size bucket \($0 + 1)" } ?? ""
        failures.append("no comparison by \(metric.title)\(place): \(error.reason)")
      }
    }
    for metric in leading { add(pairs, metric) }
    guard let buckets, let sizes = data.test.rowData["size"] else { return (comparisons, failures) }
    let byObjective = pairs.filter { $0.question == .objective }
    for bucket in 0..<buckets.count {
      let rows = sizes.indices.filter { buckets.index(of: sizes[$0]) == bucket }
      guard !rows.isEmpty else { continue }
      add(byObjective, .rmsne, bucket: bucket, rows: rows)
    }
    return (comparisons, failures)
  }

  private struct Pair {
    let question: ComparisonRecord.Question
    let a: Combination
    let b: Combination
  }

  private func comparedPairs(_ finished: [Combination]) -> [Pair] {
    var seen: Set<Combination> = []
    let combinations = finished.filter { seen.insert($0).inserted }
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
    _ pairs: [Pair], _ metric: Metric, _ test: TestPredictions, bucket: Int?, rows: [Int]?
  ) throws(LearningError) -> [ComparisonRecord] {
    let classes = data.test.classNames?.count
    let suited = Set(
      objectives.filter { MetricChoice.suits(metric, $0.objective, classes: classes) }.map(\.name))
    let trials = test.trials.filter { suited.contains($0.combination.objective) }
    let bootstrap = PairedBootstrap(data.test, rows: rows, resamples: resamples)
    let scores = try bootstrap.scores(of: metric, trials: trials, on: data.test)
    func places(_ combination: Combination, _ seeds: [UInt64]) -> [Int] {
      seeds.compactMap { seed in
        trials.firstIndex { $0.combination == combination && $0.seed == seed }
      }
    }
    return pairs.compactMap { pair in
      let common = seeds.filter {
        places(pair.a, [$0]).count == 1 && places(pair.b, [$0]).count == 1
      }
      guard !common.isEmpty else { return nil }
      let (a, b) = (places(pair.a, common), places(pair.b, common))
      let (difference, relative) = bootstrap.intervals(scores, a: a, b: b)
      return ComparisonRecord(
        question: pair.question, a: pair.a, b: pair.b, metric: metric.name, bucket: bucket,
        rows: rows?.count ?? data.test.rowCount, seeds: common.count,
        aValue: Statistics.mean(a.map { scores.observed[$0] }),
        bValue: Statistics.mean(b.map { scores.observed[$0] }),
        difference: difference, relative: relative, unit: bootstrap.unit,
        unitCount: bootstrap.unitCount, resamples: resamples,
        verdict: ComparisonRecord.verdict(difference, metric.direction))
    }
  }
}

extension ComparisonRecord {
  /// Better or worse only if the whole interval of the difference is on one side of zero.
  static func verdict(_ difference: Interval, _ direction: Metric.Direction) -> Verdict {
    let (low, high) =
      direction == .lowerIsBetter
      ? (difference.low, difference.high) : (-difference.high, -difference.low)
    if high < 0 { return .better }
    return low > 0 ? .worse : .undecided
  }
}
