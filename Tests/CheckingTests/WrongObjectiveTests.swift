import Checking
import Losses
import TestSupport
import Testing

/// Mistakes beyond the usual ones, each with the sentence it gets.
@Suite("Checker: unusual mistakes")
struct WrongObjectiveTests {
  /// A mistake and what is said of it.
  struct Case: Sendable, CustomTestStringConvertible {
    let code: Finding.Code
    let words: String
    let severity: Finding.Severity
    let objective: any Objective

    init(
      _ code: Finding.Code, _ words: String, severity: Finding.Severity = .error,
      _ objective: () -> any Objective
    ) {
      self.code = code
      self.words = words
      self.severity = severity
      self.objective = objective()
    }

    var testDescription: String { objective.name }
  }

  /// One score per row, the loss as a formula.
  static func oneScore(
    _ name: String, data: [String] = [], link: Link = .identity,
    formula: @escaping DifferentiableObjective.Loss,
    _ derivatives: @escaping CustomObjective.RowDerivatives
  ) -> CustomObjective {
    CustomObjective(name, rowData: data, link: link, formula: formula, derivatives: derivatives)
  }

  /// Softmax cross-entropy over three classes with a gradient made from the probabilities.
  static func softmax(
    _ name: String, _ gradient: @escaping @Sendable ([Double], Int) -> [Double]
  ) -> CustomObjective {
    CustomObjective(
      name, scoresPerRow: 3, link: .softmax,
      formula: { row in row.scores.logSumExp() - row.scores[row.target] },
      derivatives: { row, g, h in
        let p = Mistakes.probabilities(row.scores)
        let given = gradient(p, Int(row.target))
        for k in 0..<3 {
          g[k] = given[k]
          h[k] = p[k] * (1 - p[k])
        }
      })
  }

  /// What a closure keeps between calls.
  final class Memory: @unchecked Sendable {
    var previous: [Double] = []
  }

  @Test("every mistake gets its sentence", arguments: first + second)
  func sentences(_ testCase: Case) {
    for seed in 1..<4 as Range<UInt64> {
      expectFinding(
        testCase.objective.check(seed: seed), testCase.code, testCase.words,
        severity: testCase.severity)
    }
  }

  @Test("every error is one before a fit, too", arguments: first + second)
  func beforeFit(_ testCase: Case) {
    guard testCase.severity == .error, testCase.words != "gradient is NaN at score" else { return }
    let objective = testCase.objective
    for seed in 0..<2 as Range<UInt64> {
      let targets = SoundObjectiveTests.targets(objective, 200, seed: seed + 5)
      let data = referenceNumbers(200 * objective.rowDataNames.count, seed: seed + 7)
        .map { 0.5 + 50 * $0 }
      let verdict = objective.quickCheck(
        targets: targets, rowData: data,
        groups: objective.reach == .group ? (0..<200).map { $0 / 6 } : [],
        seed: seed)
      #expect(!verdict.isSound, "seed \(seed): \(testCase.words)")
    }
  }

  @Test("what is wrong with a gradient that is impure is said by the quick check, too")
  func quick() {
    let targets = referenceNumbers(200, seed: 5).map { 20 * $0 - 10 }
    for testCase in Self.first + Self.second
    where [.notRepeatable, .dependsOnPosition, .dividedByRows].contains(testCase.code) {
      let verdict = testCase.objective.quickCheck(targets: targets)
      #expect(verdict.errors.map(\.code) == [testCase.code], "\(verdict)")
    }
  }

  @Test("a probability clipped on both sides, with and without the formula")
  func clippedProbability() {
    let objective = Self.oneScore(
      "clipped", link: .logit, formula: { .softplus($0.score) - $0.target * $0.score }
    ) { row in
      let p = StableMath.sigmoid(row.score)
      return .init(gradient: max(0.2, min(0.8, p)) - row.target, hessian: p * (1 - p))
    }
    for objective in [objective, Paired(base: objective)] as [any Objective] {
      expectFinding(
        objective, .gradientMismatch, "where the size of the score is above 1.")
    }
  }

  @Test("a row's own value that is no number is named with its target")
  func notANumberForOneTarget() {
    let objective = CustomObjective(
      "entropy of counts",
      loss: { row in (row.score - row.target) * (row.score - row.target) },
      derivatives: { row in
        .init(
          gradient: 2 * (row.score - row.target) + 0 / (row.target == 1 ? 0 : 1), hessian: 2)
      })
    expectFinding(objective, .notFinite, "in rows with target 1.00 only")
  }
}

/// The loss of a group: the square of the sum of its residuals, shared among its rows.
struct GroupMean: Objective {
  /// 1: the row's own residual instead of the group's; 2: divided by the rows of the group.
  let mistake: Int
  var name: String { "group, mistake \(mistake)" }
  var reach: Reach { .group }
  var defaultMetric: Metric { .rmse }

  private func residual(
    _ scores: Span<Double>, _ rows: borrowing Rows, _ range: Range<Int>
  ) -> Double {
    range.reduce(0) { $0 + scores[$1] - rows.targets[$1] }
  }

  func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    var start = 0
    while start < rows.count {
      var end = start
      while end < rows.count, rows.groups[end] == rows.groups[start] { end += 1 }
      let sum = residual(scores, rows, start..<end)
      for row in start..<end { losses[row] = sum * sum / Double(end - start) }
      start = end
    }
  }

  func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    var start = 0
    while start < rows.count {
      var end = start
      while end < rows.count, rows.groups[end] == rows.groups[start] { end += 1 }
      let sum = residual(scores, rows, start..<end)
      for row in start..<end {
        switch mistake {
        case 1: gradients[row] = 2 * (scores[row] - rows.targets[row])
        case 2: gradients[row] = 2 * sum / Double(end - start)
        default: gradients[row] = 2 * sum
        }
        hessians[row] = 2
      }
      start = end
    }
  }
}
