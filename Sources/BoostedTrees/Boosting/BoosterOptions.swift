/// The unit of ``Booster/l2`` and ``Booster/minChildWeight``.
public enum Regularisation: String, Sendable, Hashable, Codable, CaseIterable {
  /// Multiples of the objective's own mean curvature: the mean, over rows and scores, of weight
  /// times Hessian at the initial scores (after the curvature policy). A value of 1 weighs as much
  /// as one average row. The losses `l` and `c * l` then grow the same trees, bit for bit if `c`
  /// is a power of two, and so do weights and `c` times these weights.
  case scaleFree
  /// The numbers as they stand, in the units of weight times Hessian, as other libraries have it.
  case absolute
}

extension Booster {
  /// The least number of rows of a leaf in a fit to so many rows of positive weight:
  /// ``minChildRows`` if given, else 20, or a tenth of the rows where that is less, but 2 at least.
  /// Ten rows then learn, and 200 or more have leaves of 20.
  public func leastLeafRows(of rows: Int) -> Int {
    minChildRows ?? min(20, max(2, rows / 10))
  }

  /// Refuses options outside their range.
  ///
  /// - Throws: ``LearningError`` with code `invalidOption`, naming the option, the value and the
  ///   range.
  func checkOptions() throws(LearningError) {
    func require(
      _ holds: Bool, _ option: String, _ value: Any, _ rule: String
    ) throws(LearningError) {
      if !holds {
        throw LearningError(.invalidOption, "\(option) is \(value), but it must be \(rule)")
      }
    }
    if let rounds { try require(rounds >= 0, "rounds", rounds, "0 or more") }
    try require(
      learningRate > 0 && learningRate.isFinite, "learningRate", learningRate,
      "a positive number, usually between 0.01 and 0.3")
    try require(
      (2...65_536).contains(leaves), "leaves", leaves, "between 2 and 65536 leaves per tree")
    if let maxDepth {
      try require(
        (1...1_000).contains(maxDepth), "maxDepth", maxDepth,
        "between 1 and 1000 splits from root to leaf, or nil for no limit")
    }
    try require((2...256).contains(maxBins), "maxBins", maxBins, "between 2 and 256")
    try require(l2 >= 0 && l2.isFinite, "l2", l2, "0 or a positive number")
    if let minChildWeight {
      try require(
        minChildWeight >= 0 && minChildWeight.isFinite, "minChildWeight", minChildWeight,
        "0 or a positive number, or nil for a share of what the rows themselves began with")
    }
    if let minChildRows {
      try require(minChildRows >= 1, "minChildRows", minChildRows, "at least 1 row")
    }
    if let threads {
      try require(
        (1...1_024).contains(threads), "threads", threads,
        "between 1 and 1024, or nil for one per core")
    }
  }
}
