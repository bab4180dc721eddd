import Losses

/// Turns a checked syntax tree into a ``FlowJet``: loops over classes unrolled, `let` shared,
/// derivatives worked out.
struct ExpressionCompiler {
  private enum Meaning {
    case number(FlowJet)
    case condition(FlowGraph.Value)
  }

  private let text: String
  private let rowDataNames: [String]
  private(set) var jets: FlowJets
  private var scope: [(name: String, meaning: Meaning)] = []
  /// The parts of the softmax of the scores, once something asks for them.
  private var softmaxParts: (exponentials: [FlowJet], sum: FlowJet, largest: FlowJet)?

  /// The loss with its first and second derivatives, and the graph that computes them.
  ///
  /// - Parameters:
  ///   - isFull: whether to differentiate by pairs of different scores too.
  /// - Throws: ``ExpressionError`` if the program is too large or a literal class is out of range.
  static func compile(
    _ loss: Syntax, text: String, rowDataNames: [String], width: Int, isFull: Bool
  ) throws(ExpressionError) -> (loss: FlowJet, graph: FlowGraph) {
    var compiler = ExpressionCompiler(
      text: text, rowDataNames: rowDataNames, jets: FlowJets(width: width, isFull: isFull))
    let jet = try compiler.number(loss)
    try compiler.requireRoom(loss)
    return (jet, compiler.jets.graph)
  }

  /// A formula of the class `k` for each class, or one formula if there is one score: a derivative
  /// written by hand, with its own derivatives.
  ///
  /// - Throws: as ``compile(_:text:rowDataNames:width:isFull:)``.
  static func compileDerivative(
    _ formula: Syntax, text: String, rowDataNames: [String], width: Int
  ) throws(ExpressionError) -> (formulas: [FlowJet], graph: FlowGraph) {
    var compiler = ExpressionCompiler(
      text: text, rowDataNames: rowDataNames, jets: FlowJets(width: width, isFull: false))
    var formulas: [FlowJet] = []
    for k in 0..<width {
      if width > 1 {
        compiler.scope = [
          (ExpressionWord.classOfDerivative, .number(compiler.jets.constant(Double(k))))
        ]
      }
      formulas.append(try compiler.number(formula))
      try compiler.requireRoom(formula)
    }
    return (formulas, compiler.jets.graph)
  }

  private init(text: String, rowDataNames: [String], jets: FlowJets) {
    self.text = text
    self.rowDataNames = rowDataNames
    self.jets = jets
  }

  private func requireRoom(_ syntax: Syntax) throws(ExpressionError) {
    guard jets.isExhausted else { return }
    throw ExpressionError(
      .tooLarge, in: text, at: syntax.offset,
      "the formula comes to more than \(ExpressionLimits.operations) operations per row when loops "
        + "over its \(jets.width) scores are unrolled; write it with fewer nested loops")
  }

  private mutating func number(_ syntax: Syntax) throws(ExpressionError) -> FlowJet {
    guard case .number(let jet) = try meaning(syntax) else {
      preconditionFailure("the type check lets no condition pass for a number")
    }
    return jet
  }

  private mutating func condition(_ syntax: Syntax) throws(ExpressionError) -> FlowGraph.Value {
    guard case .condition(let value) = try meaning(syntax) else {
      preconditionFailure("the type check lets no number pass for a condition")
    }
    return value
  }

  private mutating func meaning(_ syntax: Syntax) throws(ExpressionError) -> Meaning {
    jets.work += 1
    try requireRoom(syntax)
    switch syntax.form {
    case .number(let number):
      return .number(jets.constant(number))
    case .name(let name, let quoted):
      return named(name, quoted: quoted)
    case .scoreAt(let index):
      return .number(try score(at: try number(index), index))
    case .negated(let operand):
      return .number(jets.negate(try number(operand)))
    case .not(let operand):
      return .condition(jets.graph.unary(.not, try condition(operand)))
    case .binary(let sign, let a, let b):
      return try binary(sign, a, b)
    case .call(let function, let arguments):
      return .number(try call(function, arguments))
    case .fold(let function, let variable, let body):
      return .number(try fold(function, variable, body))
    case .conditional(let chosen, let a, let b):
      let chosen = try condition(chosen)
      switch (try meaning(a), try meaning(b)) {
      case (.number(let a), .number(let b)): return .number(jets.select(chosen, a, b))
      case (.condition(let a), .condition(let b)):
        return .condition(jets.graph.select(chosen, a, b))
      default: preconditionFailure("the type check gives both cases of 'if' one type")
      }
    case .binding(let name, let value, let body):
      scope.append((name, try meaning(value)))
      defer { scope.removeLast() }
      return try meaning(body)
    }
  }

  private mutating func named(_ name: String, quoted: Bool) -> Meaning {
    if !quoted {
      if let local = scope.last(where: { $0.name == name }) { return local.meaning }
      switch name {
      case "score": return .number(jets.score(0))
      case "y": return .number(FlowJet(value: jets.graph.leaf(.target)))
      case "classes": return .number(jets.constant(Double(jets.width)))
      case "pi": return .number(jets.constant(.pi))
      default: break
      }
    }
    guard let column = rowDataNames.firstIndex(of: name) else {
      preconditionFailure("the type check knows every row data name")
    }
    return .number(FlowJet(value: jets.graph.leaf(.rowData, column)))
  }

  private mutating func binary(
    _ sign: BinaryOperator, _ a: Syntax, _ b: Syntax
  ) throws(ExpressionError) -> Meaning {
    if sign == .and || sign == .or {
      let (a, b) = (try condition(a), try condition(b))
      return .condition(jets.graph.binary(sign == .and ? .and : .or, a, b))
    }
    let (a, b) = (try number(a), try number(b))
    switch sign {
    case .add: return .number(jets.add(a, b))
    case .subtract: return .number(jets.subtract(a, b))
    case .multiply: return .number(jets.multiply(a, b))
    case .divide: return .number(jets.divide(a, b))
    case .power: return .number(jets.power(a, b))
    case .less: return .condition(jets.graph.binary(.less, a.value, b.value))
    case .lessOrEqual: return .condition(jets.graph.binary(.lessOrEqual, a.value, b.value))
    case .greater: return .condition(jets.graph.binary(.less, b.value, a.value))
    case .greaterOrEqual: return .condition(jets.graph.binary(.lessOrEqual, b.value, a.value))
    case .equal: return .condition(jets.graph.binary(.equal, a.value, b.value))
    case .notEqual: return .condition(jets.graph.binary(.notEqual, a.value, b.value))
    case .and, .or: preconditionFailure("'and' and 'or' join conditions")
    }
  }

  // MARK: - Several scores

  private mutating func scores() -> [FlowJet] {
    var scores: [FlowJet] = []
    for k in 0..<jets.width { scores.append(jets.score(k)) }
    return scores
  }

  /// The score of the class `index`. If the class changes from row to row, so does the score that
  /// the derivative is by.
  private mutating func score(
    at index: FlowJet, _ syntax: Syntax
  ) throws(ExpressionError) -> FlowJet {
    if let number = jets.graph.number(index.value) {
      guard let k = Int(exactly: number), 0..<jets.width ~= k else {
        throw ExpressionError(
          .classes, in: text, at: syntax.offset,
          "there is no score \(SyntaxPrinter.text(of: number)); the scores of \(jets.width) "
            + "classes are counted from 0 to \(jets.width - 1)")
      }
      return jets.score(k)
    }
    var first: [FlowJet.Term] = []
    for k in 0..<jets.width {
      let isClass = jets.graph.binary(
        .equal, index.value, jets.graph.constant(Double(k)))
      first.append(.init(key: k, value: isClass))
    }
    jets.work += jets.width
    return FlowJet(value: jets.graph.unary(.scoreAt, index.value), first: first)
  }

  private mutating func fold(
    _ function: ExpressionFunction, _ variable: String, _ body: Syntax
  ) throws(ExpressionError) -> FlowJet {
    var terms: [FlowJet] = []
    for k in 0..<jets.width {
      scope.append((variable, .number(jets.constant(Double(k)))))
      defer { scope.removeLast() }
      terms.append(try number(body))
    }
    return combined(function, terms)
  }

  private mutating func combined(
    _ function: ExpressionFunction, _ terms: [FlowJet]
  ) -> FlowJet {
    switch function {
    case .sum: return jets.sum(terms)
    case .logsumexp: return jets.logSumExp(terms)
    case .max, .min:
      var best = terms[0]
      for term in terms.dropFirst() where !jets.isExhausted {
        best = function == .max ? jets.max(best, term) : jets.min(best, term)
      }
      return best
    default:
      preconditionFailure("'\(function.rawValue)' does not run over classes")
    }
  }

  private mutating func call(
    _ function: ExpressionFunction, _ arguments: [Syntax]
  ) throws(ExpressionError) -> FlowJet {
    if function.isFold, arguments.count == 1 { return combined(function, scores()) }
    var numbers: [FlowJet] = []
    for argument in arguments { numbers.append(try number(argument)) }
    switch function {
    case .pow: return jets.power(numbers[0], numbers[1])
    case .clamp: return jets.clamp(numbers[0], numbers[1], numbers[2])
    case .max, .min, .logsumexp: return combined(function, numbers)
    case .softmax:
      if softmaxParts == nil { softmaxParts = jets.exponentials(scores()) }
      guard let parts = softmaxParts else { preconditionFailure("set above") }
      let score = try score(at: numbers[0], arguments[0])
      let numerator = jets.apply(.exp, jets.subtract(score, parts.largest))
      return jets.divide(numerator, parts.sum)
    default: return jets.apply(function, numbers[0])
    }
  }
}
