/// A range of sizes and the test rows in it.
public struct SizeBucket: Sendable, Hashable, Codable {
  /// The smallest size that belongs to it.
  public var lower: Double
  /// The first size that no longer does, except in the last bucket, where it still does.
  public var upper: Double
  /// Test rows in it.
  public var rows: Int
  /// Groups (systems) in it, if rows have groups.
  public var groups: Int?
}

/// Percentage error in one size bucket.
public struct SizeError: Sendable, Hashable, Codable {
  /// `100 sqrt(mean(((prediction - y) / size)^2))`; NaN in a bucket without rows.
  public var rootMeanSquaredPercent: Double
  /// `100 mean(|prediction - y| / size)`; NaN in a bucket without rows.
  public var meanAbsolutePercent: Double
}

/// Ranges that cover all sizes: about one per decade.
public struct SizeBuckets: Sendable, Hashable {
  /// Increasing boundaries; bucket `i` is `boundaries[i]..<boundaries[i + 1]`, the last one closed.
  public let boundaries: [Double]

  /// Buckets with these boundaries, at least two and increasing.
  public init(boundaries: [Double]) {
    precondition(
      boundaries.count > 1 && zip(boundaries, boundaries.dropFirst()).allSatisfy(<),
      "size buckets need increasing boundaries")
    self.boundaries = boundaries
  }

  /// Buckets for `sizes`: they end at powers of ten between the smallest and the largest size, each
  /// rounded outwards to 1, 2 or 5 times a power of ten. A bucket at an end that would span less
  /// than a factor of 3 joins its neighbour. Sizes within one decade are cut at 1, 2 and 5. Nil if
  /// no size is positive and finite.
  public init?(covering sizes: [Double]) {
    var smallest = Double.infinity
    var largest = 0.0
    for size in sizes where size > 0 && size.isFinite {
      smallest = min(smallest, size)
      largest = max(largest, size)
    }
    guard largest > 0 else { return nil }
    let steps = RoundSteps.covering(smallest...largest)
    guard let first = steps.first, let last = steps.last, steps.count > 1 else { return nil }
    var decades = steps.dropFirst().dropLast().filter(RoundSteps.isPowerOfTen)
    guard !decades.isEmpty else {
      boundaries = steps
      return
    }
    if decades.count > 1, let decade = decades.last, last < 3 * decade { decades.removeLast() }
    if decades.count > 1, let decade = decades.first, decade < 3 * first { decades.removeFirst() }
    boundaries = [first] + decades + [last]
  }

  /// The number of buckets.
  public var count: Int { boundaries.count - 1 }

  /// The bucket of `size`, or nil if it lies outside all of them.
  public func index(of size: Double) -> Int? {
    guard size >= boundaries[0], size <= boundaries[count] else { return nil }
    return (boundaries.dropFirst().firstIndex { size < $0 } ?? count) - 1
  }

  /// The buckets with the rows (and groups) that fall in each. O(rows x buckets).
  public func counted(sizes: [Double], groups: [Int]?) -> [SizeBucket] {
    var rows = [Int](repeating: 0, count: count)
    var members = [Set<Int>](repeating: [], count: count)
    for (row, size) in sizes.enumerated() {
      guard let bucket = index(of: size) else { continue }
      rows[bucket] += 1
      if let groups { members[bucket].insert(groups[row]) }
    }
    return (0..<count).map {
      SizeBucket(
        lower: boundaries[$0], upper: boundaries[$0 + 1], rows: rows[$0],
        groups: groups == nil ? nil : members[$0].count)
    }
  }

  /// Percentage error of `predictions` per bucket, rows counted by weight (empty: all 1).
  /// O(rows x buckets).
  public func errors(
    predictions: [Double], targets: [Double], sizes: [Double], weights: [Double]
  ) -> [SizeError] {
    var squares = [Double](repeating: 0, count: count)
    var magnitudes = squares
    var totals = squares
    for (row, size) in sizes.enumerated() {
      let weight = weights.isEmpty ? 1 : weights[row]
      guard weight > 0, let bucket = index(of: size) else { continue }
      let ratio = (predictions[row] - targets[row]) / size
      squares[bucket] += weight * ratio * ratio
      magnitudes[bucket] += weight * ratio.magnitude
      totals[bucket] += weight
    }
    return (0..<count).map {
      SizeError(
        rootMeanSquaredPercent: 100 * (squares[$0] / totals[$0]).squareRoot(),
        meanAbsolutePercent: 100 * magnitudes[$0] / totals[$0])
    }
  }
}

/// The numbers 1, 2 and 5 times a power of ten.
enum RoundSteps {
  /// All steps from the largest one not above `range` to the smallest one not below it; at least
  /// two.
  static func covering(_ range: ClosedRange<Double>) -> [Double] {
    var exponent = -300
    while exponent < 300, value(5, exponent) <= range.lowerBound { exponent += 1 }
    exponent -= 1
    var steps: [Double] = []
    while exponent <= 300 {
      for factor in [1.0, 2, 5] {
        let step = value(factor, exponent)
        if step <= range.lowerBound { steps = [] }
        steps.append(step)
        if step >= range.upperBound, steps.count > 1 { return steps }
      }
      exponent += 1
    }
    return steps
  }

  /// Whether `step` is 1, 10, 100, 0.1, ...
  static func isPowerOfTen(_ step: Double) -> Bool {
    (-300...300).contains { value(1, $0) == step }
  }

  private static func value(_ factor: Double, _ exponent: Int) -> Double {
    exponent >= 0 ? factor * power(exponent) : factor / power(-exponent)
  }

  private static func power(_ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { product, _ in product * 10 }
  }
}
