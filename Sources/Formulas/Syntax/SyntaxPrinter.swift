import Losses

/// Writes a syntax tree as text with the fewest brackets; parsing it gives the same tree.
enum SyntaxPrinter {
  /// The text of `syntax`, in brackets if it binds looser than `minimum`.
  static func text(of syntax: Syntax, minimum: Int = Precedence.binding) -> String {
    let (text, precedence) = parts(of: syntax)
    return precedence < minimum ? "(\(text))" : text
  }

  /// The shortest text that reads back as `number`, whole numbers without a point.
  static func text(of number: Double) -> String {
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// The text of a row data name, in backquotes if it is not a plain word.
  static func text(ofName name: String, quoted: Bool) -> String {
    quoted ? "`\(name)`" : name
  }

  private static func parts(of syntax: Syntax) -> (text: String, precedence: Int) {
    switch syntax.form {
    case .number(let number):
      return (text(of: number), Precedence.atom)
    case .name(let name, let quoted):
      return (text(ofName: name, quoted: quoted), Precedence.atom)
    case .scoreAt(let index):
      return ("score[\(text(of: index))]", Precedence.atom)
    case .negated(let operand):
      return ("-" + text(of: operand, minimum: Precedence.prefix), Precedence.prefix)
    case .not(let operand):
      return ("not " + text(of: operand, minimum: Precedence.not), Precedence.not)
    case .binary(.power, let base, let exponent):
      let text =
        text(of: base, minimum: Precedence.atom) + "^"
        + text(of: exponent, minimum: Precedence.prefix)
      return (text, Precedence.power)
    case .binary(let sign, let left, let right):
      let own = sign.precedence
      let text =
        text(of: left, minimum: sign.isComparison ? own + 1 : own)
        + " \(sign.rawValue) " + text(of: right, minimum: own + 1)
      return (text, own)
    case .call(let function, let arguments):
      let list = arguments.map { text(of: $0) }.joined(separator: ", ")
      return ("\(function.rawValue)(\(list))", Precedence.atom)
    case .fold(let function, let variable, let body):
      return ("\(function.rawValue)(\(variable) in classes: \(text(of: body)))", Precedence.atom)
    case .conditional(let condition, let a, let b):
      return ("if(\(text(of: condition)), \(text(of: a)), \(text(of: b)))", Precedence.atom)
    case .binding(let name, let value, let body):
      return ("let \(name) = \(text(of: value)) in \(text(of: body))", Precedence.binding)
    }
  }
}
