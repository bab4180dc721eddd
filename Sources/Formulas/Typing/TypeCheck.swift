import Wording
import Losses

/// What names mean in an expression, and what the expression reads.
///
/// Every part of an expression is a number or a condition; `score` alone, where rows have several
/// scores, is neither and only ``ExpressionFunction/isFold`` functions take it.
struct TypeCheck {
  enum Kind {
    case number, condition, scores
  }

  private let text: String
  /// Whether rows have several scores.
  let isSeveral: Bool
  /// Row data in order of first use.
  private(set) var rowDataNames: [String] = []
  /// Whether the target picks a class: `score[y]`.
  private(set) var targetIsClass = false
  /// Row data that picks a class: `score[label]`.
  private(set) var classRowData: [String] = []
  /// The largest literal class index, if every index is a literal and nothing runs over classes.
  private(set) var largestIndex: Int? = -1
  private var readsScore = false
  private var readsTarget = false
  private var scope: [(name: String, kind: Kind)] = []
  /// The row data that the loss reads, if this is its derivative: it may read no other.
  private let namesOfLoss: [String]?

  /// Checks `loss`, which came from `text`.
  init(_ loss: Syntax, text: String) throws(ExpressionError) {
    self.text = text
    isSeveral = Self.readsSeveralScores(loss)
    namesOfLoss = nil
    try requireNumber(loss, "the loss")
    guard readsScore else {
      let meant = rowDataNames.first(where: OtherWords.isScore)
      let target = readsTarget ? nil : rowDataNames.first(where: OtherWords.isTarget)
      throw ExpressionError(
        .noScore, in: text, at: nil,
        "the loss '\(SyntaxPrinter.text(of: loss))' does not read 'score', so there is nothing "
          + "to learn; "
          + (meant.map { score in
            "did you mean 'score' by '\(score)'"
              + (target.map { " and 'y' by '\($0)'" } ?? "") + "? A"
          } ?? "a")
          + " loss is a formula of score, y and row data, such as square(score - y)")
    }
    if !readsTarget, let meant = rowDataNames.first(where: OtherWords.isTarget) {
      throw ExpressionError(
        .unknownName, in: text, at: nil,
        "the loss '\(SyntaxPrinter.text(of: loss))' does not read the target, which is called 'y'; "
          + "did you mean 'y' by '\(meant)'? Other names are columns of row data")
    }
  }

  /// Checks a derivative, by the class `k` if there are several, of a loss that reads
  /// `rowDataNames`.
  init(
    derivative: Syntax, text: String, isSeveral: Bool, rowDataNames: [String]
  ) throws(ExpressionError) {
    self.text = text
    self.isSeveral = isSeveral
    namesOfLoss = rowDataNames
    if isSeveral {
      scope = [(ExpressionWord.classOfDerivative, .number)]
    } else if let place = Self.severalScores(in: derivative) {
      throw failure(
        .classes, place,
        "the loss reads one score per row, so its derivative does, too: write 'score'")
    }
    try requireNumber(derivative, "the derivative")
  }

  /// The first part that treats `score` as one number per class.
  private static func severalScores(in syntax: Syntax) -> Syntax? {
    guard readsSeveralScores(syntax) else { return nil }
    for child in syntax.form.children {
      if let place = severalScores(in: child) { return place }
    }
    return syntax
  }

  /// Whether the text treats `score` as one number per class.
  static func readsSeveralScores(_ syntax: Syntax) -> Bool {
    switch syntax.form {
    case .scoreAt, .fold, .call(.softmax, _), .call(.sum, _), .name("classes", quoted: false):
      true
    case .call(let function, let arguments)
    where function.isFold && arguments.count == 1 && arguments[0].isScore:
      true
    default:
      syntax.form.children.contains { readsSeveralScores($0) }
    }
  }

  // MARK: - Requirements

  private func failure(_ code: ExpressionError.Code, _ syntax: Syntax, _ message: String)
    -> ExpressionError
  {
    ExpressionError(code, in: text, at: syntax.offset, message)
  }

  private mutating func requireNumber(
    _ syntax: Syntax, _ what: String
  ) throws(ExpressionError) {
    try require(try kind(of: syntax), isNumber: syntax, what)
  }

  private func require(
    _ kind: Kind, isNumber syntax: Syntax, _ what: String
  ) throws(ExpressionError) {
    switch kind {
    case .number: break
    case .condition:
      throw failure(
        .type, syntax,
        "\(what) must be a number, but this is a condition; "
          + "if(condition, 1, 0) makes a number of it")
    case .scores:
      throw failure(
        .type, syntax,
        "'score' holds one number per class here; write score[k] for the number of class k, or "
          + "sum(k in classes: ...)")
    }
  }

  private mutating func requireCondition(
    _ syntax: Syntax, _ what: String
  ) throws(ExpressionError) {
    guard try kind(of: syntax) == .condition else {
      throw failure(
        .type, syntax,
        "\(what) must be a condition, such as 'score > y', but this is a number")
    }
  }

  // MARK: - Kinds

  private mutating func kind(of syntax: Syntax) throws(ExpressionError) -> Kind {
    switch syntax.form {
    case .number:
      return .number
    case .name(let name, let quoted):
      return try kind(ofName: name, quoted: quoted, syntax)
    case .scoreAt(let index):
      readsScore = true
      try checkClass(index, "the index of 'score'")
      return .number
    case .negated(let operand):
      try requireNumber(operand, "the operand of '-'")
      return .number
    case .not(let operand):
      try requireCondition(operand, "the operand of 'not'")
      return .condition
    case .binary(let sign, let a, let b):
      if sign == .and || sign == .or {
        try requireCondition(a, "the left side of '\(sign.rawValue)'")
        try requireCondition(b, "the right side of '\(sign.rawValue)'")
        return .condition
      }
      try requireNumber(a, "the left side of '\(sign.rawValue)'")
      try requireNumber(b, "the right side of '\(sign.rawValue)'")
      return sign.isComparison ? .condition : .number
    case .call(let function, let arguments):
      try checkCall(function, arguments, syntax)
      return .number
    case .fold(let function, let variable, let body):
      largestIndex = nil
      scope.append((variable, .number))
      try requireNumber(body, "what '\(function.rawValue)' runs over")
      scope.removeLast()
      return .number
    case .conditional(let condition, let a, let b):
      try requireCondition(condition, "what 'if' looks at")
      // Each case is looked at once; twice would take exponential time in nested conditionals.
      let kind = try kind(of: a)
      if kind == .condition {
        try requireCondition(b, "the second case of 'if'")
      } else {
        try require(kind, isNumber: a, "the first case of 'if'")
        try requireNumber(b, "the second case of 'if'")
      }
      return kind
    case .binding(let name, let value, let body):
      let kind = try kind(of: value)
      if kind == .scores { try require(kind, isNumber: value, "the value of '\(name)'") }
      scope.append((name, kind))
      let result = try self.kind(of: body)
      scope.removeLast()
      return result
    }
  }

  private mutating func checkCall(
    _ function: ExpressionFunction, _ arguments: [Syntax], _ syntax: Syntax
  ) throws(ExpressionError) {
    if function.isFold, arguments.count == 1, arguments[0].isScore {
      readsScore = true
      largestIndex = nil
      return
    }
    guard function.arity.contains(arguments.count), function != .sum else {
      throw failure(
        .type, syntax,
        "'\(function.rawValue)' was given \(arguments.count) "
          + "argument\(arguments.count == 1 ? "" : "s"); it is called as \(function.usage)")
    }
    if function == .softmax {
      readsScore = true
      largestIndex = nil
      return try checkClass(arguments[0], "the class")
    }
    for argument in arguments {
      try requireNumber(argument, "an argument of '\(function.rawValue)'")
    }
  }

  private mutating func checkClass(
    _ index: Syntax, _ what: String
  ) throws(ExpressionError) {
    try requireNumber(index, what)
    if case .number(let number) = index.form, let known = largestIndex {
      guard let literal = Int(exactly: number) else {
        throw failure(.type, index, "\(what) must be a whole number, counted from 0")
      }
      largestIndex = max(known, literal)
      return
    }
    largestIndex = nil
    guard case .name(let name, let quoted) = index.form else { return }
    if !quoted, scope.contains(where: { $0.name == name }) { return }
    if !quoted, name == "y" {
      targetIsClass = true
    } else if let column = rowDataNames.firstIndex(of: name),
      !classRowData.contains(rowDataNames[column])
    {
      classRowData.append(name)
    }
  }

  // MARK: - Names

  private mutating func kind(
    ofName name: String, quoted: Bool, _ syntax: Syntax
  ) throws(ExpressionError) -> Kind {
    if !quoted {
      if let local = scope.last(where: { $0.name == name }) { return local.kind }
      switch name {
      case "score":
        readsScore = true
        return isSeveral ? .scores : .number
      case "classes":
        largestIndex = nil
        return .number
      case "y":
        readsTarget = true
        return .number
      case "pi":
        return .number
      default:
        let meant = (["score", "classes"] + scope.map(\.name)).first {
          Spelling.isSlip(name, of: $0)
        }
        if let meant {
          throw failure(
            .unknownName, syntax,
            "there is no variable '\(name)'; did you mean '\(meant)'? Row data of that name is "
              + "written in backquotes: `\(name)`")
        }
      }
    }
    if let namesOfLoss, !namesOfLoss.contains(name) {
      throw failure(.unknownName, syntax, Self.unread(name, among: namesOfLoss, isSeveral))
    }
    if !rowDataNames.contains(name) { rowDataNames.append(name) }
    // In backquotes a column is meant, whatever its name.
    if quoted, OtherWords.isTarget(name) { readsTarget = true }
    return .number
  }

  /// Why a derivative may not read `name`.
  private static func unread(_ name: String, among names: [String], _ isSeveral: Bool) -> String {
    if name == ExpressionWord.classOfDerivative, !isSeveral {
      return "'k' is the class that a derivative is by, but the loss reads one score per row"
    }
    let known = names.isEmpty ? "no row data" : names.map { "'\($0)'" }.joined(separator: ", ")
    return "the loss does not read '\(name)', so its derivative cannot; it reads \(known)"
      + Spelling.suggestion(for: name, in: names + ["score", "y"])
  }
}
