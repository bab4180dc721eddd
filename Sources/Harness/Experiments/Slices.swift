import Learning
import Losses
import Tabular

/// Every combination on a part of the test rows.
public struct SliceRecord: Sendable, Hashable, Codable {
  /// What rows of a slice have in common.
  public enum Kind: String, Sendable, Hashable, Codable {
    /// A range of sizes, one of ``ResultRecord/sizeBuckets``.
    case size
    /// One group.
    case group
    /// The true class.
    case label
    /// A quarter of the targets' range of ranks.
    case target
  }

  /// What its rows have in common.
  public var kind: Kind
  /// Which one: the bucket's index, the group's number, the class's name.
  public var name: String
  /// The smallest and the largest size or target; nil for groups and classes.
  public var range: [Double]?
  /// Its test rows.
  public var rows: Int
  /// The metric.
  public var metric: String
  /// The metric of each combination, mean over seeds; NaN where it is undefined.
  public var values: [Value]

  /// One combination's metric.
  public struct Value: Sendable, Hashable, Codable {
    /// Whose it is.
    public var combination: Combination
    /// The metric on the slice.
    public var value: Double
  }

  /// The metric of a combination; nil if it was not computed.
  public func value(of combination: Combination) -> Double? {
    values.first { $0.combination == combination }?.value
  }
}

extension Experiment {
  /// The most groups that are told one by one.
  static let mostSlicedGroups = 500
  /// With fewer rows a group is not told.
  static let leastSliceRows = 5

  /// Slices of the test rows, in the order of ``SliceRecord/Kind``.
  func slices(_ test: TestPredictions, buckets: SizeBuckets?) -> [SliceRecord] {
    var slices: [SliceRecord] = []
    func add(
      _ kind: SliceRecord.Kind, _ name: String, _ rows: [Int], _ metric: Metric,
      range: [Double]? = nil
    ) {
      guard !rows.isEmpty else { return }
      let values = values(of: metric, rows, test)
      guard !values.isEmpty else { return }
      slices.append(
        SliceRecord(
          kind: kind, name: name, range: range, rows: rows.count, metric: metric.name,
          values: values))
    }
    if let buckets, !test.sizes.isEmpty {
      for bucket in 0..<buckets.count {
        add(
          .size, "\(bucket)",
          test.sizes.indices.filter { buckets.index(of: test.sizes[$0]) == bucket },
          .rmsne, range: [buckets.boundaries[bucket], buckets.boundaries[bucket + 1]])
      }
    }
    if let metric = sliceMetric {
      let members = Dictionary(grouping: test.groups.indices) { test.groups[$0] }
      if (2...Self.mostSlicedGroups).contains(members.count) {
        for group in members.keys.sorted() {
          let rows = members[group] ?? []
          if rows.count >= Self.leastSliceRows { add(.group, "\(group)", rows, metric) }
        }
      }
      if buckets == nil, Task(data.test) == .regression {
        for (range, rows) in Self.quarters(test.targets) {
          add(.target, "", rows, metric, range: range)
        }
      }
    }
    if let classes = data.test.classNames, (2...200).contains(classes.count) {
      for (label, name) in classes.enumerated() {
        add(
          .label, name, test.targets.indices.filter { Int(test.targets[$0]) == label }, .accuracy)
      }
    }
    return slices
  }

  /// The first metric that a few rows have a value of, and that is no rank within groups.
  private var sliceMetric: Metric? {
    let whole: Set<String> = ["r2", "auc", "pr-auc", "mcc", "f1", "macro-f1", "balanced-accuracy"]
    return metrics.first { metric in
      MetricChoice.Family(metric) == .values && !whole.contains(metric.name)
        && !metric.name.hasPrefix("explained-") && !metric.name.hasPrefix("ece")
        && metric.goal == nil
    }
  }

  /// Rows by quarters of their targets, ends included; fewer where targets repeat. Empty for fewer
  /// than 40 rows.
  static func quarters(_ targets: [Double]) -> [(range: [Double], rows: [Int])] {
    guard targets.count >= 40 else { return [] }
    var ends = [0, 0.25, 0.5, 0.75, 1].map { Statistics.quantile(targets, $0) }
    ends = ends.enumerated().filter { $0.offset == 0 || $0.element > ends[$0.offset - 1] }
      .map(\.element)
    guard ends.count > 2 else { return [] }
    return (1..<ends.count).map { place in
      let (low, high) = (ends[place - 1], ends[place])
      let rows = targets.indices.filter {
        targets[$0] <= high && (place == 1 ? targets[$0] >= low : targets[$0] > low)
      }
      return ([low, high], rows)
    }
  }

  private func values(
    of metric: Metric, _ rows: [Int], _ test: TestPredictions
  ) -> [SliceRecord.Value] {
    guard
      let gathered = try? ObjectiveRows(
        data.test.subset(rows), rowDataNames: metric.rowDataNames, neededBy: metric.name)
    else { return [] }
    let classes = data.test.classNames?.count
    let suited = Set(
      allObjectives.filter { MetricChoice.suits(metric, $0.objective, classes: classes) }
        .map(\.name))
    var order: [Combination] = []
    var sums: [Combination: [Double]] = [:]
    for trial in test.trials where suited.contains(trial.combination.objective) {
      let values = trial.values(in: metric.space, rows: rows)
      let width = metric.space == .label ? 1 : trial.width
      guard metric.valuesPerRow == nil || metric.valuesPerRow == width else { continue }
      if sums[trial.combination] == nil { order.append(trial.combination) }
      sums[trial.combination, default: []].append(
        metric.value(
          of: values.span, valuesPerRow: width, gathered.rows, weights: gathered.weights.span))
    }
    return order.map {
      SliceRecord.Value(combination: $0, value: Statistics.mean(sums[$0] ?? []))
    }
  }
}
