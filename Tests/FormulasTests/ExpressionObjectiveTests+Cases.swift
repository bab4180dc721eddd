import RealModule
import Tabular
import TestSupport
import Testing
@testable import Formulas
@testable import Losses

/// Conditions, blocks of rows, saved names and arguments.
extension ExpressionObjectiveTests {
  @Test("conditions, ties and constants")
  func conditions() throws {
    let cases: [(text: String, loss: Double, gradient: Double)] = [
      // At score 2, y 2, a 3; by hand.
      ("if(score == y and a > y, 3 * score, 0)", 6, 3),
      ("if(not (score != y) or a < 0, 5 * score, 0)", 10, 5),
      ("if(score < y, 1, if(score >= y, 7 * score, 0))", 14, 7),
      ("max(score, y)", 2, 1), ("max(y, score)", 2, 0), ("min(score, y)", 2, 1),
      ("clamp(score, 3, 9)", 3, 0), ("score ^ 2 ^ 2", 16, 32), ("-score^2", -4, -4),
      ("score * pi * 0 + a", 3, 0), ("logsumexp(score, score)", 2 + .log(2), 1),
      ("let c = score > 0 in if(c ? a > 0 : y > 9, score, 0)", 2, 1),
      ("let r = score in let s = r * r in s - r", 2, 3),
    ]
    for (text, loss, gradient) in cases {
      let objective = try ExpressionObjective(text)
      let sample = ObjectiveSample(
        objective: objective, scores: [2], targets: [2],
        rowData: objective.rowDataNames.map { _ in 3 })
      expectClose(sample.losses[0], loss, relative: 1e-15, text)
      expectClose(sample.derivatives.gradients[0], gradient, relative: 1e-15, text)
    }
  }

  @Test("the case not taken cannot poison a derivative")
  func untakenCases() throws {
    let objective = try ExpressionObjective(
      "if(score > 0, score * log(score), sqrt(-score)^3 / (score - score + 1))")
    let sample = ObjectiveSample(
      objective: objective, scores: [2, -4, 1e-100, -1e100], targets: [0, 0, 0, 0])
    let (gradients, hessians) = sample.derivatives
    expectClose(gradients[0], 1 + .log(2), relative: 1e-15)
    expectClose(hessians[0], 0.5, relative: 1e-15)
    expectClose(gradients[1], -3, relative: 1e-15)
    expectClose(hessians[1], 0.375, relative: 1e-15)
    let all = gradients + hessians + sample.losses
    #expect(all.allSatisfy { $0.isFinite })
  }

  @Test("full Hessians against differences of the gradient", arguments: [2, 3, 10])
  func fullHessians(classes: Int) throws {
    let texts = [
      "logsumexp(score) - score[y]",
      "square(sum(k in classes: score[k] * (k + 1))) + softmax(y) * score[0]",
      "max(score) * min(score) + log1p(square(score[y]))",
    ]
    for text in texts {
      let objective = try ExpressionObjective(text, classes: classes)
      #expect(objective.hasFullHessian)
      let sample = draw(20, for: objective, classes: classes, scale: 1, seed: 5)
      let full = sample.fullHessians(under: objective)
      let step = 1e-5
      for j in 0..<classes {
        var (above, below) = (sample, sample)
        for row in 0..<20 {
          above.scores[row * classes + j] += step
          below.scores[row * classes + j] -= step
        }
        let (up, down) = (above.derivatives.gradients, below.derivatives.gradients)
        for row in 0..<20 {
          for k in 0..<classes {
            let place = row * classes + k
            expectClose(
              full[(row * classes + j) * classes + k], (up[place] - down[place]) / (2 * step),
              relative: 1e-5, absolute: 1e-6, "\(text), row \(row), scores \(j) and \(k)")
          }
        }
      }
    }
  }

  @Test("a block gives what each row gives alone", arguments: [1, 7, 255, 256, 257, 1000])
  func blocks(count: Int) throws {
    for text in ["softplus(score) - y * score / size", "logsumexp(score) * size - score[y]"] {
      let objective = try ExpressionObjective(text, classes: 3)
      let width = objective.scoresPerRow
      let sample = draw(count, for: objective, classes: 2, seed: 1)
      let (whole, losses) = (sample.derivatives, sample.losses)
      for row in stride(from: 0, to: count, by: 97) {
        let scores = row * width..<(row + 1) * width
        let alone = ObjectiveSample(
          objective: objective, scores: Array(sample.scores[scores]),
          targets: [sample.targets[row]], rowData: [sample.rowData[row]])
        #expect(alone.losses == [losses[row]])
        #expect(alone.derivatives.gradients == Array(whole.gradients[scores]))
        #expect(alone.derivatives.hessians == Array(whole.hessians[scores]))
      }
    }
  }

  @Test("block kernels against their naive twin")
  func kernels() {
    var generator = RandomGenerator(seed: 4)
    let special = [0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude]
    let a = special + (0..<50).map { _ in 2 * generator.normal() }
    let b = special.reversed() + (0..<50).map { _ in 2 * generator.normal() }
    for raw in 0...FlowGraph.Operation.select.rawValue {
      guard let operation = FlowGraph.Operation(rawValue: raw), !operation.isLeaf,
        operation != .scoreAt
      else { continue }
      var (x, y, z, result) = (a, b, a, a)
      x.withUnsafeMutableBufferPointer { x in
        y.withUnsafeMutableBufferPointer { y in
          z.withUnsafeMutableBufferPointer { z in
            result.withUnsafeMutableBufferPointer { result in
              BlockKernels.run(
                operation, into: result.baseAddress!, x.baseAddress!, y.baseAddress!,
                z.baseAddress!, result.count)
            }
          }
        }
      }
      let expected = a.indices.map { index in
        operation == .select
          ? (a[index] != 0 ? b[index] : a[index])
          : FlowGraph.compute(operation, a[index], b[index])
      }
      #expect(same(result, expected), "\(operation)")
    }
  }

  @Test("a saved name gives the same objective again")
  func reloading() throws {
    let texts = [
      "square((score-y)/size)", "softplus(score) - y*score; link=logit",
      "logsumexp(score) - score[y]; link=softmax", "let a = score; let b = a - y; b ** 2",
      "score[0] * exp(score[1]) + `system size`", "1e-7 * score^3 + 1e300",
    ]
    var fingerprints: Set<String> = []
    for text in texts {
      let first = try parseObjective(text, classes: 3)
      let description = ObjectiveDescription(first)
      let second = try parseObjective(description.name)
      #expect(ObjectiveDescription(second) == description)
      fingerprints.insert(description.fingerprint)
    }
    #expect(fingerprints.count == texts.count, "different losses, different fingerprints")
    #expect(
      try ExpressionObjective("logsumexp(score)-score[y]", link: .softmax, classes: 3).name
        == "logsumexp(score) - score[y]; classes=3")
  }

  @Test("arguments: name, link, classes, adjustment, metric")
  func arguments() throws {
    let sne = try ExpressionObjective(
      "square((score - y) / size)", name: "mine", scoreAdjustment: .multiplied(by: "size"),
      metric: .rmsne)
    #expect(sne.name == "mine")
    #expect(sne.defaultMetric.name == Metric.rmsne.name)
    #expect(sne.parameters.isEmpty)
    #expect(sne.hasLoss)
    let adjusted = sne.adjusted()
    let builtIn = SizeNormalisedSquaredError().adjusted()
    let sample = try #require(ObjectiveCase.all.first { $0.objective.name == "sne" })
      .rows(50, seed: 2)
    let (mine, theirs) = (
      sample.derivatives(under: adjusted), sample.derivatives(under: builtIn)
    )
    for index in mine.gradients.indices {
      expectClose(mine.gradients[index], theirs.gradients[index], relative: 1e-12)
      expectClose(mine.hessians[index], theirs.hessians[index], relative: 1e-12)
    }
    #expect(try ExpressionObjective("score", link: .logit).defaultMetric.name == "log-loss")
    #expect(try ExpressionObjective("score[0] - score[2]").scoresPerRow == 3)
    #expect(try ExpressionObjective("score[0] - score[2]", classes: 5).scoresPerRow == 5)
    #expect(try ExpressionObjective("b * score + a + b").rowDataNames == ["b", "a"])
    #expect(throws: ExpressionError.self) {
      try ExpressionObjective("score", scoreAdjustment: .plusLog(of: "exposure"))
    }
    #expect(throws: ExpressionError.self) {
      try ExpressionObjective("score; link=log", link: .logit)
    }
  }

  @Test("targets and row data that pick a class are class indices")
  func validation() throws {
    func refusal(_ text: String, targets: [Double], rowData: [Double] = []) throws -> String? {
      let objective = try ExpressionObjective(text, classes: 3)
      let sample = ObjectiveSample(
        objective: objective, scores: [], targets: targets, rowData: rowData)
      do {
        try sample.withRows { try objective.validate($0) }
        return nil
      } catch { return String(describing: error) }
    }
    #expect(try refusal("logsumexp(score) - score[y]", targets: [0, 1, 2]) == nil)
    #expect(
      try refusal("logsumexp(score) - score[y]", targets: [0, 3]) == """
        row 1: target is 3.0, but for objective 'logsumexp(score) - score[y]; classes=3' the \
        target must be a class index from 0 to 2
        """)
    #expect(try refusal("-log(softmax(y))", targets: [0.5]) != nil)
    #expect(
      try refusal("label * y + score[label]", targets: [9, 9], rowData: [1, -1])?
        .contains("row 1: row data 'label' is -1.0") == true)
    #expect(try refusal("square(score - y)", targets: [.nan])?.contains("finite") == true)
  }
}
