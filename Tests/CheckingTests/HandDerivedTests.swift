import Checking
import Formulas
import Losses
import TestSupport
import Testing

/// Derivatives worked out by hand and checked as text, as `bench check --gradient` does.
@Suite("Derivatives by hand, as text")
struct HandDerivedTests {
  static func objective(
    _ loss: String, gradient: String? = nil, hessian: String? = nil, classes: Int? = nil
  ) throws -> HandDerivedObjective {
    try HandDerivedObjective(
      parseObjective(loss, classes: classes), gradient: gradient, hessian: hessian)
  }

  /// A mistake that can be written as text.
  struct Mistake: Sendable, CustomTestStringConvertible {
    let letter: String
    let loss: String
    var gradient: String?
    var hessian: String?
    var classes: Int?
    let code: Finding.Code
    let words: String
    var severity = Finding.Severity.error

    var testDescription: String { "\(letter): \(gradient ?? loss)" }
  }

  static let crossEntropy = "logsumexp(score) - score[y]"

  /// The mistakes a to m, but for f and j, which need a batch and a global array.
  static let mistakes: [Mistake] = [
    Mistake(
      letter: "a", loss: crossEntropy, gradient: "if(k == y, 1, 0) - softmax(k)", classes: 3,
      code: .flippedSign, words: "the sign is flipped (y - p instead of p - y?)"),
    Mistake(
      letter: "a", loss: "softplus(score) - y * score; link=logit",
      gradient: "y - sigmoid(score)", code: .flippedSign, words: "y - p instead of p - y"),
    Mistake(
      letter: "b", loss: "square(max(score, 0) - y)",
      gradient: "2 * (max(score, 0) - y) * max(score, 0)", hessian: "if(score > 0, 2, 0)",
      code: .missingLinkDerivative, words: "an activation (ReLU) is passed where its derivative"),
    Mistake(
      letter: "c", loss: crossEntropy,
      gradient: "(softmax(k) - if(k == y, 1, 0)) * softmax(k) * (1 - softmax(k))", classes: 3,
      code: .elementwiseJacobian, words: "the softmax Jacobian is diag(p) - p p^T, not s (1 - s)"),
    Mistake(
      letter: "d", loss: crossEntropy,
      gradient: "-if(k == y, 1 / softmax(k), 0) "
        + "* sum(j in classes: if(j == k, softmax(j), 0) - softmax(j) * softmax(k))",
      hessian: "softmax(k) * (1 - softmax(k))", classes: 3, code: .zeroGradient,
      words: "was the softmax Jacobian summed over one axis"),
    Mistake(
      letter: "e", loss: crossEntropy,
      gradient: "exp(score[k]) / sum(j in classes: exp(score[j])) - if(k == y, 1, 0)", classes: 3,
      code: .notFinite, words: "softmax without subtracting the row's maximum first?"),
    Mistake(
      letter: "g", loss: "log(sum(k in classes: if(k == y, score[k], 0))) / log(2)",
      gradient: "if(k == y, -1 / score[k] * log(2), 0)", classes: 3, code: .flippedSign,
      words: "the derivative of log2(p) is 1 / (p log 2)"),
    Mistake(
      letter: "h", loss: crossEntropy, gradient: "(softmax(k) - if(k == y, 1, 0)) / classes",
      classes: 4, code: .constantFactor, words: "1 / 4, the number of scores: a mean over"),
    Mistake(
      letter: "i", loss: "square((score - y) / size)", gradient: "2 * (score - y) / size",
      hessian: "2", code: .rowDataFactor,
      words: "gradient / size matches the loss: the loss divides by size^2"),
    Mistake(
      letter: "i", loss: "square((score - y) / size)", gradient: "2 * (score - y) / size",
      hessian: "2", code: .hessianRowDataFactor, words: "Hessian lacks / size^2"),
    Mistake(
      letter: "i", loss: "sne", gradient: "2 * (score - y) / size^2", hessian: "2",
      code: .hessianRowDataFactor, words: "Hessian lacks / size^2"),
    Mistake(
      letter: "k", loss: "square((score - y) / 11.5)", gradient: "2 * (score - y) / 11.5^2",
      code: .constantScale, words: "the same in every row", severity: .note),
    Mistake(
      letter: "l", loss: "-y * log(score) - (1 - y) * log(1 - score); link=logit",
      gradient: "(score - y) / (score * (1 - score))", code: .expectsProbabilities,
      words: "it expects probabilities"),
    Mistake(
      letter: "l", loss: "softplus(sigmoid(score)) - y * sigmoid(score); link=logit",
      gradient: "sigmoid(sigmoid(score)) - y", code: .softmaxTwice,
      words: "sigmoid is applied twice"),
    Mistake(
      letter: "m", loss: "square(score - y)", hessian: "-2", code: .hessianSign,
      words: "Hessian is -1.00 x the slope of the gradient: the sign is wrong"),
    Mistake(
      letter: "m", loss: crossEntropy, gradient: "softmax(k) - if(k == y, 1, 0)",
      hessian: "softmax(k) * (softmax(k) - 1)", classes: 3, code: .hessianSign, words: "-1.00 x"),
  ]

  @Test("the mistakes a to m that can be written as text", arguments: mistakes)
  func finds(_ mistake: Mistake) throws {
    expectFinding(
      try Self.objective(
        mistake.loss, gradient: mistake.gradient, hessian: mistake.hessian,
        classes: mistake.classes), mistake.code, mistake.words, severity: mistake.severity)
  }

  @Test("right derivatives are sound, and exact to the last places")
  func right() throws {
    for (loss, gradient, hessian, classes) in [
      ("square((score - y) / size)", "2 * (score - y) / size^2", "2 / size^2", nil),
      ("softplus(score) - y * score; link=logit", "sigmoid(score) - y", nil, nil),
      (Self.crossEntropy, "softmax(k) - if(k == y, 1, 0)", "softmax(k) * (1 - softmax(k))", 3),
      ("square(max(score, 0) - y)", "2 * (max(score, 0) - y) * if(score > 0, 1, 0)", nil, nil),
      ("abs(score - y)", "if(score > y, 1, -1)", "1", nil),
    ] as [(String, String?, String?, Int?)] {
      let objective = try Self.objective(
        loss, gradient: gradient, hessian: hessian, classes: classes)
      for seed in 0..<20 as Range<UInt64> {
        let verdict = objective.check(seed: seed)
        #expect(verdict.isSound && verdict.warnings.isEmpty, "\(verdict)")
        let figure = verdict.tests.first { $0.name == "gradient" }?.figure ?? ""
        #expect(figure.hasPrefix("jets: median relative error"), "\(figure)")
      }
    }
    // A shipped loss has derivatives written by hand itself; differences judge.
    let shipped = try Self.objective("logistic", gradient: "sigmoid(score) - y")
    #expect(
      shipped.check().tests.contains { $0.name == "gradient" && $0.figure.hasPrefix("differences") }
    )
    expectSound(shipped)
  }

  @Test("values are those of the texts, and what is not given is exact")
  func values() throws {
    func derivatives(_ objective: any Objective, _ scores: [Double]) -> ([Double], [Double]) {
      ObjectiveSample(
        objective: objective, scores: scores, targets: [1],
        rowData: objective.rowDataNames.map { _ in 4 }
      ).derivatives
    }
    let sne = "square((score - y) / size)"
    let both = derivatives(
      try Self.objective(sne, gradient: "score / size", hessian: "7"), [3])
    #expect(both == ([0.75], [7]))
    let own = derivatives(try Self.objective(sne, gradient: "score^2 / size"), [3])
    #expect(own == ([2.25], [1.5]), "d/ds s^2 / 4 = s / 2")
    let loss = derivatives(try Self.objective(sne, hessian: "size"), [3])
    #expect(loss == ([0.25], [4]), "2 (3 - 1) / 16")
    // By class: gradient[k] = k * score[k]^2, so Hessian[k] = 2 k score[k].
    let classes = derivatives(
      try Self.objective(Self.crossEntropy, gradient: "k * score[k]^2", classes: 3), [1, 2, 3])
    #expect(classes == ([0, 4, 18], [0, 4, 12]))
    #expect(
      try Self.objective(sne, gradient: "score", hessian: "1").name
        == "square((score - y) / size); gradient=score; hessian=1")
  }

  @Test("a text that cannot be one says which it is, why and where")
  func refusals() {
    func refusal(
      _ loss: String, _ gradient: String?, _ hessian: String? = nil, classes: Int? = nil
    ) -> String {
      do {
        _ = try Self.objective(loss, gradient: gradient, hessian: hessian, classes: classes)
        return "accepted"
      } catch { return "\(error)" }
    }
    let sne = "square((score - y) / size)"
    for (text, parts) in [
      (
        refusal(sne, "2 * sqare(score)"),
        [
          "gradient: there is no function 'sqare'; did you mean 'square'?",
          "\n  2 * sqare(score)\n      ^",
        ]
      ),
      (refusal(sne, "score", "2 *"), ["hessian: expected a number", "\n  2 *\n     ^"]),
      (
        refusal(sne, "2 * (score - y) / sise"),
        ["gradient: the loss does not read 'sise'", "did you mean 'size'?"]
      ),
      (refusal(sne, "score > y"), ["gradient: the derivative must be a number"]),
      (refusal(sne, "score[0]"), ["gradient: the loss reads one score per row", "'score'"]),
      (refusal(sne, "softmax(0)"), ["gradient: the loss reads one score per row"]),
      (refusal(sne, "k * score"), ["gradient: 'k' is the class"]),
      (refusal(sne, "score; link=log"), ["gradient: settings after ';' belong to the loss"]),
      (refusal(sne, ""), ["gradient: expected a number"]),
      (refusal(Self.crossEntropy, "score - y", classes: 3), ["gradient: ", "score[k]"]),
      (refusal(Self.crossEntropy, "score[3]", classes: 3), ["gradient: there is no score 3"]),
      (
        refusal("lambdamart", "score - y"),
        ["gradient: objective 'lambdamart' compares rows with one another"]
      ),
    ] {
      for part in parts { #expect(text.contains(part), "\(text)") }
    }
  }

  @Test("learners can train on it: one row at a time, blocks, and row data named k")
  func rowDataNamedLikeTheClass() throws {
    let objective = try Self.objective(
      "square(score - y) / k", gradient: "2 * (score - y) / k")
    #expect(objective.rowDataNames == ["k"])
    expectSound(objective)
    let quoted = try Self.objective(
      "logsumexp(score) - score[y] * `k`", gradient: "softmax(k) - if(k == y, `k`, 0)", classes: 3)
    #expect(quoted.rowDataNames == ["k"])
    #expect(quoted.check().tests.first { $0.name == "gradient" }?.outcome == .passed)
  }
}
