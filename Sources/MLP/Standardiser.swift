/// How a row of features becomes a row of inputs: standardised columns, then one column of 0 and 1
/// for each feature that had missing values in training.
struct Standardiser: Sendable, Hashable {
  /// Subtracted from each column, `[columns]`.
  let means: [Float]
  /// Multiplied with each column after that; 0 for a column that is constant in training.
  let scales: [Float]
  /// The inputs that stand for values that are missing or infinite, `[columns]`.
  let fills: [Float]
  /// Columns whose missing values get an input of their own, in increasing order.
  let indicators: [Int32]
  /// Inputs are limited to +-limit, so that one wild value cannot rule a batch.
  let limit: Float

  /// The number of inputs of a row.
  var inputCount: Int { means.count + indicators.count }

  init(means: [Float], scales: [Float], fills: [Float], indicators: [Int32], limit: Float) {
    self.means = means
    self.scales = scales
    self.fills = fills
    self.indicators = indicators
    self.limit = limit
  }

  /// Learns means and deviations of `features`, row-major `[rows x columns]`, from the rows at
  /// `order`, counting each by its weight (`weights` is empty if all weigh 1). O(rows x columns).
  init(
    features: [Float], columns: Int, order: [Int], weights: [Double], standardises: Bool,
    limit: Float
  ) {
    let statistics = Self.statistics(features, columns, order, weights)
    var means = [Float](repeating: 0, count: columns)
    var scales = [Float](repeating: 1, count: columns)
    var fills = means
    for column in 0..<columns {
      if standardises {
        means[column] = Float(statistics.means[column])
        let scale = Float(1 / statistics.deviations[column])
        let varies = statistics.smallest[column] < statistics.largest[column]
        scales[column] = varies && scale.isFinite ? scale : 0
      } else {
        fills[column] = Float(statistics.means[column])
      }
    }
    self.init(
      means: means, scales: scales, fills: fills,
      indicators: (0..<columns).filter { statistics.isPartlyMissing[$0] }.map(Int32.init),
      limit: standardises ? limit : .greatestFiniteMagnitude)
  }

  /// Writes the inputs of row `row` of `features` into `inputs`, `[inputCount]`.
  func apply(_ features: [Float], row: Int, into inputs: Floats) {
    let columns = means.count
    precondition(inputs.count == inputCount, "there is room for the inputs of one row")
    features.withUnsafeBufferPointer { features in
      let values = UnsafeBufferPointer(rebasing: features[row * columns..<(row + 1) * columns])
      Kernels.standardise(
        values, means: means, scales: scales, fills: fills, limit: limit,
        into: Floats(rebasing: inputs[..<columns]))
      for (place, column) in indicators.enumerated() {
        inputs[columns + place] = values[Int(column)].isFinite ? 0 : 1
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
