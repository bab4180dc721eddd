/// How a row of features becomes a row of inputs: standardized columns, then one column of 0 and 1
/// for each feature that had missing values in training.
///
/// Columns that are constant or missing everywhere in training say nothing and give no input.
struct Standardizer: Sendable, Hashable {
  /// Columns of features of a row.
  let columnCount: Int
  /// The columns that give an input, in increasing order.
  let columns: [Int32]
  /// Subtracted from the value of each input, `[columns]`.
  let means: [Float]
  /// Multiplied with it after that, `[columns]`.
  let scales: [Float]
  /// The inputs that stand for values that are missing or infinite, `[columns]`.
  let fills: [Float]
  /// Columns whose missing values get an input of their own, in increasing order.
  let indicators: [Int32]
  /// Inputs are limited to +-limit, so that one wild value cannot rule a batch.
  let limit: Float
  /// Neighbouring columns that give neighbouring inputs.
  private let runs: [Run]

  private struct Run: Hashable {
    var column: Int
    var input: Int
    var count: Int
  }

  /// The number of inputs of a row.
  var inputCount: Int { columns.count + indicators.count }

  init(
    columnCount: Int, columns: [Int32], means: [Float], scales: [Float], fills: [Float],
    indicators: [Int32], limit: Float
  ) {
    self.columnCount = columnCount
    self.columns = columns
    self.means = means
    self.scales = scales
    self.fills = fills
    self.indicators = indicators
    self.limit = limit
    var runs: [Run] = []
    for (input, column) in columns.enumerated() {
      if let last = runs.last, last.column + last.count == Int(column) {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(Run(column: Int(column), input: input, count: 1))
      }
    }
    self.runs = runs
  }

  /// Learns means and deviations of `features`, row-major `[rows x columns]`, from the rows at
  /// `order`, counting each by its weight (`weights` is empty if all weigh 1). O(rows x columns).
  init(
    features: [Float], columns count: Int, order: [Int], weights: [Double], standardizes: Bool,
    limit: Float
  ) {
    let statistics = Self.statistics(features, count, order, weights)
    var columns: [Int32] = []
    var (means, scales, fills) = ([Float](), [Float](), [Float]())
    for column in 0..<count {
      let scale = Float(1 / statistics.deviations[column])
      guard statistics.smallest[column] < statistics.largest[column], scale.isFinite else {
        continue
      }
      let mean = Float(statistics.means[column])
      columns.append(Int32(column))
      means.append(standardizes ? mean : 0)
      scales.append(standardizes ? scale : 1)
      fills.append(standardizes ? 0 : mean)
    }
    self.init(
      columnCount: count, columns: columns, means: means, scales: scales, fills: fills,
      indicators: (0..<count).filter { statistics.isPartlyMissing[$0] }.map(Int32.init),
      limit: standardizes ? limit : .greatestFiniteMagnitude)
  }

  /// Writes the inputs of row `row` of `features` into `inputs`, `[inputCount]`.
  func apply(_ features: [Float], row: Int, into inputs: Floats) {
    precondition(inputs.count == inputCount, "there is room for the inputs of one row")
    features.withUnsafeBufferPointer { features in
      let values = UnsafeBufferPointer(
        rebasing: features[row * columnCount..<(row + 1) * columnCount])
      for run in runs {
        Kernels.standardize(
          UnsafeBufferPointer(rebasing: values[run.column..<run.column + run.count]),
          means: means, scales: scales, fills: fills, from: run.input, limit: limit,
          into: Floats(rebasing: inputs[run.input..<run.input + run.count]))
      }
      for (place, column) in indicators.enumerated() {
        inputs[columns.count + place] = values[Int(column)].isFinite ? 0 : 1
      }
    }
  }

  private struct Statistics {
    var means: [Double]
    var deviations: [Double]
    var smallest: [Float]
    var largest: [Float]
    var isPartlyMissing: [Bool]
  }

  private static func statistics(
    _ features: [Float], _ columns: Int, _ order: [Int], _ weights: [Double]
  ) -> Statistics {
    var sums = [Double](repeating: 0, count: columns)
    var totals = sums
    var squares = sums
    var smallest = [Float](repeating: .infinity, count: columns)
    var largest = [Float](repeating: -.infinity, count: columns)
    func forEachRow(_ body: (UnsafeBufferPointer<Float>, Double) -> Void) {
      features.withUnsafeBufferPointer { features in
        for row in order {
          body(
            UnsafeBufferPointer(rebasing: features[row * columns..<(row + 1) * columns]),
            weights.isEmpty ? 1 : weights[row])
        }
      }
    }
    sums.withUnsafeMutableBufferPointer { sums in
      totals.withUnsafeMutableBufferPointer { totals in
        smallest.withUnsafeMutableBufferPointer { smallest in
          largest.withUnsafeMutableBufferPointer { largest in
            forEachRow { row, weight in
              Kernels.addRow(
                row, weight: weight, sums: sums, weights: totals, smallest: smallest,
                largest: largest)
            }
          }
        }
      }
    }
    var means = zip(sums, totals).map { $1 > 0 ? $0 / $1 : 0 }
    means.withUnsafeMutableBufferPointer { means in
      squares.withUnsafeMutableBufferPointer { squares in
        forEachRow { row, weight in
          Kernels.addSquares(of: row, weight: weight, from: means, to: squares)
        }
      }
    }
    var isMissing = [Bool](repeating: false, count: columns)
    forEachRow { row, _ in
      for column in 0..<columns where !row[column].isFinite { isMissing[column] = true }
    }
    return Statistics(
      means: means,
      deviations: zip(squares, totals).map { $1 > 0 ? ($0 / $1).squareRoot() : 0 },
      smallest: smallest, largest: largest,
      // A column that is missing everywhere says nothing, and neither would its indicator.
      isPartlyMissing: (0..<columns).map { isMissing[$0] && totals[$0] > 0 })
  }
}
