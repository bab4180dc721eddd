import Tabular
import Testing

struct VisibleTextTests {
  @Test(arguments: [
    ("plain", "plain"), ("größe 日本 e\u{301} 👩‍👩‍👧 ½", "größe 日本 e\u{301} 👩‍👩‍👧 ½"),
    ("a\nb\tc\rd", "a\\nb\\tc\\rd"), ("a\r\nb", "a\\r\\nb"), ("\u{1B}[31mred", "\\u{1B}[31mred"),
    ("\u{0}\u{7F}\u{9B}2J", "\\u{0}\\u{7F}\\u{9B}2J"), ("\u{202E}txt.exe", "\\u{202E}txt.exe"),
    ("\u{2066}a\u{2069}", "\\u{2066}a\\u{2069}"), ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
    ("\u{200B}\u{FEFF}\u{AD}", "\\u{200B}\\u{FEFF}\\u{AD}"), ("\u{E000}", "\\u{E000}"),
    ("\u{E0041}", "\\u{E0041}"),
  ])
  func whatHasNoShapeIsSpelledOut(text: String, shown: String) {
    #expect(VisibleText.line(text) == shown)
    #expect(VisibleText.line(shown) == shown)
  }

  @Test func linesKeepTheirEnds() {
    #expect(VisibleText.lines("a\nb\u{1B}\n") == "a\nb\\u{1B}\n")
    #expect(VisibleText.lines("a\r\nb") == "a\\r\nb")
  }
}
