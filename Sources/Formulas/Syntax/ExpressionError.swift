import Losses

/// Why a text is not an objective, with the place in the text.
///
/// `String(describing:)` gives the reason, the text and a caret under the position:
///
/// ```
/// there is no function 'sqare'; did you mean 'square'?
///   sqare((score - y) / size)
///   ^
/// ```
public struct ExpressionError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of mistake it is.
  public enum Code: Sendable, Hashable {
    /// The text does not follow the grammar.
    case syntax
    /// A name or function that does not exist, or a name that may not be used there.
    case unknownName
    /// A condition where a number is due, the reverse, or the wrong number of arguments.
    case type
    /// The text is longer, nests deeper or unrolls to more operations than allowed.
    case tooLarge
    /// The number of classes is missing, contradictory or out of range.
    case classes
    /// A setting after `;` (or an argument in its place) is unknown or contradictory.
    case setting
    /// The loss does not read the score, so there is nothing to learn.
    case noScore
  }

  /// What kind of mistake it is.
  public let code: Code
  /// The text as it was given.
  public let text: String
  /// The place of the mistake, in Unicode scalars from the start of the text; nil if the mistake
  /// has no single place.
  public let position: Int?
  /// The mistake and, where there is one, the remedy, in a sentence.
  public let message: String

  init(_ code: Code, in text: String, at position: Int?, _ message: String) {
    self.code = code
    self.text = text
    self.position = position
    self.message = message
  }

  public var description: String {
    guard let position else { return message }
    // A window of one line around the position; anything that would move the caret is replaced.
    let scalars = text.unicodeScalars
    let width = 90
    let first = max(0, min(position - width / 2, scalars.count - width))
    let window = scalars.dropFirst(first).prefix(width)
    var line = first > 0 ? "..." : ""
    let caret = line.unicodeScalars.count + position - first
    for scalar in window {
      let isPrintable =
        scalar.isASCII ? scalar.value >= 0x20 && scalar.value != 0x7f : scalar.isLetter
      line.unicodeScalars.append(isPrintable ? scalar : scalar.isSpace ? " " : "?")
    }
    if first + window.count < scalars.count { line += "..." }
    return "\(message)\n  \(line)\n  \(String(repeating: " ", count: caret))^"
  }
}

extension Unicode.Scalar {
  /// Whether a name may contain it, digits and the underscore aside.
  var isLetter: Bool {
    isASCII
      ? (UInt32(65)...90).contains(value) || (UInt32(97)...122).contains(value)
      : properties.isAlphabetic && properties.canonicalCombiningClass == .notReordered
  }

  var isDigit: Bool { (UInt32(48)...57).contains(value) }

  var isSpace: Bool { properties.isWhitespace }
}
