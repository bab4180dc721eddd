/// The constant scores to start from, one per score of a row: a minimiser of the mean loss.
///
/// An objective that knows its start (``Objective/startingScores(_:weights:)``) or the best
/// constant of a leaf (``Objective/leafSolver``) is asked for it. Otherwise Newton steps on the
/// objective's own derivatives, so that an objective of yours starts where the shipped one with the
/// same arithmetic does. With one score they are kept between scores on either side of the minimum,
/// which is found without curvature, too. With several the step is halved until the Newton decrement
/// falls, which also tames a diagonal Hessian that understates the curvature (softmax). O(rows x
/// scoresPerRow) per step; squared errors need two, others rarely more than twenty.
///
/// - Parameters:
///   - weights: one non-negative weight per row; empty if every row weighs 1.
/// - Returns: `scoresPerRow` finite values; zeros where the derivatives lead nowhere.
public func initialScores(
  for objective: some Objective, _ rows: borrowing Rows, weights: Span<Double>
) -> [Double] {
  precondition(
    weights.isEmpty || weights.count == rows.count, "one weight per row, or none at all")
  let width = objective.scoresPerRow
  guard rows.count > 0 else { return [Double](repeating: 0, count: width) }
  if let start = objective.startingScores(rows, weights: weights) { return start }
  if let solver = objective.leafSolver {
    let zeros = [Double](repeating: 0, count: rows.count * width)
    return (0..<width).map { solver(zeros.span, rows, weights, $0) }
  }
  let first = firstScore(of: objective, rows, weights: weights)
  if width == 1 {
    let minimum = ScoreSearch.minimum(from: first) { score in
      summedDerivatives(of: objective, at: [score], rows, weights: weights)[0]
    }
    return [minimum]
  }
  var scores = [Double](repeating: first, count: width)
  var totals = summedDerivatives(of: objective, at: scores, rows, weights: weights)
  let startDecrement = decrement(totals)
  var damping = 1.0
  var remainingPasses = 200
  while remainingPasses > 0, decrement(totals) > 1e-24 * startDecrement {
    var trial = scores
    for k in 0..<width where totals[k].hessian > 0 {
      trial[k] -= damping * totals[k].gradient / totals[k].hessian
    }
    guard trial != scores, trial.allSatisfy(\.isFinite) else { break }
    let trialTotals = summedDerivatives(of: objective, at: trial, rows, weights: weights)
    remainingPasses -= 1
    let (before, after) = (decrement(totals), decrement(trialTotals))
    if after < before {
      scores = trial
      totals = trialTotals
      // A step cut short far from the minimum (exponential losses) lengthens again while the
      // decrement falls no faster than the Hessians promise; where they understate the curvature
      // it falls faster, and a longer step would overshoot.
      if damping < 1, after >= 0.9 * (1 - damping) * (1 - damping) * before { damping *= 2 }
    } else if damping > 0x1p-40 {
      damping /= 2
    } else {
      break
    }
  }
  return scores
}

/// Where the search begins: at 0, or where the loss is no number there, as `log(score)`, at the mean
/// target, 1 or 1/2.
private func firstScore(
  of objective: some Objective, _ rows: borrowing Rows, weights: Span<Double>
) -> Double {
  func isDefined(_ score: Double) -> Bool {
    let constant = [Double](repeating: score, count: objective.scoresPerRow)
    return summedDerivatives(of: objective, at: constant, rows, weights: weights)
      .allSatisfy { $0.gradient.isFinite && $0.hessian.isFinite }
  }
  let mean = weightedMean(rows.count, weights) { rows.targets[$0] }
  for score in [0, mean, 1, 0.5] where isDefined(score) { return score }
  return 0
}

/// `sum(g^2 / h)`: twice the decrease a full Newton step promises.
private func decrement(_ totals: [ScoreSearch.Sums]) -> Double {
  totals.reduce(0) { $0 + ($1.hessian > 0 ? $1.gradient * $1.gradient / $1.hessian : 0) }
}

/// Weighted sums of the derivatives over all rows when every row has the same scores.
private func summedDerivatives(
  of objective: some Objective, at constant: [Double], _ rows: borrowing Rows,
  weights: Span<Double>
) -> [ScoreSearch.Sums] {
  let width = constant.count
  let blockRows = objective.reach == .row ? min(rows.count, 4096) : rows.count
  var scores: [Double] = []
  scores.reserveCapacity(blockRows * width)
  for _ in 0..<blockRows { scores.append(contentsOf: constant) }
  var gradients = [Double](repeating: 0, count: blockRows * width)
  var hessians = gradients
  var totals = [ScoreSearch.Sums](
    repeating: .init(gradient: 0, hessian: 0, magnitude: 0), count: width)
  var start = 0
  while start < rows.count {
    let count = min(blockRows, rows.count - start)
    if count < blockRows {
      gradients.removeLast(gradients.count - count * width)
      hessians.removeLast(hessians.count - count * width)
    }
    var g = gradients.mutableSpan
    var h = hessians.mutableSpan
    objective.derivatives(
      at: scores.span.extracting(0..<count * width), rows.extracting(start..<start + count),
      gradients: &g, hessians: &h)
    for row in 0..<count {
      let weight = weights.isEmpty ? 1 : weights[start + row]
      // A row of weight 0 has no say, whatever its derivatives are.
      guard weight > 0 else { continue }
      for k in 0..<width {
        totals[k].gradient += weight * g[row * width + k]
        totals[k].magnitude += weight * g[row * width + k].magnitude
        totals[k].hessian += weight * h[row * width + k]
      }
    }
    start += count
  }
  return totals
}
