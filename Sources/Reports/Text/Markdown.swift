/// Text that a Markdown renderer shows as it is.
enum Markdown {
  /// `text` with everything escaped that Markdown or HTML would take for its own, on one line.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "$": result += "\\\(character)"
      case _ where character.isNewline: result += " "
      default: result.append(character)
      }
    }
    return result
  }

  /// A page's text with what came from data escaped: the last step of every page.
  static func finished(_ text: String) -> String {
    DataText.finished(text) { scalar in
      switch scalar {
      // Backslashes do nothing for these in the middle of a word.
      case ":", ".", "-", "+", "=": "&#\(scalar.value);"
      case "\"": "\""
      default: escaped(String(scalar))
      }
    }
  }

  /// `text` as code within a line, whatever backticks are in it; line ends are spelled out.
  static func code(_ text: String) -> String {
    let text = DataText.onOneLine(text)
    let run = longestRunOfBackticks(text)
    guard run > 0 else { return "`\(DataText.literal(text))`" }
    let fence = String(repeating: "`", count: run + 1)
    return "\(fence) \(DataText.literal(text)) \(fence)"
  }

  /// A fenced block that shows `text` letter by letter, whatever backticks are in it.
  static func codeBlock(_ text: String, language: String = "") -> String {
    let fence = String(repeating: "`", count: max(3, longestRunOfBackticks(text) + 1))
    return "\(fence)\(language)\n\(DataText.literal(text))\n\(fence)"
  }

  private static func longestRunOfBackticks(_ text: String) -> Int {
    var longest = 0
    var run = 0
    for character in DataText.plain(text) {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  /// How a column stands.
  enum Alignment { case left, right }

  /// A table. Cells are Markdown already: escape what is not.
  static func table(_ header: [(String, Alignment)], _ rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
    let marks = header.map { $0.1 == .left ? "---" : "---:" }
    return ([line(header.map(\.0)), line(marks)] + rows.map(line)).joined(separator: "\n")
  }

  /// A path as the target of a link or image.
  static func link(_ path: String) -> String {
    var result = ""
    for byte in DataText.plain(path).utf8 {
      let scalar = Unicode.Scalar(byte)
      let isPlain =
        byte < 0x80 && (scalar.properties.isAlphabetic || (0x30...0x39).contains(byte))
      if isPlain || "-._~/".unicodeScalars.contains(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        let hex = String(byte, radix: 16, uppercase: true)
        result += "%" + (hex.count == 1 ? "0" + hex : hex)
      }
    }
    return result
  }
}
