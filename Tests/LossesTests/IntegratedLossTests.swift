import Losses
import TestSupport
import Testing

@Suite("Losses recovered from gradients")
struct IntegratedLossTests {
  @Test(
    "the integral is the loss difference",
    arguments: ObjectiveCase.all.filter { !$0.traits.contains(.kinks) })
  func integral(_ testCase: ObjectiveCase) {
    for seed in 0..<10 as Range<UInt64> {
      let old = testCase.rows(50, scale: 1, seed: seed)
      var new = old
      // Likelihoods with a scale bend sharply where it is small: shorter steps.
      let step = testCase.objective is any LocationScaleObjective ? 0.05 : 1
      for index in new.scores.indices {
        new.scores[index] += step * (index % 2 == 0 ? 0.4 : -0.7)
      }
      var changes = [Double](repeating: 0, count: 50)
      old.withRows { rows in
        var span = changes.mutableSpan
        IntegratedLoss.changes(
          of: testCase.objective, from: old.scores.span, to: new.scores.span, rows, into: &span)
      }
      #expect(Set(changes).count > 2)
      if testCase.objective.reach != .row {
        let total = changes.reduce(0, +)
        expectClose(
          total, new.losses.reduce(0, +) - old.losses.reduce(0, +), relative: 1e-7, absolute: 1e-7)
        continue
      }
      for (change, pair) in zip(changes, zip(new.losses, old.losses)) {
        expectClose(change, pair.0 - pair.1, relative: 1e-8, absolute: 1e-7)
      }
    }
  }
}
