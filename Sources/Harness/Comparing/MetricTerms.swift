import Losses
import RealModule

/// A metric as a function of sums over rows, so that a resample needs only new sums.
///
/// Each row contributes a few terms; the metric is `finish` of their weighted sums. Resampling
/// whole groups then costs O(groups) instead of O(rows).
struct MetricTerms {
  /// `terms[k][row]`, the k-th term of each row, weight included.
  let terms: [[Double]]
  /// The metric from the sums of the terms.
  let finish: @Sendable ([Double]) -> Double

  /// The terms of a shipped metric; nil for AUC and metrics it does not know.
  ///
  /// - RMSE: `sqrt(sum(w e^2) / sum(w))`, MAE: `sum(w |e|) / sum(w)`, with `e = prediction - y`;
  ///   RMSNE and SNE: the same with `e / size`.
  /// - R2: `1 - sum(w e^2) / (sum(w z^2) - sum(w z)^2 / sum(w))`, with `z = y - mean(y)`.
  /// - Log loss and accuracy: `sum(w term) / sum(w)`.
  init?(
    metric: String, predictions: [Double], width: Int, targets: [Double], weights: [Double],
    sizes: [Double]
  ) {
    func weight(_ row: Int) -> Double { weights.isEmpty ? 1 : weights[row] }
    // Where a row has several predictions (a mean and a scale), the first one counts.
    func error(_ row: Int) -> Double { predictions[row * width] - targets[row] }
    // A row of weight 0 counts for nothing, though 0 times an infinite term would be NaN.
    func column(_ term: (Int) -> Double) -> [Double] {
      targets.indices.map { weight($0) == 0 ? 0 : weight($0) * term($0) }
    }
    func columns(_ term: (Int) -> Double) -> [[Double]] { [column(term), column { _ in 1 }] }
    let needsSize = metric == "sne" || metric == "rmsne"
    guard !needsSize || sizes.count == targets.count else { return nil }
    switch metric {
    case "rmse":
      terms = columns { error($0) * error($0) }
      finish = { ($0[0] / $0[1]).squareRoot() }
    case "mae":
      terms = columns { error($0).magnitude }
      finish = { $0[0] / $0[1] }
    case "sne":
      terms = columns { (error($0) / sizes[$0]) * (error($0) / sizes[$0]) }
      finish = { $0[0] / $0[1] }
    case "rmsne":
      terms = columns { (error($0) / sizes[$0]) * (error($0) / sizes[$0]) }
      finish = { ($0[0] / $0[1]).squareRoot() }
    case "r2":
      let centre = Statistics.mean(targets)
      terms =
        columns { error($0) * error($0) }
        + [
          column { targets[$0] - centre },
          column { (targets[$0] - centre) * (targets[$0] - centre) },
        ]
      finish = { sums in
        let total = sums[3] - sums[2] * sums[2] / sums[1]
        return total > 0 ? 1 - sums[0] / total : .nan
      }
    case "log-loss":
      func log(_ p: Double) -> Double { .log(Double.maximum(p, .ulpOfOne)) }
      terms = columns { row in
        guard width == 1 else { return -log(predictions[row * width + Int(targets[row])]) }
        let p = predictions[row]
        return -(targets[row] * log(p) + (1 - targets[row]) * log(1 - p))
      }
      finish = { $0[0] / $0[1] }
    case "accuracy":
      terms = columns { row in
        TestPredictions.label(of: predictions, width: width, row: row) == Int(targets[row]) ? 1 : 0
      }
      finish = { $0[0] / $0[1] }
    default:
      return nil
    }
  }
}
