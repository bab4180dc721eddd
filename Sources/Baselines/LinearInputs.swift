public import Tabular

/// How features become the inputs of a linear model: standardized over the training rows, limited
/// to the range seen there, a missing value being the column's mean.
///
/// Columns that are constant or missing in every training row give no input.
public struct LinearInputs: Sendable, Hashable {
  /// The columns that give an input, increasing.
  public let columns: [Int]
  /// Subtracted from each value, `[columns]`.
  public let means: [Double]
  /// Multiplied with it after that, `[columns]`.
  public let scales: [Double]
  /// The smallest values that count, `[columns]`; smaller ones stand for these.
  public let lowest: [Double]
  /// The largest values that count, `[columns]`.
  public let highest: [Double]
  /// The inputs that stand for missing and infinite values, `[columns]`.
  public let fills: [Double]

  /// Inputs from their parts, all of one length.
  public init(
    columns: [Int], means: [Double], scales: [Double], lowest: [Double], highest: [Double],
    fills: [Double]
  ) {
    precondition(
      [means, scales, lowest, highest, fills].allSatisfy { $0.count == columns.count },
      "every input has a mean, a scale, a range and a fill")
    self.columns = columns
    self.means = means
    self.scales = scales
    self.lowest = lowest
    self.highest = highest
    self.fills = fills
  }

  /// No inputs, for a model that is constant.
  public static let none = LinearInputs(
    columns: [], means: [], scales: [], lowest: [], highest: [], fills: [])

  /// Weighted means and standard deviations of the columns of `table`. O(rows x columns).
  public init(standardizing table: Table) {
    let (rows, count) = (table.rowCount, table.columnCount)
    let weights = table.weights ?? []
    var totals = [Double](repeating: 0, count: count)
    var (sums, squares) = (totals, totals)
    var low = [Double](repeating: .infinity, count: count)
    var high = [Double](repeating: -.infinity, count: count)
    for row in 0..<rows {
      let weight = weights.isEmpty ? 1 : weights[row]
      guard weight > 0 else { continue }
      for column in 0..<count {
        let value = Double(table.features[row * count + column])
        guard value.isFinite else { continue }
        totals[column] += weight
        sums[column] += weight * value
        low[column] = min(low[column], value)
        high[column] = max(high[column], value)
      }
    }
    let means = zip(sums, totals).map { $1 > 0 ? $0 / $1 : 0 }
    for row in 0..<rows {
      let weight = weights.isEmpty ? 1 : weights[row]
      guard weight > 0 else { continue }
      for column in 0..<count {
        let value = Double(table.features[row * count + column])
        if value.isFinite {
          squares[column] += weight * (value - means[column]) * (value - means[column])
        }
      }
    }
    let deviations = zip(squares, totals).map { $1 > 0 ? ($0 / $1).squareRoot() : 0 }
    let kept = (0..<count).filter {
      low[$0] < high[$0] && deviations[$0] > 0 && (1 / deviations[$0]).isFinite
    }
    self.init(
      columns: kept, means: kept.map { means[$0] }, scales: kept.map { 1 / deviations[$0] },
      lowest: kept.map { low[$0] }, highest: kept.map { high[$0] },
      fills: [Double](repeating: 0, count: kept.count))
  }

  /// The number of inputs of a row.
  public var count: Int { columns.count }

  /// Input `place` of a row whose feature is `value`.
  @inline(__always)
  func input(_ place: Int, of value: Float) -> Double {
    let value = Double(value)
    guard value.isFinite else { return fills[place] }
    return (min(max(value, lowest[place]), highest[place]) - means[place]) * scales[place]
  }

  /// The inputs of every row of `table`, row-major `[rows x count]`. O(rows x count).
  func matrix(of table: Table) -> [Float] {
    var matrix: [Float] = []
    matrix.reserveCapacity(table.rowCount * count)
    for row in 0..<table.rowCount {
      for (place, column) in columns.enumerated() {
        matrix.append(Float(input(place, of: table.features[row * table.columnCount + column])))
      }
    }
    return matrix
  }
}
