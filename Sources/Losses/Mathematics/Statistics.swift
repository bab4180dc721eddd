/// The value where the cumulated weight passes `level` of the total: the minimiser of the weighted
/// pinball loss. Where a whole interval minimises it, its middle. O(n log n).
///
/// - Parameter weights: as many as `values`; empty if every value weighs 1.
/// - Returns: 0 if there are no values, or none of positive weight.
func weightedQuantile(_ values: [Double], weights: [Double], level: Double) -> Double {
  let total = weights.isEmpty ? Double(values.count) : weights.reduce(0, +)
  return weightedQuantile(values, weights: weights, goal: level * total)
}

/// The value where the cumulated weight passes `goal`, as ``weightedQuantile(_:weights:level:)``.
func weightedQuantile(_ values: [Double], weights: [Double], goal: Double) -> Double {
  let order = values.indices.sorted { values[$0] < values[$1] }
  let total = weights.isEmpty ? Double(values.count) : weights.reduce(0, +)
  // Rounding of the sum must not decide whether the goal is met exactly.
  let tolerance = 1e-12 * total
  var passed = 0.0
  for (place, index) in order.enumerated() {
    let weight = weights.isEmpty ? 1 : weights[index]
    guard weight > 0 else { continue }
    passed += weight
    if passed > goal + tolerance { return values[index] }
    if passed >= goal - tolerance {
      let next = order[(place + 1)...].first { weights.isEmpty || weights[$0] > 0 }
      return next.map { values[index] / 2 + values[$0] / 2 } ?? values[index]
    }
  }
  return 0
}

/// The middle element of `values` in sorted order, 0 if there are none.
package func median(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return 0 }
  return values.sorted()[values.count / 2]
}

/// The weighted mean of `value(row)`; weights empty: all 1.
func weightedMean(
  _ count: Int, _ weights: Span<Double>, _ value: (Int) -> Double
) -> Double {
  var sum = 0.0
  var total = 0.0
  for row in 0..<count {
    let weight = weights.isEmpty ? 1 : weights[row]
    sum += weight * value(row)
    total += weight
  }
  return sum / total
}
