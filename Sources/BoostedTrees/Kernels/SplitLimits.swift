/// What a split must respect, in quantised units.
struct SplitLimits: Sendable {
  /// Added to the Hessian of every child.
  var l2: Double
  /// The least Hessian of a child, at least 1.
  var leastHessian: Double
}

/// A place to divide a column's bins: bins up to `bin` go left.
struct SplitPosition: Sendable, Equatable {
  var bin: Int
  /// Grows with the gain; comparable within a column and leaf only.
  var score: Double
}
