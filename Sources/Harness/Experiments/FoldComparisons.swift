import Losses

/// Pairs of combinations compared over folds by the corrected resampled t test.
///
/// With `d_i` the difference of a pair in fold `i` (means over seeds), `k` folds, and `r` the mean
/// ratio of test to training rows,
///
///     t = mean(d) / sqrt((1 / k + r) * variance(d)),   k - 1 degrees of freedom
///
/// The term `r` stands for what training rows that folds share make their differences depend on each
/// other; without it a spread over folds promises far too much.
/// Nadeau & Bengio, "Inference for the generalization error", Machine Learning 52 (2003).
struct FoldComparisons {
  private let folds: [ResultRecord]
  /// The comparisons, p-values corrected within families.
  private(set) var records: [ComparisonRecord] = []

  /// Compares what the folds' own records compare, and every combination of a learner with the
  /// simple model of the best mean.
  init(_ folds: [ResultRecord]) {
    self.folds = folds
    guard folds.count > 1, let first = folds.first else { return }
    let whole = folds.flatMap(\.comparisons).filter { $0.bucket == nil }
    var metrics: [String] = []
    for comparison in whole where !metrics.contains(comparison.metric) {
      metrics.append(comparison.metric)
    }
    for metric in metrics {
      guard let description = first.metrics.first(where: { $0.name == metric }) else { continue }
      var seen: Set<[Combination]> = []
      for comparison in whole
      where comparison.metric == metric && comparison.question != .simple
        && seen.insert([comparison.a, comparison.b]).inserted
      {
        add(comparison.question, comparison.a, comparison.b, metric)
      }
      guard let simple = bestSimple(description) else { continue }
      for a in first.combinations where !first.isSimple(a) { add(.simple, a, simple, metric) }
    }
    records = records.corrected(
      smallestDifference: first.smallestDifference ?? ComparisonRecord.usualSmallestDifference
    ) { name in first.metrics.first { $0.name == name }?.direction != .higherIsBetter }
  }

  private func score(_ fold: ResultRecord, _ combination: Combination, _ metric: String) -> Double?
  {
    Spread(fold.distinctTrials(of: combination).compactMap { $0.testScore(metric) })?.mean
  }

  private func bestSimple(_ metric: ResultRecord.MetricDescription) -> Combination? {
    var best: (combination: Combination, mean: Double)?
    for combination in folds[0].combinations where folds[0].isSimple(combination) {
      let scores = folds.compactMap { score($0, combination, metric.name) }
      let mean = Statistics.mean(scores)
      guard scores.count == folds.count, mean.isFinite else { continue }
      let isBetter =
        best.map { metric.direction == .lowerIsBetter ? mean < $0.mean : mean > $0.mean } ?? true
      if isBetter { best = (combination, mean) }
    }
    return best?.combination
  }

  private mutating func add(
    _ question: ComparisonRecord.Question, _ a: Combination, _ b: Combination, _ metric: String
  ) {
    var pairs: [(a: Double, b: Double, fold: ResultRecord)] = []
    for fold in folds {
      if let first = score(fold, a, metric), let second = score(fold, b, metric) {
        pairs.append((first, second, fold))
      }
    }
    guard pairs.count > 1 else { return }
    let ratio = Statistics.mean(
      pairs.map { Double($0.fold.data.testRows) / Double(max(1, $0.fold.data.trainRows)) })
    let test = CorrectedTTest(pairs.map { $0.a - $0.b }, testToTrain: ratio)
    let (aValue, bValue) = (
      Statistics.mean(pairs.map(\.a)), Statistics.mean(pairs.map(\.b))
    )
    let scale = bValue == 0 ? Double.nan : bValue.magnitude
    records.append(
      ComparisonRecord(
        question: question, a: a, b: b, metric: metric, bucket: nil,
        rows: pairs.reduce(0) { $0 + $1.fold.data.testRows }, seeds: folds[0].seeds.count,
        aValue: aValue, bValue: bValue, difference: test.interval,
        relative: Interval(
          value: test.interval.value / scale, low: test.interval.low / scale,
          high: test.interval.high / scale), unit: .folds, unitCount: pairs.count, resamples: 0,
        verdict: .undecided, pValue: test.pValue.isNaN ? nil : test.pValue))
  }
}

/// The corrected resampled t test of paired differences; see ``FoldComparisons``.
struct CorrectedTTest {
  /// The mean difference with its 95 % interval.
  let interval: Interval
  /// The two-sided p-value; NaN of differences that are not finite.
  let pValue: Double

  /// - Parameter testToTrain: test rows per training row.
  init(_ differences: [Double], testToTrain: Double) {
    precondition(differences.count > 1, "a t test needs two differences")
    let mean = Statistics.mean(differences)
    let deviation = Statistics.standardDeviation(differences)
    let error = deviation * (1 / Double(differences.count) + testToTrain).squareRoot()
    let student = StudentT(freedom: Double(differences.count - 1))
    let reach = student.critical(0.05) * error
    interval = Interval(value: mean, low: mean - reach, high: mean + reach)
    if error == 0 {
      pValue = mean == 0 ? 1 : mean.isNaN ? .nan : 0
    } else {
      pValue = student.twoSided(mean / error)
    }
  }
}
