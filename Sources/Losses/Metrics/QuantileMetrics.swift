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
          sum += Pinball.loss(rows.targets[row] - values[row * width + k], level: levels[k])
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

  /// ``coverage`` of the quantiles at `levels`, which it has for a goal: the level of a single one,
  /// the difference between the last and the first of several.
  public static func coverage(_ levels: [Double]) -> Metric {
    precondition(
      !levels.isEmpty && levels.allSatisfy { $0 > 0 && $0 < 1 }
        && zip(levels, levels.dropFirst()).allSatisfy(<),
      "levels of quantiles increase and lie between 0 and 1")
    let single = levels.count == 1
    // 0.9 - 0.1 is a little more than 0.8.
    let goal =
      single ? levels[0] : ((levels[levels.count - 1] - levels[0]) * 1e9).rounded() / 1e9
    let percent = "\((goal * 1e4).rounded() / 100)".replacing(/\.0$/, with: "")
    let title =
      single
      ? "Share up to the \(percent) % quantile" : "Coverage of the \(percent) % interval"
    return Metric(
      "coverage(\(list(levels)))", title: title, space: .prediction, direction: .higherIsBetter,
      valuesPerRow: levels.count
    ) { values, width, rows, weights in
      coverage.value(of: values, valuesPerRow: width, rows, weights: weights)
    }.aiming(at: goal)
  }

  /// Mean absolute error of the median among predicted quantiles at `levels`, one of which is 0.5,
  /// or of the only prediction of a row: what quantiles and a plain prediction can both be judged
  /// by. Twice the pinball loss at level 0.5.
  public static func medianError(_ levels: [Double]) -> Metric {
    guard let place = levels.firstIndex(of: 0.5) else {
      preconditionFailure("the median is one of the quantiles")
    }
    let count = levels.count
    return Metric(
      "median-mae(\(list(levels)))", title: "MAE of the median", space: .prediction
    ) { values, width, rows, weights in
      precondition(width == count || width == 1, "one prediction per level, or one per row")
      let column = width == 1 ? 0 : place
      return mean(rows: rows.count, weights: weights) { row in
        (values[row * width + column] - rows.targets[row]).magnitude
      }
    }
  }

  /// The levels in the name of a metric of quantiles, `pinball(0.1,0.9)`; nil if it is none.
  public var quantileLevels: [Double]? {
    guard let open = name.firstIndex(of: "("), name.hasSuffix(")"),
      ["pinball", "coverage", "median-mae"].contains(name[..<open])
    else { return nil }
    let inner = name[name.index(after: open)...].dropLast()
    let levels = inner.split(separator: ",").compactMap { Double($0) }
    return levels.isEmpty ? nil : levels
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
