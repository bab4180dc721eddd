import Losses

/// A word of the expression language, with its place in the text.
struct ExpressionToken: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    case number(Double)
    /// A name or keyword; `quoted` if it stood in backquotes, which makes any text a name.
    case name(String, quoted: Bool)
    case symbol(String)
    case end
  }

  let kind: Kind
  /// Unicode scalars before it.
  let offset: Int

  /// The token as an error message calls it.
  var spelling: String {
    switch kind {
    case .number(let number): "'\(SyntaxPrinter.text(of: number))'"
    case .name(let name, let quoted): quoted ? "`\(name)`" : "'\(name)'"
    case .symbol(let symbol): "'\(symbol)'"
    case .end: "the end of the text"
    }
  }
}

/// Cuts a text into tokens. O(length).
struct ExpressionLexer {
  private let text: String
  private let scalars: [Unicode.Scalar]
  private var place = 0

  /// Symbols of two characters are looked for first, so that `<=` is not read as `<`.
  private static let pairs: Set<String> = ["**", "<=", ">=", "==", "!=", "&&", "||"]
  private static let singles: Set<String> = [
    "+", "-", "*", "/", "^", "(", ")", "[", "]", ",", ":", ";", "?", "<", ">", "=", "!",
  ]
  /// Spellings of other languages and what they are here.
  private static let aliases = ["**": "^"]
  private static let wordAliases = ["&&": "and", "||": "or", "!": "not"]

  /// The tokens of `text`, the last one being ``ExpressionToken/Kind/end``.
  static func tokens(of text: String) throws(ExpressionError) -> [ExpressionToken] {
    guard text.utf8.count <= ExpressionLimits.textLength else {
      throw ExpressionError(
        .tooLarge, in: text, at: nil,
        "the expression is \(text.utf8.count) bytes long; at most "
          + "\(ExpressionLimits.textLength) are read")
    }
    var lexer = ExpressionLexer(text: text, scalars: Array(text.unicodeScalars))
    var tokens: [ExpressionToken] = []
    while let token = try lexer.next() { tokens.append(token) }
    tokens.append(ExpressionToken(kind: .end, offset: lexer.scalars.count))
    return tokens
  }

  private init(text: String, scalars: [Unicode.Scalar]) {
    self.text = text
    self.scalars = scalars
  }

  private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
    place + ahead < scalars.count ? scalars[place + ahead] : nil
  }

  private mutating func next() throws(ExpressionError) -> ExpressionToken? {
    while let scalar = peek(), scalar.isSpace { place += 1 }
    guard let scalar = peek() else { return nil }
    let start = place
    if scalar.isDigit || scalar == "." && peek(1)?.isDigit == true {
      return ExpressionToken(kind: .number(try number()), offset: start)
    }
    if scalar.isLetter || scalar == "_" {
      let name = name()
      if peek() == ".", let letter = peek(1), letter.isLetter || letter == "_" {
        throw member(of: name, from: start)
      }
      return ExpressionToken(kind: .name(name, quoted: false), offset: start)
    }
    if scalar == "`" {
      return ExpressionToken(kind: .name(try quotedName(), quoted: true), offset: start)
    }
    return ExpressionToken(kind: try symbol(), offset: start)
  }

  private mutating func digits() {
    while peek()?.isDigit == true { place += 1 }
  }

  /// `12`, `0.5`, `.5`, `1e-3`.
  private mutating func number() throws(ExpressionError) -> Double {
    let start = place
    digits()
    if peek() == "." {
      place += 1
      digits()
    }
    if peek() == "e" || peek() == "E" {
      let sign = peek(1) == "+" || peek(1) == "-" ? 1 : 0
      if peek(1 + sign)?.isDigit == true {
        place += 1 + sign
        digits()
      }
    }
    let spelling = text(from: start)
    if let scalar = peek(), scalar.isLetter || scalar == "_" || scalar == "." || scalar == "`" {
      throw ExpressionError(
        .syntax, in: text, at: place,
        "expected an operator after the number \(spelling); a product is written with '*'")
    }
    guard let number = Double(spelling), number.isFinite else {
      throw ExpressionError(.syntax, in: text, at: start, "the number \(spelling) is too large")
    }
    return number
  }

  private mutating func name() -> String {
    let start = place
    while let scalar = peek(), scalar.isLetter || scalar.isDigit || scalar == "_" { place += 1 }
    return text(from: start)
  }

  /// What to say of `np.log` or `row.size`.
  private mutating func member(of name: String, from start: Int) -> ExpressionError {
    place += 1
    let first = place
    while let scalar = peek(), scalar.isLetter || scalar.isDigit || scalar == "_" || scalar == "." {
      place += 1
    }
    let member = text(from: first)
    while let scalar = peek(), scalar.isSpace { place += 1 }
    return ExpressionError(
      peek() == "(" ? .unknownName : .syntax, in: text, at: start,
      "there is no '\(name).\(member)': "
        + (peek() == "("
          ? OtherWords.suggestion(module: name, function: member)
          : "a name holds no dot; a column of that name is written in backquotes: "
            + "`\(name).\(member)`"))
  }

  /// `` `system size` ``: row data whose name is not a plain word, or means something else here.
  private mutating func quotedName() throws(ExpressionError) -> String {
    let start = place
    place += 1
    while let scalar = peek(), scalar != "`" { place += 1 }
    guard peek() == "`", place > start + 1 else {
      throw ExpressionError(
        .syntax, in: text, at: start, "expected a name between two backquotes: `system size`")
    }
    place += 1
    return String(text(from: start).dropFirst().dropLast())
  }

  private mutating func symbol() throws(ExpressionError) -> ExpressionToken.Kind {
    var symbol = String(scalars[place])
    if let second = peek(1), Self.pairs.contains(symbol + String(second)) {
      symbol += String(second)
    }
    if symbol.unicodeScalars.count == 2 || Self.singles.contains(symbol) {
      place += symbol.unicodeScalars.count
      if let word = Self.wordAliases[symbol] { return .name(word, quoted: false) }
      return .symbol(Self.aliases[symbol] ?? symbol)
    }
    let code = String(scalars[place].value, radix: 16, uppercase: true)
    let shown = scalars[place].value < 0x20 ? "U+\(code)" : "'\(scalars[place])'"
    throw ExpressionError(
      .syntax, in: text, at: place, "the character \(shown) has no meaning in an expression")
  }

  private func text(from start: Int) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[start..<place])
    return String(view)
  }
}
