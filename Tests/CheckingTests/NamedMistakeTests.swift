import Formulas
import Checking
import Losses
import TestSupport
import Testing

/// Mistakes that were once missed, or found and called by another name; the right form of each
/// stands beside it.
@Suite("Checker: mistakes by their own names")
struct NamedMistakeTests {
  typealias Mistake = HandDerivedTests.Mistake

  static let logistic = "softplus(score) - y * score; link=logit"
  static let crossEntropy = HandDerivedTests.crossEntropy
  static let clipped =
    "let p = clamp(score, 0.0000001, 0.9999999) in -(y * log(p) + (1 - y) * log(1 - p))"

  static let gradients: [Mistake] = [
    Mistake(
      letter: "flat", loss: "square(max(score, 0) - y)",
      gradient: "if(score > 0, 2 * (score - y), 1000)", code: .gradientMismatch,
      words: "does not change for scores below 0, but the gradient is not zero there (1000 at"),
    Mistake(
      letter: "flat", loss: "square(max(score, 0) - y)", gradient: "2 * (max(score, 0) - y)",
      code: .gradientMismatch, words: "the derivative of max(score, 0) or of a clamp"),
    Mistake(
      letter: "flat", loss: "square(clamp(score, 0, 1) - y)", gradient: "2 * (score - y)",
      code: .gradientMismatch, words: "does not change for scores outside (0, 1)"),
    Mistake(
      letter: "sigmoid", loss: logistic, gradient: "score - y", code: .missingLinkDerivative,
      words: "sigmoid(score) - y is due, not score - y; the sigmoid"),
    Mistake(
      letter: "exp", loss: "exp(score) - y * score; link=log", gradient: "score - y",
      code: .missingLinkDerivative, words: "exp(score) - y is due, not score - y; the exp"),
    Mistake(
      letter: "softmax", loss: crossEntropy, gradient: "score[k] - if(k == y, 1, 0)", classes: 3,
      code: .missingLinkDerivative, words: "softmax(k) - y is due, not score[k] - y"),
    Mistake(
      letter: "true class", loss: crossEntropy, gradient: "if(k == y, softmax(k) - 1, 0)",
      classes: 3, code: .gradientMismatch,
      words: "there it is right: those of the other classes are missing"),
    Mistake(
      letter: "-y / p", loss: crossEntropy, gradient: "if(k == y, -1 / softmax(k), 0)", classes: 3,
      code: .missingLinkDerivative, words: "the softmax Jacobian is missing"),
    Mistake(
      letter: "tau", loss: "max(0.9 * (y - score), 0.1 * (score - y))",
      gradient: "if(score > y, 0.9, -0.1)", code: .swappedArguments,
      words: "the weights of the two sides (tau and 1 - tau) are exchanged"),
    Mistake(
      letter: "tau", loss: "if(score > y, 0.2, 0.8) * square(score - y)",
      gradient: "2 * if(score > y, 0.8, 0.2) * (score - y)", code: .swappedArguments,
      words: "the weights of the two sides (tau and 1 - tau) are exchanged"),
    Mistake(
      letter: "label", loss: crossEntropy, gradient: "softmax(k) - y", classes: 3,
      code: .missingTarget, words: "the number of the class is subtracted from every score"),
    Mistake(
      letter: "smooth", loss: "softplus(score) - (0.8 * y + 0.1) * score; link=logit",
      gradient: "sigmoid(score) - y", code: .addedTerm, words: "is the label smoothed in one"),
    Mistake(
      letter: "class", loss: logistic, gradient: "sigmoid(score) - (1 - y)",
      code: .swappedArguments, words: "1 - y stands in the place of y"),
    Mistake(
      letter: "target", loss: logistic, gradient: "sigmoid(score)", code: .missingTarget,
      words: "the target is not subtracted"),
    Mistake(
      letter: "target", loss: "square(score - y)", gradient: "2 * score", code: .missingTarget,
      words: "too large by 2.00 x target: the target is not subtracted"),
    Mistake(
      letter: "exchanged", loss: logistic, gradient: "sigmoid(score) * (1 - sigmoid(score))",
      hessian: "sigmoid(score) - y", code: .swappedArguments,
      words: "gradient and Hessian are exchanged"),
    Mistake(
      letter: "log10", loss: "(softplus(score) - y * score) / log(10); link=logit",
      gradient: "sigmoid(score) - y", code: .constantFactor, words: "to base 10"),
    Mistake(
      letter: "degrees", loss: "square(score - y)", gradient: "2 * (score - y) * 57.29577951",
      code: .constantFactor, words: "degrees and radians"),
  ]

  static let losses: [Mistake] = [
    Mistake(
      letter: "logits", loss: clipped + "; link=logit", code: .expectsProbabilities,
      words: "it reads scores as probabilities, but the link is logit", severity: .warning),
    Mistake(
      letter: "logits", loss: "-log(clamp(score[y], 0.0000001, 1))", classes: 3,
      code: .expectsProbabilities, words: "put softmax of the score into the loss",
      severity: .warning),
    Mistake(
      letter: "labels", loss: "softplus(-y * score); link=logit", code: .labelCoding,
      words: "in rows with target 0: is it written for targets -1 and +1?", severity: .warning),
    Mistake(
      letter: "labels", loss: "square(max(0, 1 - y * score)); link=logit", code: .labelCoding,
      words: "in rows with target 0: is it written for targets -1 and +1?", severity: .warning),
    Mistake(
      letter: "labels", loss: "softplus(score) - (1 - y) * score; link=logit", code: .labelCoding,
      words: "predictions will be the probability of class 0", severity: .warning),
    Mistake(
      letter: "labels",
      loss: "-(y * log(1 - sigmoid(score)) + (1 - y) * log(sigmoid(score))); "
        + "link=logit", code: .labelCoding, words: "predictions will be the probability of class 0",
      severity: .warning),
    Mistake(
      letter: "labels", loss: "-y * log(sigmoid(score)); link=logit", code: .labelCoding,
      words: "or is the term of class 0 missing", severity: .warning),
    Mistake(
      letter: "link", loss: "softplus(score) - y * score; link=log", code: .wrongLink,
      words: "use the link logit", severity: .warning),
    Mistake(
      letter: "link", loss: "exp(score) - y * score; link=logit", code: .wrongLink,
      words: "use the link log", severity: .warning),
    Mistake(
      letter: "link", loss: "square(sigmoid(score) - y); link=log", code: .wrongLink,
      words: "least where sigmoid(score) is the mean of the targets", severity: .warning),
    Mistake(
      letter: "link", loss: crossEntropy + "; link=identity", classes: 3, code: .wrongLink,
      words: "use the link softmax", severity: .warning),
    Mistake(
      letter: "index", loss: "logsumexp(score) - score[y + 1]", classes: 3, code: .notFinite,
      words: "an index out of range at the last class (score[y + 1]"),
    Mistake(
      letter: "index", loss: "logsumexp(score) - score[y - 1]", classes: 3, code: .notFinite,
      words: "an index out of range at the first class (score[y - 1]"),
  ]

  @Test("every mistake by its name", arguments: gradients + losses)
  func named(_ mistake: Mistake) throws {
    let loss = try parseObjective(mistake.loss, classes: mistake.classes)
    let objective: any Objective =
      mistake.gradient == nil && mistake.hessian == nil
      ? loss
      : try HandDerivedObjective(loss, gradient: mistake.gradient, hessian: mistake.hessian)
    expectFinding(objective, mistake.code, mistake.words, severity: mistake.severity)
  }

  @Test(
    "the right gradients beside them",
    arguments: [
      ("square(max(score, 0) - y)", "2 * (max(score, 0) - y) * if(score > 0, 1, 0)", nil),
      (
        "square(clamp(score, 0, 1) - y)", "if(score > 0, if(score < 1, 2 * (score - y), 0), 0)", nil
      ),
      (logistic, "sigmoid(score) - y", nil),
      ("exp(score) - y * score; link=log", "exp(score) - y", nil),
      (crossEntropy, "softmax(k) - if(k == y, 1, 0)", 3),
      ("max(0.9 * (y - score), 0.1 * (score - y))", "if(score > y, 0.1, -0.9)", nil),
      (
        "if(score > y, 0.2, 0.8) * square(score - y)", "2 * if(score > y, 0.2, 0.8) * (score - y)",
        nil
      ),
      (
        "softplus(score) - (0.8 * y + 0.1) * score; link=logit", "sigmoid(score) - 0.8 * y - 0.1",
        nil
      ),
    ] as [(String, String, Int?)])
  func rightGradients(_ loss: String, _ gradient: String, _ classes: Int?) throws {
    let objective = try HandDerivedTests.objective(loss, gradient: gradient, classes: classes)
    for seed in 0..<10 as Range<UInt64> {
      let verdict = objective.check(seed: seed)
      let alarms = (verdict.errors + verdict.warnings).filter {
        // Without a Hessian of its own a quantile's is zero.
        $0.code != .notFinite && $0.code != .hessianZero
      }
      #expect(alarms.isEmpty, "\(loss), seed \(seed): \(verdict)")
    }
  }

  @Test(
    "the right losses beside them",
    arguments: [
      (clipped, nil), ("square(clamp(score, 0, 1) - y)", nil), (logistic, nil),
      (crossEntropy, 3),
      ("softplus(-(2 * y - 1) * score); link=logit", nil),
      ("square(max(0, 1 - (2 * y - 1) * score)); link=logit", nil),
      ("exp(score) - y * score; link=log", nil), ("square(sigmoid(score) - y); link=logit", nil),
      ("square(exp(score) - y); link=log", nil), ("abs(exp(score) - y); link=log", nil),
      ("log(1 + square(score - y))", nil), ("(score - y)^4", nil),
    ] as [(String, Int?)])
  func rightLosses(_ loss: String, _ classes: Int?) throws {
    let objective = try parseObjective(loss, classes: classes)
    for seed in 0..<10 as Range<UInt64> {
      let verdict = objective.check(seed: seed)
      let found = verdict.findings.filter {
        [.wrongLink, .labelCoding, .expectsProbabilities].contains($0.code)
          && $0.severity != .note
      }
      #expect(verdict.isSound && found.isEmpty, "\(loss), seed \(seed): \(verdict)")
    }
  }

  @Test("a hinge is flat for the class that nearly all rows have, and reads raw scores")
  func hingeOfRareClass() throws {
    let hinge = try parseObjective("max(0, 1 - (2 * y - 1) * score); link=logit")
    for seed in 0..<5 as Range<UInt64> {
      let verdict = hinge.check(targets: (0..<200).map { $0 % 100 == 7 ? 1 : 0 }, seed: seed)
      #expect(
        !verdict.findings.contains { $0.code == .expectsProbabilities && $0.severity != .note },
        "\(verdict)")
    }
  }

  @Test("a percentage error that is the same for every score where the target is 0")
  func percentagesOfZero() throws {
    let verdict = try parseObjective("smape").check(targets: (0..<200).map { Double($0 % 2) })
    #expect(!verdict.findings.contains { $0.code == .labelCoding }, "\(verdict)")
  }

  @Test("a loss is judged by itself, not by a gradient that is wrong")
  func lossByItself() throws {
    for seed in 0..<5 as Range<UInt64> {
      let verdict = try HandDerivedTests.objective(Self.logistic, gradient: "score - y")
        .check(seed: seed)
      #expect(!verdict.findings.contains { $0.code == .wrongLink }, "\(verdict)")
    }
    // A wrong gradient does not hide a link that does not fit either.
    expectFinding(
      try HandDerivedTests.objective(
        "square(score - y); link=logit", gradient: "sigmoid(score) - y"), .wrongLink,
      "the loss is least where the score itself equals the target", severity: .warning)
  }
}
