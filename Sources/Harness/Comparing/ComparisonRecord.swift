/// Two combinations judged on the same test rows by one metric.
public struct ComparisonRecord: Sendable, Hashable, Codable {
  /// What differs between the two.
  public enum Question: String, Sendable, Hashable, Codable {
    /// The objective; the learner is the same.
    case objective
    /// The form of the objective; learner and objective are the same.
    case form
    /// The learner; objective and form are the same.
    case learner
    /// A learner against the best of the simple models.
    case simple
  }

  /// What may be said of the first combination.
  public enum Verdict: String, Sendable, Hashable, Codable {
    /// It is clearly better, by a difference that matters.
    case better
    /// It is clearly worse, by a difference that matters.
    case worse
    /// Whatever the difference is, it is smaller than what matters.
    case equal
    /// The rows do not tell, or an interval cannot be computed.
    case undecided
  }

  /// What differs.
  public var question: Question
  /// The first combination.
  public var a: Combination
  /// The one it is compared with.
  public var b: Combination
  /// The metric's name.
  public var metric: String
  /// The size bucket the rows are from, an index into ``ResultRecord/sizeBuckets``; nil for all
  /// test rows.
  public var bucket: Int?
  /// Test rows compared.
  public var rows: Int
  /// Seeds that both combinations finished with.
  public var seeds: Int
  /// The metric of `a`, mean over those seeds.
  public var aValue: Double
  /// The metric of `b`, mean over those seeds.
  public var bValue: Double
  /// `aValue - bValue` with its 95 % interval.
  public var difference: Interval
  /// `(aValue - bValue) / |bValue|` with its 95 % interval.
  public var relative: Interval
  /// What was resampled.
  public var unit: PairedBootstrap.Unit
  /// How many of them there are.
  public var unitCount: Int
  /// Resamples drawn.
  public var resamples: Int
  /// What may be said.
  public var verdict: Verdict
  /// The chance of a difference at least as large, on either side, if there were none; nil without
  /// an interval and in records of older versions.
  public var pValue: Double?
  /// The same, corrected for all comparisons of its family (``MultipleComparisons/holm(_:)``).
  public var adjustedPValue: Double?
  /// Comparisons in its family.
  public var familySize: Int?
}

extension ComparisonRecord {
  /// One percent of the other's error, or one hundredth of a score where more is better.
  public static let usualSmallestDifference = 0.01

  /// The least difference that matters: the share `smallest` of the other's value for errors, and
  /// `smallest` itself for scores where more is better, such as accuracy or R2.
  public static func threshold(
    _ smallest: Double, _ other: Double, lowerIsBetter: Bool
  ) -> Double {
    lowerIsBetter ? smallest * other.magnitude : smallest
  }

  /// What may be said of `a`: ``Verdict/equal`` if the whole interval lies within the least
  /// difference that matters; better or worse if the corrected p-value is below 0.05 and the
  /// difference matters; else undecided. A record without p-values is judged by its interval alone.
  static func verdict(
    _ comparison: ComparisonRecord, lowerIsBetter: Bool, smallestDifference: Double
  ) -> Verdict {
    let least = threshold(
      smallestDifference, comparison.bValue, lowerIsBetter: lowerIsBetter)
    let difference = comparison.difference
    guard difference.low.isFinite, difference.high.isFinite else { return .undecided }
    if max(difference.low.magnitude, difference.high.magnitude) <= least { return .equal }
    guard let value = comparison.adjustedPValue, value < 0.05,
      difference.value.magnitude >= least
    else { return .undecided }
    return (difference.value < 0) == lowerIsBetter ? .better : .worse
  }
}

/// An estimate with the ends of its 95 % interval.
public struct Interval: Sendable, Hashable, Codable {
  /// The estimate.
  public var value: Double
  /// The lower end.
  public var low: Double
  /// The upper end.
  public var high: Double

  /// An interval from its parts.
  public init(value: Double, low: Double, high: Double) {
    self.value = value
    self.low = low
    self.high = high
  }
}

/// A few test rows, drawn by chance, with the predictions of every combination under its first
/// finished seed. For figures of one number per row; absent for several scores per row.
public struct PredictionSample: Sendable, Hashable, Codable {
  /// Predictions of one combination.
  public struct Column: Sendable, Hashable, Codable {
    /// Whose they are.
    public var combination: Combination
    /// The seed of the trial.
    public var seed: UInt64
    /// One prediction per sampled row.
    public var predictions: [Double]

    /// A column from its parts.
    public init(combination: Combination, seed: UInt64, predictions: [Double]) {
      self.combination = combination
      self.seed = seed
      self.predictions = predictions
    }
  }

  /// The row of the data file each row came from, increasing.
  public var rows: [Int]
  /// The target of each.
  public var targets: [Double]
  /// The size of each; empty without sizes.
  public var sizes: [Double]
  /// One column per combination.
  public var columns: [Column]

  /// A sample from its parts.
  public init(rows: [Int], targets: [Double], sizes: [Double], columns: [Column]) {
    self.rows = rows
    self.targets = targets
    self.sizes = sizes
    self.columns = columns
  }
}
