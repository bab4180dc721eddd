/// Limited-memory BFGS from a diagonal guess of the curvature.
struct QuasiNewton {
  /// The curvature along each parameter that the first step assumes, positive.
  let scales: [Double]
  /// The last steps with the changes of the slope that they made.
  private var memory: [(step: [Double], change: [Double], product: Double)] = []

  /// How many steps are remembered.
  private static let depth = 10

  init(scales: [Double]) { self.scales = scales }

  /// A function's value and slope; an infinite value has no slope.
  typealias Value = (loss: Double, gradient: [Double])

  /// The best place found from `start` on in at most so many evaluations of `function`; `start` if
  /// that is infinite there. O(parameters) between evaluations.
  mutating func minimum(
    from start: [Double], evaluations: Int, of function: ([Double]) -> Value
  ) -> [Double] {
    var place = start
    var value = function(place)
    var left = evaluations - 1
    let initial = decrement(value)
    while left > 0, value.loss > -.infinity, decrement(value) > 1e-14 * initial {
      let direction = direction(value.gradient)
      guard let next = step(from: place, value, along: direction, &left, function) else {
        // What is remembered may mislead beyond a kink: once more from the guess.
        guard !memory.isEmpty else { break }
        memory = []
        continue
      }
      remember(zip(next.place, place).map { $0 - $1 }, from: value, to: next.value)
      let gain = value.loss - next.value.loss
      (place, value) = (next.place, next.value)
      guard gain > 1e-7 * value.loss.magnitude || decrement(value) < 1e-10 * initial else { break }
    }
    return place
  }

  /// Twice what a step promises that trusts the guess.
  private func decrement(_ value: Value) -> Double {
    guard value.loss < .infinity else { return 0 }
    return zip(value.gradient, scales).reduce(0) { $0 + $1.0 * $1.0 / $1.1 }
  }

  private mutating func remember(_ step: [Double], from: Value, to: Value) {
    let change = zip(to.gradient, from.gradient).map { $0 - $1 }
    let product = dot(step, change)
    guard product > 0, product.isFinite else { return }
    memory.append((step, change, product))
    if memory.count > Self.depth { memory.removeFirst() }
  }

  /// Downhill, by the two-loop recursion.
  private func direction(_ gradient: [Double]) -> [Double] {
    var q = gradient
    var factors: [Double] = []
    for pair in memory.reversed() {
      let factor = dot(pair.step, q) / pair.product
      factors.append(factor)
      for index in q.indices { q[index] -= factor * pair.change[index] }
    }
    var scale = 1.0
    if let last = memory.last {
      let length = zip(last.change, scales).reduce(0) { $0 + $1.0 * $1.0 / $1.1 }
      if length > 0 { scale = last.product / length }
    }
    for index in q.indices { q[index] *= scale / scales[index] }
    for (pair, factor) in zip(memory, factors.reversed()) {
      let other = dot(pair.change, q) / pair.product
      for index in q.indices { q[index] += (factor - other) * pair.step[index] }
    }
    return q.map { -$0 }
  }

  /// A step along `direction` that lowers the function enough and flattens its slope, by doubling
  /// and bisection; one that lowers it, if that is all there is; nil if none does.
  private func step(
    from place: [Double], _ value: Value, along direction: [Double], _ left: inout Int,
    _ function: ([Double]) -> Value
  ) -> (place: [Double], value: Value)? {
    let slope = dot(value.gradient, direction)
    guard slope < 0, slope.isFinite else { return nil }
    var (low, high) = (0.0, Double.infinity)
    var length = 1.0
    var best: (place: [Double], value: Value)?
    for _ in 0..<40 where left > 0 {
      let trial = zip(place, direction).map { $0 + length * $1 }
      let found = function(trial)
      left -= 1
      if !(found.loss <= value.loss + 1e-4 * length * slope) {
        high = length
      } else {
        if found.loss < best?.value.loss ?? value.loss { best = (trial, found) }
        if dot(found.gradient, direction) >= 0.9 * slope { return (trial, found) }
        low = length
      }
      length = high < .infinity ? low + (high - low) / 2 : 2 * length
      if high - low < 1e-10 * length { break }
    }
    return best
  }
}
