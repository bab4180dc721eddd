import OrderedCollections
import Learning
import Losses
public import Tabular

/// Resamples test rows to tell how far a difference between two models could be chance.
///
/// A resample draws as many units as there are, with replacement; a row counts as often as its unit
/// was drawn. All models are judged on the same resamples, so their differences are paired:
///
///     difference_r = mean over seeds(metric(a, resample r)) - mean over seeds(metric(b, resample r))
///
/// and the 95 % interval runs from the 0.025 to the 0.975 quantile of `difference_r` (percentile
/// bootstrap; Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13). With
/// several seeds each resample also draws seeds with replacement, the same ones for both models.
///
/// Units are groups if rows have them: rows of one system are alike and count as one draw. Without
/// groups they are rows, or blocks of consecutive rows if there are more than ``mostUnits``
/// (Kunsch, "The jackknife and the bootstrap for general stationary observations", 1989).
public struct PairedBootstrap: Sendable {
  /// What is drawn.
  public enum Unit: String, Sendable, Hashable, Codable {
    /// Whole groups.
    case groups
    /// Single rows.
    case rows
    /// Blocks of consecutive rows.
    case blocks
    /// Nothing: folds are compared with each other, by a t test.
    case folds
  }

  /// The most units drawn when rows have no groups.
  public static let mostUnits = 20_000
  /// With fewer units than this an interval would promise too much, and none is given.
  public static let fewestUnits = 5

  /// What is drawn.
  public let unit: Unit
  /// How many there are.
  public let unitCount: Int
  /// Resamples.
  public let resamples: Int
  private let rows: [Int]
  private let unitOfRow: [Int]
  private let seed: UInt64

  /// Prepares to resample some rows of a test table.
  ///
  /// - Parameters:
  ///   - rows: indices of the rows; nil for all.
  ///   - resamples: how many; 1000 give the ends of a 95 % interval to about a tenth of its width.
  public init(_ test: Table, rows: [Int]? = nil, resamples: Int = 1000, seed: UInt64 = 0) {
    precondition(resamples > 0, "a bootstrap needs at least one resample")
    let rows = rows ?? Array(0..<test.rowCount)
    self.rows = rows
    self.resamples = resamples
    self.seed = seed
    if let groups = test.groups {
      var places: [Int: Int] = [:]
      unitOfRow = rows.map { row in
        let place = places[groups[row]] ?? places.count
        places[groups[row]] = place
        return place
      }
      unitCount = places.count
      unit = .groups
    } else {
      let length = max(1, (rows.count + Self.mostUnits - 1) / Self.mostUnits)
      unitOfRow = rows.indices.map { $0 / length }
      unitCount = (rows.count + length - 1) / length
      unit = length == 1 ? .rows : .blocks
    }
  }

  /// The metric of each trial on the rows themselves, and on each resample.
  struct Scores {
    /// `[trials]`.
    var observed: [Double] = []
    /// `[trials][resamples]`; empty arrays if there are too few units.
    var resampled: [[Double]] = []
  }

  /// Computes `metric` for every trial on the same resamples. O(resamples x units x trials) for
  /// metrics that are made of sums over rows or means over groups, O(resamples x rows x trials) for
  /// others, such as AUC.
  func scores(
    of metric: Metric, trials: [TestPredictions.Trial], on test: Table
  ) throws(LearningError) -> Scores {
    let selected = rows.count == test.rowCount ? test : test.subset(rows)
    let gathered = try ObjectiveRows(
      selected, rowDataNames: metric.rowDataNames, neededBy: metric.name)
    let sizes = selected.rowData["size"] ?? []
    var result = Scores()
    var pieces: [Piece] = []
    for trial in trials {
      let values = trial.values(in: metric.space, rows: rows)
      let width = metric.space == .label ? 1 : trial.width
      let observed = metric.value(
        of: values.span, valuesPerRow: width, gathered.rows, weights: gathered.weights.span)
      result.observed.append(observed)
      let terms = MetricTerms(
        metric: metric.name, predictions: trial.values(in: .prediction, rows: rows),
        width: trial.width, targets: gathered.targets, weights: gathered.weights, sizes: sizes)
      pieces.append(
        piece(terms, metric, gathered, observed: observed, values: values, width: width))
    }
    result.resampled = [[Double]](repeating: [], count: trials.count)
    guard unitCount >= Self.fewestUnits else { return result }
    var counts = [Int](repeating: 0, count: unitCount)
    for resample in 0..<resamples {
      var generator = RandomGenerator(seed: seed, stream: UInt64(resample))
      for unit in counts.indices { counts[unit] = 0 }
      for _ in 0..<unitCount { counts[generator.index(below: unitCount)] += 1 }
      for (index, piece) in pieces.enumerated() {
        result.resampled[index].append(value(of: piece, counts, metric, gathered))
      }
    }
    return result
  }

  /// How one trial's metric is computed on a resample.
  private enum Piece {
    /// From sums per unit, `sums[term][unit]`.
    case sums([[Double]], @Sendable ([Double]) -> Double)
    /// From all rows, weighted by how often they were drawn.
    case rows([Double], width: Int)
  }

  private func piece(
    _ terms: MetricTerms?, _ metric: Metric, _ gathered: ObjectiveRows, observed: Double,
    values: [Double], width: Int
  ) -> Piece {
    guard let terms else {
      return meanPiece(metric, gathered, observed: observed, values: values, width: width)
    }
    let sums = terms.terms.map { column in
      var sums = [Double](repeating: 0, count: unitCount)
      for (row, value) in column.enumerated() { sums[unitOfRow[row]] += value }
      return sums
    }
    // A metric of the user's own may bear a shipped one's name: then the sums do not give its value.
    let again = terms.finish(sums.map { $0.reduce(0, +) })
    guard (again - observed).magnitude <= 1e-9 * max(1, observed.magnitude) else {
      return .rows(values, width: width)
    }
    return .sums(sums, terms.finish)
  }

  /// The sums of a metric that is the weighted mean of its values on single rows, or the mean of its
  /// values on single groups where groups are drawn; all rows for any other.
  private func meanPiece(
    _ metric: Metric, _ gathered: ObjectiveRows, observed: Double, values: [Double], width: Int
  ) -> Piece {
    func value(_ range: Range<Int>) -> Double {
      metric.value(
        of: values.span.extracting(range.lowerBound * width..<range.upperBound * width),
        valuesPerRow: width, gathered.rows.extracting(range),
        weights: gathered.weights.isEmpty
          ? gathered.weights.span : gathered.weights.span.extracting(range))
    }
    func isMean(_ sums: [[Double]]) -> Bool {
      let mean = sums[0].reduce(0, +) / sums[1].reduce(0, +)
      return (mean - observed).magnitude <= 1e-9 * max(1, observed.magnitude)
    }
    let finish: @Sendable ([Double]) -> Double = { $0[0] / $0[1] }
    var sums = [[Double]](repeating: [Double](repeating: 0, count: unitCount), count: 2)
    for row in unitOfRow.indices {
      let weight = gathered.weights.isEmpty ? 1 : gathered.weights[row]
      guard weight > 0 else { continue }
      sums[0][unitOfRow[row]] += weight * value(row..<row + 1)
      sums[1][unitOfRow[row]] += weight
    }
    if isMean(sums) { return .sums(sums, finish) }
    guard unit == .groups, let ranges = unitRanges else { return .rows(values, width: width) }
    sums = [ranges.map(value), [Double](repeating: 1, count: unitCount)]
    return isMean(sums) ? .sums(sums, finish) : .rows(values, width: width)
  }

  /// The rows of each unit, if they stand together.
  private var unitRanges: [Range<Int>]? {
    var ranges: [Range<Int>] = []
    for (row, unit) in unitOfRow.enumerated() {
      if unit == ranges.count {
        ranges.append(row..<row + 1)
      } else if unit == ranges.count - 1 {
        ranges[unit] = ranges[unit].lowerBound..<row + 1
      } else {
        return nil
      }
    }
    return ranges
  }

  private func value(
    of piece: Piece, _ counts: [Int], _ metric: Metric, _ gathered: ObjectiveRows
  ) -> Double {
    switch piece {
    case .sums(let sums, let finish):
      return finish(
        sums.map { column in
          var sum = 0.0
          // What was not drawn counts for nothing, though 0 times infinity would be NaN.
          for unit in counts.indices where counts[unit] > 0 {
            sum += Double(counts[unit]) * column[unit]
          }
          return sum
        })
    case .rows(let values, let width):
      let weights = unitOfRow.indices.map { row in
        Double(counts[unitOfRow[row]]) * (gathered.weights.isEmpty ? 1 : gathered.weights[row])
      }
      return metric.value(
        of: values.span, valuesPerRow: width, gathered.rows, weights: weights.span)
    }
  }

  /// What resampling says of one difference.
  struct Outcome {
    /// `a - b`.
    var difference: Interval
    /// `(a - b) / |b|`.
    var relative: Interval
    /// Twice the share of resamples on the rarer side of 0, both counted one more than they are, at
    /// most 1; NaN without resamples. Resamples of exactly 0 count on both sides.
    var pValue: Double
  }

  /// The intervals of `a - b` and `(a - b) / |b|`, given each side's trials, paired by seed.
  func intervals(_ scores: Scores, a: [Int], b: [Int]) -> Outcome {
    precondition(a.count == b.count && !a.isEmpty, "trials are paired by seed")
    func mean(_ trials: [Int], _ value: (Int) -> Double) -> Double {
      Statistics.mean(trials.map(value))
    }
    func ratio(_ a: Double, _ b: Double) -> Double { b == 0 ? .nan : (a - b) / b.magnitude }
    let observedA = mean(a) { scores.observed[$0] }
    let observedB = mean(b) { scores.observed[$0] }
    var differences: [Double] = []
    var ratios: [Double] = []
    let count = scores.resampled[a[0]].count
    for resample in 0..<count {
      var generator = RandomGenerator(seed: ~seed, stream: UInt64(resample))
      let drawn = a.indices.map { a.count == 1 ? $0 : generator.index(below: a.count) }
      let valueA = mean(drawn) { scores.resampled[a[$0]][resample] }
      let valueB = mean(drawn) { scores.resampled[b[$0]][resample] }
      differences.append(valueA - valueB)
      ratios.append(ratio(valueA, valueB))
    }
    func interval(_ value: Double, _ values: [Double]) -> Interval {
      Interval(
        value: value, low: Statistics.quantile(values, 0.025),
        high: Statistics.quantile(values, 0.975))
    }
    return Outcome(
      difference: interval(observedA - observedB, differences),
      relative: interval(ratio(observedA, observedB), ratios), pValue: Self.pValue(differences))
  }

  /// The two-sided p-value of resampled differences; see ``Outcome/pValue``.
  static func pValue(_ differences: [Double]) -> Double {
    guard !differences.isEmpty, differences.allSatisfy({ !$0.isNaN }) else { return .nan }
    let below = differences.count { $0 <= 0 }
    let above = differences.count { $0 >= 0 }
    return min(1, 2 * Double(min(below, above) + 1) / Double(differences.count + 1))
  }
}
