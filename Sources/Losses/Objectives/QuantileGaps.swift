import RealModule

/// A leaf of non-crossing quantiles, as a function of the constant to add to one of their scores.
struct QuantileGaps {
  /// The score concerned: the first moves all quantiles, a further one those from its own on.
  private let score: Int
  /// The levels of the quantiles that it moves.
  private let levels: ArraySlice<Double>
  /// That score of each row; 0 for the first one.
  private var gaps: [Double] = []
  /// The residuals of those quantiles if the gap, or the first score's change, were 0, `[rows x
  /// levels]`.
  private var residuals: [Double] = []
  private var weights: [Double] = []

  /// The rows of a leaf with their current scores, and the score concerned.
  init(
    _ levels: [Double], _ scores: Span<Double>, _ rows: borrowing Rows, _ weights: Span<Double>,
    from score: Int
  ) {
    self.score = score
    self.levels = levels[score...]
    let width = levels.count
    for row in 0..<rows.count {
      var quantile = 0.0
      for k in 0..<width {
        let value = scores[row * width + k]
        if k == 0 { quantile = value } else if k != score { quantile += StableMath.softplus(value) }
        if k >= score { residuals.append(rows.targets[row] - quantile) }
      }
      gaps.append(score == 0 ? 0 : scores[row * width + score])
      self.weights.append(weights.isEmpty ? 1 : weights[row])
    }
  }

  /// The constant to add.
  var best: Double { score == 0 ? shift : gapChange }

  /// The minimiser of `sum(pinball_k(residual_k - c))`: its slope is the weight of the residuals
  /// below `c` less the sum of all levels.
  private var shift: Double {
    let counts = weights.flatMap { [Double](repeating: $0, count: levels.count) }
    let level = levels.reduce(0, +) / Double(levels.count)
    return weightedQuantile(residuals, weights: counts, level: level)
  }

  /// Loss and slope of the leaf where `change` is added to the gaps' scores.
  private func look(_ change: Double) -> (loss: Double, slope: Double) {
    var (loss, slope) = (0.0, 0.0)
    let width = levels.count
    for row in gaps.indices {
      let gap = StableMath.softplusAndSigmoid(gaps[row] + change)
      for (place, level) in levels.enumerated() {
        let residual = residuals[row * width + place] - gap.softplus
        loss += weights[row] * Pinball.loss(residual, level: level)
        slope += weights[row] * gap.sigmoid * Pinball.slope(residual, level: level)
      }
    }
    return (loss, slope)
  }

  /// Downhill from 0, in steps that double until the slope turns, then by halving the last one to a
  /// thousandth. Upwards the slope turns once the gaps pass all residuals; downwards the way ends
  /// where all gaps are below `exp(-8)`.
  private var gapChange: Double {
    let start = look(0)
    guard start.slope != 0 else { return 0 }
    let direction: Double = start.slope > 0 ? -1 : 1
    let limit = direction > 0 ? .infinity : (gaps.max() ?? 0) + 8
    guard limit > 0 else { return 0 }
    var (inner, outer) = (0.0, Double.minimum(0.25, limit))
    while outer < limit, look(direction * outer).slope * direction < 0 {
      inner = outer
      outer = Double.minimum(2 * outer, limit)
    }
    while outer - inner > 1e-3 * outer, outer > 1e-6 {
      let middle = (inner + outer) / 2
      if look(direction * middle).slope * direction < 0 { inner = middle } else { outer = middle }
    }
    // Steps may have passed over a rise of the loss; close enough to 0 it falls.
    while inner > 1e-9, look(direction * inner).loss > start.loss { inner /= 2 }
    return inner > 1e-9 ? direction * inner : 0
  }
}
