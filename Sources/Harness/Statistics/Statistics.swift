/// Plain statistics of a few numbers.
public enum Statistics {
  /// `sum(x) / n`; NaN of nothing.
  public static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  /// `sqrt(sum((x - mean)^2) / (n - 1))`; exactly 0 for one value or equal ones, NaN of nothing.
  public static func standardDeviation(_ values: [Double]) -> Double {
    guard let first = values.first else { return .nan }
    if values.allSatisfy({ $0 == first }) { return 0 }
    let mean = mean(values)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  /// The `share` quantile by linear interpolation between order statistics (type 7 of Hyndman and
  /// Fan, "Sample quantiles in statistical packages", 1996; the default of NumPy and R). NaN of
  /// nothing, or if a value is NaN. O(n log n).
  public static func quantile(_ values: [Double], _ share: Double) -> Double {
    guard !values.isEmpty, values.allSatisfy({ !$0.isNaN }) else { return .nan }
    let sorted = values.sorted()
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }

  /// The 0.5 quantile.
  public static func median(_ values: [Double]) -> Double { quantile(values, 0.5) }
}

/// Mean and spread of one metric over seeds.
public struct Spread: Sendable, Hashable {
  /// ``Statistics/mean(_:)``; of equal values exactly that value.
  public let mean: Double
  /// ``Statistics/standardDeviation(_:)``.
  public let standardDeviation: Double
  /// The smallest value.
  public let least: Double
  /// The largest value.
  public let greatest: Double
  /// How many values there are.
  public let count: Int

  /// The spread of some values; nil if there are none.
  public init?(_ values: [Double]) {
    guard let least = values.min(), let greatest = values.max() else { return nil }
    mean = least == greatest ? least : Statistics.mean(values)
    standardDeviation = Statistics.standardDeviation(values)
    self.least = least
    self.greatest = greatest
    count = values.count
  }
}
