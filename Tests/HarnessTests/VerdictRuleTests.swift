import Foundation
import Losses
import Testing

@testable import Harness

struct VerdictRuleTests {
  /// By hand: 0.005 x 4, 0.01 x 3, 0.03 x 2, and 0.04 x 1 which may not fall below the one before;
  /// the example of many textbooks, and R's p.adjust(c(.01, .04, .03, .005), "holm").
  @Test func holm() {
    let adjusted = MultipleComparisons.holm([0.01, 0.04, 0.03, 0.005])
    for (found, expected) in zip(adjusted, [0.03, 0.06, 0.06, 0.02]) {
      #expect(abs(found - expected) < 1e-15)
    }
    #expect(MultipleComparisons.holm([0.6, 0.7]) == [1, 1])
    #expect(MultipleComparisons.holm([]).isEmpty)
    // One without a p-value counts among the comparisons.
    let some = MultipleComparisons.holm([.nan, 0.01])
    #expect(some[0].isNaN && some[1] == 0.02)
  }

  private func comparison(
    _ value: Double, _ low: Double, _ high: Double, other: Double = 1, p: Double = 0.01,
    metric: String = "rmse", question: ComparisonRecord.Question = .objective
  ) -> ComparisonRecord {
    let a = Combination(learner: "A", objective: "o", form: .plain)
    let interval = Interval(value: value, low: low, high: high)
    return ComparisonRecord(
      question: question, a: a, b: a, metric: metric, rows: 100, seeds: 1, aValue: other + value,
      bValue: other, difference: interval, relative: interval, unit: .rows, unitCount: 100,
      resamples: 1000, verdict: .undecided, pValue: p)
  }

  private func verdicts(
    _ comparisons: [ComparisonRecord], least: Double = 0.01, lowerIsBetter: Bool = true
  ) -> [ComparisonRecord.Verdict] {
    comparisons.corrected(smallestDifference: least) { _ in lowerIsBetter }.map(\.verdict)
  }

  /// Clear, large enough, and on which side.
  @Test func betterAndWorse() {
    #expect(verdicts([comparison(-0.2, -0.3, -0.1)]) == [.better])
    #expect(verdicts([comparison(0.2, 0.1, 0.3)]) == [.worse])
    #expect(verdicts([comparison(0.2, 0.1, 0.3)], lowerIsBetter: false) == [.better])
    #expect(verdicts([comparison(-0.2, -0.5, 0.1, p: 0.2)]) == [.undecided])
    #expect(verdicts([comparison(-0.2, .nan, .nan, p: .nan)]) == [.undecided])
  }

  /// One percent of the other's error, or one hundredth of a score.
  @Test func differencesThatDoNotMatter() {
    #expect(verdicts([comparison(-0.005, -0.009, -0.001)]) == [.equal])
    #expect(verdicts([comparison(0, 0, 0, p: 1)]) == [.equal])
    // Clear, but neither surely small nor large enough.
    #expect(verdicts([comparison(-0.005, -0.02, -0.001)]) == [.undecided])
    // A tenth of the error, so a tenth of the threshold.
    #expect(verdicts([comparison(-0.005, -0.009, -0.001, other: 0.1)]) == [.better])
    #expect(
      verdicts([comparison(-0.005, -0.009, -0.001, other: 0.1)], lowerIsBetter: false) == [.equal])
    #expect(verdicts([comparison(-0.005, -0.009, -0.001)], least: 0) == [.better])
  }

  /// Three comparisons of one question at 0.02 are 0.06 each; those of other questions, metrics or
  /// buckets do not count among them.
  @Test func familiesAreCorrected() {
    let three = [Int](0..<3).map { _ in comparison(-0.2, -0.3, -0.1, p: 0.02) }
    #expect(verdicts(three) == [.undecided, .undecided, .undecided])
    #expect(verdicts(Array(three.prefix(2))) == [.better, .better])
    let others = [
      comparison(-0.2, -0.3, -0.1, p: 0.02),
      comparison(-0.2, -0.3, -0.1, p: 0.02, question: .learner),
      comparison(-0.2, -0.3, -0.1, p: 0.02, metric: "mae"),
    ]
    #expect(verdicts(others) == [.better, .better, .better])
    let corrected = three.corrected(smallestDifference: 0.01) { _ in true }
    #expect(corrected[0].familySize == 3)
    #expect(abs((corrected[0].adjustedPValue ?? 0) - 0.06) < 1e-15)
  }

  /// Twice the share of resamples on the rarer side, both counted one more than they are.
  @Test func pValuesOfResamples() {
    let differences = (0..<99).map { $0 < 4 ? 1.0 : -1 }
    #expect(PairedBootstrap.pValue(differences) == 0.1)
    #expect(PairedBootstrap.pValue([Double](repeating: -1, count: 99)) == 0.02)
    #expect(PairedBootstrap.pValue([0, 0, 0]) == 1)
    #expect(PairedBootstrap.pValue([1, .nan]).isNaN && PairedBootstrap.pValue([]).isNaN)
  }

  /// SciPy 1.17: 2 * t.sf(|t|, freedom) and t.ppf(0.975, freedom).
  @Test(arguments: [
    (1.0, 0.5, 0.7048327646991335), (2, 2, 0.18350341907227397), (4, 2.776, 0.05002277831997642),
    (9, 1.1, 0.2998827618568063), (30, -3.3, 0.002499307439798054),
  ])
  func studentsT(freedom: Double, t: Double, p: Double) {
    #expect(abs(StudentT(freedom: freedom).twoSided(t) - p) < 1e-12 * p + 1e-14)
  }

  @Test(arguments: [
    (1.0, 12.706204736174694), (2, 4.302652729749462), (4, 2.7764451051977934),
    (9, 2.262157162798205), (1000, 1.9623390808264083),
  ])
  func criticalValues(freedom: Double, value: Double) {
    #expect(abs(StudentT(freedom: freedom).critical(0.05) - value) < 1e-10 * value)
  }

  /// NumPy and SciPy: mean 0.13, five folds, test rows a quarter of the training rows.
  @Test func correctedResampledTTest() {
    let test = CorrectedTTest([0.1, 0.25, -0.05, 0.2, 0.15], testToTrain: 0.25)
    #expect(abs(test.interval.value - 0.13) < 1e-15)
    #expect(abs(test.interval.low - -0.08438938932402668) < 1e-12)
    #expect(abs(test.interval.high - 0.3443893893240267) < 1e-12)
    #expect(abs(test.pValue - 0.16755322147892307) < 1e-12)
    // Without the correction it would look twice as sure.
    #expect(CorrectedTTest([0.1, 0.25, -0.05, 0.2, 0.15], testToTrain: 0).pValue < 0.08)
    #expect(CorrectedTTest([0.1, 0.1], testToTrain: 0.25).pValue == 0)
    #expect(CorrectedTTest([0, 0], testToTrain: 0.25).pValue == 1)
    #expect(CorrectedTTest([0.1, .nan], testToTrain: 0.25).pValue.isNaN)
  }
}
