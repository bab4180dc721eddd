import Foundation
import Testing

@testable import Harness
@testable import Reports

/// Reports over folds: a verdict with an interval, and no bold without one.
struct PooledReportTests {
  /// Folds whose scores differ by `steps` from those of the fixture.
  private func pooled(_ steps: [Double] = [0, 0.002, -0.001], seeds: Int = 1) -> PooledRecord {
    let folds = steps.enumerated().map { place, step in
      var record = RecordFixture.withSimpleModels()
      for index in record.trials.indices { record.trials[index].scores[0].test += step }
      // Squared error varies a little more.
      for index in record.trials.indices
      where record.trials[index].combination.objective == "Squared error" {
        record.trials[index].scores[0].test += 0.1 * Double(place)
      }
      return (report: "fold-\(place)", record: record)
    }
    return PooledRecord(folds, plannedFolds: steps.count)
  }

  @Test func theVerdictRestsOnFolds() {
    let page = PooledReport(pooled()).text(name: "cv")
    #expect(
      page.contains(
        "\n\n**Boosted trees under SNE per unit of size: RMSNE 0.1293 against 0.1523 for a straight "
          + "line per unit of size, the best simple model: lower by 15"))
    #expect(page.contains("the corrected resampled t test over 3 folds"))
    #expect(page.contains("3 folds tell little of how far folds differ."))
    #expect(page.contains("* *At what cost:* Trained in "))
    #expect(page.contains("* *For whom not:* Worst in fold 2 ("))
    #expect(page.contains("straight line per unit of size is better in no fold."))
    #expect(page.contains("### Which differences are clear"))
    #expect(page.contains("Nadeau and Bengio, 2003"))
    // One bold sentence, and none in the tables.
    #expect(page.components(separatedBy: "**").count == 3)
  }

  @Test func withoutAnIntervalNothingIsBold() {
    let one = PooledReport(pooled([0])).text(name: "cv")
    #expect(!one.contains("**Boosted") && one.contains("nothing was compared with it."))
    var old = pooled()
    (old.comparisons, old.simpleModels, old.objectives) = (nil, nil, nil)
    let page = PooledReport(old).text(name: "cv")
    #expect(!page.contains("**"))
  }
}
