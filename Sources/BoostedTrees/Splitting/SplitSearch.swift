/// The best split of one leaf on one column.
struct ColumnSplit<Sum: BitwiseCopyable & Sendable>: BitwiseCopyable, Sendable {
  /// Which bins go left; nil if the column offers no split.
  var rule: BinRule?
  /// The gain in quantised units, comparable between columns.
  var gain = 0.0
  /// The sum of what goes left, missing values included.
  var left: Sum
}

/// The second-order gain of dividing a leaf, in quantised units.
///
/// `GL^2 / a + GR^2 / b - G^2 / (H + l2)` with `a = HL + l2` and `b = HR + l2`, written as
/// `D^2 / (a b (a + b)) - l2 G^2 / ((a + b) (H + l2))` with `D = GL b - GR a`, which does not
/// subtract large numbers from each other.
func splitGain<Format: GradientFormat>(
  _ format: Format.Type, left: Format.Sum, total: Format.Sum, l2: Double
) -> Double {
  let right = Format.subtract(total, left)
  let gl = Format.gradient(left)
  let gr = Format.gradient(right)
  let a = Format.hessian(left) + l2
  let b = Format.hessian(right) + l2
  let difference = gl * b - gr * a
  let g = gl + gr
  return difference / a * (difference / b) / (a + b) - l2 * g * g / ((a + b) * (a + b - l2))
}

/// Searches one column of one leaf: all positions, missing values left and right.
///
/// - Parameters:
///   - prefix: running sums of the value bins, `valueBins` of them, with room for 4 more; used as
///     scratch afterwards.
///   - missing: the sum of the rows whose value is missing.
@inline(__always)
func bestSplit<Format: GradientFormat>(
  _ format: Format.Type, prefix: UnsafeMutablePointer<Format.Sum>, valueBins: Int,
  missing: Format.Sum, total: Format.Sum, limits: SplitLimits
) -> ColumnSplit<Format.Sum> {
  // Safe because: `prefix` has room for `valueBins + 4` sums, which is all that is touched.
  var best = ColumnSplit<Format.Sum>(left: Format.zero)
  let hasMissing = missing != Format.zero
  // With nobody missing, the last bin would leave nothing for the right side.
  let positions = hasMissing ? valueBins : valueBins - 1
  guard positions > 0 else { return best }
  let right = Format.bestPosition(
    prefix: prefix, positions: positions, total: total, limits: limits)
  if let right {
    best.left = prefix[right.bin]
    // Rows to predict may miss what no row here misses: they follow the heavier side.
    best.rule = .upTo(
      right.bin,
      missingGoesLeft: !hasMissing
        && Format.hessian(best.left) >= Format.hessian(Format.subtract(total, best.left)))
  }
  if hasMissing {
    for bin in 0..<positions { prefix[bin] = Format.add(prefix[bin], missing) }
    let left = Format.bestPosition(
      prefix: prefix, positions: positions, total: total, limits: limits)
    if let left, left.score > (right?.score ?? -1) {
      best.left = prefix[left.bin]
      best.rule = .upTo(left.bin, missingGoesLeft: true)
    }
  }
  if best.rule != nil {
    best.gain = splitGain(format, left: best.left, total: total, l2: limits.l2)
  }
  return best
}
