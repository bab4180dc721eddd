import RealModule

extension LocationScaleObjective {
  /// The targets, or their logarithms if the density is theirs.
  private func described(_ rows: borrowing Rows) -> [Double] {
    [Double](capacity: rows.count) { values in
      for row in 0..<rows.count {
        values.append(describesLogarithm ? .log(rows.targets[row]) : rows.targets[row])
      }
    }
  }

  /// Median, mean distance from it, and weights.
  private func middle(
    _ values: [Double], _ weights: Span<Double>
  ) -> (location: Double, spread: Double) {
    let counts = [Double](capacity: weights.count) { copy in
      for row in weights.indices { copy.append(weights[row]) }
    }
    let median = weightedQuantile(values, weights: counts, level: 0.5)
    return (median, weightedMean(values.count, weights) { (values[$0] - median).magnitude })
  }

  /// Location and log scale that minimise the mean loss over constant scores, by Fisher scoring
  /// from the median and the mean distance from it; each step is halved until the loss falls. Where
  /// all targets are the same, the scale is 1.
  ///
  /// O(rows log rows), and O(rows) for each of usually ten to thirty steps.
  func scoringStart(_ rows: borrowing Rows, _ weights: Span<Double>) -> [Double] {
    let values = described(rows)
    let (median, spread) = middle(values, weights)
    guard spread > 0 else { return [median, 0] }
    // In units of the spread, so that steps do not depend on the target's unit.
    func look(_ m: Double, _ s: Double) -> (loss: Double, byLocation: Double, byScale: Double) {
      var sums = (loss: 0.0, byLocation: 0.0, byScale: 0.0)
      var total = 0.0
      for row in values.indices {
        let weight = weights.isEmpty ? 1 : weights[row]
        let z = ((values[row] - median) / spread - m) * .exp(-s)
        let rho = surprisal(z)
        sums.loss += weight * (s + rho.value)
        sums.byLocation -= weight * rho.first
        sums.byScale += weight * (1 - z * rho.first)
        total += weight
      }
      return (sums.loss / total, sums.byLocation / total, sums.byScale / total)
    }
    var (m, s) = (0.0, 0.0)
    var here = look(m, s)
    for _ in 0..<100 {
      let decrement =
        here.byLocation * here.byLocation / information.location
        + here.byScale * here.byScale / information.scale
      guard decrement > 1e-15 else { break }
      var damping = 1.0
      while damping > 1e-3 {
        // Two points far apart can make a heavy-tailed scale fall without end.
        let nextS = min(max(s - damping * here.byScale / information.scale, -15), 15)
        let nextM = m - damping * here.byLocation / information.location * .exp(s)
        let next = look(nextM, nextS)
        if next.loss < here.loss {
          (m, s, here) = (nextM, nextS, next)
          break
        }
        damping /= 2
      }
      guard damping > 1e-3 else { break }
    }
    return [median + spread * m, .log(spread) + s]
  }

  /// Mean and standard deviation, the minimum of a Gaussian likelihood.
  func momentStart(_ rows: borrowing Rows, _ weights: Span<Double>) -> [Double] {
    let values = described(rows)
    let mean = weightedMean(values.count, weights) { values[$0] }
    let variance = weightedMean(values.count, weights) {
      (values[$0] - mean) * (values[$0] - mean)
    }
    return [mean, variance > 0 ? .log(variance) / 2 : 0]
  }

  /// Median and mean distance from it, the minimum of a Laplace likelihood.
  func medianStart(_ rows: borrowing Rows, _ weights: Span<Double>) -> [Double] {
    let (median, spread) = middle(described(rows), weights)
    return [median, spread > 0 ? .log(spread) : 0]
  }
}
