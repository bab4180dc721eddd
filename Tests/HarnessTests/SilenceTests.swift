import Learning
import Losses
import Tabular
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

  /// Too few rows to divide give no validation rows; rows that lack what the rule reads an error.
  @Test func validationRowsThatCannotBeSetAside() throws {
    let table = try Samples.fleet()
    let without = try Table(
      features: table.features, featureNames: table.featureNames, target: table.target,
      source: "groupless")
    let rows = Array(0..<table.rowCount)
    for rule in [ValidationRule.group, .endOfEachGroup] {
      #expect {
        try rule.divide(rows, of: without, fraction: 0.2, seed: 1)
      } throws: {
        "\($0)".contains("groupless: validation rows are to be set aside by group")
      }
    }
    let untargeted = try Table(features: table.features, featureNames: table.featureNames)
    #expect(throws: TabularError.self) {
      try ValidationRule.stratified.divide(rows, of: untargeted, fraction: 0.2, seed: 1)
    }
    // Two rows of each of five classes, of which a fifth rounds to none: too few, no error.
    let classes = try Samples.classes(5, rows: 10)
    let parts = try ValidationRule.stratified.divide(
      Array(0..<10), of: classes, fraction: 0.2, seed: 1)
    #expect(parts.train.count == 10 && parts.validation.isEmpty)
    #expect(
      try ValidationRule.random.divide(Array(0..<10), of: classes, fraction: 0.2, seed: 1)
        .validation.count == 2)
  }
}
