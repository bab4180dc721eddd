import Tabular

/// Text on its way to a terminal.
enum TerminalText {
  /// `text`, which may hold names from data, with its line ends; what would move the cursor, change
  /// colors or turn the direction of writing is spelled out.
  static func shown(_ text: String) -> String { VisibleText.lines(OptionNames.spelled(text)) }

  /// `text` on one line, so that a name cannot pass for a line of its own.
  static func line(_ text: String) -> String { VisibleText.line(OptionNames.spelled(text)) }
}
