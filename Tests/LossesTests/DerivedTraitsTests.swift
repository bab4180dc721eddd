import Formulas
import RealModule
import TestSupport
import Testing

@testable import Losses

/// What is derived of a loss of which its author says nothing.
@Suite("Derived traits")
struct DerivedTraitsTests {
  // MARK: - Shipped objectives, recognized

  @Test(
    "a formula typed as it stands is treated as the objective of its name",
    arguments: FormulaCase.all)
  func formulas(_ formula: FormulaCase) throws {
    let (named, typed) = (formula.named, formula.typed)
    let twin = try #require((typed as? ExpressionObjective)?.twin)
    // The expectile at 1/2 is half the squared error.
    let isSame = twin.name == named.name && twin.parameters == named.parameters
    #expect(isSame || (formula.name == "expectile" && twin.name == "squared"))
    #expect(typed.defaultMetric.name == named.defaultMetric.name)
    #expect(typed.scoreAdjustment == named.scoreAdjustment)
    #expect((typed.leafSolver == nil) == (named.leafSolver == nil))
    let sample = formula.rows.rows(60, seed: 4)
    // The curvature in use: the same numbers, whatever the policies are called.
    func used(_ objective: any Objective) -> [Double] {
      var gradients = [Double](repeating: 0, count: sample.scores.count)
      var hessians = gradients
      sample.withRows { rows in
        var g = gradients.mutableSpan
        var h = hessians.mutableSpan
        _ = objective.derivatives(
          at: sample.scores.span, rows, policy: objective.curvature.policy, unit: 1, gradients: &g,
          hessians: &h)
      }
      return hessians
    }
    for (a, b) in zip(used(typed), used(named)) {
      expectClose(a, b, relative: 1e-8, absolute: 1e-9)
    }
    sample.withRows { rows in
      let none = [Double]()
      let starts = (
        initialScores(for: typed, rows, weights: none.span),
        initialScores(for: named, rows, weights: none.span)
      )
      for (a, b) in zip(starts.0, starts.1) { expectClose(a, b, relative: 1e-9, absolute: 1e-9) }
    }
  }

  @Test(
    "a factor and a term without scores do not hide a loss",
    arguments: [
      ("0.3 * square((score - y) / size) + y^2", "sne", ["": 0.0]),
      ("max(0.9 * (y - score), 0.1 * (score - y))", "quantile", ["level": 0.9]),
      ("if(score > y, 3, 7) * (y - score)^2", "expectile", ["level": 0.7]),
      (
        "let r = abs(score - y); 2 * if(r <= 700, r^2 / 2, 700 * (r - 350))", "huber",
        ["delta": 700]
      ),
      ("sqrt(1 + ((score - y) / 1e-3)^2)", "pseudo-huber", ["delta": 1e-3]),
      ("exp(0.6 * score) / 0.6 + y * exp(-0.4 * score) / 0.4; link=log", "tweedie", ["power": 1.4]),
      ("100 * abs(y - score) / abs(y)", "mape", [:]),
    ] as [(String, String, [String: Double])])
  func scaled(_ text: String, _ name: String, _ parameters: [String: Double]) throws {
    let twin = try #require(try ExpressionObjective(text).twin)
    #expect(twin.name == name)
    for (key, value) in parameters where !key.isEmpty {
      expectClose(try #require(twin.parameters[key]), value, relative: 1e-9)
    }
  }

  @Test(
    "what differs beyond rounding is no twin",
    arguments: [
      "(score - y)^2 + 1e-4 * abs(score - y)", "square((score - y) / (size + 1))",
      "abs(score - y - 1e-3)",
      "exp(score) - 1.001 * y * score; link=log", "logcosh(1.01 * (score - y))",
    ])
  func noTwin(_ text: String) throws {
    #expect(try ExpressionObjective(text).twin == nil)
  }

  /// Closures are recognized on rows of the user's own, at any scale of the targets.
  @Test("closures are recognized on the user's rows", arguments: [1e-6, 1, 1e6])
  func closures(_ scale: Double) throws {
    let targets = (0..<200).map { scale * (1 + Double(($0 * 7) % 53)) }
    let absolute = CustomObjective("mine") { row in
      .init(gradient: row.score > row.target ? 3 : -3, hessian: 0)
    }
    let cosh = DifferentiableObjective("smooth") { row in .log(.cosh(row.score - row.target)) }
    Rows(targets: targets.span, rowData: Span(), rowDataCount: 0).check { rows in
      let resolved = absolute.resolved(on: rows)
      #expect(resolved.leafSolver != nil && resolved.curvature.policy == .named("surrogate"))
      #expect(resolved.curvature.reason.contains("'absolute'"))
      #expect(cosh.resolved(on: rows).curvature.policy == .upperBound)
    }
  }

  // MARK: - Other losses

  @Test(
    "policies of losses that do not ship",
    arguments: [
      ("abs(score - y) / size", "surrogate", true),
      ("max(0, abs(score - y) - 0.5)", "surrogate", true),
      ("max(0, 1 - (2 * y - 1) * score); link=logit", "surrogate", true),
      ("logcosh((score - y) / size)", "upper-bound", false),
      ("log1p((score - y)^2)", "upper-bound", false),
      ("1 - exp(-(score - y)^2 / 2)", "upper-bound", false),
      ("square(exp(score) - y); link=log", "upper-bound", false),
      ("square(sigmoid(score) - y); link=logit", "absolute-gradient", false),
      ("exp(score) * exposure - y * score; link=log", "exact", false),
      ("if(y == 1, 5, 1) * (softplus(score) - y * score); link=logit", "exact", false),
      ("(score - y)^2 / size", "exact", false), ("(score - y)^4", "exact", false),
      ("abs(score - y)^1.5", "exact", false),
    ])
  func shapes(_ text: String, _ policy: String, _ solvesLeaves: Bool) throws {
    let objective = try ExpressionObjective(text)
    #expect(objective.curvature.policy.description == policy, "\(objective.curvature.reason)")
    #expect((objective.leafSolver != nil) == solvesLeaves)
  }

  @Test("nothing is derived where Hessians are not the slopes of the gradients")
  func mistakes() {
    let targets = (0..<100).map { Double($0 % 17) }
    let sizes = (0..<100).map { 1 + Double($0 % 5) }
    let founding = CustomObjective("founding", rowData: ["size"]) { row in
      .init(gradient: 2 * (row.score - row.target) / row.data[0], hessian: 2)
    }
    let forgotten = CustomObjective("forgotten", rowData: ["size"]) { row in
      .init(gradient: (row.score - row.target) * (1 + row.data[0]), hessian: 0)
    }
    Rows(targets: targets.span, rowData: sizes.span, rowDataCount: 1).check { rows in
      #expect(founding.resolved(on: rows).curvature.isUnknown)
      #expect(forgotten.resolved(on: rows).leafSolver == nil)
    }
  }

  /// Closed forms of the Fisher information: those that the shipped likelihoods state.
  @Test("the Fisher information of a likelihood is found by quadrature")
  func likelihoods() throws {
    let shipped: [any LocationScaleObjective] = [
      Gaussian(), Laplace(), LogisticScale(), StudentT(degrees: 3), StudentT(degrees: 1), Gumbel(),
      LogNormal(),
    ]
    for objective in shipped {
      let rows = ProbeRows(madeFor: objective, classes: nil)
      let likelihood = DerivedLikelihood(objective, on: rows)
      let found = try #require(likelihood, "\(objective.name)")
      expectClose(found.information.location, objective.information.location, relative: 1e-5)
      expectClose(found.information.scale, objective.information.scale, relative: 1e-5)
    }
    #expect(DerivedLikelihood(SquaredError(), on: ProbeRows(targets: [1, 2])) == nil)
  }

  @Test(
    "losses that judge rows by their size suggest to fit per unit of it",
    arguments: [
      ("square((score - y) / size)", "size"), ("abs(score - y) / capacity", "capacity"),
      ("logcosh((score - y) / kwp) * weekday", "kwp"),
      ("max(0.9 * (y - score), 0.1 * (score - y)) / size", "size"), ("(score - y)^2 / size", nil),
      ("(score - y)^2 * size", nil), ("square(score - y / size)", nil),
      ("exp(score) * exposure - y * score; link=log", nil),
    ] as [(String, String?)])
  func adjustments(_ text: String, _ column: String?) throws {
    let adjustment = try ExpressionObjective(text).scoreAdjustment
    #expect(adjustment == column.map { .multiplied(by: $0) })
  }

  @Test("a text goes on where the shipped form of its loss does")
  func farScores() throws {
    let gumbel = try #require(FormulaCase.all.first { $0.name == "gumbel" })
    let sample = ObjectiveSample(
      objective: gumbel.typed, scores: [1e4, -2, 400, 0.5], targets: [0, 1])
    let (typed, named) = (
      sample.derivatives(under: gumbel.typed), sample.derivatives(under: gumbel.named)
    )
    #expect(typed.gradients.allSatisfy(\.isFinite) && typed.hessians.allSatisfy(\.isFinite))
    for (a, b) in zip(typed.gradients, named.gradients) { expectClose(a, b, relative: 1e-12) }
    let losses = (sample.losses(under: gumbel.typed), sample.losses(under: gumbel.named))
    for (a, b) in zip(losses.0, losses.1) { expectClose(a, b, relative: 1e-12) }
  }
}

extension Rows {
  /// Calls `body` with the rows.
  borrowing func check(_ body: (borrowing Rows) -> Void) { body(self) }
}
