import OrderedCollections
import Formulas
import BoostedTrees
import Foundation
import Learning
import Losses
import MLP
import Tabular
import TestSupport
import Testing

/// Objectives given as text against the shipped ones, in both learners.
@Suite("Formulas")
struct FormulaTests {
  static func table(classes: Int) throws -> Table {
    var generator = RandomGenerator(seed: 11)
    var features: [Float] = []
    var target: [Double] = []
    var size: [Double] = []
    for _ in 0..<400 {
      let (a, b) = (generator.normal(), generator.normal())
      features += [Float(a), Float(b)]
      size.append(1 + 9 * generator.uniform())
      let signal = a + 0.5 * b * b + 0.3 * generator.normal()
      target.append(
        classes > 0 ? min(max((signal + 1).rounded(.down), 0), Double(classes - 1)) : signal)
    }
    return try Table(
      features: features, featureNames: ["a", "b"], target: target, rowData: ["size": size],
      source: "made")
  }

  struct Pair: Sendable, CustomStringConvertible {
    let text: String
    let shipped: any Objective
    var classes = 0
    /// Whether the derivatives of the text are the same operations in the same order.
    var isSameArithmetic = false
    var description: String { text }
  }

  static let pairs: [Pair] = [
    Pair(text: "square(score - y)", shipped: SquaredError(), isSameArithmetic: true),
    Pair(text: "square((score - y) / size)", shipped: SizeNormalisedSquaredError()),
    Pair(text: "softplus(score) - y * score; link=logit", shipped: Logistic(), classes: 2),
    Pair(
      text: "logsumexp(score) - score[y]; link=softmax",
      shipped: SoftmaxCrossEntropy(classes: 3), classes: 3),
    Pair(text: "logcosh(score - y)", shipped: LogCosh()),
  ]

  @Test("a formula trains what its shipped twin trains", arguments: pairs)
  func twins(_ pair: Pair) throws {
    let table = try Self.table(classes: pair.classes)
    let formula = try parseObjective(pair.text, classes: pair.classes > 0 ? pair.classes : nil)
    func forest(_ objective: any Objective) throws -> [Double] {
      try Booster(objective: objective, rounds: 20, curvature: .exact, adjustsScores: false)
        .fit(table).scores(for: table)
    }
    func network(_ objective: any Objective) throws -> [Double] {
      try Perceptron(hidden: [8], objective: objective, epochs: 5, adjustsScores: false)
        .fit(table).scores(for: table)
    }
    for train in [forest, network] {
      let expected = try train(pair.shipped)
      let actual = try train(formula)
      #expect(Set(expected).count > 20)
      if pair.isSameArithmetic { #expect(actual == expected) }
      for (a, b) in zip(actual, expected) { expectClose(a, b, relative: 1e-5, absolute: 1e-5) }
    }
  }

  @Test("a model trained on a formula predicts from its file, and names the formula")
  func reload() throws {
    let table = try Self.table(classes: 0)
    let text = "square((score - y) / size)"
    let forest = try Booster(objective: parseObjective(text), rounds: 5).fit(table)
    let path = NSTemporaryDirectory() + "formula-\(UUID().uuidString).model"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try forest.save(to: path)
    let loaded = try Forest(contentsOf: path)
    #expect(try loaded.predictions(for: table) == forest.predictions(for: table))
    let again = try parseObjective(loaded.header.objective.name)
    #expect(ObjectiveDescription(again.adjusted()) == loaded.header.objective)
  }
}
