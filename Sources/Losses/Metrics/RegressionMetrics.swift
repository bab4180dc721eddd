// Where a row has several predictions (a mean and a scale), the first one counts.
extension Metric {
  /// Root mean squared error, in the unit of the target.
  public static var rmse: Metric {
    Metric("rmse", title: "RMSE", space: .prediction) { values, width, rows, weights in
      mean(rows: rows.count, weights: weights) { row in
        let difference = values[row * width] - rows.targets[row]
        return difference * difference
      }.squareRoot()
    }
  }

  /// Mean absolute error, in the unit of the target.
  public static var mae: Metric {
    Metric("mae", title: "MAE", space: .prediction) { values, width, rows, weights in
      mean(rows: rows.count, weights: weights) { row in
        (values[row * width] - rows.targets[row]).magnitude
      }
    }
  }

  /// Mean squared normalised error: the mean of `((prediction - y) / size)^2`.
  public static var sne: Metric {
    Metric("sne", title: "SNE", space: .prediction, rowData: ["size"]) {
      values, width, rows, weights in
      meanSquaredNormalisedError(values, width, rows, weights)
    }
  }

  /// Root mean squared normalised error: the square root of ``sne``, in units of `size`.
  public static var rmsne: Metric {
    Metric("rmsne", title: "RMSNE", space: .prediction, rowData: ["size"]) {
      values, width, rows, weights in
      meanSquaredNormalisedError(values, width, rows, weights).squareRoot()
    }
  }

  /// Coefficient of determination, `1 - residual sum of squares / total sum of squares`.
  public static var r2: Metric {
    Metric("r2", title: "R²", space: .prediction, direction: .higherIsBetter) {
      values, width, rows, weights in
      let average = mean(rows: rows.count, weights: weights) { rows.targets[$0] }
      let total = mean(rows: rows.count, weights: weights) { row in
        (rows.targets[row] - average) * (rows.targets[row] - average)
      }
      let residual = mean(rows: rows.count, weights: weights) { row in
        let difference = values[row * width] - rows.targets[row]
        return difference * difference
      }
      return total > 0 ? 1 - residual / total : .nan
    }
  }

  private static func meanSquaredNormalisedError(
    _ values: Span<Double>, _ width: Int, _ rows: borrowing Rows, _ weights: Span<Double>
  ) -> Double {
    mean(rows: rows.count, weights: weights) { row in
      let ratio = (values[row * width] - rows.targets[row]) / rows.rowData[row * rows.rowDataCount]
      return ratio * ratio
    }
  }
}
