import RealModule
import Formulas
import Foundation
import Checking
import Losses
import TestSupport
import Testing

struct PseudoHuberLoss: DifferentiableLoss {
  var delta: Double
  var name: String { "pseudo-huber" }
  var defaultMetric: Metric { .mae }

  func loss<Scalar>(_ row: borrowing LossVariables<Scalar>) -> Scalar {
    let residual = (row.score - row.target) / Scalar(delta)
    return Scalar(delta * delta) * (.sqrt(1 + residual.squared()) - 1)
  }
}

/// The code of the articles in `Losses.docc` and `Checking.docc`, compiled and run.
@Suite("Textbook")
struct TextbookTests {
  static let articles = ["Losses/Losses.docc", "Checking/Checking.docc"].map {
    URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/" + $0)
  }

  /// Every fenced Swift block of an article stands in this file, line for line.
  @Test func textsWithSettings() throws {
    let counts = try ExpressionObjective("exp(score) - y * score; link=log")
    let bounded = try ExpressionObjective("1 - exp(-square(score - y)); curvature=absolute")
    #expect(counts.link == .log && bounded.curvature.policy == .absolute)
  }

  @Test("the articles show code that is compiled here")
  func snippetsAreCompiled() throws {
    func lines(_ text: some StringProtocol) -> [String] {
      text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let compiled = lines(try String(contentsOfFile: #filePath, encoding: .utf8))
    var blocks = 0
    for url in try Self.articles.flatMap({
      try FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil)
    }) {
      let parts = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "```")
      for (place, part) in parts.enumerated() where place % 2 == 1 && part.hasPrefix("swift") {
        let block = lines(part.dropFirst("swift".count))
        let isThere = compiled.indices.contains { start in
          compiled[start...].prefix(block.count).elementsEqual(block)
        }
        #expect(isThere, "\(url.lastPathComponent):\n\(part)")
        blocks += 1
      }
    }
    #expect(blocks >= 7)
    #expect(
      try Self.articles.allSatisfy {
        try !FileManager.default.contentsOfDirectory(atPath: $0.path).isEmpty
      })
  }

  @Test("looking at an objective's numbers")
  func arrays() throws {
    let sne = try ExpressionObjective("square((score - y) / size)")
    let losses = try sne.losses(scores: [1, 2], targets: [3, 4], rowData: ["size": [8, 1]])
    // [0.0625, 4]
    let (gradients, hessians) = try sne.derivatives(
      scores: [1, 2], targets: [3, 4], rowData: ["size": [8, 1]])
    // [-0.0625, -4] and [0.03125, 2]
    #expect(losses == [0.0625, 4] && gradients == [-0.0625, -4] && hessians == [0.03125, 2])
  }

  @Test("writing an objective in three ways")
  func threeWays() {
    let byHand = CustomObjective("sne", rowData: ["size"]) { row in
      let size = row.data[0]
      return .init(
        gradient: 2 * (row.score - row.target) / (size * size), hessian: 2 / (size * size))
    }
    let fromLoss = DifferentiableObjective("sne", rowData: ["size"]) { row in
      ((row.score - row.target) / row.data[0]).squared()
    }
    let onArrays = BatchObjective(
      "sne", rowData: ["size"],
      derivatives: { scores, rows, gradients, hessians in
        for i in 0..<rows.count {
          let size = rows.rowData[i]
          gradients[i] = 2 * (scores[i] - rows.targets[i]) / (size * size)
          hessians[i] = 2 / (size * size)
        }
      })
    let sample = ObjectiveCase.all[1].rows(50, seed: 8)
    let expected = sample.derivatives
    for objective in [byHand, fromLoss, onArrays] as [any Objective] {
      let (g, h) = sample.derivatives(under: objective)
      for index in g.indices {
        expectClose(g[index], expected.gradients[index], relative: 1e-13)
        expectClose(h[index], expected.hessians[index], relative: 1e-13)
      }
    }
    let softmax = DifferentiableObjective("softmax", scoresPerRow: 3, link: .softmax) { row in
      row.scores.logSumExp() - row.scores[row.target]
    }
    let classes = ObjectiveCase.all[4].rows(50, seed: 8)
    for (a, b) in zip(classes.losses(under: softmax), classes.losses) {
      expectClose(a, b, relative: 1e-13, absolute: 1e-15)
    }
  }

  @Test("a loss as a type of its own")
  func lossAsType() {
    let sample = ObjectiveCase.all[0].rows(200, seed: 8)
    let (own, shipped) = (PseudoHuberLoss(delta: 0.5), PseudoHuber(delta: 0.5))
    let (g, h) = sample.derivatives(under: own)
    let expected = sample.derivatives(under: shipped)
    for index in g.indices {
      expectClose(g[index], expected.gradients[index], relative: 1e-12)
      expectClose(h[index], expected.hessians[index], relative: 1e-11)
    }
    for (a, b) in zip(sample.losses(under: own), sample.losses(under: shipped)) {
      expectClose(a, b, relative: 1e-9, absolute: 1e-12)
    }
    #expect(Set(g).count > 100)
  }

  @Test("why p - y")
  func pMinusY() {
    let objective = SoftmaxCrossEntropy(classes: 3)
    let scores = [2.0, 1.0, -1.0]
    let targets = [0.0]
    var gradients = [0.0, 0.0, 0.0]
    var hessians = gradients
    var g = gradients.mutableSpan
    var h = hessians.mutableSpan
    objective.derivatives(
      at: scores.span, Rows(targets: targets.span, rowData: Span(), rowDataCount: 0),
      gradients: &g, hessians: &h)
    // scipy.special.softmax([2, 1, -1]) - [1, 0, 0], SciPy 1.17
    expectClose(gradients[0], -0.2946154873017588, relative: 1e-12)
    expectClose(gradients[1], 0.25949646034241913, relative: 1e-12)
    expectClose(gradients[2], 0.03511902695933973, relative: 1e-12)
  }

  @Test("a loss in other units starts at the same score")
  func units() {
    let c = 0.0009765625  // 2^-10
    let small = CustomObjective("scaled") { row in
      .init(gradient: c * 2 * (row.score - row.target), hessian: c * 2)
    }
    let sample = ObjectiveCase.all[0].rows(100, seed: 6)
    let starts = ([small, SquaredError()] as [any Objective]).map { objective in
      sample.withRows { initialScores(for: objective, $0, weights: [Double]().span)[0] }
    }
    #expect(starts[0].bitPattern == starts[1].bitPattern && starts[0] != 0)
  }

  /// The block after the first one, or the first text, that holds `code`: what running it prints.
  private func printed(after code: String) throws -> String {
    let article = try String(
      contentsOf: Self.articles[1].appendingPathComponent("ReadingTheChecker.md"), encoding: .utf8)
    let parts = article.components(separatedBy: "```")
    let place = try #require(parts.firstIndex { $0.contains(code) })
    // A block of Swift ends before the text between it and what it prints.
    return parts[parts[place].hasPrefix("swift") ? place + 2 : place + 1].trimmingCharacters(
      in: .whitespacesAndNewlines)
  }

  @Test("reading the checker: the verdicts shown are those that it gives")
  func readingTheChecker() throws {
    // The last digits of drawn rows, and so of figures, depend on the C library.
    func expectShown(_ verdict: Verdict, _ place: String) throws {
      #if os(Linux)
        #expect(verdict.description == (try printed(after: place)))
      #endif
      #expect(!verdict.tests.isEmpty)
    }
    var last: Verdict?
    func print(_ verdict: Verdict) { last = verdict }
    let byHandBesideFormula = CustomObjective(
      "sne", rowData: ["size"],
      formula: { row in ((row.score - row.target) / row.data[0]).squared() },
      derivatives: { row in
        let size = row.data[0]
        return .init(
          gradient: 2 * (row.score - row.target) / (size * size), hessian: 2 / (size * size))
      })
    print(byHandBesideFormula.check())
    try expectShown(#require(last), "let byHandBesideFormula")
    let clipped = try HandDerivedObjective(
      ExpressionObjective("let r = abs(score - y) in if(r < 2, r^2 / 2, 2 * r - 2)"),
      gradient: "score - y")
    print(clipped.check())
    try expectShown(#require(last), "let clipped")
    // The command checks with seed 1.
    let jacobian = try HandDerivedObjective(
      ExpressionObjective("logsumexp(score) - score[y]", classes: 3),
      gradient: "(softmax(k) - if(k == y, 1, 0)) * softmax(k) * (1 - softmax(k))")
    try expectShown(jacobian.check(seed: 1), "--classes 3 ")
    let forgotten = try HandDerivedObjective(
      ExpressionObjective("square((score - y) / size)"), gradient: "2 * (score - y) / size",
      hessian: "2")
    try expectShown(forgotten.check(seed: 1), "The size forgotten in the gradient")
  }

  @Test("the verdict in the README")
  func readme() throws {
    let flipped = CustomObjective(
      "logistic, y - p", link: .logit,
      loss: { StableMath.softplus($0.score) - $0.target * $0.score },
      derivatives: { row in
        let p = StableMath.sigmoid(row.score)
        return .init(gradient: row.target - p, hessian: p * (1 - p))
      })
    let shown = flipped.check().description
    let readme = try String(
      contentsOf: Self.articles[0].appendingPathComponent("../../../README.md"), encoding: .utf8)
    #if os(Linux)
      #expect(readme.contains("\n\(shown)\n"), "\(shown)")
    #endif
  }

  @Test("row data belong to the row")
  func rowData() {
    let perSize = DifferentiableObjective("per size", rowData: ["size"]) { row in
      ((row.score - row.target) / row.data[0]).squared()
    }
    let sample = ObjectiveSample(
      objective: perSize, scores: [1, 1], targets: [3, 3], rowData: [2, 4])
    #expect(sample.losses == [1, 0.25])
    #expect(sample.derivatives.gradients == [-1, -0.25])
    #expect(perSize.check().isSound)
  }
}
