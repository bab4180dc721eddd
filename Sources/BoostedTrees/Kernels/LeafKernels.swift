import CIntrinsics

/// The sums of gradients and Hessians of the rows of some entries, in their order.
@inline(__always)
func summedDerivatives<Format: GradientFormat>(
  _ format: Format.Type, entries: UnsafePointer<Format.Entry>, count: Int,
  gradients: UnsafePointer<Double>, hessians: UnsafePointer<Double>, stride: Int, offset: Int
) -> SIMD2<Double> {
  // Safe because: entries hold row numbers of the derivatives.
  var sum = SIMD2<Double>.zero
  for index in 0..<count {
    let ahead = Format.row(entries[min(index &+ 16, count &- 1)]) &* stride &+ offset
    curvature_prefetch(gradients + ahead)
    curvature_prefetch(hessians + ahead)
    let place = Format.row(entries[index]) &* stride &+ offset
    sum += SIMD2(gradients[place], hessians[place])
  }
  return sum
}

/// Adds `value` to one score of the rows of some entries.
@inline(__always)
func add<Format: GradientFormat>(
  _ value: Double, _ format: Format.Type, entries: UnsafePointer<Format.Entry>, count: Int,
  to scores: UnsafeMutablePointer<Double>, stride: Int, offset: Int
) {
  // Safe because: entries hold row numbers of the scores.
  for index in 0..<count {
    let ahead = Format.row(entries[min(index &+ 16, count &- 1)]) &* stride &+ offset
    curvature_prefetch(scores + ahead)
    scores[Format.row(entries[index]) &* stride &+ offset] += value
  }
}
