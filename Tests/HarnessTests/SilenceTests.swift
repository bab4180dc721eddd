import Learning
import Losses
import Testing

@testable import Harness

/// What cannot be done is said, not left out.
struct SilenceTests {
  /// A metric of row data that the table lacks cannot be compared by: the record says so.
  @Test func aComparisonThatFailsIsTold() throws {
    let experiment = try Samples.experiment(seeds: [1])
    let result = experiment.run()
    #expect(result.record.comparisonFailures == nil)
    var other = experiment
    other.metrics = [
      Metric("depth-error", title: "Depth error", space: .prediction, rowData: ["depth"]) {
        _, _, _, _ in 1
      }
    ]
    let compared = other.comparisons(result.record.trials, result.predictions, buckets: nil)
    #expect(compared.comparisons.isEmpty)
    #expect(compared.failures.count == 1)
    #expect(compared.failures.first?.hasPrefix("no comparison by Depth error: ") == true)
    #expect(compared.failures.first?.contains("'depth'") == true)
  }
}
