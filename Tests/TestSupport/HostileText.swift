import Foundation
public import Tabular

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Texts that try to be more than text, and whether a page or a figure let them.
public enum HostileText {
  /// Pieces of what Markdown, HTML, SVG and terminals act on.
  public static let pieces = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "![x](https://evil.example/x.png)",
    "[x](javascript:alert(1))", "|", "\\|", "`", "```", "~~~", "\n", "\n\n# Heading\n", "\r\n",
    "\n| a | b |\n", "**bold**", "_it_", "$x$", "&lt;b&gt;", "&#60;b&#62;", "</text>", "]]>",
    "<!--", "-->", "\"", "'", "\u{1B}[31m", "\u{1B}]8;;https://evil.example\u{7}", "\u{9B}31m",
    "\u{202E}", "\u{2066}", "\u{2028}", "\u{0}", "\u{FEFF}", "\u{E02A}", "\u{E13C}b>", "\u{FFFE}",
    "https://evil.example/a_b", "www.evil.example", "<https://evil.example>", "- ", "+ ", "> ", "=",
    "1. ", "\t", "größe", "e\u{301}", "👩‍👩‍👧", "\\", "[^1]", "[x]: y", "<br>", "<a href=x>",
  ]

  /// Some of them in a row.
  public static func random(_ generator: inout RandomGenerator) -> String {
    (0..<1 + generator.index(below: 6)).map { _ in pieces[generator.index(below: pieces.count)] }
      .joined()
  }

  /// What is wrong with a page; nil if nothing is.
  public static func fault(ofPage page: String) -> String? {
    var fence: String?
    var columns: Int?
    for line in page.components(separatedBy: "\n") {
      if let open = fence {
        if line == open { fence = nil }
        if line.unicodeScalars.contains(where: isShapeless) { return "control in code: \(line)" }
        continue
      }
      if line.unicodeScalars.contains(where: isShapeless) { return "control: \(line)" }
      if line.hasPrefix("```") {
        fence = String(line.prefix { $0 == "`" })
        continue
      }
      // The targets of figures have every special character as a number.
      let text = withoutCode(line)
        .replacing(/\]\((figures\/|fold)[^)\s]*\)/) { "](\($0.1))" }
      if text.replacingOccurrences(of: "<br>", with: "").contains("<") { return "markup: \(line)" }
      if text.contains("://") || text.contains("www.") { return "address: \(line)" }
      for link in withoutEscapes(text).components(separatedBy: "](").dropFirst()
      where !link.hasPrefix("figures/") && !link.hasPrefix("fold") {
        return "link: \(line)"
      }
      guard line.hasPrefix("|") else {
        columns = nil
        continue
      }
      let count = unescapedPipes(text)
      if let columns, columns != count { return "\(count) pipes, not \(columns): \(line)" }
      columns = count
    }
    return fence == nil ? nil : "a block of code does not end"
  }

  /// Characters that move a cursor, turn the direction of writing or are not there to see.
  public static func isShapeless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
    case .format: scalar.value != 0x200d && scalar.value != 0x200c
    default: false
    }
  }

  private static func withoutCode(_ line: String) -> String {
    // Spans of code on a page have a fence of their own length.
    var parts: [Substring] = []
    var rest = line[...]
    while let start = rest.firstIndex(of: "`"),
      start == rest.startIndex || rest[rest.index(before: start)] != "\\"
    {
      let fence = rest[start...].prefix { $0 == "`" }
      let inside = rest[fence.endIndex...]
      guard let end = inside.range(of: fence) else { break }
      parts.append(rest[..<start])
      rest = inside[end.upperBound...]
    }
    return parts.joined() + rest
  }

  private static func withoutEscapes(_ line: String) -> String {
    var result = ""
    var isEscaped = false
    for character in line {
      if !isEscaped, character != "\\" { result.append(character) }
      isEscaped = character == "\\" && !isEscaped
    }
    return result
  }

  private static func unescapedPipes(_ line: String) -> Int {
    var count = 0
    var isEscaped = false
    for character in line {
      if character == "|", !isEscaped { count += 1 }
      isEscaped = character == "\\" && !isEscaped
    }
    return count
  }

  /// The elements of an SVG file; nil if it is not well formed.
  public static func elements(ofSVG text: String) -> Set<String>? {
    final class Names: NSObject, XMLParserDelegate {
      var names: Set<String> = []
      func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
        qualifiedName qName: String?, attributes attributeDict: [String: String]
      ) {
        names.insert(elementName)
      }
    }
    let names = Names()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = names
    return parser.parse() ? names.names : nil
  }
}
