extension Metric {
  /// Brier score: mean squared error of the predicted probabilities. One value per row is the
  /// probability of class 1; for several, one per class, squares are summed over the classes.
  public static var brier: Metric {
    Metric("brier", title: "Brier score", space: .prediction) { values, width, rows, weights in
      mean(rows: rows.count, weights: weights) { row in
        let y = rows.targets[row]
        guard width > 1 else { return (values[row] - y) * (values[row] - y) }
        var sum = 0.0
        for k in 0..<width {
          let difference = values[row * width + k] - (y == Double(k) ? 1 : 0)
          sum += difference * difference
        }
        return sum
      }
    }
  }

  /// Area under the precision-recall curve for targets 0 and 1, as average precision: the sum over
  /// thresholds of precision times gain in recall, without interpolation. O(rows log rows).
  public static var averagePrecision: Metric {
    Metric("pr-auc", title: "PR-AUC", space: .score, direction: .higherIsBetter, valuesPerRow: 1) {
      values, width, rows, weights in
      let order = (0..<rows.count).sorted {
        values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1]
      }
      var (right, called, sum) = (0.0, 0.0, 0.0)
      var place = 0
      while place < order.count {
        let before = right
        let threshold = values[order[place]]
        repeat {
          let row = order[place]
          let weight = weights.isEmpty ? 1 : weights[row]
          called += weight
          if rows.targets[row] > 0.5 { right += weight }
          place += 1
        } while place < order.count && values[order[place]] == threshold
        if called > 0 { sum += (right - before) * right / called }
      }
      return right > 0 ? sum / right : .nan
    }
  }

  /// The share of rows whose target is among the `count` classes of the largest scores; of equal
  /// scores the lower class counts as smaller, as in scikit-learn.
  public static func top(_ count: Int) -> Metric {
    precondition(count > 0, "at least the first class must count")
    return Metric(
      "top(\(count))", title: "Top-\(count) accuracy", space: .score, direction: .higherIsBetter
    ) { values, width, rows, weights in
      mean(rows: rows.count, weights: weights) { row in
        let own = Int(rows.targets[row])
        let start = row * width
        var ahead = 0
        for k in 0..<width where k != own {
          let (other, score) = (values[start + k], values[start + own])
          if other > score || (other == score && k > own) { ahead += 1 }
        }
        return ahead < count ? 1 : 0
      }
    }
  }

  /// Expected calibration error over `bins` bins of equal mass: rows are sorted by confidence and
  /// cut into bins of as nearly equal numbers of rows as can be; the mean over rows of their bin's
  /// `|share right - mean confidence|`.
  ///
  /// With one probability per row, confidence is the probability of class 1 and right means target
  /// 1; with several, confidence is the largest of them and right means that it is the target's.
  /// Rows of equal confidence stand in their own order; rows of weight 0 are left out. Nixon et al., "Measuring Calibration in
  /// Deep Learning", CVPR workshops 2019. O(rows log rows).
  public static func calibrationError(bins: Int = 10) -> Metric {
    precondition(bins > 0, "the calibration error needs at least one bin")
    return Metric("ece(\(bins))", title: "Calibration error, \(bins) bins", space: .prediction) {
      values, width, rows, weights in
      let outcomes = (0..<rows.count).map { row -> (confidence: Double, isRight: Double) in
        guard width > 1 else { return (values[row], rows.targets[row]) }
        var best = 0
        for k in 1..<width where values[row * width + k] > values[row * width + best] { best = k }
        return (values[row * width + best], rows.targets[row] == Double(best) ? 1 : 0)
      }
      let counted = outcomes.indices.filter { weights.isEmpty || weights[$0] > 0 }
      let order = counted.sorted {
        let (a, b) = (outcomes[$0].confidence, outcomes[$1].confidence)
        return a == b ? $0 < $1 : a < b
      }
      var (sum, total) = (0.0, 0.0)
      for bin in 0..<bins {
        let places = bin * order.count / bins..<(bin + 1) * order.count / bins
        var gap = 0.0
        for row in order[places] {
          let weight = weights.isEmpty ? 1 : weights[row]
          gap += weight * (outcomes[row].isRight - outcomes[row].confidence)
          total += weight
        }
        sum += gap.magnitude
      }
      return sum / total
    }
  }
}
