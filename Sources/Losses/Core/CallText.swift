import Wording

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

/// Text of the form `name` or `name(0.1, delta=2, weights=[1, 2], word)`, taken apart.
struct CallText {
  /// One argument: `0.1`, `delta=2`, `weights=[1, 2]` or `word`.
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

    /// The value as a list of numbers in brackets.
    func numbers(of name: String) throws(CatalogueError) -> [Double] {
      let place = key.map { "parameter '\($0)' of '\(name)'" } ?? "a parameter of '\(name)'"
      let form = "it must be numbers in brackets, as in [1, 2, 0.5]"
      guard value.first == "[", value.last == "]", value.count > 2 else {
        throw CatalogueError(.badParameter, "\(place) is '\(value)', but \(form)")
      }
      var numbers: [Double] = []
      let inside = value.dropFirst().dropLast()
      for part in inside.split(separator: ",", omittingEmptySubsequences: false) {
        let text = CallText.trimmed(part)
        guard let number = Double(text), number.isFinite else {
          throw CatalogueError(.badParameter, "\(place) holds '\(text)', but \(form)")
        }
        numbers.append(number)
      }
      return numbers
    }
  }

  let name: String
  let arguments: [Argument]

  init(_ text: String) throws(CatalogueError) {
    let text = Self.trimmed(text)
    guard let open = text.firstIndex(of: "(") else {
      name = text
      arguments = []
      guard !text.isEmpty, !text.contains(")") else { throw Self.malformed(text) }
      return
    }
    let inside = text[text.index(after: open)...]
    name = Self.trimmed(text[..<open])
    guard !name.isEmpty, inside.last == ")", !inside.dropLast().contains(where: "()".contains)
    else { throw Self.malformed(text) }
    var arguments: [Argument] = []
    for part in Self.parts(of: Self.trimmed(inside.dropLast())) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let values = sides.map(Self.trimmed)
      guard !values.contains("") else { throw Self.malformed(text) }
      arguments.append(
        values.count == 2
          ? Argument(key: values[0], value: values[1]) : Argument(key: nil, value: values[0]))
    }
    self.arguments = arguments
  }

  private static func trimmed(_ part: some StringProtocol) -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    let start = part.drop(while: isSpace)
    guard let last = start.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(start[...last])
  }

  /// The arguments between commas, of which those in brackets do not count.
  private static func parts(of list: String) -> [String] {
    guard !list.isEmpty else { return [] }
    var parts = [""]
    var isInside = false
    for character in list {
      if character == "[" || character == "]" { isInside = character == "[" }
      if character == ",", !isInside {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts
  }

  private static func malformed(_ text: String) -> CatalogueError {
    CatalogueError(
      .badText,
      "'\(text)' cannot be read; write a name, with parameters in parentheses if it has any, as in "
        + "'quantile(0.9)' or 'softmax(weights=[1, 2, 0.5])'")
  }
}
