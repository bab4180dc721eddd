import Losses
import TestSupport
import Testing

/// Gradients alone, and losses with gradients, are the numbers of the other entry points to the last
/// bit: what a network is trained on does not depend on which is asked.
@Suite("Gradients alone") struct GradientEntryTests {
  private func expectSame(_ objective: any Objective, _ sample: ObjectiveSample) {
    let (expected, _) = sample.derivatives(under: objective)
    // What is there before must not count.
    var gradients = [Double](repeating: .nan, count: expected.count)
    var again = gradients
    var losses = [Double](repeating: .nan, count: sample.targets.count)
    sample.withRows { rows in
      var span = gradients.mutableSpan
      objective.gradients(at: sample.scores.span, rows, into: &span)
      guard objective.hasLoss else { return }
      var lossSpan = losses.mutableSpan
      var againSpan = again.mutableSpan
      objective.lossesAndGradients(
        at: sample.scores.span, rows, losses: &lossSpan, gradients: &againSpan)
    }
    #expect(gradients.map(\.bitPattern) == expected.map(\.bitPattern))
    #expect(Set(gradients.map(\.bitPattern)).count > 1)
    guard objective.hasLoss else { return }
    #expect(again.map(\.bitPattern) == expected.map(\.bitPattern))
    #expect(
      losses.map(\.bitPattern) == sample.losses(under: objective).map(\.bitPattern))
  }

  @Test("of every shipped objective", arguments: ObjectiveCase.all)
  func shipped(objectiveCase: ObjectiveCase) {
    for seed in 0..<3 as Range<UInt64> {
      expectSame(objectiveCase.objective, objectiveCase.rows(60, seed: seed))
    }
  }

  @Test("through a score adjustment") func adjusted() {
    let sample = ObjectiveCase.all[1].rows(60, seed: 5)
    expectSame(SizeNormalisedSquaredError().adjusted(), sample)
  }

  @Test("of softmax with smoothed and weighted labels") func weightedSoftmax() {
    let sample = ObjectiveCase.all[4].rows(60, seed: 6)
    expectSame(SoftmaxCrossEntropy(classes: 3, labelSmoothing: 0.1), sample)
    expectSame(SoftmaxCrossEntropy(classes: 3, classWeights: [1, 2, 0.5]), sample)
  }

  @Test("of the three ways to write one") func written() {
    let sample = ObjectiveCase.all[0].rows(60, seed: 7)
    expectSame(
      CustomObjective("square") { row in
        .init(gradient: 2 * (row.score - row.target), hessian: 2)
      }, sample)
    expectSame(
      DifferentiableObjective("square") { row in (row.score - row.target).squared() }, sample)
    expectSame(
      BatchObjective("square") { scores, rows, gradients, hessians in
        for row in 0..<rows.count {
          gradients[row] = 2 * (scores[row] - rows.targets[row])
          hessians[row] = 2
        }
      }, sample)
  }
}
