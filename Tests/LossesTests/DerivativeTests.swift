import Losses
import TestSupport
import Testing

@Suite("Derivatives against central differences")
struct DerivativeTests {
  static let extremes = [0, 1e-3, -1e-3, 1, -1, 20, -20, 88, -88, 1e4, -1e4]

  /// Central differences of the loss, and of the gradient, one score at a time.
  @Test("every objective at moderate and extreme scores", arguments: ObjectiveCase.all)
  func centralDifferences(_ testCase: ObjectiveCase) {
    for seed in 0..<5 as Range<UInt64> {
      var sample = testCase.rows(Self.extremes.count, seed: seed)
      let width = testCase.objective.scoresPerRow
      for (row, score) in Self.extremes.enumerated() { sample.scores[row * width] = score }
      let (gradients, hessians) = sample.derivatives
      for k in 0..<width {
        var above = sample
        var below = sample
        var steps: [Double] = []
        for row in sample.targets.indices {
          let index = row * width + k
          let step = 1e-5 * max(1, sample.scores[index].magnitude)
          above.scores[index] += step
          below.scores[index] -= step
          steps.append(above.scores[index] - below.scores[index])
        }
        let (lossAbove, lossBelow) = (above.losses, below.losses)
        let (gradientAbove, gradientBelow) = (above.derivatives.0, below.derivatives.0)
        for row in sample.targets.indices {
          let index = row * width + k
          let scale = testCase.objective.rowDataNames.isEmpty ? 1 : sample.rowData[row]
          // Rounding of the loss divided by the step bounds what differences can see.
          let noise = 4 * lossAbove[row].magnitude * 1e-16 / steps[row]
          expectClose(
            gradients[index], (lossAbove[row] - lossBelow[row]) / steps[row], relative: 1e-6,
            absolute: noise + 1e-8 / (scale * scale), "gradient, row \(row), score \(k)")
          let gradientNoise = 4 * gradientAbove[index].magnitude * 1e-16 / steps[row]
          expectClose(
            hessians[index], (gradientAbove[index] - gradientBelow[index]) / steps[row],
            relative: 1e-6, absolute: gradientNoise + 1e-8 / (scale * scale),
            "Hessian, row \(row), score \(k)")
        }
      }
    }
  }

  @Test("values and derivatives are finite at |score| = 1e4", arguments: ObjectiveCase.all)
  func finiteAtExtremes(_ testCase: ObjectiveCase) {
    for scale in [1e4, 1e3, 88] {
      var sample = testCase.rows(200, seed: 3)
      for index in sample.scores.indices {
        sample.scores[index] = index % 3 == 0 ? scale : (index % 3 == 1 ? -scale : 0)
      }
      #expect(sample.losses.allSatisfy { $0.isFinite && $0 >= 0 })
      let (gradients, hessians) = sample.derivatives
      #expect(gradients.allSatisfy { $0.isFinite })
      #expect(hessians.allSatisfy { $0.isFinite && $0 >= 0 })
    }
  }

  @Test("a block of rows gives what each row gives alone", arguments: ObjectiveCase.all)
  func purity(_ testCase: ObjectiveCase) {
    let sample = testCase.rows(37, seed: 11)
    let width = testCase.objective.scoresPerRow
    let columns = testCase.objective.rowDataNames.count
    let whole = sample.derivatives
    let losses = sample.losses
    #expect(Set(losses).count > 10)
    for row in 0..<37 {
      let alone = ObjectiveSample(
        objective: testCase.objective,
        scores: Array(sample.scores[row * width..<(row + 1) * width]),
        targets: [sample.targets[row]],
        rowData: Array(sample.rowData[row * columns..<(row + 1) * columns]))
      #expect(alone.losses[0] == losses[row])
      #expect(alone.derivatives.0 == Array(whole.0[row * width..<(row + 1) * width]))
      #expect(alone.derivatives.1 == Array(whole.1[row * width..<(row + 1) * width]))
    }
  }
}
