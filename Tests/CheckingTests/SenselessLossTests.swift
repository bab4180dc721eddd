import Formulas
import Checking
import Losses
import TestSupport
import Testing

/// Mistakes that a check of derivatives alone lets through: they agree with a senseless loss.
@Suite("Losses without a point")
struct SenselessLossTests {
  @Test("the target is never read")
  func ignoresTarget() throws {
    let words = "does not depend on the target"
    for text in [
      "square(score)", "square(score) + abs(score - 1)", "softplus(score) - score / 2; link=logit",
      "square(score / size)", "exp(score) - 3 * score; link=log",
    ] {
      expectFinding(try parseObjective(text), .ignoresTarget, words)
    }
    expectFinding(
      try parseObjective("logsumexp(score) - score[0]", classes: 3), .ignoresTarget, words)
    expectFinding(
      CustomObjective("no loss") { .init(gradient: 2 * $0.score, hessian: 2) }, .ignoresTarget,
      "the gradient does not depend on the target")
    let targets = referenceNumbers(100, seed: 2)
    expectFinding(
      try parseObjective("square(score)").check(targets: targets), .ignoresTarget, words)
    expectFinding(
      try parseObjective("square(score)").quickCheck(targets: targets), .ignoresTarget, words)
    // Labels in one column of row data are a target that has another name.
    for text in ["square(score - price)", "abs(score - `label`)", "exp(score) - sales * score"] {
      expectFinding(
        try parseObjective(text), .ignoresTarget, "compares the score with row data '")
    }
    // Not a matter of labels in several columns, as the ends of an interval, or one label only.
    expectSound(try parseObjective("square(max(0, low - score)) + square(max(0, score - high))"))
    let constant = try parseObjective("square(score)").check(
      targets: Array(repeating: 3, count: 50))
    #expect(constant.isSound, "\(constant)")
    expectSound(try parseObjective("square(score - y)"))
  }

  @Test("labels without a pull do not count as a target that is not read")
  func nothingToRead() {
    let censored = Cox().check(
      targets: (1...40).map(Double.init), rowData: Array(repeating: 0, count: 40))
    #expect(!censored.findings.contains { $0.code == .ignoresTarget }, "\(censored)")
    for labels in [(0..<60).map { Double($0 / 6 % 3) }, Array(repeating: 1, count: 60)] {
      let equal = PairwiseRanking().check(targets: labels, groups: (0..<60).map { $0 / 6 })
      #expect(!equal.findings.contains { $0.code == .ignoresTarget }, "\(equal)")
    }
  }

  @Test("a loss that falls without end on one side")
  func unbounded() throws {
    for (text, side) in [
      ("(score - y)^3", "below"), ("(y - score)^3", "above"),
      ("if(score > y, square(score - y), score - y)", "below"),
      ("let r = (score - y) / size in r * r * r", "below"),
    ] {
      expectFinding(
        try parseObjective(text), .unbounded,
        "the loss falls without end from scores \(side) the target")
    }
    expectFinding(
      CustomObjective("cubic, no loss") { row in
        let r = row.score - row.target
        return .init(gradient: 3 * r * r, hessian: 6 * r)
      }, .unbounded, "the gradient never weakens from scores below the target")
    expectFinding(
      try parseObjective("-square(score - y)"), .maximised, "the loss falls without end")
    for text in [
      "abs(score - y)^3", "(score - y)^4", "log(1 + square(score - y))",
      "square(tanh(score) - tanh(y))", "max(0.9 * (y - score), 0.1 * (score - y))",
      "exp(score) - abs(y) * score", "exp(score - y) - (score - y)",
    ] {
      let verdict = try parseObjective(text).check()
      #expect(!verdict.errors.contains { $0.code == .unbounded }, "\(text): \(verdict)")
    }
  }

  @Test("a cross-entropy of a score that is squashed already")
  func squashed() throws {
    for link in ["", "; link=logit"] {
      expectFinding(
        try parseObjective("softplus(sigmoid(score)) - y * sigmoid(score)\(link)"), .softmaxTwice,
        "sigmoid is applied twice")
      expectFinding(
        try parseObjective("softplus(tanh(score)) - y * tanh(score)\(link)"), .softmaxTwice,
        "stays between 0.313 and 1.31 however far scores go", severity: .warning)
      let labels = (0..<80).map { Double($0 % 2) }
      expectFinding(
        try parseObjective("softplus(sigmoid(score)) - y * sigmoid(score)\(link)")
          .check(targets: labels), .softmaxTwice, "stays between 0.313 and 0.693")
    }
    for text in [
      "softplus(score) - y * score; link=logit", "square(sigmoid(score) - y); link=logit",
      "softplus(clamp(score, -15, 15)) - y * clamp(score, -15, 15); link=logit",
    ] {
      for seed in CheckerSoundnessTests.seeds {
        let verdict = try parseObjective(text).check(seed: seed)
        #expect(!verdict.findings.contains { $0.code == .softmaxTwice }, "\(verdict)")
      }
    }
  }

  @Test("the line of the sign says ERROR where the sign is flipped, and one sentence is enough")
  func signLine() {
    let verdict = Mistakes.squared { .init(gradient: 2 * ($1 - $0), hessian: 2) }.check()
    #expect(verdict.tests.first { $0.name == "sign" }?.outcome == .failed, "\(verdict)")
    #expect(verdict.errors.count { $0.code == .flippedSign } == 1, "\(verdict)")
    let right = Mistakes.squared { .init(gradient: 2 * ($0 - $1), hessian: 2) }.check()
    #expect(right.tests.first { $0.name == "sign" }?.outcome == .passed, "\(right)")
  }
}
