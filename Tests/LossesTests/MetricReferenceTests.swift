import Losses
import RealModule
import TestSupport
import Testing

/// Expected numbers: scikit-learn 1.9.1 on the same linear congruential numbers, weighted, or NumPy
/// where it says so.
@Suite("Metrics against scikit-learn")
struct MetricReferenceTests {
  static let u = referenceNumbers(50, seed: 1)
  static let v = referenceNumbers(50, seed: 2)
  static let weights = referenceNumbers(50, seed: 3).map { 0.5 + $0 }

  func value(
    _ metric: Metric, _ values: [Double], _ targets: [Double], width: Int = 1,
    weights: [Double] = MetricReferenceTests.weights, rowData: [Double] = [], groups: [Int] = []
  ) -> Double {
    let rows = Rows(
      targets: targets.span, rowData: rowData.span, rowDataCount: metric.rowDataNames.count,
      groups: groups.span)
    return metric.value(of: values.span, valuesPerRow: width, rows, weights: weights.span)
  }

  @Test("relative errors and deviances")
  func regression() {
    let y = Self.u.map { 10 * $0 + 0.5 }
    let p = zip(Self.u, Self.v).map { max(10 * $0 + ($1 - 0.5) * 4, 0) + 0.5 }
    let counts = Self.u.map { (6 * $0).rounded(.down) }
    #expect(counts.contains(0))
    expectClose(value(.mape, p, y), 0.25778261521735046)
    expectClose(value(.rmsle, p, y), 0.26671906020689296)
    expectClose(value(.medianAbsoluteError, p, y), 1.1518824324011803)
    expectClose(value(.medianAbsoluteError, p, y, weights: []), 1.0675210459157825)
    expectClose(value(.maxError, p, y), 1.971094325184822)
    expectClose(value(.smape, p, y), 0.2662188478293975, "numpy")
    expectClose(value(.poissonDeviance, p, counts), 2.476666764246221)
    expectClose(value(.gammaDeviance, p, y), 0.23434933330534308)
    expectClose(value(.tweedieDeviance(power: 1.5), p, counts), 1.4597952863605663)
    expectClose(value(.explainedPoissonDeviance, p, counts), -1.0577840320132146)
    expectClose(value(.explainedGammaDeviance, p, y), 0.13243184456645318)
    expectClose(value(.explainedTweedieDeviance(power: 1.5), p, counts), -0.3595661310702958)
    #expect(value(.smape, [0], [0], weights: []) == 0)
    #expect(value(.maxError, [1, .nan, 2], [1, 1, 1], weights: []).isNaN)
    #expect(value(.maxError, [1, 9, 2], [1, 1, 1], weights: [1, 0, 1]) == 1)
    // A model of mean and deviation: the mean, the first of two predictions, is judged.
    let pairs = p.flatMap { p -> [Double] in [p, 7] }
    for metric in [.rmse, .mae, .r2, .mape, .smape, .rmsle, .medianAbsoluteError, .maxError]
      as [Metric]
    {
      #expect(value(metric, pairs, y, width: 2) == value(metric, p, y), "\(metric.name)")
    }
  }

  /// Percentages of a target of 0 are undefined, unless the row counts for nothing.
  @Test("targets of 0")
  func zeroTargets() {
    #expect(value(.mape, [1, 1], [0, 2], weights: []).isNaN)
    #expect(value(.mape, [1, 1], [0, 2], weights: [0, 1]) == 0.5)
    func remark(_ metric: Metric, _ targets: [Double], weights: [Double] = []) -> String? {
      let rows = Rows(targets: targets.span, rowData: Span(), rowDataCount: 0)
      return metric.remark(on: rows, weights: weights.span)
    }
    #expect(remark(.mape, [0, 2, 0])?.contains("the target is 0 in 2 of 3 rows") == true)
    #expect(remark(.mape, [0, 2, 0], weights: [1, 1, 0])?.contains("0 in 1 of 3") == true)
    #expect(remark(.mape, [1, 2]) == nil && remark(.rmse, [0]) == nil)
    #expect(remark(.smape, [0, 2])?.contains("1 of 2 rows whose target is 0") == true)
  }

  /// The median among several quantiles, or the only prediction; coverage has its level for a goal.
  @Test("what quantiles share with a plain prediction")
  func sharedMetrics() {
    let levels = [0.1, 0.5, 0.9]
    let y = [1.0, 4]
    let predictions = [0, 2, 3, 3, 3.5, 9.0]
    #expect(value(.medianError(levels), predictions, y, width: 3, weights: []) == 0.75)
    #expect(value(.medianError(levels), [2, 3.5], y, weights: []) == 0.75)
    #expect(Metric.coverage(levels).goal == 0.8 && Metric.coverage([0.9]).goal == 0.9)
    #expect(Metric.coverage(levels).title == "Coverage of the 80 % interval")
    #expect(Metric.coverage([0.025, 0.975]).title == "Coverage of the 95 % interval")
    #expect(value(.coverage(levels), predictions, y, width: 3, weights: []) == 1)
    #expect(Metric.coverage(levels).isBetter(0.75, than: 1))
    #expect(Metric.pinball(levels).quantileLevels == levels && Metric.rmse.quantileLevels == nil)
    #expect(Metric.ndcg(at: 10).quantileLevels == nil)
  }

  @Test("quantiles")
  func quantiles() {
    let y = Self.u.map { 10 * $0 + 0.5 }
    let p = zip(Self.u, Self.v).map { max(10 * $0 + ($1 - 0.5) * 4, 0) + 0.5 }
    let bounds = zip(p, Self.v).flatMap { p, v -> [Double] in [p - 1, p + v] }
    expectClose(value(.pinball([0.9]), p, y), 0.5559390794426206)
    expectClose(value(.pinball([0.1, 0.9]), bounds, y, width: 2), 0.3779554757427689)
    // NumPy
    expectClose(value(.coverage, bounds, y, width: 2), 0.27450413361226694)
    expectClose(value(.coverage, p, y), 0.48337729501673193)
    let crossing = zip(p, Self.v).flatMap { p, v -> [Double] in [p, p + 3 * v - 1] }
    expectClose(value(.crossingRate, crossing, y, width: 2), 0.3610082183974202)
    #expect(value(.crossingRate, p, y) == 0)
  }

  @Test("two classes")
  func binary() {
    let y = Self.u.map { $0 > 0.4 ? 1.0 : 0 }
    let p = zip(Self.u, Self.v).map { min(max(0.6 * $0 + 0.4 * $1, 0.01), 0.99) }
    let labels = p.map { $0 >= 0.5 ? 1.0 : 0 }
    expectClose(value(.brier, p, y), 0.17303565622798764)
    expectClose(value(.balancedAccuracy, labels, y), 0.8072596532040974)
    expectClose(value(.f1, labels, y), 0.8186526000585176)
    expectClose(value(.macroF1, labels, y), 0.776789819891227)
    expectClose(value(.mcc, labels, y), 0.5831134633764307)
    let tied = p.map { ($0 * 10).rounded(.toNearestOrEven) / 10 }
    expectClose(value(.averagePrecision, tied, y), 0.9020796144158665)
    expectClose(value(.averagePrecision, p, y, weights: []), 0.9236893278021141)
    // calibration_curve(strategy="quantile") gives the bins of the first; NumPy the others.
    expectClose(value(.calibrationError(bins: 10), p, y, weights: []), 0.2235845384988934)
    expectClose(value(.calibrationError(bins: 7), p, y), 0.1875054799449861)
    #expect(value(.averagePrecision, p, y.map { _ in 0 }).isNaN)
    #expect(value(.mcc, y.map { _ in 1 }, y) == 0)
    #expect(value(.f1, y.map { _ in 0 }, y.map { _ in 0 }) == 0)
    #expect(value(.f1, y, y) == 1 && value(.balancedAccuracy, y, y) == 1)
    expectClose(value(.mcc, y, y), 1, relative: 1e-12)
    #expect(value(.calibrationError(bins: 99), [0, 1], [0, 1], weights: []) == 0, "few rows")
  }

  @Test("several classes")
  func multiclass() {
    let y = referenceNumbers(50, seed: 5).map { ($0 * 3).rounded(.down) }
    var p: [Double] = []
    var labels: [Double] = []
    for row in 0..<50 {
      let parts = [Self.u[row], Self.v[row], Self.weights[row]]
      p += parts.map { $0 / parts.reduce(0, +) }
      labels.append(Double(parts.firstIndex(of: parts.max() ?? 0) ?? 0))
    }
    expectClose(value(.brier, p, y, width: 3), 0.7289285391204922)
    expectClose(value(.balancedAccuracy, labels, y), 0.33822528537993923)
    expectClose(value(.macroF1, labels, y), 0.25681320687256776)
    expectClose(value(.mcc, labels, y), 0.010426097571183885)
    expectClose(value(.top(2), p, y, width: 3), 0.7234110088509844)
    expectClose(value(.top(1), p, y, width: 3), 0.40343172618967355)
    #expect(value(.top(3), p, y, width: 3) == 1)
    let tied = p.map { ($0 * 5).rounded(.toNearestOrEven) / 5 }
    expectClose(value(.top(2), tied, y, width: 3), 0.6579299180189221)
    expectClose(value(.top(1), tied, y, width: 3, weights: []), 0.42)
    // NumPy
    expectClose(value(.calibrationError(), p, y, width: 3), 0.2794741162770368)
  }

  @Test("ranking within groups")
  func ranking() {
    let relevance = referenceNumbers(50, seed: 6).map { (4 * $0).rounded(.down) }
    let tied = Self.v.map { ($0 * 8).rounded(.toNearestOrEven) / 8 }
    let groups = (0..<50).map { $0 / 10 }
    expectClose(
      value(.ndcg(at: 3), tied, relevance, weights: [], groups: groups), 0.2522564452198205)
    expectClose(
      value(.ndcg(at: 10), tied, relevance, weights: [], groups: groups), 0.6555206749302652)
    expectClose(value(.ndcg(at: 5), Self.v, relevance, weights: []), 0.2038822643566881)
    expectClose(value(.ndcg(at: 5), tied, relevance, groups: groups), 0.4017755612204554)
    expectClose(
      value(.meanAveragePrecision, tied, relevance, weights: [], groups: groups),
      0.7801669186192995)
    // Only the highest relevance counts; the group without any is left out.
    let top = relevance.map { $0 > 2 ? 1.0 : 0 }
    expectClose(
      value(.meanAveragePrecision, tied, top, weights: [], groups: groups), 0.3178174603174603)
    let none = relevance.map { _ in 0.0 }
    #expect(value(.ndcg(at: 5), tied, none, groups: groups) == 1)
    #expect(value(.meanAveragePrecision, tied, none, groups: groups).isNaN)
    #expect(value(.ndcg(at: 10), relevance, relevance, groups: groups) == 1)
  }

  /// Every pair of rows, one by one, as Harrell's definition stands.
  @Test("concordance", arguments: 0..<20 as Range<UInt64>)
  func concordance(_ seed: UInt64) {
    let times = referenceNumbers(40, seed: seed + 1).map { ($0 * 15).rounded() + 1 }
    let risks = referenceNumbers(40, seed: seed + 2).map { ($0 * 10).rounded() }
    let events = referenceNumbers(40, seed: seed + 3).map { $0 > 0.4 ? 1.0 : 0 }
    let weights = referenceNumbers(40, seed: seed + 4).map { 0.5 + $0 }
    for w in [weights, []] {
      var (concordant, pairs) = (0.0, 0.0)
      for i in 0..<40 where events[i] == 1 {
        for j in 0..<40 {
          let isLater = times[j] > times[i] || (times[j] == times[i] && events[j] == 0)
          guard isLater else { continue }
          let weight = w.isEmpty ? 1 : w[i] * w[j]
          pairs += weight
          concordant += weight * (risks[i] > risks[j] ? 1 : (risks[i] == risks[j] ? 0.5 : 0))
        }
      }
      let index = value(.concordance, risks, times, weights: w, rowData: events)
      expectClose(index, concordant / pairs, relative: 1e-12)
      let byTime = value(
        .timeConcordance, risks.map { -$0 }, times, weights: w, rowData: events)
      #expect(byTime == index)
    }
    #expect(value(.concordance, risks, times, weights: [], rowData: events.map { _ in 0 }).isNaN)
  }

  @Test("average precision is the same sum over thresholds", arguments: 0..<20 as Range<UInt64>)
  func averagePrecision(_ seed: UInt64) {
    let scores = referenceNumbers(40, seed: seed + 1).map { ($0 * 12).rounded() }
    let y = referenceNumbers(40, seed: seed + 100).map { $0 > 0.6 ? 1.0 : 0 }
    let positives = y.reduce(0, +)
    var (sum, recall) = (0.0, 0.0)
    for threshold in Set(scores).sorted(by: >) {
      let called = scores.indices.filter { scores[$0] >= threshold }
      let right = called.reduce(0) { $0 + y[$1] }
      sum += (right / positives - recall) * right / Double(called.count)
      recall = right / positives
    }
    expectClose(value(.averagePrecision, scores, y, weights: []), sum, relative: 1e-12)
  }

  @Test(
    "every metric counts a row of weight 2 as two rows", arguments: Catalogue.metrics.map(\.name))
  func weights(_ name: String) throws {
    let metric = try Catalogue.metric(name)
    // A calibration error bins rows, and a group weighs the mean of its rows.
    guard !["ece(10)", "ndcg(10)", "map"].contains(name) else { return }
    let width = name == "top(2)" ? 3 : 1
    let isClass =
      metric.space == .label || ["auc", "pr-auc", "log-loss", "brier", "top(2)"].contains(name)
    let targets = Self.u.map { isClass ? ($0 > 0.4 ? 1.0 : 0) : 0.5 + $0 }
    let values = (0..<50 * width).map { index -> Double in
      let value = referenceNumbers(50 * width, seed: 8)[index]
      return metric.space == .label ? value.rounded() : 0.05 + 0.9 * value
    }
    let columns = metric.rowDataNames.count
    let rowData = referenceNumbers(50 * columns, seed: 9).map { $0.rounded(.up) }
    let weights = (0..<50).map { Double(1 + $0 % 2) }
    let repeated = (0..<50).flatMap { [Int](repeating: $0, count: 1 + $0 % 2) }
    let weighted = value(
      metric, values, targets, width: width, weights: weights, rowData: rowData)
    let longer = value(
      metric, repeated.flatMap { values[$0 * width..<($0 + 1) * width] },
      repeated.map { targets[$0] }, width: width, weights: [],
      rowData: repeated.flatMap { rowData[$0 * columns..<($0 + 1) * columns] })
    expectClose(weighted, longer, relative: 1e-10, absolute: 1e-12)
    #expect(weighted.isFinite)
  }
}
