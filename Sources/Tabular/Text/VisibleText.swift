/// Text from data, made fit to be shown: what has no shape of its own is spelled out.
///
/// Names in a file may hold escape sequences that repaint a terminal, line ends that forge a line,
/// and marks that turn the direction of everything after them. They are data all the same, and
/// whoever looks for them must find them.
public enum VisibleText {
  /// `text` on one line: line ends, control characters, marks of direction, invisible characters and
  /// private ones become `\n`, `\t` or `\u{1B}`. O(characters).
  public static func line(_ text: String) -> String { shown(text, keepsLines: false) }

  /// `text` with its line ends, and everything else as in ``line(_:)``.
  public static func lines(_ text: String) -> String { shown(text, keepsLines: true) }

  private static func shown(_ text: String, keepsLines: Bool) -> String {
    // Nearly every text is fine as it is.
    guard text.unicodeScalars.contains(where: { !isPlain($0) }) else { return text }
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if isPlain(scalar) || (keepsLines && scalar == "\n") {
        result.unicodeScalars.append(scalar)
      } else {
        result += spelled(scalar)
      }
    }
    return result
  }

  private static func spelled(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value >= 0x20, scalar.value < 0x7f { return true }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
      .unassigned:
      // Letters of some languages need their joiners, and emoji theirs.
      return scalar.value == 0x200c || scalar.value == 0x200d
    default: return true
    }
  }
}
