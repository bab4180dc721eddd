import Losses

/// A node of the syntax tree of an expression. Two nodes are equal if they mean the same text,
/// wherever it stood.
struct Syntax: Equatable, Sendable {
  /// What the node is.
  indirect enum Form: Equatable, Sendable {
    case number(Double)
    /// `score`, `y`, `pi`, a `let` or loop variable, or row data; `quoted` only for row data.
    case name(String, quoted: Bool)
    /// `score[index]`.
    case scoreAt(Syntax)
    case negated(Syntax)
    case not(Syntax)
    case binary(BinaryOperator, Syntax, Syntax)
    case call(ExpressionFunction, [Syntax])
    /// `sum(k in classes: body)`.
    case fold(ExpressionFunction, variable: String, Syntax)
    case conditional(Syntax, Syntax, Syntax)
    /// `let name = value in body`.
    case binding(String, Syntax, Syntax)
  }

  let form: Form
  /// The place an error about this node points to.
  let offset: Int
  /// Levels of nodes, this one included.
  let depth: Int

  init(_ form: Form, at offset: Int) {
    self.form = form
    self.offset = offset
    depth = 1 + form.children.reduce(0) { max($0, $1.depth) }
  }

  static func == (a: Syntax, b: Syntax) -> Bool { a.form == b.form }

  /// Whether the node is the bare word `score`.
  var isScore: Bool { form == .name("score", quoted: false) }
}

extension Syntax.Form {
  /// The nodes below, in the order of the text.
  var children: [Syntax] {
    switch self {
    case .number, .name: []
    case .scoreAt(let a), .negated(let a), .not(let a), .fold(_, _, let a): [a]
    case .binary(_, let a, let b), .binding(_, let a, let b): [a, b]
    case .call(_, let arguments): arguments
    case .conditional(let a, let b, let c): [a, b, c]
    }
  }
}

/// The operators between two operands, from loosest to tightest.
enum BinaryOperator: String, Sendable {
  case or, and
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case power = "^"

  var precedence: Int {
    switch self {
    case .or: Precedence.or
    case .and: Precedence.and
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: Precedence.comparison
    case .add, .subtract: Precedence.sum
    case .multiply, .divide: Precedence.product
    case .power: Precedence.power
    }
  }

  var isComparison: Bool { precedence == Precedence.comparison }
}

/// How tightly operators bind.
enum Precedence {
  static let binding = 0
  static let or = 1
  static let and = 2
  static let not = 3
  static let comparison = 4
  static let sum = 5
  static let product = 6
  static let prefix = 7
  static let power = 8
  static let atom = 9
}

/// The functions of the language, by the name they are called by.
enum ExpressionFunction: String, CaseIterable, Sendable {
  case exp, expm1, log, log1p, sqrt, abs
  case sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh
  case sigmoid, softplus, logsigmoid, logcosh, erf, square
  case pow, clamp, max, min, sum, logsumexp, softmax

  /// The number of arguments it takes.
  var arity: ClosedRange<Int> {
    switch self {
    case .pow: 2...2
    case .clamp: 3...3
    case .max, .min, .logsumexp: 2...50
    case .sum: 1...1
    default: 1...1
    }
  }

  /// Whether it runs over classes: `f(k in classes: ...)` and `f(score)`.
  var isFold: Bool {
    switch self {
    case .sum, .max, .min, .logsumexp: true
    default: false
    }
  }

  /// How it is called, for messages.
  var usage: String {
    switch self {
    case .pow: "pow(x, exponent)"
    case .clamp: "clamp(x, low, high)"
    case .max, .min, .logsumexp:
      "\(rawValue)(a, b, ...), \(rawValue)(score) or \(rawValue)(k in classes: ...)"
    case .sum: "sum(score) or sum(k in classes: ...)"
    case .softmax: "softmax(k), the probability of class k"
    default: "\(rawValue)(x)"
    }
  }
}

/// Words with a meaning of their own.
enum ExpressionWord {
  static let keywords = ["let", "in", "if", "and", "or", "not"]
  static let variables = ["score", "y", "weight", "classes", "pi"]
  static let functions = ExpressionFunction.allCases.map(\.rawValue)

  /// The class that a derivative is by.
  static let classOfDerivative = "k"

  /// Whether a variable of `let` or a loop may not be called `name`.
  static func isReserved(_ name: String) -> Bool {
    keywords.contains(name) || variables.contains(name)
      || ExpressionFunction(rawValue: name) != nil
  }
}
