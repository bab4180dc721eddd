/// A name or parameter that the catalogue does not know.
public struct CatalogueError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong.
  public enum Code: Sendable, Hashable {
    /// Nothing has this name.
    case unknownName
    /// The text is not of the form `name` or `name(argument, ...)`.
    case badText
    /// A parameter does not exist, has no number, or lies out of range.
    case badParameter
  }

  /// What is wrong.
  public let code: Code
  /// One sentence with the remedy.
  public let description: String

  /// An error with its sentence.
  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}

/// Text of the form `name` or `name(0.1, delta=2, word)`, taken apart.
struct CallText {
  /// One argument: `0.1`, `delta=2` or `word`.
  struct Argument: Hashable {
    var key: String?
    var value: String

    /// The value as a number.
    func number(of name: String) throws(CatalogueError) -> Double {
      guard let number = Double(value), number.isFinite else {
        let place = key.map { "parameter '\($0)' of '\(name)'" } ?? "a parameter of '\(name)'"
        throw CatalogueError(
          .badParameter, "\(place) is '\(value)', but it must be a number, as in 0.5")
      }
      return number
    }
  }

  let name: String
  let arguments: [Argument]

  init(_ text: String) throws(CatalogueError) {
    func trimmed(_ part: some StringProtocol) -> String {
      let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
      let start = part.drop(while: isSpace)
      guard let last = start.lastIndex(where: { !isSpace($0) }) else { return "" }
      return String(start[...last])
    }
    let text = trimmed(text)
    guard let open = text.firstIndex(of: "(") else {
      name = text
      arguments = []
      guard !text.isEmpty, !text.contains(")") else { throw Self.malformed(text) }
      return
    }
    let inside = text[text.index(after: open)...]
    name = trimmed(text[..<open])
    guard !name.isEmpty, inside.last == ")", !inside.dropLast().contains(where: "()".contains)
    else { throw Self.malformed(text) }
    var arguments: [Argument] = []
    let list = trimmed(inside.dropLast())
    for part in list.isEmpty ? [] : list.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let values = sides.map(trimmed)
      guard !values.contains("") else { throw Self.malformed(text) }
      arguments.append(
        values.count == 2
          ? Argument(key: values[0], value: values[1]) : Argument(key: nil, value: values[0]))
    }
    self.arguments = arguments
  }

  private static func malformed(_ text: String) -> CatalogueError {
    CatalogueError(
      .badText,
      "'\(text)' cannot be read; write a name, with parameters in parentheses if it has any, as in "
        + "'quantile(0.9)' or 'huber(delta=1.5)'")
  }
}

/// The name nearest to a mistyped one.
func nearestName(to name: String, in names: [String]) -> String? {
  let nearest = names.map { (Spelling.distance(name, $0), $0) }.min { $0.0 < $1.0 }
  guard let nearest, nearest.0 <= max(2, name.count / 3) else { return nil }
  return nearest.1
}
