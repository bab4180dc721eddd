import Foundation
import Tabular

/// The one way of text from data (names, units, formulas, paths, reasons) into a page or a figure.
///
/// Whatever such a text holds, it must be shown and never act: no markup of Markdown, HTML or SVG, no
/// link or image, no control character. Escaping where a page mentions it would have to be thought
/// of a hundred times. Instead everything that a report tells of is marked once, before a page sees
/// it: each character that a format takes for its own is replaced by a private one that no format
/// knows, and the formats put the escaped character in its place at the very end, when what the page
/// itself wrote can no longer be mixed up with it. Marked texts compare, count and cut like the ones
/// they stand for.
enum DataText {
  /// The private character of an ASCII character `c` is `U+E000 + c`; `U+E100 + c` if it is to stand
  /// as it is, as in a block of code.
  private static let shownBase: UInt32 = 0xe000
  private static let literalBase: UInt32 = 0xe100

  /// Characters that Markdown, HTML or XML may take for their own anywhere.
  private static let active = Set("&<>\"\\`*_[]|~#$\n".unicodeScalars)

  /// `text` with its active characters marked, and characters without a shape spelled out.
  static func marked(_ text: String) -> String {
    guard
      text.unicodeScalars.contains(where: { active.contains($0) || !isPlainASCII($0) })
        || text.contains("://") || text.contains("www.") || startsItem(text)
    else { return text }
    var result = String.UnicodeScalarView()
    // Line ends are kept for blocks of code; other characters without a shape are spelled out.
    let scalars = Array(VisibleText.lines(text).unicodeScalars)
    for (place, scalar) in scalars.enumerated() {
      let isActive =
        active.contains(scalar)
        // What GitHub's Markdown would make a link of.
        || (scalar == ":" && scalars[(place + 1)...].starts(with: "//".unicodeScalars))
        || (scalar == "." && scalars[..<place].suffix(3).elementsEqual("www".unicodeScalars))
        || (place == 0 && startsItem(text))
      result.append(isActive && scalar.isASCII ? mark(scalar, shownBase) : scalar)
    }
    return String(result)
  }

  /// `record` with every text in it marked, keys of dictionaries, too. Names of fields have no active
  /// characters.
  ///
  /// It goes by way of its JSON, so that no text of today's or tomorrow's records is left out.
  static func marked<Record: Codable>(texts record: Record) -> Record { mapped(record, marked) }

  /// `record` for a terminal: every text in it on one line, with nothing that would move the cursor.
  static func visible<Record: Codable>(texts record: Record) -> Record {
    mapped(record, VisibleText.line)
  }

  private static func mapped<Record: Codable>(
    _ record: Record, _ change: (String) -> String
  ) -> Record {
    let encoder = JSONEncoder()
    let decoder = JSONDecoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      let json = try JSONStrings.mapped(Array(encoder.encode(record)), change)
      return try decoder.decode(Record.self, from: Data(json))
    } catch {
      preconditionFailure("a record is what its JSON says: \(error)")
    }
  }

  /// Marked or not: `text` as it was meant.
  static func plain(_ text: String) -> String {
    replaced(text) { ascii, _ in String(ascii) }
  }

  /// `text` with its line ends spelled out, marked or not.
  static func onOneLine(_ text: String) -> String {
    let ends: Set = ["\n", mark("\n", shownBase)]
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      result += ends.contains(scalar) ? "\\n" : String(scalar)
    }
  }

  /// Marked characters of `text` will stand as they are.
  static func literal(_ text: String) -> String {
    replaced(text) { ascii, _ in String(mark(ascii, literalBase)) }
  }

  /// `text` with `escaped` in place of the marked characters, but for those that stand as they are.
  static func finished(_ text: String, _ escaped: (Unicode.Scalar) -> String) -> String {
    replaced(text) { ascii, isLiteral in isLiteral ? String(ascii) : escaped(ascii) }
  }

  private static func replaced(
    _ text: String, _ replacement: (_ ascii: Unicode.Scalar, _ isLiteral: Bool) -> String
  ) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case shownBase..<shownBase + 0x80:
        result += replacement(ascii(scalar.value - shownBase), false)
      case literalBase..<literalBase + 0x80:
        result += replacement(ascii(scalar.value - literalBase), true)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func ascii(_ value: UInt32) -> Unicode.Scalar {
    Unicode.Scalar(UInt8(truncatingIfNeeded: value))
  }

  private static func mark(_ scalar: Unicode.Scalar, _ base: UInt32) -> Unicode.Scalar {
    Unicode.Scalar(base + scalar.value) ?? scalar
  }

  private static func isPlainASCII(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x20 && scalar.value < 0x7f
  }

  /// Whether the text would begin a list or a line where a paragraph begins with it.
  private static func startsItem(_ text: String) -> Bool {
    guard let first = text.first, "-+=".contains(first) else { return false }
    return text.dropFirst().first.map { !($0.isLetter || $0.isNumber) } ?? true
  }
}

/// The strings of a JSON text.
enum JSONStrings {
  /// `json` with `change` applied to every string, those before a colon only if `names` is true.
  static func mapped(
    _ json: [UInt8], names: Bool = true, _ change: (String) -> String
  ) throws -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(json.count)
    var place = 0
    while place < json.count {
      guard json[place] == UInt8(ascii: "\"") else {
        result.append(json[place])
        place += 1
        continue
      }
      var end = place + 1
      while json[end] != UInt8(ascii: "\"") { end += json[end] == UInt8(ascii: "\\") ? 2 : 1 }
      let token = json[place...end]
      place = end + 1
      let isName = json[place...].first { $0 > 0x20 } == UInt8(ascii: ":")
      result += isName && !names ? Array(token) : try changed(token, change)
    }
    return result
  }

  private static func changed(
    _ token: ArraySlice<UInt8>, _ change: (String) -> String
  ) throws -> [UInt8] {
    let text = try JSONDecoder().decode(String.self, from: Data(token))
    let other = change(text)
    return other == text ? Array(token) : Array(try JSONEncoder().encode(other))
  }
}
