import Foundation
import Tabular

/// Results as JSON: one object, keys in alphabetical order.
enum JSON {
  /// The text of `value`. Numbers that JSON has no word for become the strings `nan`, `inf`, `-inf`.
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return escaped(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// The text with every character that has no shape of its own as JSON spells it: in strings only,
  /// where alone they can stand, line ends aside.
  private static func escaped(_ text: String) -> String {
    guard VisibleText.lines(text) != text else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      guard VisibleText.lines(String(scalar)) != String(scalar) else {
        result.unicodeScalars.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let hex = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      }
    }
    return result
  }
}
