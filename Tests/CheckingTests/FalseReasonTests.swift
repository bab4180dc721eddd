import Formulas
import Checking
import Losses
import RealModule
import TestSupport
import Testing

/// Wrong objectives that look right in parts, and right ones that look wrong: neither a wrong
/// assurance nor a wrong reason.
@Suite("Checker: no wrong assurance, no wrong reason")
struct FalseReasonTests {
  private func codes(_ verdict: Verdict) -> Set<Finding.Code> { Set(verdict.findings.map(\.code)) }
  private let labels = (0..<60).map { Double($0 % 3) }

  @Test("a Hessian that is zero nearly everywhere is no mistake", arguments: [0.1, 0.05, 0.01])
  func smallDelta(delta: Double) {
    for seed in 0..<20 as Range<UInt64> {
      let verdict = Huber(delta: delta).check(seed: seed)
      #expect(verdict.isSound, "\(verdict)")
    }
    let flat = CustomObjective("absolute") { row in
      .init(gradient: row.score > row.target ? 1 : -1, hessian: 0)
    }
    #expect(!flat.check().isSound && codes(flat.check()).contains(.hessianZero))
  }

  @Test("a focus of 0 is the cross-entropy, at all scores")
  func noFocus() {
    let verdict = Focal(gamma: 0).check()
    #expect(verdict.isSound, "\(verdict)")
    let sample = ObjectiveCase.all[2].rows(200, seed: 3)
    for (a, b) in zip(sample.losses(under: Focal(gamma: 0)), sample.losses(under: Logistic())) {
      expectClose(a, b, relative: 1e-12, absolute: 1e-15)
    }
  }

  /// The deviation of the targets of a call: 0 for a row alone.
  private func deviation(_ rows: borrowing Rows) -> Double {
    var (mean, square) = (0.0, 0.0)
    for index in 0..<rows.count { mean += rows.targets[index] / Double(rows.count) }
    for index in 0..<rows.count {
      let difference = rows.targets[index] - mean
      square += difference * difference / Double(rows.count)
    }
    return square.squareRoot()
  }

  @Test("a deviation taken anew in every call is not the same in every row")
  func deviationPerCall() {
    let standardised = BatchObjective(
      "standardised",
      losses: { scores, rows, losses in
        let z = deviation(rows)
        for index in 0..<rows.count {
          let error = (scores[index] - rows.targets[index]) / z
          losses[index] = error * error
        }
      },
      derivatives: { scores, rows, gradients, hessians in
        let z = deviation(rows)
        for index in 0..<rows.count {
          gradients[index] = 2 * (scores[index] - rows.targets[index]) / (z * z)
          hessians[index] = 2 / (z * z)
        }
      })
    let targets = (0..<50).map { Double($0 * $0 % 17) }
    for verdict in [
      standardised.check(), standardised.check(targets: targets),
      standardised.quickCheck(targets: targets),
    ] {
      #expect(!verdict.isSound && codes(verdict).contains(.dependsOnBatch), "\(verdict)")
    }
  }

  @Test("a gradient of zero is found without a loss")
  func zeroGradient() {
    let zero = CustomObjective("zero") { _ in .init(gradient: 0, hessian: 1) }
    let summed = CustomObjective("summed Jacobian", scoresPerRow: 3, link: .softmax) { row, g, h in
      for k in 0..<3 { g[k] = row.scores[k] }
      StableMath.softmax(&g, in: 0..<3)
      let p = [g[0], g[1], g[2]]
      for k in 0..<3 {
        var sum = 0.0
        for j in 0..<3 { sum += p[j] * ((j == k ? 1 : 0) - p[k]) }
        g[k] = sum * (p[k] - (Int(row.target) == k ? 1 : 0))
        h[k] = p[k] * (1 - p[k])
      }
    }
    for verdict in [
      zero.check(), zero.quickCheck(targets: [1, 2, 3, 4, 5]), summed.check(),
      summed.quickCheck(targets: labels),
    ] {
      #expect(!verdict.isSound && codes(verdict).contains(.zeroGradient), "\(verdict)")
    }
  }

  /// Cross-entropy of a softmax of probabilities.
  private func twice(hasLoss: Bool) -> CustomObjective {
    let loss: CustomObjective.RowLoss = { row in
      var p = [row.scores[0], row.scores[1], row.scores[2]]
      var span = p.mutableSpan
      StableMath.softmax(&span, in: 0..<3)
      return StableMath.logSumExp(p.span) - p[Int(row.target)]
    }
    return CustomObjective(
      "twice", scoresPerRow: 3, link: .softmax, loss: hasLoss ? loss : nil
    ) { row, g, h in
      for k in 0..<3 { g[k] = row.scores[k] }
      StableMath.softmax(&g, in: 0..<3)
      StableMath.softmax(&g, in: 0..<3)
      for k in 0..<3 { h[k] = g[k] * (1 - g[k]) }
      g[Int(row.target)] -= 1
    }
  }

  @Test(
    "a second softmax is neither a flipped sign nor a loss without end", arguments: [true, false])
  func twiceIsTwice(hasLoss: Bool) {
    let objective = twice(hasLoss: hasLoss)
    for verdict in [objective.check(), objective.quickCheck(targets: labels)] {
      #expect(!verdict.isSound && codes(verdict).contains(.softmaxTwice), "\(verdict)")
      #expect(codes(verdict).isDisjoint(with: [.flippedSign, .maximised]), "\(verdict)")
    }
  }

  @Test(
    "a constant curvature alone is not the squared error",
    arguments: ["square(2 * score - y)", "square(score - y) + 0.1 * score^2"])
  func notTheSquare(text: String) throws {
    let verdict = try ExpressionObjective(text).check()
    #expect(verdict.isSound && !codes(verdict).contains(.constantScale), "\(verdict)")
    #expect(
      codes(try ExpressionObjective("3 * square(score - y)").check()).contains(.constantScale))
  }

  @Test(
    "a loss without a value for targets of 0 or less is not unsound",
    arguments: [
      "abs(score - y) / abs(y) + square(score - y)", "square(score - log(y)); link=log",
      "score + y * exp(-score); link=log",
    ])
  func narrowTargets(text: String) throws {
    for seed in 0..<20 as Range<UInt64> {
      let verdict = try ExpressionObjective(text).check(seed: seed)
      #expect(verdict.isSound, "\(verdict)")
    }
    // In rows of the user's own it is an error.
    let own = try ExpressionObjective("square(score - log(y)); link=log")
      .check(targets: [1, 2, 0, 3, 5, 8])
    #expect(!own.isSound && codes(own).contains(.notFinite), "\(own)")
  }

  @Test("a minimum far away is a minimum")
  func farMinimum() throws {
    for seed in 0..<20 as Range<UInt64> {
      let verdict = try ExpressionObjective("square(score - (y + 1000000))").check(seed: seed)
      #expect(verdict.isSound, "\(verdict)")
    }
  }

  @Test("the wrong sign of softmax's Hessian is a wrong sign, not a concave loss")
  func softmaxHessian() {
    let wrong = CustomObjective("softmax", scoresPerRow: 3, link: .softmax) { row, g, h in
      for k in 0..<3 { g[k] = row.scores[k] }
      StableMath.softmax(&g, in: 0..<3)
      for k in 0..<3 { h[k] = -g[k] * (1 - g[k]) }
      g[Int(row.target)] -= 1
    }
    let verdict = wrong.quickCheck(targets: labels)
    #expect(codes(verdict).contains(.hessianNegative))
    #expect("\(verdict)".contains("the sign is wrong") && !"\(verdict)".contains("concave"))
  }

  @Test("a class weight left out of the Hessian is named, and what is far too small")
  func weightsInTheHessian() throws {
    func verdict(_ loss: String, _ hessian: String) throws -> Verdict {
      let loss = try ExpressionObjective(loss)
      return try HandDerivedObjective(loss, hessian: hessian).check()
    }
    let weighted = try verdict(
      "if(y == 1, 20, 1) * (softplus(score) - y * score); link=logit",
      "sigmoid(score) * (1 - sigmoid(score))")
    #expect(codes(weighted).contains(.hessianTooSmall))
    #expect("\(weighted)".contains("0.05000 x in rows with target 1"), "\(weighted)")
    let tiny = try verdict("square(exp(score) - y); link=log", "0.000001 * exp(2 * score)")
    #expect(codes(tiny).contains(.hessianTooSmall) && !"\(tiny)".contains("Fisher"), "\(tiny)")
    let fisher = try verdict("square(exp(score) - y); link=log", "2 * exp(2 * score)")
    #expect("\(fisher)".contains("Fisher") && fisher.isSound, "\(fisher)")
  }
}
