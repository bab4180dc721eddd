import Formulas
import Checking
import Losses
import TestSupport
import Testing

/// Mistakes of the textbook, of the size forgotten, and others, on rows of one's own: named by the
/// full check and by the one before a fit alike.
@Suite("Checker: a hundred mistakes")
struct WrongTextTests {
  @Test("each by its name, in full and before a fit", arguments: ObjectiveText.wrong)
  func named(_ text: ObjectiveText) throws {
    let objective = try text.objective()
    for seed in 1..<5 as Range<UInt64> {
      let targets = text.drawTargets(300, seed: seed)
      let data = text.drawRowData(objective, targets, seed: seed)
      for verdict in [
        objective.check(targets: targets, rowData: data, seed: seed),
        objective.quickCheck(targets: targets, rowData: data, seed: seed),
      ] {
        #expect(
          verdict.errors.contains { $0.message.contains(text.words) },
          "seed \(seed), '\(text.words)': \(verdict)")
      }
    }
  }

  @Test("the founding mistake on four rows of extremes in a large table")
  func extremes() {
    // Gradient and loss agree where size is 1; four rows of 10,000 have another.
    let objective = Mistakes.sne { residual, size in
      .init(gradient: 2 * residual / size, hessian: 2 / (size * size))
    }
    let targets = referenceNumbers(10_000, seed: 3)
    var sizes = [Double](repeating: 1, count: 10_000)
    #expect(objective.quickCheck(targets: targets, rowData: sizes).isSound)
    for (place, size) in [(1_234, 50.0), (5_678, 0.02)] { sizes[place] = size }
    let verdict = objective.quickCheck(targets: targets, rowData: sizes)
    #expect(!verdict.isSound, "\(verdict)")
  }

  @Test("a policy that replaces Hessians has no use for right ones, a declared stand-in is none")
  func policies() throws {
    let wrong = try HandDerivedObjective(
      parseObjective("softplus(score) - y * score; link=logit"), hessian: "sigmoid(score)")
    let labels = (0..<200).map { Double($0 % 2) }
    for policy in [CurvaturePolicy.constant(1), .absoluteGradient] {
      #expect(wrong.quickCheck(targets: labels, policy: policy).isSound)
    }
    for policy in [CurvaturePolicy.exact, .absolute, .floor(0.01)] {
      #expect(!wrong.quickCheck(targets: labels, policy: policy).isSound)
    }
    struct Declared: Objective {
      let base: any Objective
      var name: String { base.name }
      var link: Link { base.link }
      var defaultMetric: Metric { base.defaultMetric }
      var curvature: Curvature { Curvature(isExact: false, reason: "A bound.") }
      func losses(
        at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
      ) { base.losses(at: scores, rows, into: &losses) }
      func derivatives(
        at scores: Span<Double>, _ rows: borrowing Rows,
        gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
      ) { base.derivatives(at: scores, rows, gradients: &gradients, hessians: &hessians) }
    }
    let verdict = Declared(base: wrong).check(targets: labels)
    #expect(verdict.isSound && verdict.warnings.isEmpty, "\(verdict)")
    #expect(verdict.notes.contains { $0.message.contains("a stand-in, as the objective says") })
    // A Newton step uphill is no stand-in.
    let flipped = try HandDerivedObjective(
      parseObjective("softplus(score) - y * score; link=logit"),
      hessian: "-sigmoid(score) * (1 - sigmoid(score))")
    #expect(!Declared(base: flipped).check(targets: labels).isSound)
  }

  @Test("a thousand classes are checked on a few of them")
  func manyClasses() {
    let many = SoftmaxCrossEntropy(classes: 1_000)
    let verdict = many.check()
    #expect(verdict.isSound && verdict.warnings.isEmpty, "\(verdict)")
    let flipped = CustomObjective(
      "flipped", scoresPerRow: 1_000, link: .softmax,
      loss: { row in StableMath.logSumExp(row.scores) - row.scores[Int(row.target)] },
      derivatives: { row, g, h in
        for k in 0..<1_000 { g[k] = row.scores[k] }
        StableMath.softmax(&g, in: 0..<1_000)
        for k in 0..<1_000 {
          h[k] = g[k] * (1 - g[k])
          g[k] = -g[k]
        }
        g[Int(row.target)] += 1
      })
    expectFinding(flipped.check(), .flippedSign, "the sign is flipped")
  }
}
