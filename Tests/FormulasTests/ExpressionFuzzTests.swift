import Checking
import Formulas
import Losses
import Tabular
import TestSupport
import Testing

@Suite("Expressions: hostile texts")
struct ExpressionFuzzTests {
  /// Texts of each seed: 100,000 of eight seeds if tests are thorough.
  static let count = Thoroughness.draws(1_500, thorough: 12_500)

  static let words = [
    "score", "y", "size", "pi", "classes", "k", "r", "weight", "e", "(", ")", "(", ")", "[", "]",
    "+", "-", "*", "/", "^", ",", ":", ";", "?", "<", "<=", ">", ">=", "==", "!=", "=", "let",
    "in", "if", "and", "or", "not", "0", "1", "2", "0.5", "1e-3", "1e308", "exp(", "log(", "max(",
    "min(", "sum(k in classes:", "logsumexp(score)", "softmax(", "square(", "clamp(", "pow(",
    "score[", "score[y]", "score[k]", "if(", "`", "link=", "logit", "classes=", "3", "§",
  ]

  /// A text that follows the grammar more often than not, so that evaluation is reached too.
  static func formula(_ levels: Int, _ generator: inout RandomGenerator) -> String {
    func part() -> String { formula(levels - 1, &generator) }
    if levels == 0 {
      return ["score", "y", "size", "2", "0", "-1", "1e200", "score[1]", "score[y]", "pi"][
        generator.index(below: 10)]
    }
    switch generator.index(below: 14) {
    case 0: return "(\(part()) + \(part()))"
    case 1: return "(\(part()) - \(part()))"
    case 2: return "\(part()) * \(part())"
    case 3: return "\(part()) / \(part())"
    case 4: return "(\(part()))^\(part())"
    case 5: return "-\(part())"
    case 6: return "if(\(part()) < \(part()), \(part()), \(part()))"
    case 7: return "(let r = \(part()) in r * \(part()))"
    case 8: return "sum(k in classes: score[k] * \(part()))"
    case 9: return "score[\(part())]"
    case 10: return "\(["max", "min", "logsumexp"][generator.index(below: 3)])(\(part()), r)"
    default:
      let names = [
        "exp", "log", "sqrt", "abs", "sin", "tanh", "erf", "sigmoid", "softplus", "log1p",
        "logcosh", "acosh", "softmax", "square",
      ]
      return "\(names[generator.index(below: names.count)])(\(part()))"
    }
  }

  static func text(_ generator: inout RandomGenerator) -> String {
    switch generator.index(below: 4) {
    case 0:
      let bytes = (0..<generator.index(below: 40)).map { _ in
        UInt8(truncatingIfNeeded: generator.next())
      }
      return String(decoding: bytes, as: UTF8.self)
    case 1:
      return (0..<generator.index(below: 40)).map { _ in
        words[generator.index(below: words.count)]
      }.joined(separator: generator.index(below: 3) == 0 ? "" : " ")
    case 2:
      return formula(generator.index(below: 5), &generator)
    default:
      // A sound text with one character changed, dropped or repeated.
      var text = Array(
        formula(generator.index(below: 4), &generator) + "; classes=3; link=identity")
      let place = generator.index(below: text.count)
      switch generator.index(below: 3) {
      case 0: text.remove(at: place)
      case 1: text.insert(text[place], at: generator.index(below: text.count))
      default: text[place] = Array("()[]+-*/^,;=abk09.~")[generator.index(below: 19)]
      }
      return String(text)
    }
  }

  @Test("random texts give a message or an objective", arguments: 0..<8 as Range<UInt64>)
  func randomTexts(seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed)
    var accepted = 0
    for _ in 0..<Self.count {
      let text = Self.text(&generator)
      let objective: any Objective
      do {
        objective = try parseObjective(text, classes: 3)
      } catch {
        #expect(!error.description.isEmpty)
        #expect(error.position ?? 0 <= text.unicodeScalars.count)
        continue
      }
      accepted += 1
      let width = objective.scoresPerRow
      let columns = objective.rowDataNames.count
      let sample = ObjectiveSample(
        objective: objective, scores: (0..<3 * width).map { Double($0) - 1.5 },
        targets: [0, 1, -7.5], rowData: (0..<3 * columns).map { Double($0) / 2 })
      // Shipped objectives are defined for the targets they accept, formulas for any.
      guard objective is ExpressionObjective || sample.isValid else { continue }
      #expect(sample.losses.count == 3)
      #expect(sample.derivatives.hessians.count == 3 * width)
      if objective.hasFullHessian {
        #expect(sample.fullHessians(under: objective).count == 3 * width * width)
      }
      if objective is ExpressionObjective {
        #expect(try parseObjective(objective.name).name == objective.name)
      }
    }
    #expect(accepted > Self.count / 20, "enough texts reach evaluation")
  }

  @Test(
    "random texts as derivatives give a message or an objective", arguments: 0..<4 as Range<UInt64>)
  func randomDerivatives(seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed + 1000)
    let losses: [any Objective] = [
      try parseObjective("square((score - y) / size)"),
      try parseObjective("logsumexp(score) - score[y] + 0 * size", classes: 3),
    ]
    var accepted = 0
    for place in 0..<Self.count {
      let loss = losses[place % 2]
      // `r` is no variable here; half of the texts name the class instead.
      var text = Self.text(&generator)
      if place % 4 < 2 { text = text.replacing(", r)", with: ", k)") }
      let objective: HandDerivedObjective
      do {
        objective = try HandDerivedObjective(
          loss, gradient: place % 3 > 0 ? text : nil, hessian: place % 3 < 2 ? text : nil)
      } catch {
        let hasPart = ["gradient: ", "hessian: "].contains { error.message.hasPrefix($0) }
        #expect(hasPart && error.position ?? 0 <= text.unicodeScalars.count, "\(error)")
        continue
      }
      accepted += 1
      let width = loss.scoresPerRow
      let sample = ObjectiveSample(
        objective: objective, scores: (0..<3 * width).map { Double($0) - 1.5 },
        targets: [0, 1, 2], rowData: [0, 0.5, 1])
      #expect(sample.derivatives.hessians.count == 3 * width)
      if accepted % 50 == 0 {
        let tests = objective.check().tests
        #expect(!tests.isEmpty)
      }
    }
    #expect(accepted > Self.count / 40, "enough texts reach evaluation")
  }

  @Test("texts made to exhaust stack, memory or time are refused")
  func exhaustion() throws {
    let n = 100_000
    let texts = [
      String(repeating: "(", count: n), String(repeating: "(", count: 9_000),
      String(repeating: "-", count: 9_000) + "score",
      String(repeating: "not ", count: 2_400) + "score",
      "score" + String(repeating: "^score", count: 1_500),
      "score" + String(repeating: "+1", count: 4_000),
      String(repeating: "let r=score;", count: 800) + "r",
      String(repeating: "exp(", count: 2_400) + "score",
      String(repeating: "score[", count: 1_600),
      String(repeating: "score>0?1:", count: 900) + "score",
      String(repeating: "if(score>0,", count: 800),
      String(repeating: "sum(k in classes:", count: 20) + "1"
        + String(repeating: ")", count: 20) + "+score[0];classes=1000",
      String(repeating: "sum(k in classes:", count: 4) + "score[k]"
        + String(repeating: ")", count: 4) + ";classes=1000",
      "square(sum(k in classes: sum(j in classes: exp(score[k]*score[j]))));classes=1000",
      String(repeating: "exp(", count: 90) + "softmax(0)" + String(repeating: ")", count: 90)
        + ";classes=1000",
      "max(" + String(repeating: "score,", count: 1_600) + "1)",
      String(repeating: "a", count: n),
    ]
    for text in texts {
      #expect(throws: ExpressionError.self, "\(text.prefix(30))...") {
        try parseObjective(text)
      }
    }
    let loss = try parseObjective("logsumexp(score) - score[y]", classes: 1000)
    for text in texts.map({ $0.split(separator: ";").first.map(String.init) ?? $0 }) {
      #expect(throws: ExpressionError.self, "\(text.prefix(30))...") {
        try HandDerivedObjective(loss, gradient: text)
      }
    }
  }

  @Test("nested conditionals are checked in linear time")
  func nestedConditionals() throws {
    let depth = 90
    let text =
      String(repeating: "if(score>0,", count: depth) + "score"
      + String(repeating: ",y)", count: depth)
    #expect(try ExpressionObjective(text).rowDataNames.isEmpty)
  }

  /// 99 sums of two and the score in the first of them are 100 levels; so are 98 brackets in a
  /// difference in a function.
  @Test("a hundred levels are allowed, one more is not")
  func levels() throws {
    func sum(_ terms: Int) -> String {
      [String](repeating: "score", count: terms).joined(separator: "+") + " - y"
    }
    func brackets(_ count: Int) -> String {
      "square(" + String(repeating: "(", count: count) + "score"
        + String(repeating: ")", count: count) + " - y)"
    }
    let sample = ObjectiveSample(
      objective: try parseObjective(sum(99)), scores: [2], targets: [1])
    #expect(sample.losses == [197])
    #expect(throws: Never.self) { try parseObjective(brackets(98)) }
    for text in [sum(100), brackets(99)] {
      let error = #expect(throws: ExpressionError.self) { try parseObjective(text) }
      #expect(error?.description.contains("nests deeper than 100 levels") == true)
    }
  }

  @Test("shared parts are computed once")
  func doubling() throws {
    let text =
      "let a = score + y; " + String(repeating: "let a = a * a; ", count: 40) + "a"
    let objective = try ExpressionObjective(text)
    let sample = ObjectiveSample(objective: objective, scores: [1], targets: [0])
    #expect(sample.losses == [1])
    #expect(sample.derivatives.gradients == [0x1p40])
  }
}
