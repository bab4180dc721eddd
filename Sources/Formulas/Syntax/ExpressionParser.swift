import Wording
import Losses

/// A text taken apart: the loss and the settings after it.
struct ParsedExpression: Equatable, Sendable {
  let loss: Syntax
  /// The number after `; classes=`.
  let classes: Int?
  /// The name after `; link=`.
  let link: Link?
  /// The policy after `; curvature=`.
  var curvature: CurvaturePolicy?
}

/// Reads an expression by recursive descent.
///
/// ```
/// text       = expression (";" setting)*
/// setting    = "link" "=" name | "classes" "=" number | "curvature" "=" policy
/// policy     = name ("-" name)* ["(" number ")"]
/// expression = "let" name "=" expression ("in" | ";") expression
///            | or ["?" expression ":" expression]
/// or         = and ("or" and)*                    and     = not ("and" not)*
/// not        = "not" not | comparison             comparison = sum [("<" | "<=" | ...) sum]
/// sum        = product (("+" | "-") product)*     product = prefix (("*" | "/") prefix)*
/// prefix     = ("-" | "+") prefix | power         power   = atom ["^" prefix]
/// atom       = number | name | "score" "[" expression "]" | "(" expression ")"
///            | "if" "(" expression "," expression "," expression ")"
///            | function "(" expression ("," expression)* ")"
///            | function "(" name "in" "classes" ":" expression ")"
/// ```
struct ExpressionParser {
  private let text: String
  private let tokens: [ExpressionToken]
  private var place = 0
  private var nesting = 0

  /// Parses `text`.
  static func parse(_ text: String) throws(ExpressionError) -> ParsedExpression {
    var parser = ExpressionParser(text: text, tokens: try ExpressionLexer.tokens(of: text))
    let loss = try parser.expression()
    return try parser.settings(after: loss)
  }

  private init(text: String, tokens: [ExpressionToken]) {
    self.text = text
    self.tokens = tokens
  }

  // MARK: - Tokens

  private var token: ExpressionToken { tokens[place] }

  private func isSymbol(_ symbol: String) -> Bool { token.kind == .symbol(symbol) }

  private func isWord(_ word: String) -> Bool { token.kind == .name(word, quoted: false) }

  /// Steps over `symbol` if it comes next; says whether it did.
  private mutating func skip(_ symbol: String) -> Bool {
    guard isSymbol(symbol) else { return false }
    place += 1
    return true
  }

  private mutating func skip(word: String) -> Bool {
    guard isWord(word) else { return false }
    place += 1
    return true
  }

  private func failure(_ expected: String) -> ExpressionError {
    let found = token.kind == .end ? "but the text ends" : "found \(token.spelling)"
    return ExpressionError(
      .syntax, in: text, at: token.offset, "expected \(expected), \(found)")
  }

  private mutating func expect(_ symbol: String, _ purpose: String) throws(ExpressionError) {
    guard skip(symbol) else { throw failure("'\(symbol)' \(purpose)") }
  }

  private func make(_ form: Syntax.Form, at offset: Int) throws(ExpressionError) -> Syntax {
    let syntax = Syntax(form, at: offset)
    guard syntax.depth <= ExpressionLimits.depth else { throw tooDeep(at: offset) }
    return syntax
  }

  private func tooDeep(at offset: Int) -> ExpressionError {
    ExpressionError(
      .tooLarge, in: text, at: offset,
      "the expression nests deeper than \(ExpressionLimits.depth) levels here; "
        + "shorten it, or add up long sums in bracketed parts")
  }

  private mutating func enter() throws(ExpressionError) {
    nesting += 1
    guard nesting <= ExpressionLimits.depth else { throw tooDeep(at: token.offset) }
  }

  // MARK: - Grammar

  private mutating func expression() throws(ExpressionError) -> Syntax {
    try enter()
    defer { nesting -= 1 }
    let offset = token.offset
    if skip(word: "let") {
      let name = try variable("after 'let'")
      try expect("=", "after 'let \(name)'")
      let value = try expression()
      guard skip(word: "in") || skip(";") else {
        throw failure("'in' or ';' after the value of '\(name)'")
      }
      return try make(.binding(name, value, try expression()), at: offset)
    }
    let condition = try binary(Precedence.or)
    let question = token.offset
    guard skip("?") else { return condition }
    let a = try expression()
    try expect(":", "and the other case after '? ...'")
    return try make(.conditional(condition, a, try expression()), at: question)
  }

  /// The name of a variable about to be introduced.
  private mutating func variable(_ purpose: String) throws(ExpressionError) -> String {
    guard case .name(let name, quoted: false) = token.kind else {
      throw failure("a name \(purpose)")
    }
    guard !ExpressionWord.isReserved(name) else {
      throw ExpressionError(
        .unknownName, in: text, at: token.offset,
        "'\(name)' has a meaning of its own; choose another name")
    }
    place += 1
    return name
  }

  private func nextOperator() -> BinaryOperator? {
    switch token.kind {
    case .symbol(let symbol): BinaryOperator(rawValue: symbol)
    case .name("or", quoted: false): .or
    case .name("and", quoted: false): .and
    default: nil
    }
  }

  /// Left-associative operators that bind at least as tightly as `minimum`.
  private mutating func binary(_ minimum: Int) throws(ExpressionError) -> Syntax {
    var left = minimum <= Precedence.not && isWord("not") ? try negation() : try prefix()
    var last: Int?
    while let sign = nextOperator(), sign.precedence >= minimum, sign != .power {
      let offset = token.offset
      if sign.isComparison, last == Precedence.comparison {
        throw ExpressionError(
          .syntax, in: text, at: offset,
          "comparisons do not chain; write 'a < b and b < c' instead of 'a < b < c'")
      }
      place += 1
      left = try make(.binary(sign, left, try binary(sign.precedence + 1)), at: offset)
      last = sign.precedence
    }
    if isSymbol("=") {
      throw ExpressionError(
        .syntax, in: text, at: token.offset,
        "'=' belongs to 'let' and to settings; equality is written '=='")
    }
    return left
  }

  private mutating func negation() throws(ExpressionError) -> Syntax {
    try enter()
    defer { nesting -= 1 }
    let offset = token.offset
    guard skip(word: "not") else { return try binary(Precedence.comparison) }
    return try make(.not(try negation()), at: offset)
  }

  private mutating func prefix() throws(ExpressionError) -> Syntax {
    let offset = token.offset
    if skip("-") { return try make(.negated(try operand()), at: offset) }
    if skip("+") { return try operand() }
    let base = try atom()
    let sign = token.offset
    guard skip("^") else { return base }
    return try make(.binary(.power, base, try operand()), at: sign)
  }

  /// What follows a sign or `^`, one level down.
  private mutating func operand() throws(ExpressionError) -> Syntax {
    try enter()
    defer { nesting -= 1 }
    return try prefix()
  }

  private mutating func atom() throws(ExpressionError) -> Syntax {
    let offset = token.offset
    switch token.kind {
    case .number(let number):
      place += 1
      return try make(.number(number), at: offset)
    case .symbol("("):
      place += 1
      let inner = try expression()
      try expect(")", "to close the bracket")
      return inner
    case .name("if", quoted: false):
      place += 1
      return try conditional(at: offset)
    case .name("let", quoted: false):
      throw ExpressionError(
        .syntax, in: text, at: offset, "put 'let ... in ...' in brackets within an expression")
    case .name(let name, quoted: false) where ExpressionWord.keywords.contains(name):
      throw failure("a number, a name or '('")
    case .name(let name, let quoted):
      place += 1
      return try named(name, quoted: quoted, at: offset)
    default:
      throw failure("a number, a name or '('")
    }
  }

  private mutating func conditional(at offset: Int) throws(ExpressionError) -> Syntax {
    try expect("(", "after 'if': if(condition, a, b)")
    let condition = try expression()
    try expect(",", "after the condition of if(condition, a, b)")
    let a = try expression()
    try expect(",", "between the cases of if(condition, a, b)")
    let b = try expression()
    try expect(")", "to close if(condition, a, b)")
    return try make(.conditional(condition, a, b), at: offset)
  }

  private mutating func named(
    _ name: String, quoted: Bool, at offset: Int
  ) throws(ExpressionError) -> Syntax {
    let isCall = isSymbol("(")
    if !quoted, let function = ExpressionFunction(rawValue: name) {
      try expect("(", "after the function '\(name)': \(function.usage)")
      return try call(function, at: offset)
    }
    if isCall {
      throw ExpressionError(
        .unknownName, in: text, at: offset,
        "there is no function '\(name)'"
          + OtherWords.suggestion(forFunction: name))
    }
    guard isSymbol("[") else { return try make(.name(name, quoted: quoted), at: offset) }
    guard !quoted, name == "score" else {
      throw ExpressionError(
        .type, in: text, at: token.offset,
        "only 'score' holds several numbers per row; '\(name)' cannot be indexed")
    }
    place += 1
    let index = try expression()
    try expect("]", "to close 'score['")
    return try make(.scoreAt(index), at: offset)
  }

  /// The arguments after `function(`.
  private mutating func call(
    _ function: ExpressionFunction, at offset: Int
  ) throws(ExpressionError) -> Syntax {
    if function.isFold, case .name(_, quoted: false) = token.kind,
      tokens[place + 1].kind == .name("in", quoted: false)
    {
      let name = try variable("for the class")
      place += 1
      guard skip(word: "classes") else { throw failure("'classes' after '\(name) in'") }
      try expect(":", "after 'classes'")
      let body = try expression()
      try expect(")", "to close \(function.usage)")
      return try make(.fold(function, variable: name, body), at: offset)
    }
    var arguments: [Syntax] = []
    if !isSymbol(")") {
      repeat { arguments.append(try expression()) } while skip(",")
    }
    try expect(")", "to close \(function.usage)")
    return try make(.call(function, arguments), at: offset)
  }

  // MARK: - Settings

  private mutating func settings(after loss: Syntax) throws(ExpressionError) -> ParsedExpression {
    var classes: Int?
    var link: Link?
    var curvature: CurvaturePolicy?
    while token.kind != .end {
      guard skip(";") else { throw failure("an operator or the end of the text") }
      let offset = token.offset
      if skip(word: "link"), link == nil {
        try expect("=", "after 'link'")
        link = try linkName()
      } else if isWord("classes"), classes == nil {
        place += 1
        try expect("=", "after 'classes'")
        classes = try classCount()
      } else if skip(word: "curvature"), curvature == nil {
        try expect("=", "after 'curvature'")
        curvature = try policy()
      } else {
        throw ExpressionError(
          .setting, in: text, at: offset,
          "expected 'link=NAME', 'classes=NUMBER' or 'curvature=POLICY', each at most once, after ';'"
        )
      }
    }
    return ParsedExpression(loss: loss, classes: classes, link: link, curvature: curvature)
  }

  private mutating func linkName() throws(ExpressionError) -> Link {
    let names = Link.allCases.map(\.rawValue)
    guard case .name(let name, quoted: false) = token.kind else {
      throw failure("a link (\(names.joined(separator: ", ")))")
    }
    guard let link = Link(rawValue: name) else {
      throw ExpressionError(
        .setting, in: text, at: token.offset,
        "there is no link '\(name)', only \(names.joined(separator: ", "))"
          + Spelling.suggestion(for: name, in: names))
    }
    place += 1
    return link
  }

  /// A curvature policy as the command line spells it: `absolute-gradient`, `floor(0.01)`.
  private mutating func policy() throws(ExpressionError) -> CurvaturePolicy {
    let offset = token.offset
    var spelling = ""
    repeat {
      guard case .name(let name, quoted: false) = token.kind else {
        throw failure("a curvature policy, such as 'absolute' or 'floor(0.01)',")
      }
      place += 1
      spelling += (spelling.isEmpty ? "" : "-") + name
    } while skip("-")
    if skip("(") {
      guard case .number(let number) = token.kind else { throw failure("a number") }
      place += 1
      spelling += "(\(number))"
      try expect(")", "after the number")
    }
    do {
      return try CurvaturePolicy(spelling)
    } catch {
      throw ExpressionError(.setting, in: text, at: offset, error.description)
    }
  }

  private mutating func classCount() throws(ExpressionError) -> Int {
    guard case .number(let number) = token.kind, let count = Int(exactly: number) else {
      throw failure("a whole number of classes")
    }
    place += 1
    return count
  }
}
