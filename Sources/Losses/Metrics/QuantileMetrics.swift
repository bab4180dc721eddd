extension Metric {
  /// Mean pinball loss of predicted quantiles, averaged over `levels`, one prediction per level.
  public static func pinball(_ levels: [Double]) -> Metric {
    let text = list(levels)
    return Metric(
      "pinball(\(text))", title: "Pinball loss at \(text)", space: .prediction,
      valuesPerRow: levels.count
    ) { values, width, rows, weights in
      return mean(rows: rows.count, weights: weights) { row in
        var sum = 0.0
        for k in 0..<width {
          sum += Quantile.loss(rows.targets[row] - values[row * width + k], level: levels[k])
        }
        return sum / Double(width)
      }
    }
  }

  /// The share of targets up to the prediction, with one prediction per row: near the level of a
  /// quantile. With several, the share of targets from the first to the last prediction: near the
  /// difference of their levels.
  public static var coverage: Metric {
    Metric("coverage", title: "Coverage", space: .prediction, direction: .higherIsBetter) {
      values, width, rows, weights in
      mean(rows: rows.count, weights: weights) { row in
        let y = rows.targets[row]
        let isAbove = width == 1 || y >= values[row * width]
        return isAbove && y <= values[(row + 1) * width - 1] ? 1 : 0
      }
    }
  }

  /// The share of rows with a predicted quantile below that of a lower level; 0 for one level.
  public static var crossingRate: Metric {
    Metric("crossing-rate", title: "Crossing quantiles", space: .prediction) {
      values, width, rows, weights in
      mean(rows: rows.count, weights: weights) { row in
        for index in row * width..<(row + 1) * width - 1 where values[index + 1] < values[index] {
          return 1
        }
        return 0
      }
    }
  }

  /// Numbers as they stand in a name: `0.1,0.5`.
  static func list(_ numbers: [Double]) -> String {
    numbers.map { "\($0)" }.joined(separator: ",")
  }
}
