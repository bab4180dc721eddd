import Losses
import TestSupport
import Testing

/// Expected numbers: scikit-learn 1.9.1 on the same linear congruential numbers, weighted.
@Suite("Metrics")
struct MetricTests {
  static let u = referenceNumbers(50, seed: 1)
  static let v = referenceNumbers(50, seed: 2)
  static let weights = referenceNumbers(50, seed: 3).map { 0.5 + $0 }
  static let sizes = referenceNumbers(50, seed: 4).map { 1 + 99 * $0 }

  func value(
    _ metric: Metric, _ values: [Double], _ targets: [Double], width: Int = 1,
    weights: [Double] = MetricTests.weights
  ) -> Double {
    let rowData = metric.rowDataNames.isEmpty ? [] : Self.sizes
    let rows = Rows(
      targets: targets.span, rowData: rowData.span, rowDataCount: metric.rowDataNames.count)
    return metric.value(of: values.span, valuesPerRow: width, rows, weights: weights.span)
  }

  @Test("regression")
  func regression() {
    let y = Self.u.map { 10 * $0 }
    let p = zip(Self.u, Self.v).map { 10 * $0 + ($1 - 0.5) * 4 }
    #expect(Set(p).count == 50)
    expectClose(value(.rmse, p, y), 1.2486875617848165)
    expectClose(value(.mae, p, y), 1.0879555113749306)
    expectClose(value(.r2, p, y), 0.7911364046708902)
    expectClose(value(.sne, p, y), 0.09344634943728942)
    expectClose(value(.rmsne, p, y), 0.09344634943728942.squareRoot())
    #expect(value(.r2, p, [Double](repeating: 3, count: 50)).isNaN)
  }

  @Test("a row of weight 0 has no say, even where its term is infinite")
  func weightless() {
    let y = Self.u.map { 10 * $0 }
    let p = zip(y, Self.v).map { $0 + $1 }
    var (q, weights) = (p, Self.weights)
    (q[7], weights[7]) = (.infinity, 0)
    for metric in [Metric.rmse, .mae, .sne, .mape, .smape] {
      let kept = value(metric, p, y, weights: weights)
      #expect(kept > 0 && value(metric, q, y, weights: weights) == kept)
    }
  }

  @Test("two classes")
  func binary() {
    let y = Self.u.map { $0 > 0.4 ? 1.0 : 0 }
    let p = zip(Self.u, Self.v).map { min(max(0.6 * $0 + 0.4 * $1, 0.01), 0.99) }
    expectClose(value(.logLoss, p, y), 0.5180516027041094)
    expectClose(value(.accuracy, p.map { $0 >= 0.5 ? 1 : 0 }, y), 0.7846411300890006)
    let tied = p.map { ($0 * 10).rounded(.toNearestOrEven) / 10 }
    expectClose(value(.auc, tied, y), 0.8470614333614025)
    expectClose(value(.auc, tied, y, weights: []), 0.8404634581105169)
    #expect(value(.auc, p, [Double](repeating: 1, count: 50)).isNaN)
    #expect(value(.logLoss, y, y) < 1e-12, "certain and right")
    #expect(value(.logLoss, y.map { 1 - $0 }, y).isFinite, "certain and wrong")
  }

  @Test("several classes")
  func multiclass() {
    let y = referenceNumbers(50, seed: 5).map { ($0 * 3).rounded(.down) }
    var p: [Double] = []
    var labels: [Double] = []
    for row in 0..<50 {
      let parts = [Self.u[row], Self.v[row], Self.weights[row]]
      let sum = parts.reduce(0, +)
      p += parts.map { $0 / sum }
      labels.append(Double(parts.firstIndex(of: parts.max() ?? 0) ?? 0))
    }
    expectClose(value(.logLoss, p, y, width: 3), 1.3184314371867583)
    expectClose(value(.accuracy, labels, y), 0.40343172618967355)
  }

  @Test("AUC equals the share of ordered pairs", arguments: 0..<20 as Range<UInt64>)
  func pairs(_ seed: UInt64) {
    let scores = referenceNumbers(40, seed: seed + 1).map { ($0 * 8).rounded() }
    let y = referenceNumbers(40, seed: seed + 100).map { $0 > 0.5 ? 1.0 : 0 }
    var ordered = 0.0
    var count = 0.0
    for i in 0..<40 where y[i] == 1 {
      for j in 0..<40 where y[j] == 0 {
        ordered += scores[i] > scores[j] ? 1 : (scores[i] == scores[j] ? 0.5 : 0)
        count += 1
      }
    }
    let rows = Rows(targets: y.span, rowData: [Double]().span, rowDataCount: 0)
    expectClose(
      Metric.auc.value(of: scores.span, valuesPerRow: 1, rows, weights: [Double]().span),
      ordered / count, relative: 1e-12)
  }

  @Test("the catalogue's names are unique and found")
  func catalogue() {
    #expect(Set(Catalogue.metrics.map(\.name)).count == Catalogue.metrics.count)
    for metric in Catalogue.metrics { #expect(Catalogue.metric(named: metric.name) != nil) }
    for entry in Catalogue.objectives {
      let objective = Catalogue.objective(named: entry.name, classes: 4)
      #expect(objective?.name == entry.name)
      #expect(objective?.rowDataNames == entry.rowDataNames)
    }
    #expect(Catalogue.objective(named: "nonsense") == nil)
  }
}
