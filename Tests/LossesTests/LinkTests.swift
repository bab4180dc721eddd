import Losses
import TestSupport
import Testing

@Suite("Links")
struct LinkTests {
  @Test("inverse links")
  func inverse() {
    func inverse(_ link: Link, _ scores: [Double], _ width: Int = 1) -> [Double] {
      var values = scores
      var span = values.mutableSpan
      link.applyInverse(to: &span, scoresPerRow: width)
      return values
    }
    #expect(inverse(.identity, [1, -2]) == [1, -2])
    expectClose(inverse(.log, [1])[0], 2.718281828459045, relative: 1e-15)
    expectClose(inverse(.logit, [1])[0], 0.7310585786300049, relative: 1e-15)
    // scipy.special.softmax([1, 2, 3]), SciPy 1.17
    let p = inverse(.softmax, [1, 2, 3, 0, 0, 0], 3)
    expectClose(p[0], 0.09003057317038046, relative: 1e-14)
    expectClose(p[2], 0.6652409557748218, relative: 1e-14)
    expectClose(p[4], 1.0 / 3, relative: 1e-15)
  }

  @Test("targets outside an objective's domain are refused with their row")
  func domains() {
    let cases: [(any Objective, [Double], Int)] = [
      (Logistic(), [0, 1, 0.5, 1.5], 3), (Logistic(), [-1], 0),
      (SoftmaxCrossEntropy(classes: 3), [0, 2, 3], 2),
      (SoftmaxCrossEntropy(classes: 3), [0.5], 0), (SquaredError(), [1, .nan], 1),
      (SquaredError(), [.infinity], 0),
    ]
    for (objective, targets, row) in cases {
      let sample = ObjectiveSample(
        objective: objective,
        scores: [Double](repeating: 0, count: targets.count * objective.scoresPerRow),
        targets: targets)
      let error = #expect(throws: ObjectiveError.self) {
        try sample.withRows { rows in try objective.validate(rows) }
      }
      #expect(error?.row == row)
      #expect(error?.description.contains("row \(row)") == true)
    }
  }
}
