import Foundation
import Testing

/// What the README shows is what runs.
@Suite("README") struct ReadmeTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
  }

  private func blocks(_ language: String) throws -> [String] {
    try text("README.md").components(separatedBy: "```\(language)\n").dropFirst().map {
      $0.components(separatedBy: "```").first ?? ""
    }
  }

  /// The example's package is compiled and run by `make test`.
  @Test("its first program is part of an example") func program() throws {
    let program = try #require(blocks("swift").first { $0.hasPrefix("import ") })
    let example = try text("Examples/CustomObjective/Sources/CustomObjective/Readme.swift")
    let lines = program.split(separator: "\n").map { String($0) }
    #expect(lines.count > 20)
    let kept = example.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    var rest = kept[...]
    for line in lines {
      let wanted = line.trimmingCharacters(in: .whitespaces)
      guard let place = rest.firstIndex(of: wanted) else {
        Issue.record("the example lacks, or has elsewhere: \(line)")
        continue
      }
      rest = rest[(place + 1)...]
    }
  }

  @Test("the commands of its table are understood") func commands() throws {
    let rows = try text("README.md").split(separator: "\n").filter { $0.hasPrefix("| `bench ") }
    #expect(rows.count >= 8)
    let bench = try BenchProcess()
    defer { bench.clean() }
    for row in rows {
      let words = row.dropFirst(3).prefix { $0 != "`" }.split(separator: " ").dropFirst()
      let command = words.prefix { !$0.hasPrefix("-") && $0.allSatisfy { $0.isLowercase } }
      let help = try bench.run(command.map(String.init) + ["--help"])
      #expect(help.code == 0, "\(row)")
      for option in words where option.hasPrefix("--") {
        #expect(help.output.contains(option), "\(option) of \(row)")
      }
    }
  }
}
