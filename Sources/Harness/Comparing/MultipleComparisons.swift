/// Corrections for looking at several differences at once.
public enum MultipleComparisons {
  /// Holm's step-down adjustment of p-values: the smallest of `m` is multiplied by `m`, the next by
  /// `m - 1` and so on, none falls below one before it, and none exceeds 1. Rejecting where the
  /// result is below 0.05 keeps the chance of any false rejection below 0.05, however the
  /// comparisons depend on each other. NaN stays NaN and counts among the `m`.
  ///
  /// Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
  /// Statistics 6 (1979). O(m log m).
  public static func holm(_ values: [Double]) -> [Double] {
    let order = values.indices.filter { !values[$0].isNaN }
      .sorted { (values[$0], $0) < (values[$1], $1) }
    var adjusted = values
    var least = 0.0
    for (place, index) in order.enumerated() {
      least = max(least, min(1, values[index] * Double(values.count - place)))
      adjusted[index] = least
    }
    return adjusted
  }
}

extension Array where Element == ComparisonRecord {
  /// The comparisons with their p-values corrected within families, and verdicts that follow from
  /// them. A family are the comparisons of one question by one metric, over all test rows or over
  /// all size buckets together.
  func corrected(smallestDifference: Double, direction: (String) -> Bool) -> [ComparisonRecord] {
    var result = self
    let families = Dictionary(grouping: indices) { place in
      let comparison = self[place]
      return [
        comparison.question.rawValue, comparison.metric, comparison.bucket == nil ? "" : "size",
      ]
    }
    for members in families.values {
      let adjusted = MultipleComparisons.holm(members.map { self[$0].pValue ?? .nan })
      for (place, index) in members.enumerated() {
        result[index].adjustedPValue = adjusted[place].isNaN ? nil : adjusted[place]
        result[index].familySize = members.count
        result[index].verdict = ComparisonRecord.verdict(
          result[index], lowerIsBetter: direction(self[index].metric),
          smallestDifference: smallestDifference)
      }
    }
    return result
  }
}
