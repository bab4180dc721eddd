import Foundation
import Learning

@testable import Harness

extension RecordFixture {
  /// A fleet on which much went wrong or is worth a remark: trials that failed or were stopped, a
  /// repeated fit, shortened rounds, slices of every kind, in some of which something simple is
  /// better, weights, and remarks on metrics.
  static func eventful() -> ResultRecord {
    var record = withSimpleModels()
    record.title = "Fleet, stopped early"
    record.isComplete = false
    record.data.weightName = "weight"
    record.metricNotes = ["MAPE is undefined: 3 of the test rows have target 0."]
    record.simpleModelNotes = ["There is no straight line under Gumbel: it has two scores."]
    record.comparisonFailures = ["no comparison by MAPE: it is undefined on the test rows"]
    record.seeds = [1, 2]
    var curvature = CurvatureUse(
      policy: "absolute", hessians: 160_000, changedPerRound: (0..<40).map { $0 == 6 ? 900 : 10 })
    curvature.shortenedRounds = 3
    record.trials[2].curvature = curvature
    record.trials[4].status = .failed
    record.trials[4].failure = "row 7: the gradient is not finite"
    record.trials[4].scores = []
    record.trials[6].status = .cancelled
    record.trials[5].repeatsSeed = 1
    let leader = combination("Boosted trees", "SNE", .adjusted)
    let line = combination("Linear", "SNE", .adjusted)
    func slice(
      _ kind: SliceRecord.Kind, _ name: String, _ range: [Double]?, _ own: Double, _ other: Double
    ) -> SliceRecord {
      SliceRecord(
        kind: kind, name: name, range: range, rows: 40 + name.count, metric: "rmsne",
        values: [.init(combination: leader, value: own), .init(combination: line, value: other)])
    }
    record.slices = [
      slice(.size, "0", [2, 10], 0.14, 0.16), slice(.size, "1", [10, 100], 0.13, 0.12),
      slice(.size, "2", [100, 5000], 0.11, 0.105), slice(.size, "9", [1, 2], 0.1, 0.09),
      slice(.size, "8", [1, 2], 0.1, 0.09), slice(.target, "0", [0, 12.5], 0.2, 0.19),
      slice(.target, "1", [12.5, 480.25], 0.1, 0.3), slice(.target, "2", nil, 0.11, .nan),
      slice(.group, "4", nil, 0.5, 0.1), slice(.group, "11", nil, 0.2, 0.15),
      slice(.group, "12", nil, 0.1, 0.4),
    ]
    return record
  }

  /// Three classes, one of which the leader gets wrong more often than another model.
  static func slicedClasses() -> ResultRecord {
    var record = classes(3)
    let mlp = combination("MLP", "Softmax")
    let trees = combination("Boosted trees", "Softmax")
    record.comparisons = [
      comparison(.simple, mlp, trees, metric: "log-loss", 0.1, 0.2, low: -0.6, high: -0.4)
    ]
    record.slices = [("kind 0", 0.9, 0.8), ("kind 1", 0.4, 0.95), ("kind 2", 1, 1)].map {
      SliceRecord(
        kind: .label, name: $0, range: nil, rows: 22, metric: "accuracy",
        values: [.init(combination: mlp, value: $1), .init(combination: trees, value: $2)])
    }
    return record
  }
}
