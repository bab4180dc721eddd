import Checking
import Losses
import RealModule
import TestSupport
import Testing

@Suite("More mistakes")
struct MoreMistakeTests {
  @Test("the Hessian is off by the factor of a square")
  func factorTwo() {
    expectFinding(
      Mistakes.squared { .init(gradient: 2 * ($0 - $1), hessian: 1) }, .hessianTooSmall,
      "Hessian is 0.500 x the slope of the gradient in every row: Newton steps are 2.00 x too long")
    let halved = CustomObjective(
      "half", loss: { ($0.score - $0.target) * ($0.score - $0.target) / 2 },
      derivatives: { .init(gradient: $0.score - $0.target, hessian: 2) })
    expectFinding(
      halved, .hessianFactor, "does the factor 2 of a square stand in one of both only")
    expectFinding(
      Mistakes.squared { .init(gradient: $0 - $1, hessian: 1) }, .constantFactor,
      "gradient is 0.500 x the numerical gradient in every row: the factor 2 of a square is missing"
    )
  }

  @Test("the gradient by the prediction instead of the score, logistic and Poisson")
  func missingLinkDerivative() {
    expectFinding(
      Mistakes.logistic { p, y in (p - y) / (p * (1 - p)) }, .missingLinkDerivative,
      "derivative by the prediction p = sigmoid(score), not by the score")
    func poisson(
      _ gradient: @escaping @Sendable (_ mean: Double, _ y: Double) -> Double
    ) -> CustomObjective {
      CustomObjective(
        "poisson", link: .log, loss: { Double.exp($0.score) - $0.target * $0.score },
        derivatives: { row in
          let mean = Double.exp(row.score)
          return .init(gradient: gradient(mean, row.target), hessian: mean)
        })
    }
    expectFinding(
      poisson { mean, y in 1 - y / mean }, .missingLinkDerivative,
      "gradient lacks the factor exp(score)")
    // exp(1e4) is larger than any number: a note, and nothing else.
    let right = poisson { mean, y in mean - y }.check()
    #expect(right.isSound && right.warnings.isEmpty, "\(right)")
    #expect(right.notes.map(\.code) == [.notFinite])
    expectFinding(
      Mistakes.softmax { p, y in (0..<3).map { -Mistakes.oneHot(y, $0) / max(p[$0], 1e-300) } },
      .missingLinkDerivative, "the softmax Jacobian is missing")
  }

  @Test("target and score exchanged")
  func swapped() {
    let quantile = CustomObjective(
      "asymmetric",
      loss: { row in
        let r = row.score - row.target
        return r > 0 ? 3 * r * r : r * r
      },
      derivatives: { row in
        let r = row.target - row.score
        return .init(gradient: r > 0 ? 6 * r : 2 * r, hessian: r > 0 ? 6 : 2)
      })
    expectFinding(quantile, .swappedArguments, "with target and score exchanged")
    expectFinding(
      Mistakes.squared { .init(gradient: 2 * ($1 - $0), hessian: 2) }, .flippedSign,
      "gradient is -1.00 x the numerical gradient")
  }

  @Test("classes counted from 1; the one at the true class forgotten")
  func classes() {
    expectFinding(
      Mistakes.softmax { p, y in (0..<3).map { p[$0] - Mistakes.oneHot(y + 1, $0) } },
      .classOffByOne, "that of class y + 1: the class index is off by one")
    expectFinding(
      Mistakes.softmax { p, y in (0..<3).map { p[$0] - Mistakes.oneHot(y - 1, $0) } },
      .classOffByOne, "that of class y - 1")
    expectFinding(Mistakes.softmax { p, _ in p }, .missingTarget, "p instead of p - y")
  }

  @Test("the Hessian is the gradient, zero, or a constant")
  func hessians() {
    expectFinding(
      Mistakes.squared { .init(gradient: 2 * ($0 - $1), hessian: 2 * ($0 - $1)) },
      .hessianIsGradient, "Hessian equals the gradient in every row")
    expectFinding(
      Mistakes.squared { score, target in .init(gradient: 2 * (score - target), hessian: 0) },
      .hessianZero, "Hessian is zero in every row")
    let small = CustomObjective(
      "logistic", link: .logit,
      loss: { row in StableMath.softplus(row.score) - row.target * row.score },
      derivatives: { .init(gradient: StableMath.sigmoid($0.score) - $0.target, hessian: 0.1) })
    expectFinding(
      small, .hessianConstant, "Hessian is the constant 0.100 while the slope", severity: .warning)
    let bound = CustomObjective(
      "logistic", link: .logit,
      loss: { row in StableMath.softplus(row.score) - row.target * row.score },
      derivatives: { .init(gradient: StableMath.sigmoid($0.score) - $0.target, hessian: 0.25) })
    expectFinding(bound, .surrogateHessian, "an upper bound", severity: .note)
    expectSound(bound)
  }

  @Test("the gradient clipped, rounded to Float, or right in some rows only")
  func clippedAndRounded() {
    expectFinding(
      Mistakes.squared { .init(gradient: max(-3, min(3, 2 * ($0 - $1))), hessian: 2) }, .clipped,
      "gradient is clipped at 3.00", severity: .warning)
    expectFinding(
      Mistakes.squared { .init(gradient: Double(Float(2 * ($0 - $1))), hessian: 2) },
      .singlePrecision, "precision of Float", severity: .note)
    expectFinding(
      Mistakes.squared { .init(gradient: $0 > $1 ? 2 * ($0 - $1) : 0, hessian: 2) },
      .gradientMismatch, "where the score is below the target, and only there")
  }

  /// Squared error or softmax, written to the output by `write`.
  static func layout(
    scoresPerRow width: Int, hasLoss: Bool = true,
    place: @escaping @Sendable (_ row: Int, _ k: Int, _ count: Int) -> Int
  ) -> BatchObjective {
    let losses: BatchObjective.BatchLosses = { scores, rows, losses in
      if width > 1 {
        SoftmaxCrossEntropy(classes: width).losses(at: scores, rows, into: &losses)
      } else {
        SquaredError().losses(at: scores, rows, into: &losses)
      }
    }
    return BatchObjective(
      "layout", scoresPerRow: width, link: width > 1 ? .softmax : .identity,
      losses: hasLoss ? losses : nil,
      derivatives: { scores, rows, gradients, hessians in
        for row in 0..<rows.count {
          let p = Mistakes.probabilities(scores.extracting(row * width..<(row + 1) * width))
          for k in 0..<width {
            let target = place(row, k, rows.count)
            guard target >= 0, target < gradients.count else { continue }
            if width > 1 {
              gradients[target] = p[k] - (Double(k) == rows.targets[row] ? 1 : 0)
              hessians[target] = p[k] * (1 - p[k])
            } else {
              gradients[target] = 2 * (scores[row] - rows.targets[row])
              hessians[target] = 2
            }
          }
        }
      })
  }

  @Test("transposed [scores x rows], with and without a loss")
  func transposed() {
    for hasLoss in [true, false] {
      let wrong = Self.layout(scoresPerRow: 3, hasLoss: hasLoss) { row, k, count in
        k * count + row
      }
      expectFinding(
        wrong, .transposed, "the gradient is transposed: it matches after reading it as")
      let species = (0..<150).map { Double($0 % 3) }
      expectFinding(wrong.quickCheck(targets: species), .transposed, "transposed")
    }
    expectSound(Self.layout(scoresPerRow: 3) { row, k, _ in row * 3 + k })
  }

  @Test("the gradient of the row before")
  func shifted() {
    let wrong = Self.layout(scoresPerRow: 1) { row, _, count in (row + 1) % count }
    expectFinding(wrong, .shiftedRow, "row i gets the gradient of row i - 1")
    expectFinding(
      Self.layout(scoresPerRow: 1) { row, _, _ in row + 1 }, .outputNotWritten, "never written")
    expectSound(Self.layout(scoresPerRow: 1) { row, _, _ in row })
  }

  @Test("gradients added to what was there, and calls that disagree")
  func impure() {
    let adding = BatchObjective("adding") { scores, rows, gradients, hessians in
      for i in 0..<rows.count {
        gradients[i] += 2 * (scores[i] - rows.targets[i])
        hessians[i] = 2
      }
    }
    expectFinding(adding, .outputNotWritten, "every element must be assigned with =")
    let random = BatchObjective("random") { scores, rows, gradients, hessians in
      for i in 0..<rows.count {
        gradients[i] = 2 * (scores[i] - rows.targets[i]) + Double.random(in: 0..<1e-3)
        hessians[i] = 2
      }
    }
    expectFinding(random, .notRepeatable, "two calls with the same rows")
    let centred = BatchObjective("centred") { scores, rows, gradients, hessians in
      var mean = 0.0
      for i in 0..<rows.count { mean += rows.targets[i] / Double(rows.count) }
      for i in 0..<rows.count {
        gradients[i] = 2 * (scores[i] - rows.targets[i] + mean)
        hessians[i] = 2
      }
    }
    expectFinding(centred, .dependsOnBatch, "depends on the other rows of the call")
    for objective in [adding, random, centred] {
      #expect(!objective.quickCheck(targets: referenceNumbers(100, seed: 4)).isSound)
    }
  }

  @Test("softmax and sigmoid applied twice")
  func twice() {
    let inLoss = DifferentiableObjective("softmax", scoresPerRow: 3, link: .softmax) { row in
      let all = row.scores.logSumExp()
      var sum = Jet(0)
      for k in 0..<3 { sum += .exp(.exp(row.scores[k] - all)) }
      return .log(sum) - .exp(row.scores[row.target] - all)
    }
    expectFinding(inLoss, .softmaxTwice, "softmax is applied twice: whatever the scores, the loss")
    let inGradient = Mistakes.softmax(hasLoss: false) { p, y in
      let twice = Mistakes.probabilities(p.span)
      return (0..<3).map { twice[$0] - Mistakes.oneHot(y, $0) }
    }
    expectFinding(inGradient, .softmaxTwice, "for a score as right as can be the gradient is still")
    let sigmoid = DifferentiableObjective("logistic", link: .logit) { row in
      let p = Jet.sigmoid(row.score)
      return Jet.softplus(p) - row.target * p
    }
    expectFinding(sigmoid, .softmaxTwice, "sigmoid is applied twice")
  }

  @Test("a likelihood to be maximised given as the loss")
  func maximised() {
    let objective = DifferentiableObjective("logistic", link: .logit) { row in
      row.target * row.score - Jet.softplus(row.score)
    }
    expectFinding(objective, .maximised, "log p instead of -log p")
    let labels = (0..<60).map { Double($0 % 2) }
    #expect(objective.quickCheck(targets: labels).errors.map(\.code) == [.maximised])
  }

  @Test("gradients off by a power of a row data column, by a constant, or by both")
  func scales() {
    for (power, words) in [
      (1.0, "gradient x size matches"), (-1, "gradient / size matches"),
      (2, "gradient x size^2 matches"), (0.5, "gradient x sqrt(size) matches"),
    ] {
      expectFinding(
        Mistakes.sne {
          .init(
            gradient: 2 * $0 / ($1 * $1) / Double.pow($1, power), hessian: 2 / ($1 * $1))
        }, .rowDataFactor, words)
    }
    expectFinding(
      Mistakes.sne { .init(gradient: -5 * $0 / $1, hessian: 2 / ($1 * $1)) }, .rowDataFactor,
      "apart from a constant 2.50, and the sign is flipped")
  }

  /// Softmax whose full Hessian is changed by `change`.
  struct FullHessian: Objective {
    let change: @Sendable (Int, Int, Double) -> Double
    let base = SoftmaxCrossEntropy(classes: 3)
    var name: String { "softmax" }
    var scoresPerRow: Int { 3 }
    var link: Link { .softmax }
    var defaultMetric: Metric { .logLoss }
    var hasFullHessian: Bool { true }
    func validate(_ rows: borrowing Rows) throws(ObjectiveError) { try base.validate(rows) }
    func losses(
      at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
    ) { base.losses(at: scores, rows, into: &losses) }
    func derivatives(
      at scores: Span<Double>, _ rows: borrowing Rows,
      gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
    ) { base.derivatives(at: scores, rows, gradients: &gradients, hessians: &hessians) }
    func fullHessians(
      at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
    ) {
      base.fullHessians(at: scores, rows, into: &matrices)
      for index in matrices.indices {
        matrices[index] = change(index / 3 % 3, index % 3, matrices[index])
      }
    }
  }

  @Test("a full Hessian that is asymmetric, indefinite, or of the wrong sign")
  func fullHessians() {
    expectFinding(
      FullHessian { j, k, h in j < k ? 2 * h : h }, .fullHessianAsymmetric,
      "the full Hessian is not symmetric")
    expectFinding(
      FullHessian { _, _, h in -h }, .hessianSign, "the full Hessian is -1.00 x the Jacobian")
    expectFinding(
      FullHessian { j, k, h in j == k ? h : 3 * h }, .fullHessianIndefinite, "negative eigenvalue",
      severity: .warning)
    expectFinding(
      FullHessian { j, k, h in j == k ? h : -h }, .fullHessianMismatch,
      "the elements off the diagonal have the wrong sign, the diagonal is right")
    expectFinding(
      FullHessian { j, k, h in j == k ? h : h / 2 }, .fullHessianMismatch,
      "the elements off the diagonal are halved")
    expectFinding(
      FullHessian { j, k, h in j == k ? h : 0 }, .fullHessianMismatch,
      "the elements off the diagonal are zero")
    expectSound(FullHessian { _, _, h in h })
  }

  @Test("where the loss is written down, the sign of everything may be checked at once")
  func ownScores() {
    let flipped = Mistakes.squared { .init(gradient: 2 * ($1 - $0), hessian: 2) }
    let targets = referenceNumbers(400, seed: 8).map { 1e5 * $0 }
    expectFinding(flipped.check(targets: targets), .flippedSign, "-1.00 x")
    expectFinding(
      flipped.quickCheck(targets: targets), .flippedSign, "-1.00 x the numerical gradient")
    #expect(SquaredError().quickCheck(targets: targets).findings.isEmpty)
  }
}
