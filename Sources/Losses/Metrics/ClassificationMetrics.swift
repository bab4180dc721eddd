import RealModule

extension Metric {
  /// Mean cross-entropy of the predicted probabilities, in nats.
  ///
  /// One value per row is the probability of class 1; several are one per class. Probabilities are
  /// kept `Double.ulpOfOne` away from 0, as scikit-learn does.
  public static var logLoss: Metric {
    Metric("log-loss", title: "Log loss", space: .prediction) { values, width, rows, weights in
      func log(_ p: Double) -> Double { .log(Double.maximum(p, .ulpOfOne)) }
      return mean(rows: rows.count, weights: weights) { row in
        let y = rows.targets[row]
        guard width == 1 else { return -log(values[row * width + Int(y)]) }
        return -(y * log(values[row]) + (1 - y) * log(1 - values[row]))
      }
    }
  }

  /// The share of rows whose most probable class is the target.
  public static var accuracy: Metric {
    Metric("accuracy", title: "Accuracy", space: .label, direction: .higherIsBetter) {
      values, _, rows, weights in
      mean(rows: rows.count, weights: weights) { values[$0] == rows.targets[$0] ? 1 : 0 }
    }
  }

  /// Area under the ROC curve for targets 0 and 1: the probability that a random positive row
  /// scores above a random negative one, ties counting half. O(rows log rows).
  public static var auc: Metric {
    Metric("auc", title: "AUC", space: .score, direction: .higherIsBetter, valuesPerRow: 1) {
      values, width, rows, weights in
      var order = Array(0..<rows.count)
      order.sort { values[$0] < values[$1] }
      var negativesBelow = 0.0
      var positives = 0.0
      var area = 0.0
      var start = 0
      while start < order.count {
        var end = start
        var tiedPositives = 0.0
        var tiedNegatives = 0.0
        while end < order.count, values[order[end]] == values[order[start]] {
          let row = order[end]
          let weight = weights.isEmpty ? 1 : weights[row]
          if rows.targets[row] > 0.5 { tiedPositives += weight } else { tiedNegatives += weight }
          end += 1
        }
        area += tiedPositives * (negativesBelow + tiedNegatives / 2)
        negativesBelow += tiedNegatives
        positives += tiedPositives
        // A NaN equals nothing: it is passed over alone.
        start = max(end, start + 1)
      }
      let pairs = positives * negativesBelow
      return pairs > 0 ? area / pairs : .nan
    }
  }
}
