import Formulas
import Testing

@testable import Losses

/// What a formula may say of itself beside its loss and link.
struct TextSettingTests {
  @Test(
    arguments: [
      ("absolute", CurvaturePolicy.absolute), ("absolute-gradient", .absoluteGradient),
      ("floor(0.01)", .floor(0.01)), ("constant(2)", .constant(2)), ("exact", .exact),
    ])
  func curvature(text: String, policy: CurvaturePolicy) throws {
    let objective = try ExpressionObjective("square(score - y); curvature=\(text)")
    #expect(objective.curvature.policy == policy)
    #expect(!objective.curvature.isUnknown)
    // The text that model files keep gives the same objective again.
    let again = try ExpressionObjective(objective.canonicalText)
    #expect(again.canonicalText == objective.canonicalText && again.curvature.policy == policy)
    let plain = try ExpressionObjective("square(score - y)")
    #expect(plain.canonicalText == "square(score - y)")
  }

  /// What the derived traits or a twin offer can be named.
  @Test func offersCanBeNamed() throws {
    let text = "exp(score) - y * score; link=log; curvature=exact"
    #expect(try ExpressionObjective(text).link == .log)
    let huber = "let r = abs(score - y) in if(r <= 1, r^2 / 2, r - 0.5); curvature=upper-bound"
    #expect(try ExpressionObjective(huber).curvature.policy == .upperBound)
  }

  @Test(
    arguments: [
      ("square(score - y); curvature=wild", "has no curvature 'wild'"),
      ("square(score - y); curvature=floor", "'floor' needs one number"),
      ("square(score - y); curvature=floor(-1)", "expected a number"),
      ("square(score - y); curvature=floor(0)", "needs a positive multiple"),
      ("square(score - y); curvature=", "expected a curvature policy"),
      ("square(score - y); curvature=exact; curvature=exact", "each at most once"),
    ])
  func refused(text: String, reason: String) {
    do {
      _ = try ExpressionObjective(text)
      Issue.record("\(text) was taken")
    } catch {
      #expect("\(error)".contains(reason), "\(error)")
    }
  }

  @Test func sameLosses() throws {
    let targets = [1.0, 2, -3, 4, 0.5, 7]
    let half = try ExpressionObjective("0.5 * square(score - y) + y")
    let huber = try ExpressionObjective(
      "let r = abs(score - y) in if(r <= 1, r^2 / 2, r - 0.5)")
    func isSame(_ a: any Objective, _ b: any Objective) -> Bool {
      ProbeRows(targets: targets).withRows { a.hasSameLoss(as: b, on: $0) }
    }
    #expect(isSame(half, SquaredError()))
    #expect(!isSame(huber, SquaredError()))
    #expect(isSame(huber, Huber(delta: 1)))
    #expect(!isSame(huber, AbsoluteError()))
    #expect(!isSame(SquaredError(), SizeNormalisedSquaredError()))
  }

  /// Losses with a kink at the target: leaves are solved, and a row's share in splits is bounded,
  /// however close its score comes to its target.
  @Test(
    arguments: [
      "square(score - y) + abs(score - y)", "logcosh(score - y) + abs(score - y)",
      "log1p(abs(score - y))", "abs(score - y) / (1 + abs(score - y))",
      "sqrt(1 + square(score - y)) + abs(score - y)",
    ])
  func kinks(text: String) throws {
    let objective = try ExpressionObjective(text)
    #expect(objective.leafSolver != nil && objective.curvature.policy == .named("surrogate"))
    let scores = [1 + 1e-12, 3, -40.0]
    var gradients = [0.0, 0, 0]
    var hessians = gradients
    ProbeRows(targets: [1, 2, 3]).withRows { rows in
      var g = gradients.mutableSpan
      var h = hessians.mutableSpan
      _ = objective.derivatives(
        at: scores.span, rows, policy: objective.curvature.policy, unit: 1, gradients: &g,
        hessians: &h)
    }
    // Half the jump of all of these is 1.
    #expect(hessians.allSatisfy { ($0 - 1).magnitude < 1e-5 }, "\(hessians)")
  }

  /// Smooth losses, and one that is as steep as a root beside the target, are not taken for kinked.
  @Test(arguments: ["sqrt(1 + square(score - y))", "abs(score - y)^1.5", "(score - y)^4"])
  func noKinks(text: String) throws {
    #expect(try ExpressionObjective(text).leafSolver == nil)
  }
}
