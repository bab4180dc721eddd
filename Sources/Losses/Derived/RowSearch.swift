/// Looks for the score at which each row's loss is least along one score, by its gradients.
///
/// From a row's current score downhill in steps that grow fourfold until the slope turns, then by
/// bisection to a thousandth of the way. Rows do not see one another, so that a block's cut does not
/// matter. About 30 evaluations of the block.
enum RowSearch {
  /// The minimum's score of each row, `[rows]`; NaN where the slope does not turn.
  ///
  /// - Parameters:
  ///   - scores: current scores, `[rows x scoresPerRow]`.
  ///   - k: the score that is moved.
  ///   - gradients: those at `scores`.
  static func minima(
    of objective: some Objective, at scores: Span<Double>, _ rows: borrowing Rows, score k: Int,
    gradients: Span<Double>
  ) -> [Double] {
    let width = objective.scoresPerRow
    var trial = [Double](capacity: scores.count) { copy in
      for index in scores.indices { copy.append(scores[index]) }
    }
    var ways = (0..<rows.count).map { row in
      Way(
        start: scores[row * width + k], gradient: gradients[row * width + k],
        target: rows.targets[row])
    }
    var found = [Double](repeating: 0, count: scores.count)
    var unused = found
    for _ in 0..<100 where !ways.allSatisfy(\.isDone) {
      for row in ways.indices { trial[row * width + k] = ways[row].next }
      var g = found.mutableSpan
      var h = unused.mutableSpan
      objective.derivatives(at: trial.span, rows, gradients: &g, hessians: &h)
      for row in ways.indices { ways[row].take(found[row * width + k]) }
    }
    return ways.map(\.minimum)
  }

  private struct Way {
    let start: Double
    let direction: Double
    /// Distances from the start at which the slope goes on downhill, and at which it has turned.
    var near = 0.0
    var far = Double.infinity
    var step: Double
    var isDone: Bool
    var isLost = false

    init(start: Double, gradient: Double, target: Double) {
      self.start = start
      direction = gradient < 0 ? 1 : -1
      isDone = gradient == 0 || !gradient.isFinite
      let distance = (target - start).magnitude
      step = distance > 0 && distance.isFinite ? distance / 4 : 0.1
    }

    var next: Double {
      isDone ? start : start + direction * (far.isFinite ? near + (far - near) / 2 : step)
    }

    mutating func take(_ gradient: Double) {
      guard !isDone else { return }
      let way = far.isFinite ? near + (far - near) / 2 : step
      // Where it is no number the way has led too far.
      if gradient * direction < 0 { near = way } else { far = way }
      if far.isFinite {
        isDone = far - near <= 1e-3 * far
      } else {
        step *= 4
        isLost = step > 1e18 * max(1, start.magnitude)
        isDone = isLost
      }
    }

    var minimum: Double {
      if isLost { return .nan }
      return far.isFinite ? start + direction * (near + (far - near) / 2) : start
    }
  }
}

extension Objective {
  /// The score of each row, `[rows x scoresPerRow]`, at which its loss is least along that score,
  /// within a thousandth of the way from `scores`; NaN where the slope never turns.
  ///
  /// By gradients alone, for losses whose Hessians say nothing. About 30 evaluations of all rows per
  /// score.
  public func rowMinima(from scores: Span<Double>, _ rows: borrowing Rows) -> [Double] {
    let width = scoresPerRow
    var gradients = [Double](repeating: 0, count: scores.count)
    var hessians = gradients
    var g = gradients.mutableSpan
    var h = hessians.mutableSpan
    derivatives(at: scores, rows, gradients: &g, hessians: &h)
    var minima = [Double](repeating: 0, count: scores.count)
    for k in 0..<width {
      let found = RowSearch.minima(of: self, at: scores, rows, score: k, gradients: gradients.span)
      for row in found.indices { minima[row * width + k] = found[row] }
    }
    return minima
  }
}
