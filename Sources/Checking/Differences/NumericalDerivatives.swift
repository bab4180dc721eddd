import Losses

/// A derivative to compare with: estimated from values alone, or exact.
struct NumericalDerivative {
  /// The extrapolated central difference, or the exact derivative.
  var value = 0.0
  /// An estimate of its error, rounding included.
  var error = Double.infinity
  /// The one-sided differences at a fine step; at a kink they differ.
  var left = 0.0
  var right = 0.0

  /// The derivative that a jet carries, exact but for rounding; `kink` knows both sides. Where the
  /// jet is not finite, the estimate `kink` itself.
  /// `noise` is what rounding makes of it.
  static func exact(
    _ value: Double, noise: Double = 0, kink: NumericalDerivative
  ) -> NumericalDerivative {
    guard value.isFinite else { return kink }
    var result = kink
    result.value = value
    result.error = 0x1p-50 * value.magnitude + noise
    return result
  }

  /// The derivative of `sign` times the function, `sign` being 1 or -1.
  func times(_ sign: Double) -> NumericalDerivative {
    var result = self
    result.value *= sign
    result.left *= sign
    result.right *= sign
    return result
  }

  /// Whether the estimate tells more than noise, next to a number of size `magnitude`.
  func isResolved(beside magnitude: Double) -> Bool {
    value.isFinite && error <= 0.01 * max(value.magnitude, magnitude)
  }

  /// Whether `given` is this derivative.
  func isNear(_ given: Double, floor: Double) -> Bool {
    (given - value).magnitude
      <= 1e-4 * max(given.magnitude, value.magnitude) + 20 * error + floor
  }

  /// Whether `given` is this derivative, or lies between both sides at a kink.
  func agrees(with given: Double, floor: Double) -> Bool {
    if isNear(given, floor: floor) { return true }
    let scale = max(given.magnitude, value.magnitude)
    guard left.isFinite, right.isFinite else { return false }
    let slack = 1e-6 * scale + floor
    return given >= min(left, right) - slack && given <= max(left, right) + slack
      && (right - left).magnitude > 1e-2 * scale
  }
}

/// Central differences with shrinking steps, extrapolated to step 0.
///
/// Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", Adv. Eng. Software 4 (1982): of all
/// entries of the Richardson table the one with the smallest error estimate is kept. Coarse steps
/// serve smooth losses, fine ones losses with kinks nearby.
struct StepLadder {
  static let levels = 14
  /// The level whose one-sided differences look for kinks: steps of about 1e-4.
  static let kinkLevel = 5

  private var above: [[Double]]
  private var below: [[Double]]
  private var steps: [[Double]]
  private var centre: [Double]
  /// What rounding makes of a value, relative to it.
  private var roundoff = 0x1p-51

  /// Evaluates `f` (one number per row) with score `k` of the rows moved up and down.
  ///
  /// Rows that do not touch each other move at once; `f` must give the total that a row's score
  /// moves. `first` is the widest step of each row.
  init(_ sample: CheckSample, score k: Int, first: [Double], _ f: (CheckSample) -> [Double]) {
    self.init(sample, scores: Array(repeating: k, count: sample.count), first: first, f)
  }

  /// The same with a score of its own for each row to move.
  init(_ sample: CheckSample, scores: [Int], first: [Double], _ f: (CheckSample) -> [Double]) {
    let count = sample.count
    let width = sample.width
    above = Array(repeating: Array(repeating: 0, count: Self.levels), count: count)
    below = above
    steps = above
    centre = f(sample)
    for movers in Self.independentRows(sample) {
      for level in 0..<Self.levels {
        var up = sample
        var down = sample
        for row in movers {
          let index = row * width + scores[row]
          let step = first[row] * Double(sign: .plus, exponent: -2 * level, significand: 1)
          up.scores[index] += step
          down.scores[index] -= step
          steps[row][level] = (up.scores[index] - down.scores[index]) / 2
        }
        let upper = f(up)
        let lower = f(down)
        for row in movers {
          above[row][level] = upper[row]
          below[row][level] = lower[row]
        }
      }
    }
    // Numbers rounded to Float do not change with fine steps: that is no slope of 0.
    if SinglePrecision.holds(for: centre + above.joined() + below.joined()) { roundoff = 0x1p-23 }
  }

  /// Sets of rows that may move together without touching each other's totals.
  private static func independentRows(_ sample: CheckSample) -> [[Int]] {
    let units = sample.units
    let longest = units.reduce(0) { max($0, $1.count) }
    return (0..<longest).map { place in
      units.compactMap { place < $0.count ? $0.lowerBound + place : nil }
    }
  }

  /// The first derivative at `row`.
  func slope(_ row: Int) -> NumericalDerivative {
    var result = extrapolate(row) { level in
      let step = steps[row][level]
      let size = max(above[row][level].magnitude, below[row][level].magnitude)
      return ((above[row][level] - below[row][level]) / (2 * step), roundoff * size / step)
    }
    let step = steps[row][Self.kinkLevel]
    result.left = (centre[row] - below[row][Self.kinkLevel]) / step
    result.right = (above[row][Self.kinkLevel] - centre[row]) / step
    return result
  }

  /// The second derivative at `row`.
  func curvature(_ row: Int) -> NumericalDerivative {
    var result = extrapolate(row) { level in
      let step = steps[row][level]
      let (up, down) = (above[row][level], below[row][level])
      let size = max(up.magnitude, down.magnitude, centre[row].magnitude)
      return ((up - 2 * centre[row] + down) / (step * step), 2 * roundoff * size / (step * step))
    }
    result.left = result.value
    result.right = result.value
    return result
  }

  private func extrapolate(
    _ row: Int, _ difference: (Int) -> (value: Double, noise: Double)
  ) -> NumericalDerivative {
    var result = NumericalDerivative()
    var previous: [Double] = []
    for level in 0..<Self.levels {
      let (value, noise) = difference(level)
      var column = [value]
      guard value.isFinite else {
        previous = []
        continue
      }
      var power = 16.0
      for (order, older) in previous.enumerated() {
        let better = (column[order] * power - older) / (power - 1)
        let error =
          max((better - column[order]).magnitude, (better - older).magnitude) + 2 * noise
        if error < result.error {
          result.value = better
          result.error = error
        }
        column.append(better)
        power *= 16
      }
      previous = column
    }
    return result
  }
}
