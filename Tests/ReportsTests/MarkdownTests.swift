import Testing

@testable import Reports

struct MarkdownTests {
  @Test(arguments: [
    ("a|b", "a\\|b"), ("<script>&", "&lt;script&gt;&amp;"), ("two\nlines", "two lines"),
    ("_a_ *b* `c`", "\\_a\\_ \\*b\\* \\`c\\`"), ("[x](y)", "\\[x\\](y)"), ("~~#", "\\~\\~\\#"),
    ("back\\slash", "back\\\\slash"), ("$x$", "\\$x\\$"), ("C:\r\nx", "C: x"), ("größe", "größe"),
  ])
  func escaping(text: String, expected: String) {
    #expect(Markdown.escaped(text) == expected)
  }

  @Test func fencesOutlastTheirContents() {
    #expect(Markdown.codeBlock("x", language: "sh") == "```sh\nx\n```")
    #expect(Markdown.codeBlock("a ```` b") == "`````\na ```` b\n`````")
  }

  @Test func tables() {
    let table = Markdown.table([("A", .left), ("B", .right)], [["1", "2"], ["3", "4"]])
    #expect(table == "| A | B |\n| --- | ---: |\n| 1 | 2 |\n| 3 | 4 |")
  }

  @Test func links() {
    #expect(Markdown.link("figures/a b(1).svg") == "figures/a%20b%281%29.svg")
    #expect(Markdown.link("grün") == "gr%C3%BCn")
  }
}
