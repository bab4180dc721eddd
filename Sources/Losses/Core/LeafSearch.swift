/// The best constant of a leaf for any loss, from gradients alone: where their weighted sum changes
/// its sign, by bisection; the middle, if that is a whole interval.
///
/// It needs no curvature, so it suits losses of straight lines, whose second derivative is 0. Of a
/// convex loss it finds the minimum to about 14 digits, of others one that is reached downhill from 0.
/// O(rows) for each of about a hundred evaluations.
enum LeafSearch {
  /// The leaf solver of `objective`, whose rows stand alone.
  static func solver(for objective: some Objective) -> LeafSolver {
    { scores, rows, weights, score in
      let width = objective.scoresPerRow
      var moved = [Double](capacity: scores.count) { copy in
        for index in scores.indices { copy.append(scores[index]) }
      }
      var gradients = moved
      var hessians = moved
      var unit = 0.0
      for row in 0..<rows.count {
        let distance = (rows.targets[row] - scores[row * width + score]).magnitude
        unit += distance / Double(rows.count)
      }
      var zero = SignChange(unit: unit)
      while let constant = zero.next {
        for row in 0..<rows.count {
          moved[row * width + score] = scores[row * width + score] + constant
        }
        var g = gradients.mutableSpan
        var h = hessians.mutableSpan
        objective.derivatives(at: moved.span, rows, gradients: &g, hessians: &h)
        var sum = 0.0
        var magnitude = 0.0
        for row in 0..<rows.count {
          let weight = weights.isEmpty ? 1 : weights[row]
          guard weight > 0 else { continue }
          sum += weight * gradients[row * width + score]
          magnitude += weight * gradients[row * width + score].magnitude
        }
        zero.take(sum, at: constant, rounding: 1e-12 * magnitude)
      }
      return zero.result
    }
  }

  /// The leaf solver of a loss of two straight lines that meet at the target: the point where the
  /// jumps of the slopes below it outweigh the pull from above, a weighted quantile of the residuals.
  /// The same bits as the shipped absolute error's and quantile's. O(n log n).
  static func kinkSolver(for objective: some Objective) -> LeafSolver {
    { scores, rows, weights, _ in
      let (below, above) = farGradients(of: objective, at: scores, rows)
      var residuals: [Double] = []
      var jumps: [Double] = []
      var goal = 0.0
      for row in 0..<rows.count {
        let weight = weights.isEmpty ? 1 : weights[row]
        residuals.append(rows.targets[row] - scores[row])
        jumps.append(weight * (above[row] - below[row]))
        goal -= weight * below[row]
      }
      return weightedQuantile(residuals, weights: jumps, goal: goal)
    }
  }

  /// Gradients of rows with one score, far below and far above score and target.
  static func farGradients(
    of objective: some Objective, at scores: Span<Double>, _ rows: borrowing Rows
  ) -> (below: [Double], above: [Double]) {
    func gradients(_ direction: Double) -> [Double] {
      let far = [Double](capacity: scores.count) { far in
        for row in 0..<rows.count {
          let target = rows.targets[row]
          far.append(target + direction * 4 * (1 + target.magnitude + scores[row].magnitude))
        }
      }
      var gradients = far
      var unused = far
      var g = gradients.mutableSpan
      var h = unused.mutableSpan
      objective.derivatives(at: far.span, rows, gradients: &g, hessians: &h)
      return gradients
    }
    return (gradients(-1), gradients(1))
  }
}

/// Where a function that does not fall changes from below 0 to above it: a search that asks for one
/// value at a time.
struct SignChange {
  /// The unit of the first steps.
  private let unit: Double
  /// The largest place known where the function is below 0, the smallest where it is above.
  private var low: Double?
  private var high: Double?
  /// Places known where it is 0.
  private var zero: ClosedRange<Double>?
  private var step: Double
  private var isFirst = true
  private var doublings = 0

  init(unit: Double) {
    self.unit = unit > 0 && unit.isFinite ? unit : 1
    step = self.unit / 4
  }

  /// The place to evaluate the function at next; nil at the end.
  var next: Double? {
    if isFirst { return 0 }
    if doublings < 60 {
      if low == nil { return (zero?.lowerBound ?? high ?? 0) - step }
      if high == nil { return (zero?.upperBound ?? low ?? 0) + step }
    }
    if let low, let end = zero?.lowerBound ?? high, let middle = middle(low, end) { return middle }
    if let high, let start = zero?.upperBound { return middle(start, high) }
    return nil
  }

  private func middle(_ a: Double, _ b: Double) -> Double? {
    let least = max(1e-14 * max(a.magnitude, b.magnitude), 1e-17 * unit)
    let middle = a / 2 + b / 2
    return b - a > least && middle > a && middle < b ? middle : nil
  }

  /// The function's value at the place asked for. One that is no number counts as too far from 0.
  mutating func take(_ value: Double, at place: Double, rounding: Double) {
    isFirst = false
    let isOpen = low == nil || high == nil
    if value < -rounding || (value.isNaN && place < 0) {
      low = max(low ?? place, place)
    } else if value > rounding || value.isNaN {
      high = min(high ?? place, place)
    } else {
      zero = zero.map { min($0.lowerBound, place)...max($0.upperBound, place) } ?? place...place
    }
    guard isOpen, place != 0 else { return }
    step *= 2
    doublings += 1
  }

  /// The place of the change; the middle of an interval of zeros, and its near end if it has no far
  /// one. A few units on, where the function never changes its sign.
  var result: Double {
    switch (low, high) {
    case (let low?, let high?):
      guard let zero else { return low / 2 + high / 2 }
      return zero.lowerBound / 2 + zero.upperBound / 2
    case (nil, let high?):
      guard let zero else { return -min(4 * unit, high.magnitude) }
      return zero.upperBound
    case (let low?, nil):
      guard let zero else { return min(4 * unit, low.magnitude) }
      return zero.lowerBound
    case (nil, nil): return 0
    }
  }
}
