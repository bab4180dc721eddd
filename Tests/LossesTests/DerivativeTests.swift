import Losses
import TestSupport
import Testing

@Suite("Derivatives against central differences")
struct DerivativeTests {
  static let extremes = [0, 1e-3, -1e-3, 1, -1, 20, -20, 88, -88, 1e4, -1e4]

  /// Scores of which the first of every row is extreme, where scores may be.
  private func extremeRows(_ testCase: ObjectiveCase, seed: UInt64) -> ObjectiveSample {
    var sample = testCase.rows(Self.extremes.count, seed: seed)
    guard !testCase.traits.contains(.probabilityScores) else { return sample }
    let width = testCase.objective.scoresPerRow
    for (row, score) in Self.extremes.enumerated() { sample.scores[row * width] = score }
    return sample
  }

  /// Central differences of the loss, and of the gradient, one score at a time. Rows that depend on
  /// each other are moved one by one, and the loss of all counts.
  @Test("every objective at moderate and extreme scores", arguments: ObjectiveCase.all)
  func centralDifferences(_ testCase: ObjectiveCase) {
    let objective = testCase.objective
    for seed in 0..<5 as Range<UInt64> {
      let sample = extremeRows(testCase, seed: seed)
      let width = objective.scoresPerRow
      let (gradients, hessians) = sample.derivatives
      for k in 0..<width {
        for block in testCase.blocks(sample.targets.count) {
          let part = sample.extracting(block)
          for row in part.targets.indices {
            let place = row * width + k
            let index = (block.lowerBound + row) * width + k
            var above = part
            var below = part
            // Likelihoods with a scale bend sharply where it is small.
            let isSteep = objective is any LocationScaleObjective
            let step = (isSteep ? 1e-6 : 1e-5) * max(1, part.scores[place].magnitude)
            above.scores[place] += step
            below.scores[place] -= step
            let width = above.scores[place] - below.scores[place]
            let (lossAbove, lossBelow) = (
              above.losses.reduce(0, +), below.losses.reduce(0, +)
            )
            let (gradientAbove, gradientBelow) = (
              above.derivatives.0[place], below.derivatives.0[place]
            )
            // Rounding of the loss divided by the step bounds what differences can see.
            let size = objective.name == "sne" ? sample.rowData[index] : 1
            // Differences across a kink of the slope, at 0 or +-1, are off by the step.
            let isKink =
              testCase.traits.contains(.kinks) && [0, 1].contains(part.scores[place].magnitude)
            let noise = 8 * lossAbove.magnitude * 1e-16 / width + (isKink ? 1e-5 : 0)
            expectClose(
              gradients[index], (lossAbove - lossBelow) / width, relative: 1e-6,
              absolute: noise + 1e-8 / (size * size), "gradient, seed \(seed), row \(index)")
            // A surrogate is no derivative.
            guard objective.curvature.isExact, !isKink else { continue }
            let gradientNoise = 8 * gradientAbove.magnitude * 1e-16 / width
            expectClose(
              hessians[index], (gradientAbove - gradientBelow) / width, relative: 1e-6,
              absolute: gradientNoise + 1e-8 / (size * size),
              "Hessian, seed \(seed), row \(index)")
          }
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
      let losses = sample.losses
      #expect(losses.allSatisfy { $0.isFinite })
      #expect(testCase.traits.contains(.negativeLoss) || losses.allSatisfy { $0 >= 0 })
      let (gradients, hessians) = sample.derivatives
      #expect(gradients.allSatisfy { $0.isFinite })
      #expect(hessians.allSatisfy { $0.isFinite })
      #expect(testCase.traits.contains(.negativeHessian) || hessians.allSatisfy { $0 >= 0 })
      #expect(gradients.contains { $0 != 0 } || testCase.traits.contains(.probabilityScores))
    }
  }

  @Test("values and derivatives are finite for tiny and huge targets", arguments: ObjectiveCase.all)
  func finiteForAnyUnit(_ testCase: ObjectiveCase) {
    // Classes and relevances have no unit; probabilities are not asked for far scores.
    let isNumeric = testCase.rows(50, seed: 1).targets.contains { $0 != $0.rounded() || $0 > 9 }
    guard isNumeric else { return }
    for unit in [1e-9, 1e-6, 1e6, 1e9] {
      for far in [0.0, 3, -3, 1e4, -1e4] {
        var sample = testCase.rows(60, seed: 8)
        for row in sample.targets.indices {
          sample.targets[row] *= unit
          // Bounds of a time move with it; sizes and exposures go the other way.
          for column in testCase.objective.rowDataNames.indices {
            let index = row * testCase.objective.rowDataNames.count + column
            switch testCase.objective.rowDataNames[column] {
            case "lower", "upper": sample.rowData[index] *= unit
            case "size", "exposure": sample.rowData[index] = row % 2 == 0 ? 1e-6 : 1e9
            default: break
            }
          }
        }
        for index in sample.scores.indices where far != 0 {
          sample.scores[index] = index % 3 == 0 ? -far : far
        }
        #expect(sample.isValid)
        #expect(sample.losses.allSatisfy { $0.isFinite }, "unit \(unit), scores \(far)")
        let (gradients, hessians) = sample.derivatives
        #expect(gradients.allSatisfy { $0.isFinite }, "unit \(unit), scores \(far)")
        #expect(hessians.allSatisfy { $0.isFinite }, "unit \(unit), scores \(far)")
      }
    }
  }

  /// Losses that grow no faster than the score itself.
  static let linear = ObjectiveCase.all.filter {
    [
      "absolute", "huber", "pseudo-huber", "log-cosh", "quantile", "smape", "logistic", "focal",
      "softmax", "one-vs-rest", "ordinal", "negative-binomial",
    ].contains($0.objective.name)
  }

  @Test("linear losses are finite up to the largest scores", arguments: linear)
  func finiteEverywhere(_ testCase: ObjectiveCase) {
    #expect(Self.linear.count >= 20)
    for far in [700, 1e16, 1e200, 1e306] {
      var sample = testCase.rows(90, seed: 6)
      for index in sample.scores.indices {
        sample.scores[index] = [far, -far, 0, far / 2, 1][(index * 7 + index / 5) % 5]
      }
      #expect(sample.losses.allSatisfy { $0.isFinite && $0 >= 0 }, "\(far)")
      let (gradients, hessians) = sample.derivatives
      #expect(gradients.allSatisfy { $0.isFinite }, "\(far)")
      #expect(hessians.allSatisfy { $0.isFinite }, "\(far)")
    }
  }

  /// At its kinks the mean of the slopes at both sides: at the target they cancel; at 0 they are 0
  /// and, for y = 2, -4 y / y^2 = -2, with curvatures 0 and 2.
  @Test("the symmetric percentage error at its kinks")
  func symmetricPercentageKinks() {
    let places: [(score: Double, target: Double, gradient: Double, hessian: Double)] = [
      (3, 3, 0, 0), (0, 0, 0, 0), (2, 0, 0, 0), (-1, 2, 0, 0), (0, 2, -1, 1), (0, -2, 1, 1),
    ]
    for place in places {
      let sample = ObjectiveSample(
        objective: SymmetricPercentageError(), scores: [place.score], targets: [place.target])
      #expect(sample.derivatives.gradients == [place.gradient], "\(place)")
      #expect(sample.derivatives.hessians == [place.hessian], "\(place)")
    }
  }

  @Test("Hessians are negative only where an objective says so", arguments: ObjectiveCase.all)
  func signs(_ testCase: ObjectiveCase) {
    var sawNegative = false
    for seed in 0..<20 as Range<UInt64> {
      let sample = testCase.rows(100, seed: seed)
      if sample.derivatives.1.contains(where: { $0 < 0 }) { sawNegative = true }
    }
    #expect(sawNegative == testCase.traits.contains(.negativeHessian))
    // Whoever has negative Hessians suggests a policy that mends them.
    #expect(!sawNegative || testCase.objective.curvature.policy != .exact)
  }

  @Test("a block of rows gives what its parts give alone", arguments: ObjectiveCase.all)
  func purity(_ testCase: ObjectiveCase) {
    let sample = testCase.rows(37, seed: 11)
    let width = testCase.objective.scoresPerRow
    let whole = sample.derivatives
    let losses = sample.losses
    #expect(Set(losses).count > 10)
    for block in testCase.blocks(37) {
      let alone = sample.extracting(block)
      let places = block.lowerBound * width..<block.upperBound * width
      #expect(alone.losses == Array(losses[block]))
      #expect(alone.derivatives.0 == Array(whole.0[places]))
      #expect(alone.derivatives.1 == Array(whole.1[places]))
    }
  }

  @Test("full Hessians are those of the gradients", arguments: ObjectiveCase.all)
  func fullHessians(_ testCase: ObjectiveCase) {
    let objective = testCase.objective
    guard objective.hasFullHessian else { return }
    let width = objective.scoresPerRow
    let sample = testCase.rows(20, scale: 1, seed: 4)
    let full = sample.fullHessians(under: objective)
    let diagonal = sample.derivatives.1
    for k in 0..<width {
      var above = sample
      var below = sample
      for row in 0..<20 {
        above.scores[row * width + k] += 1e-5
        below.scores[row * width + k] -= 1e-5
      }
      let (gradientAbove, gradientBelow) = (above.derivatives.0, below.derivatives.0)
      for row in 0..<20 {
        expectClose(
          full[(row * width + k) * width + k], diagonal[row * width + k], relative: 1e-14)
        for j in 0..<width {
          let index = row * width + j
          expectClose(
            full[index * width + k], (gradientAbove[index] - gradientBelow[index]) / 2e-5,
            relative: 1e-5, absolute: 1e-8)
        }
      }
    }
  }
}
