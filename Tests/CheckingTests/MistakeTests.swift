import Checking
import Losses
import RealModule
import TestSupport
import Testing

/// Mistakes that people make, as they wrote them, with the sentence they get and the right form.
@Suite("Mistakes a to m")
struct MistakeTests {
  @Test("a: cross-entropy gradient y - p; the loss rises over 300 epochs")
  func flippedSign() {
    let sentence =
      "gradient is -1.00 x the numerical gradient: the sign is flipped (y - p instead of p - y?)"
    let wrong = Mistakes.softmax { p, y in
      (0..<3).map { Mistakes.oneHot(y, $0) - p[$0] }
    }
    expectFinding(wrong, .flippedSign, sentence)
    expectFinding(Mistakes.logistic { p, y in y - p }, .flippedSign, sentence)
    // Without a loss, from the gradient alone.
    let blind = Mistakes.softmax(hasLoss: false) { p, y in
      (0..<3).map { Mistakes.oneHot(y, $0) - p[$0] }
    }
    expectFinding(blind, .flippedSign, "y - p instead of p - y")
    // And by the quick check on three classes of flowers, before the first epoch.
    let species = (0..<150).map { Double($0 / 50) }
    for objective in [wrong, blind] {
      #expect(objective.quickCheck(targets: species).errors.map(\.code) == [.flippedSign])
    }
    expectSound(
      Mistakes.softmax { p, y in (0..<3).map { p[$0] - Mistakes.oneHot(y, $0) } })
    expectSound(Mistakes.logistic { p, y in p - y })
  }

  @Test("b: ReLU passed where its derivative is due")
  func activationForDerivative() {
    @Sendable func relu(_ x: Double) -> Double { max(0, x) }
    @Sendable func step(_ x: Double) -> Double { x > 0 ? 1 : 0 }
    func objective(_ derivative: @escaping @Sendable (Double) -> Double) -> BatchObjective {
      BatchObjective(
        "relu",
        losses: { scores, rows, losses in
          for i in 0..<rows.count {
            let error = max(0, scores[i]) - rows.targets[i]
            losses[i] = error * error
          }
        },
        derivatives: { scores, rows, gradients, hessians in
          for i in 0..<rows.count {
            let slope = derivative(scores[i])
            gradients[i] = 2 * (max(0, scores[i]) - rows.targets[i]) * slope
            hessians[i] = scores[i] > 0 ? 2 : 0
          }
        })
    }
    expectFinding(
      objective { relu($0) }, .missingLinkDerivative,
      "an activation (ReLU) is passed where its derivative is due")
    expectSound(objective { step($0) })
    // The same with a sigmoid.
    func sigmoid(_ derivative: @escaping @Sendable (Double) -> Double) -> CustomObjective {
      CustomObjective(
        "sigmoid", link: .logit,
        loss: { row in
          let error = StableMath.sigmoid(row.score) - row.target
          return error * error
        },
        derivatives: { row in
          let p = StableMath.sigmoid(row.score)
          let slope = derivative(p)
          return .init(
            gradient: 2 * (p - row.target) * slope, hessian: 2 * p * (1 - p) * p * (1 - p))
        })
    }
    expectFinding(
      sigmoid { $0 }, .missingLinkDerivative, "sigmoid(score) where its derivative is due")
    #expect(sigmoid { $0 * (1 - $0) }.check().isSound)
  }

  @Test("c: softmax derivative s(1 - s), elementwise, multiplied into p - y")
  func elementwiseJacobian() {
    func wrong(hasLoss: Bool) -> CustomObjective {
      Mistakes.softmax(hasLoss: hasLoss) { p, y in
        (0..<3).map { (p[$0] - Mistakes.oneHot(y, $0)) * p[$0] * (1 - p[$0]) }
      }
    }
    expectFinding(
      wrong(hasLoss: true), .elementwiseJacobian,
      "the softmax Jacobian is diag(p) - p p^T, not s (1 - s)")
    expectFinding(wrong(hasLoss: false), .notAGradient, "elementwise factor s (1 - s)")
    expectFinding(
      Mistakes.logistic { p, y in (p - y) * p * (1 - p) }, .elementwiseJacobian,
      "multiplied in once too often")
    expectSound(
      Mistakes.softmax(hasLoss: false) { p, y in
        (0..<3).map { p[$0] - Mistakes.oneHot(y, $0) }
      })
  }

  @Test("d: the softmax Jacobian summed over one axis; all partial derivatives approach 0")
  func summedJacobian() {
    @Sendable func jacobian(_ p: [Double], _ j: Int, _ k: Int) -> Double {
      (j == k ? p[j] : 0) - p[j] * p[k]
    }
    let wrong = Mistakes.softmax { p, y in
      (0..<3).map { k in
        let summed = (0..<3).reduce(0) { $0 + jacobian(p, $1, k) }
        return -Mistakes.oneHot(y, k) / p[k] * summed
      }
    }
    expectFinding(wrong, .zeroGradient, "was the softmax Jacobian summed over one axis")
    let species = (0..<150).map { Double($0 / 50) }
    #expect(wrong.quickCheck(targets: species).errors.map(\.code) == [.zeroGradient])
    // The chain of both is right, except where p rounds to 0; the fused form always is.
    let chain = Mistakes.softmax { p, y in
      (0..<3).map { k in
        (0..<3).reduce(0) { $0 - Mistakes.oneHot(y, $1) / p[$1] * jacobian(p, $1, k) }
      }
    }
    #expect(chain.check().errors.map(\.code) == [.notFinite])
    expectSound(Mistakes.softmax { p, y in (0..<3).map { p[$0] - Mistakes.oneHot(y, $0) } })
  }

  @Test("e: softmax without subtracting the maximum overflows")
  func noMaximum() {
    let wrong = CustomObjective(
      "softmax", scoresPerRow: 3, link: .softmax,
      loss: { row in
        var sum = 0.0
        for k in 0..<3 { sum += .exp(row.scores[k]) }
        return -Double.log(.exp(row.scores[Int(row.target)]) / sum)
      },
      derivatives: { row, g, h in
        var sum = 0.0
        for k in 0..<3 { sum += .exp(row.scores[k]) }
        for k in 0..<3 {
          let p = Double.exp(row.scores[k]) / sum
          g[k] = p - (Double(k) == row.target ? 1 : 0)
          h[k] = p * (1 - p)
        }
      })
    expectFinding(
      wrong, .notFinite, "softmax without subtracting the row's maximum first?")
    expectSound(SoftmaxCrossEntropy(classes: 3))
  }

  /// Softmax of rows after subtracting what `shift` says of row and batch.
  static func batchSoftmax(
    _ shift: @escaping @Sendable (_ row: Double, _ batch: Double) -> Double
  ) -> BatchObjective {
    @Sendable func probabilities(_ scores: Span<Double>) -> [Double] {
      var batch = -Double.infinity
      for index in scores.indices { batch = max(batch, scores[index]) }
      return (0..<scores.count / 3).flatMap { row -> [Double] in
        let own = max(scores[3 * row], max(scores[3 * row + 1], scores[3 * row + 2]))
        let e = (0..<3).map { Double.exp(scores[3 * row + $0] - shift(own, batch)) }
        return e.map { $0 / (e[0] + e[1] + e[2]) }
      }
    }
    return BatchObjective(
      "softmax", scoresPerRow: 3, link: .softmax,
      losses: { scores, rows, losses in
        for row in 0..<rows.count {
          losses[row] =
            StableMath.logSumExp(scores.extracting(3 * row..<3 * row + 3))
            - scores[3 * row + Int(rows.targets[row])]
        }
      },
      derivatives: { scores, rows, gradients, hessians in
        let p = probabilities(scores)
        for index in p.indices {
          gradients[index] = p[index] - (Double(index % 3) == rows.targets[index / 3] ? 1 : 0)
          hessians[index] = p[index] * (1 - p[index])
        }
      })
  }

  @Test("f: the maximum over the whole batch instead of per row; rows underflow to 0/0")
  func batchMaximum() {
    expectFinding(
      Self.batchSoftmax { _, batch in batch }, .dependsOnBatch,
      "maximum taken over the whole batch instead of per row")
    expectSound(Self.batchSoftmax { row, _ in row })
  }

  @Test("g: cross-entropy as log2(sum(y p)) with gradient -y / p log(2)")
  func logarithmToBaseTwo() {
    // The scores are taken for probabilities; the sum of y p is the true class's.
    func objective(
      _ loss: @escaping @Sendable (Double) -> Double,
      _ slope: @escaping @Sendable (Double) -> Double
    ) -> CustomObjective {
      CustomObjective(
        "log2", scoresPerRow: 3,
        loss: { row in
          var sum = 0.0
          for k in 0..<3 { sum += (Double(k) == row.target ? 1 : 0) * row.scores[k] }
          return loss(sum)
        },
        derivatives: { row, g, h in
          for k in 0..<3 {
            let y: Double = Double(k) == row.target ? 1 : 0
            g[k] = y * slope(row.scores[k])
            h[k] = y / (row.scores[k] * row.scores[k])
          }
        })
    }
    let log2 = Double.log(2)
    let wrong = objective({ Double.log2($0) }, { -1 / $0 * log2 })
    expectFinding(wrong, .flippedSign, "the derivative of log2(p) is 1 / (p log 2)")
    expectFinding(wrong, .expectsProbabilities, "it expects probabilities")
    expectFinding(
      objective({ -Double.log2($0) }, { -1 / $0 }), .constantFactor, "logarithm to base 2")
    // With the logarithm in its place the factor is gone; on scores it is softmax cross-entropy.
    #expect(
      !objective({ -Double.log($0) }, { -1 / $0 }).check().errors.contains {
        $0.code == .constantFactor || $0.code == .flippedSign
      })
    expectSound(SoftmaxCrossEntropy(classes: 3))
  }

  /// Softmax cross-entropy whose gradient is divided by what `divisor` makes of N.
  static func averaged(_ divisor: @escaping @Sendable (Int) -> Double) -> BatchObjective {
    BatchObjective(
      "softmax", scoresPerRow: 3, link: .softmax,
      losses: { scores, rows, losses in
        SoftmaxCrossEntropy(classes: 3).losses(at: scores, rows, into: &losses)
      },
      derivatives: { scores, rows, gradients, hessians in
        SoftmaxCrossEntropy(classes: 3).derivatives(
          at: scores, rows, gradients: &gradients, hessians: &hessians)
        for index in gradients.indices { gradients[index] /= divisor(rows.count) }
      })
  }

  @Test("h: mean over N*K instead of N")
  func meanOverElements() {
    expectFinding(Self.averaged { 3 * Double($0) }, .dividedByRows, "a mean where a sum is due")
    expectFinding(
      Self.averaged { 3 * Double($0) }, .constantFactor,
      "divided by N*K (a mean over rows times scores) instead of N")
    expectFinding(Self.averaged { Double($0) }, .dividedByRows, "a call with 64 rows gives 1/64")
    // A number of rows kept from outside.
    let targets = (0..<150).map { Double($0 / 50) }
    expectFinding(
      Self.averaged { _ in 450 }.check(targets: targets), .constantFactor,
      "1 / (N*K), the number of rows times scores")
    expectFinding(
      Self.averaged { _ in 150 }.check(targets: targets), .constantFactor,
      "1 / 150, the number of rows: a mean where a sum is due")
    expectSound(Self.averaged { _ in 1 })
  }

  @Test("i: SNE with gradient 2 (p - y) / size and Hessian 2")
  func forgottenSize() {
    let wrong = Mistakes.sne { .init(gradient: 2 * $0 / $1, hessian: 2) }
    expectFinding(
      wrong, .rowDataFactor,
      "gradient / size matches the loss: the loss divides by size^2, the gradient only divides by "
        + "size")
    expectFinding(wrong, .hessianRowDataFactor, "Hessian lacks / size^2")
    // The gradient right, the Hessian left at 2; with and without a loss.
    for hasLoss in [true, false] {
      expectFinding(
        Mistakes.sne(hasLoss: hasLoss) { .init(gradient: 2 * $0 / ($1 * $1), hessian: 2) },
        .hessianRowDataFactor,
        "Hessian lacks / size^2: with it, it matches the slope of the gradient")
    }
    expectFinding(
      Mistakes.sne { r, _ in .init(gradient: 2 * r, hessian: 2) }, .rowDataFactor,
      "gradient / size^2 matches the loss: the loss divides by size^2, the gradient does not")
    expectSound(Mistakes.sne { .init(gradient: 2 * $0 / ($1 * $1), hessian: 2 / ($1 * $1)) })
  }

  @Test("j: SNE with a global size array, used on a validation fold")
  func globalArray() {
    let sizes = referenceNumbers(1000, seed: 3).map { 1 + 99 * $0 }
    let wrong = BatchObjective(
      "sne",
      losses: { scores, rows, losses in
        for i in 0..<rows.count {
          let ratio = (scores[i] - rows.targets[i]) / sizes[i]
          losses[i] = ratio * ratio
        }
      },
      derivatives: { scores, rows, gradients, hessians in
        for i in 0..<rows.count {
          gradients[i] = 2 * (scores[i] - rows.targets[i]) / (sizes[i] * sizes[i])
          hessians[i] = 2 / (sizes[i] * sizes[i])
        }
      })
    let words = "an array from outside is indexed by row position (a global size?)"
    expectFinding(wrong, .dependsOnPosition, words)
    let fold = referenceNumbers(200, seed: 5).map { 100 * $0 }
    expectFinding(wrong.check(targets: fold), .dependsOnPosition, words)
    expectFinding(wrong.quickCheck(targets: fold), .dependsOnPosition, words)
    expectSound(SizeNormalisedSquaredError())
  }

  @Test("k: the standard deviation of the whole target as the size is a constant scale")
  func constantScale() {
    let targets = referenceNumbers(300, seed: 9).map { 40 * $0 }
    let mean = targets.reduce(0, +) / 300
    let spread = (targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 300).squareRoot()
    let objective = CustomObjective(
      "sne",
      loss: { row in
        let ratio = (row.score - row.target) / spread
        return ratio * ratio
      },
      derivatives: { row in
        .init(
          gradient: 2 * (row.score - row.target) / (spread * spread),
          hessian: 2 / (spread * spread))
      })
    let verdict = objective.check(targets: targets)
    #expect(verdict.isSound && verdict.warnings.isEmpty, "\(verdict)")
    expectFinding(
      verdict, .constantScale, "the standard deviation of the target: a constant scale",
      severity: .note)
    expectFinding(objective, .constantScale, "squared error times the constant", severity: .note)
    #expect(SquaredError().check(targets: targets).findings.isEmpty)
  }

  @Test("l: probabilities fed to a logit loss, and logits to a probability loss")
  func probabilitiesAndLogits() {
    let numbers = referenceNumbers(120, seed: 1)
    let labels = numbers.map { ($0 * 7).rounded(.down).truncatingRemainder(dividingBy: 2) }
    expectFinding(
      Logistic().check(targets: labels, scores: numbers), .scoresAreProbabilities,
      "they look like probabilities", severity: .warning)
    let three = SoftmaxCrossEntropy(classes: 3)
    let parts = (0..<40).flatMap { row -> [Double] in
      let e = (0..<3).map { 0.1 + numbers[3 * row + $0] }
      return e.map { $0 / (e[0] + e[1] + e[2]) }
    }
    let species = (0..<40).map { Double($0 % 3) }
    expectFinding(
      three.check(targets: species, scores: parts), .scoresAreProbabilities,
      "sum to one: they look like probabilities; is softmax applied twice?", severity: .warning)
    let logits = numbers.map { 6 * $0 - 3 }
    #expect(Logistic().check(targets: labels, scores: logits).warnings.isEmpty)
    #expect(three.check(targets: species, scores: logits).warnings.isEmpty)

    let fromProbabilities = CustomObjective(
      "cross-entropy",
      loss: { row in
        -row.target * Double.log(row.score) - (1 - row.target) * Double.log(1 - row.score)
      },
      derivatives: { row in
        let (p, y) = (row.score, row.target)
        return .init(
          gradient: (p - y) / (p * (1 - p)), hessian: y / (p * p) + (1 - y) / ((1 - p) * (1 - p)))
      })
    expectFinding(
      fromProbabilities.check(targets: labels), .expectsProbabilities,
      "not finite for scores outside (0, 1): it expects probabilities")
    #expect(!fromProbabilities.quickCheck(targets: labels, scores: logits).isSound)
    expectSound(Logistic())
  }

  @Test("m: Hessian of the wrong sign")
  func hessianSign() {
    expectFinding(
      Mistakes.squared { .init(gradient: 2 * ($0 - $1), hessian: -2) }, .hessianSign,
      "Hessian is -1.00 x the slope of the gradient: the sign is wrong")
    let blind = CustomObjective("squared") { row in
      .init(gradient: 2 * (row.score - row.target), hessian: -2)
    }
    expectFinding(blind, .hessianSign, "Hessian is -1.00 x")
    #expect(
      blind.quickCheck(targets: referenceNumbers(80, seed: 2)).errors.map(\.code)
        == [.hessianNegative])
    expectSound(Mistakes.squared { .init(gradient: 2 * ($0 - $1), hessian: 2) })
  }
}
