import RealModule
import Tabular
import TestSupport
import Testing

@testable import Formulas
@testable import Losses

/// Whether two lists hold the same numbers, bit for bit but for the sign of zero.
func same(_ a: [Double], _ b: [Double]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
}

/// Rows drawn for `objective`: scores of the given scale, class indices as targets, positive row
/// data over two decades.
func draw(
  _ count: Int, for objective: any Objective, classes: Int, scale: Double = 3, seed: UInt64
) -> ObjectiveSample {
  var generator = RandomGenerator(seed: seed)
  return ObjectiveSample(
    objective: objective,
    scores: (0..<count * objective.scoresPerRow).map { _ in scale * generator.normal() },
    targets: (0..<count).map { _ in Double(generator.index(below: classes)) },
    rowData: (0..<count * objective.rowDataNames.count).map { _ in
      10 / (1 + 99 * generator.uniform())
    })
}

@Suite("Expressions: values and derivatives")
struct ExpressionObjectiveTests {
  /// Expressions beside shipped objectives; `tolerance` 0 where the arithmetic is the same.
  struct Pair: Sendable, CustomTestStringConvertible {
    let text: String
    let place: Int
    let lossTolerance: Double
    let tolerance: Double
    var testDescription: String { text }
  }

  static let pairs = [
    Pair(text: "square(score - y)", place: 0, lossTolerance: 0, tolerance: 0),
    Pair(text: "(score - y)^2", place: 0, lossTolerance: 0, tolerance: 0),
    Pair(text: "square((score - y) / size)", place: 1, lossTolerance: 0, tolerance: 1e-12),
    Pair(text: "softplus(score) - y * score", place: 2, lossTolerance: 1e-12, tolerance: 0),
    Pair(
      text: "y * softplus(-score) + (1 - y) * softplus(score)", place: 2, lossTolerance: 0,
      tolerance: 1e-12),
    Pair(text: "logsumexp(score) - score[y]", place: 3, lossTolerance: 0, tolerance: 1e-12),
    Pair(text: "-log(softmax(y))", place: 4, lossTolerance: 1e-9, tolerance: 1e-6),
    Pair(
      text: "logsumexp(k in classes: score[k]) - sum(k in classes: if(k == y, score[k], 0))",
      place: 5, lossTolerance: 1e-12, tolerance: 1e-12),
  ]

  @Test("expressions equal the built-in losses", arguments: pairs)
  func builtIns(_ pair: Pair) throws {
    let shipped: [any Objective] = [
      SquaredError(), SizeNormalisedSquaredError(), Logistic(), SoftmaxCrossEntropy(classes: 2),
      SoftmaxCrossEntropy(classes: 3), SoftmaxCrossEntropy(classes: 10),
    ]
    let builtIn = shipped[pair.place]
    let testCase = try #require(
      ObjectiveCase.all.first {
        $0.objective.name == builtIn.name && $0.objective.scoresPerRow == builtIn.scoresPerRow
      })
    let objective = try ExpressionObjective(pair.text, classes: builtIn.scoresPerRow)
    #expect(objective.rowDataNames == builtIn.rowDataNames)
    #expect(objective.scoresPerRow == builtIn.scoresPerRow)
    for seed in 0..<5 as Range<UInt64> {
      let sample = testCase.rows(1000, seed: seed)
      for (mine, theirs) in zip(sample.losses(under: objective), sample.losses(under: builtIn)) {
        expectClose(mine, theirs, relative: pair.lossTolerance, absolute: pair.lossTolerance)
      }
      let mine = sample.derivatives(under: objective)
      let theirs = sample.derivatives(under: builtIn)
      for index in mine.gradients.indices {
        expectClose(
          mine.gradients[index], theirs.gradients[index], relative: pair.tolerance,
          absolute: pair.tolerance)
        expectClose(
          mine.hessians[index], theirs.hessians[index], relative: pair.tolerance,
          absolute: pair.tolerance)
      }
    }
  }

  /// Texts beside the same arithmetic written as closures over jets: equal bits.
  static let twins: [(text: String, closure: DifferentiableObjective)] = [
    (
      "square((score - y) / size)",
      DifferentiableObjective("a", rowData: ["size"]) { row in
        ((row.score - row.target) / row.data[0]).squared()
      }
    ),
    (
      "let r = (score - y) / delta in square(delta) * (sqrt(1 + r * r) - 1)",
      DifferentiableObjective("b", rowData: ["delta"]) { row in
        let r = (row.score - row.target) / row.data[0]
        return row.data[0].squared() * (Jet.sqrt(1 + r * r) - 1)
      }
    ),
    (
      "exp(score) * exposure - y * (score + log(exposure))",
      DifferentiableObjective("c", rowData: ["exposure"]) { row in
        .exp(row.score) * row.data[0] - row.target * (row.score + .log(row.data[0]))
      }
    ),
    (
      "let r = abs(score - y) in if(r <= delta, r * r / 2, delta * (r - delta / 2))",
      DifferentiableObjective("d", rowData: ["delta"]) { row in
        let r = Jet.abs(row.score - row.target)
        let delta = row.data[0]
        return r <= delta ? r * r / 2 : delta * (r - delta / 2)
      }
    ),
    (
      "max(tau * (y - score), (tau - 1) * (y - score)) + clamp(score, -1, low) / cosh(score)",
      DifferentiableObjective("e", rowData: ["tau", "low"]) { row in
        let (tau, low) = (row.data[0], row.data[1])
        return Jet.max(tau * (row.target - row.score), (tau - 1) * (row.target - row.score))
          + Jet.clamp(row.score, -1, low) / .cosh(row.score)
      }
    ),
    (
      "score[1] / 2 + square((y - score[0]) * exp(-score[1] / 2)) / 2",
      DifferentiableObjective("f", scoresPerRow: 2) { row in
        row.scores[1] / 2
          + ((row.target - row.scores[0]) * .exp(-row.scores[1] / 2)).squared() / 2
      }
    ),
    (
      "logsumexp(score) - score[y]; classes=4",
      DifferentiableObjective("g", scoresPerRow: 4) { row in
        row.scores.logSumExp() - row.scores[row.target]
      }
    ),
    (
      "sum(j in classes: sum(k in classes: sin(score[j]) * score[k] / (2 + cos(score[k])))); "
        + "classes=3",
      DifferentiableObjective("h", scoresPerRow: 3) { row in
        var outer: [Jet] = []
        for j in 0..<3 {
          var inner = Jet(0)
          for k in 0..<3 {
            inner += .sin(row.scores[j]) * row.scores[k] / (2 + .cos(row.scores[k]))
          }
          outer.append(inner)
        }
        return outer.reduce(Jet(0), +)
      }
    ),
  ]

  @Test("the same arithmetic over jets gives the same bits", arguments: 0..<8)
  func jets(_ index: Int) throws {
    let (text, closure) = Self.twins[index]
    let objective = try ExpressionObjective(text)
    #expect(objective.rowDataNames == closure.rowDataNames)
    let width = closure.scoresPerRow
    for seed in 0..<5 as Range<UInt64> {
      let sample = draw(700, for: closure, classes: max(2, width), scale: 2, seed: seed)
      let (mine, theirs) = (
        sample.derivatives(under: objective), sample.derivatives(under: closure)
      )
      #expect(same(sample.losses(under: objective), sample.losses(under: closure)))
      #expect(same(mine.gradients, theirs.gradients))
      #expect(same(mine.hessians, theirs.hessians))
      #expect(mine.gradients.allSatisfy { $0.isFinite })
      // Polarisation subtracts; its rounding is relative to the diagonal.
      let full = sample.fullHessians(under: objective)
      for (a, b) in zip(full, sample.fullHessians(under: closure)) {
        expectClose(a, b, relative: 1e-9, absolute: 1e-9)
      }
      for row in 0..<sample.targets.count {
        for k in 0..<width {
          let diagonal = full[(row * width + k) * width + k]
          #expect(diagonal == mine.hessians[row * width + k])
        }
      }
    }
  }

  /// Every function of one number beside its jet.
  static let functions: [(name: String, jet: @Sendable (Jet) -> Jet)] = [
    ("exp", { .exp($0) }), ("expm1", { .expMinusOne($0) }), ("log", { .log($0) }),
    ("log1p", { .log(onePlus: $0) }), ("sqrt", { .sqrt($0) }), ("abs", { .abs($0) }),
    ("sin", { .sin($0) }), ("cos", { .cos($0) }), ("tan", { .tan($0) }),
    ("asin", { .asin($0) }), ("acos", { .acos($0) }), ("atan", { .atan($0) }),
    ("sinh", { .sinh($0) }), ("cosh", { .cosh($0) }), ("tanh", { .tanh($0) }),
    ("asinh", { .asinh($0) }), ("acosh", { .acosh(1 + $0) }), ("atanh", { .atanh($0) }),
    ("sigmoid", { .sigmoid($0) }), ("softplus", { .softplus($0) }),
    ("logsigmoid", { .logSigmoid($0) }), ("logcosh", { .logCosh($0) }), ("erf", { .erf($0) }),
    ("square", { $0.squared() }),
  ]

  @Test("functions of one number have the bits of their jets")
  func elementaryFunctions() throws {
    let points = [0.03, 0.2, 0.5, 0.7, 0.99]
    for (name, jet) in Self.functions {
      let text = name == "acosh" ? "acosh(1 + score * score)" : "\(name)(score * score)"
      let objective = try ExpressionObjective(text)
      let sample = ObjectiveSample(
        objective: objective, scores: points, targets: points)
      let expected = points.map { jet(Jet.variable($0) * .variable($0)) }
      let (gradients, hessians) = sample.derivatives
      #expect(same(sample.losses, expected.map(\.value)), "\(name)")
      #expect(same(gradients, expected.map(\.first)), "\(name)")
      #expect(same(hessians, expected.map(\.second)), "\(name)")
    }
  }

  @Test("powers")
  func powers() throws {
    let points = [0.3, 0.7, 1, 2.5]
    for exponent in ["0", "1", "2", "3", "4", "5", "-1", "2.7", "p", "score"] {
      let objective = try ExpressionObjective("pow(1 + score, \(exponent)) + 0 * p")
      let power = { (x: Jet) -> Jet in
        .pow(1 + x, exponent == "score" ? x : Jet(exponent == "p" ? 1.5 : Double(exponent)!))
      }
      let sample = ObjectiveSample(
        objective: objective, scores: points, targets: points,
        rowData: points.map { _ in 1.5 })
      let (gradients, hessians) = sample.derivatives
      for (index, x) in points.enumerated() {
        let expected = power(.variable(x))
        expectClose(sample.losses[index], expected.value, relative: 1e-14)
        expectClose(gradients[index], expected.first, relative: 1e-14)
        expectClose(hessians[index], expected.second, relative: 1e-14, absolute: 1e-14)
      }
    }
  }

  @Test("whole powers of negative numbers")
  func wholePowers() throws {
    // (power, value, slope, curvature) at -2, by hand.
    for (power, value, slope, curvature) in [
      (5.0, -32.0, 80.0, -160.0), (6, 64, -192, 480), (-2, 0.25, 0.25, 0.375),
      (-1, -0.5, -0.25, -0.25),
    ] {
      let objective = try ExpressionObjective("(score - y)^\(Int(power))")
      let sample = ObjectiveSample(objective: objective, scores: [1], targets: [3])
      #expect(sample.losses == [value])
      #expect(sample.derivatives.gradients == [slope])
      #expect(sample.derivatives.hessians == [curvature])
    }
    let root = try ExpressionObjective("(score - y)^1.5")
    let sample = ObjectiveSample(objective: root, scores: [1], targets: [3])
    #expect(sample.losses[0].isNaN)
  }
}
