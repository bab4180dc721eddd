import RealModule

extension Metric {
  /// Mean absolute percentage error, `mean(|prediction - y| / |y|)`; 0.1 means ten percent.
  /// NaN if a target that counts is 0: there is no percentage of nothing.
  public static var mape: Metric {
    Metric("mape", title: "MAPE", space: .prediction) { values, width, rows, weights in
      mean(rows: rows.count, weights: weights) { row in
        let y = rows.targets[row]
        return y == 0 ? .nan : (values[row * width] - y).magnitude / y.magnitude
      }
    }.remarking { rows, weights in
      let zeros = zeroTargets(rows, weights)
      return zeros == 0
        ? nil
        : "MAPE is undefined: the target is 0 in \(zeros) of \(rows.count) rows, and it divides by "
          + "the target."
    }
  }

  /// Rows that count whose target is 0.
  private static func zeroTargets(_ rows: borrowing Rows, _ weights: Span<Double>) -> Int {
    var count = 0
    for row in 0..<rows.count where rows.targets[row] == 0 {
      if weights.isEmpty || weights[row] > 0 { count += 1 }
    }
    return count
  }

  /// Symmetric mean absolute percentage error, `mean(2 |prediction - y| / (|prediction| + |y|))`,
  /// between 0 and 2; 0 where both are 0.
  public static var smape: Metric {
    Metric("smape", title: "sMAPE", space: .prediction) { values, width, rows, weights in
      mean(rows: rows.count, weights: weights) { row in
        let (p, y) = (values[row * width], rows.targets[row])
        let sum = p.magnitude + y.magnitude
        return sum == 0 ? 0 : 2 * (p - y).magnitude / sum
      }
    }.remarking { rows, weights in
      let zeros = zeroTargets(rows, weights)
      return zeros == 0
        ? nil
        : "sMAPE says little here: in the \(zeros) of \(rows.count) rows whose target is 0 it is 2 "
          + "for every prediction but 0 itself."
    }
  }

  /// Root mean squared logarithmic error, of `log(1 + prediction)` against `log(1 + y)`.
  public static var rmsle: Metric {
    Metric("rmsle", title: "RMSLE", space: .prediction) { values, width, rows, weights in
      mean(rows: rows.count, weights: weights) { row in
        let difference =
          Double.log(onePlus: values[row * width]) - .log(onePlus: rows.targets[row])
        return difference * difference
      }.squareRoot()
    }
  }

  /// Median of the absolute errors, in the unit of the target; with weights the weighted median.
  /// O(rows log rows).
  public static var medianAbsoluteError: Metric {
    Metric("median-absolute-error", title: "Median absolute error", space: .prediction) {
      values, width, rows, weights in
      var errors: [Double] = []
      var counts: [Double] = []
      for row in 0..<rows.count where weights.isEmpty || weights[row] > 0 {
        errors.append((values[row * width] - rows.targets[row]).magnitude)
        if !weights.isEmpty { counts.append(weights[row]) }
      }
      return weightedQuantile(errors, weights: counts, level: 0.5)
    }
  }

  /// The largest absolute error, in the unit of the target; rows of weight 0 do not count.
  public static var maxError: Metric {
    Metric("max-error", title: "Largest error", space: .prediction) {
      values, width, rows, weights in
      var largest = 0.0
      for row in 0..<rows.count where weights.isEmpty || weights[row] > 0 {
        let error = (values[row * width] - rows.targets[row]).magnitude
        if error.isNaN { return .nan }
        largest = max(largest, error)
      }
      return largest
    }
  }

  /// Mean Poisson deviance, `2 mean(y log(y / prediction) - y + prediction)`.
  public static var poissonDeviance: Metric {
    deviance("poisson-deviance", "Poisson deviance", poissonDeviance)
  }

  /// Mean gamma deviance, `2 mean(log(prediction / y) + y / prediction - 1)`; positive targets.
  public static var gammaDeviance: Metric {
    deviance("gamma-deviance", "Gamma deviance", gammaDeviance)
  }

  /// Mean Tweedie deviance of a power between 1 and 2.
  public static func tweedieDeviance(power: Double) -> Metric {
    precondition(power > 1 && power < 2, "Tweedie's power lies between 1 and 2")
    return deviance("tweedie-deviance(\(power))", "Tweedie deviance, power \(power)") {
      tweedieDeviance($0, $1, power: power)
    }
  }

  /// The share of the Poisson deviance of a constant prediction that the predictions explain.
  public static var explainedPoissonDeviance: Metric {
    explained("explained-poisson-deviance", "Explained Poisson deviance", poissonDeviance)
  }

  /// The share of the gamma deviance of a constant prediction that the predictions explain.
  public static var explainedGammaDeviance: Metric {
    explained("explained-gamma-deviance", "Explained gamma deviance", gammaDeviance)
  }

  /// The share of the Tweedie deviance of a constant prediction that the predictions explain.
  public static func explainedTweedieDeviance(power: Double) -> Metric {
    precondition(power > 1 && power < 2, "Tweedie's power lies between 1 and 2")
    return explained(
      "explained-tweedie-deviance(\(power))", "Explained Tweedie deviance, power \(power)"
    ) { tweedieDeviance($0, $1, power: power) }
  }

  /// The deviance of one row, from target and prediction.
  private typealias UnitDeviance = @Sendable (_ y: Double, _ prediction: Double) -> Double

  private static func poissonDeviance(_ y: Double, _ p: Double) -> Double {
    2 * ((y == 0 ? 0 : y * .log(y / p)) - y + p)
  }

  private static func gammaDeviance(_ y: Double, _ p: Double) -> Double {
    2 * (.log(p / y) + y / p - 1)
  }

  private static func tweedieDeviance(_ y: Double, _ p: Double, power: Double) -> Double {
    let (a, b) = (2 - power, 1 - power)
    return 2 * (.pow(y, a) / (a * b) - y * .pow(p, b) / b + .pow(p, a) / a)
  }

  private static func deviance(
    _ name: String, _ title: String, _ deviance: @escaping UnitDeviance
  ) -> Metric {
    Metric(name, title: title, space: .prediction) { values, width, rows, weights in
      mean(rows: rows.count, weights: weights) {
        deviance(rows.targets[$0], values[$0 * width])
      }
    }
  }

  private static func explained(
    _ name: String, _ title: String, _ deviance: @escaping UnitDeviance
  ) -> Metric {
    Metric(name, title: title, space: .prediction, direction: .higherIsBetter) {
      values, width, rows, weights in
      let average = mean(rows: rows.count, weights: weights) { rows.targets[$0] }
      let total = mean(rows: rows.count, weights: weights) { deviance(rows.targets[$0], average) }
      let rest = mean(rows: rows.count, weights: weights) {
        deviance(rows.targets[$0], values[$0 * width])
      }
      return total > 0 ? 1 - rest / total : .nan
    }
  }
}
