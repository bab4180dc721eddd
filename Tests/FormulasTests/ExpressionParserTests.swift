import Tabular
import Testing

@testable import Formulas
@testable import Losses

@Suite("Expressions: text")
struct ExpressionParserTests {
  /// Texts and their canonical form, written by hand from the grammar.
  static let canonical: [(text: String, form: String)] = [
    ("square((score - y) / size)", "square((score - y) / size)"),
    ("  score-y  ", "score - y"),
    ("((score))", "score"),
    ("score - y - 1", "score - y - 1"),
    ("score - (y - 1)", "score - (y - 1)"),
    ("score + (y + 1)", "score + (y + 1)"),
    ("score / y * 2", "score / y * 2"),
    ("score / (y * 2)", "score / (y * 2)"),
    ("score*(y+2)", "score * (y + 2)"),
    ("-score^2", "-score^2"),
    ("(-score)^2", "(-score)^2"),
    ("-(score^2)", "-score^2"),
    ("2^score^y", "2^score^y"),
    ("(2^score)^y", "(2^score)^y"),
    ("2^-score", "2^-score"),
    ("score ** 2", "score^2"),
    ("-score * y", "-score * y"),
    ("-(score * y)", "-(score * y)"),
    ("- - +score", "--score"),
    ("1e-3 * score + 1.50 + .5", "0.001 * score + 1.5 + 0.5"),
    ("score > y ? score : y", "if(score > y, score, y)"),
    (
      "if(score > 0 && !(y < 0) || y==1, 1, score)",
      "if(score > 0 and not y < 0 or y == 1, 1, score)"
    ),
    ("if((score > 0) == (y), 1, score)", "if((score > 0) == y, 1, score)"),
    ("if(not (score > 0 and y > 0), 1, score)", "if(not (score > 0 and y > 0), 1, score)"),
    ("if(score > 0 and (y > 0 or y < 1), 1, 2)", "if(score > 0 and (y > 0 or y < 1), 1, 2)"),
    ("let r = score - y; r * r", "let r = score - y in r * r"),
    ("2 * (let r = score in r)", "2 * (let r = score in r)"),
    ("let a = let b = 1 in b in a * score", "let a = let b = 1 in b in a * score"),
    ("sum( k in classes : score[k] * pi )", "sum(k in classes: score[k] * pi)"),
    ("`system size` * score", "`system size` * score"),
    ("score[y] + logsumexp(score)", "score[y] + logsumexp(score)"),
  ]

  @Test("canonical forms", arguments: canonical)
  func canonicalForms(_ example: (text: String, form: String)) throws {
    let tree = try ExpressionParser.parse(example.text).loss
    #expect(SyntaxPrinter.text(of: tree) == example.form)
    #expect(try ExpressionParser.parse(example.form).loss == tree)
  }

  @Test("settings after the loss")
  func settings() throws {
    let parsed = try ExpressionParser.parse("let r = score; r * r; link=log; classes = 3")
    #expect(parsed.link == .log)
    #expect(parsed.classes == 3)
    #expect(SyntaxPrinter.text(of: parsed.loss) == "let r = score in r * r")
  }

  @Test("whatever tree is printed, parsing it gives the tree", arguments: 0..<20 as Range<UInt64>)
  func printingAndParsing(seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed)
    for _ in 0..<200 {
      let tree = RandomSyntax.tree(levels: 6, &generator)
      let text = SyntaxPrinter.text(of: tree)
      #expect(try ExpressionParser.parse(text).loss == tree, "\(text)")
    }
  }

  /// Mistakes: the code, the caret's place counted by hand, and words of the message.
  static let mistakes: [(text: String, code: ExpressionError.Code, at: Int?, says: String)] = [
    ("", .syntax, 0, "expected a number, a name or '(', but the text ends"),
    ("(score - y", .syntax, 10, "expected ')' to close the bracket, but the text ends"),
    ("score - y)", .syntax, 9, "expected an operator or the end of the text, found ')'"),
    ("score -", .syntax, 7, "but the text ends"),
    ("score + * y", .syntax, 8, "found '*'"),
    ("2score", .syntax, 1, "a product is written with '*'"),
    ("score $ y", .syntax, 6, "the character '$' has no meaning"),
    ("score = y", .syntax, 6, "equality is written '=='"),
    ("if(0 < score < 1, 1, 2)", .syntax, 13, "comparisons do not chain"),
    ("if(score > 0, 1)", .syntax, 15, "expected ',' between the cases"),
    ("1 + let r = score in r", .syntax, 4, "in brackets"),
    ("let r score in r", .syntax, 6, "expected '=' after 'let r'"),
    ("let score = 1 in score", .unknownName, 4, "choose another name"),
    ("1e999 * score", .syntax, 0, "too large"),
    ("`size * score", .syntax, 0, "between two backquotes"),
    ("sqare(score - y)", .unknownName, 0, "did you mean 'square'?"),
    ("soft_plus(score)", .unknownName, 0, "did you mean 'softplus'?"),
    ("frobnicate(score)", .unknownName, 0, "there is no function 'frobnicate'"),
    ("exp * score", .syntax, 4, "expected '(' after the function 'exp': exp(x)"),
    ("square(scroe - y) + score", .unknownName, 7, "did you mean 'score'?"),
    ("let ratio = score / y in square(ratoi)", .unknownName, 32, "did you mean 'ratio'?"),
    ("let weight = 2 in weight * score", .unknownName, 4, "choose another name"),
    ("size[0] * score", .type, 4, "only 'score' holds several numbers"),
    ("square(score, y)", .type, 0, "given 2 arguments; it is called as square(x)"),
    ("(score > 0) * 2", .type, 7, "the left side of '*' must be a number"),
    ("if(score, 1, 2)", .type, 3, "must be a condition"),
    ("score > y", .type, 6, "the loss must be a number"),
    ("if(score > 0, 1, y > 0)", .type, 19, "the second case of 'if' must be a number"),
    ("sum(k in classes: score)", .type, 18, "'score' holds one number per class here"),
    ("sum(k in clases: score[k])", .syntax, 9, "expected 'classes' after 'k in'"),
    ("score; link=logti", .setting, 12, "did you mean 'logit'?"),
    (
      "score; colour=red", .setting, 7,
      "expected 'link=NAME', 'classes=NUMBER' or 'curvature=POLICY'"
    ),
    ("y * size", .noScore, nil, "does not read 'score'"),
    ("logsumexp(score) - score[y]", .classes, nil, "add '; classes=NUMBER'"),
    ("score[0] + score[5]; classes=3", .classes, 17, "counted from 0 to 2"),
    ("square(score); classes=3", .classes, nil, "reads one score per row"),
    ("sum(score); classes=100000", .classes, nil, "2 to 1000"),
    ("score; link=softmax", .setting, nil, "needs one score per class"),
  ]

  @Test("mistakes are named and located", arguments: mistakes)
  func mistakesAreNamed(
    _ mistake: (text: String, code: ExpressionError.Code, at: Int?, says: String)
  ) {
    let error = #expect(throws: ExpressionError.self) { try ExpressionObjective(mistake.text) }
    #expect(error?.code == mistake.code)
    #expect(error?.position == mistake.at)
    #expect(
      error?.message.contains(mistake.says) == true, "\(error?.message ?? "") <- \(mistake.text)")
  }

  @Test("a description shows the text with a caret under the place")
  func description() {
    let error = #expect(throws: ExpressionError.self) {
      try ExpressionObjective("sqare((score - y) / size)")
    }
    #expect(
      error?.description == """
        there is no function 'sqare'; did you mean 'square'?
          sqare((score - y) / size)
          ^
        """)
    let long = String(repeating: "score + ", count: 40) + "§"
    let far = #expect(throws: ExpressionError.self) { try ExpressionObjective(long) }
    let lines = far?.description.split(separator: "\n") ?? []
    #expect(lines.count == 3)
    #expect(lines[1].count <= 110)
    #expect(Array(lines[1])[lines[2].count - 1] == "?", "the caret stands under the character")
  }

  @Test("a shipped objective's name comes first, a near miss is suggested")
  func names() throws {
    #expect(try parseObjective("sne").name == "sne")
    #expect(try parseObjective(" softmax ", classes: 4).scoresPerRow == 4)
    #expect(try parseObjective("square(score - y)").name == "square(score - y)")
    let error = #expect(throws: ExpressionError.self) { try parseObjective("sqared") }
    #expect(error?.message == "there is no objective 'sqared'; did you mean 'squared'?")
    #expect(try parseObjective("score-y").name == "score - y")
    let slip = #expect(throws: ExpressionError.self) { try parseObjective("squa-red") }
    #expect(slip?.message == "there is no objective 'squa-red'; did you mean 'squared'?")
    let other = #expect(throws: ExpressionError.self) { try parseObjective("zzzzzzzz") }
    #expect(other?.message.contains("shipped are squared") == true)
    #expect(throws: ExpressionError.self) { try parseObjective(" \n ") }
    #expect(throws: ExpressionError.self) { try parseObjective("softmax", classes: 1) }
    #expect(throws: ExpressionError.self) {
      try parseObjective("sum(score) - score[y]; classes=3", classes: 4)
    }
  }
}

/// Draws syntax trees of any shape, whether or not they pass the type check.
enum RandomSyntax {
  static func tree(levels: Int, _ generator: inout RandomGenerator) -> Syntax {
    let names = ["score", "y", "size", "pi", "classes", "k", "größe"]
    let operators: [BinaryOperator] = [
      .or, .and, .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .add,
      .subtract, .multiply, .divide, .power,
    ]
    let form: Syntax.Form
    switch levels == 0 ? generator.index(below: 3) : generator.index(below: 14) {
    case 0: form = .number((generator.uniform() * 1e3).rounded() / 8)
    case 1: form = .name(names[generator.index(below: names.count)], quoted: false)
    case 2: form = .name("a column", quoted: true)
    case 3: form = .scoreAt(tree(levels: levels - 1, &generator))
    case 4: form = .negated(tree(levels: levels - 1, &generator))
    case 5: form = .not(tree(levels: levels - 1, &generator))
    case 6:
      let all = ExpressionFunction.allCases
      form = .call(
        all[generator.index(below: all.count)],
        (0..<generator.index(below: 4)).map { _ in tree(levels: levels - 1, &generator) })
    case 7: form = .fold(.sum, variable: "k", tree(levels: levels - 1, &generator))
    case 8:
      form = .conditional(
        tree(levels: levels - 1, &generator), tree(levels: levels - 1, &generator),
        tree(levels: levels - 1, &generator))
    case 9:
      form = .binding(
        "r", tree(levels: levels - 1, &generator), tree(levels: levels - 1, &generator))
    default:
      form = .binary(
        operators[generator.index(below: operators.count)], tree(levels: levels - 1, &generator),
        tree(levels: levels - 1, &generator))
    }
    return Syntax(form, at: 0)
  }
}
