import FoundationEssentials
import ArgumentParser
import Testing

@testable import bench

/// The help texts of all commands.
@Suite("Help") struct HelpTests {
  /// Every command with the words that call it.
  private static func commands(
    _ command: any ParsableCommand.Type = Bench.self, _ words: [String] = []
  ) -> [(words: [String], type: any ParsableCommand.Type)] {
    [(words, command)]
      + command.configuration.subcommands.flatMap { subcommand in
        commands(subcommand, words + [subcommand.configuration.commandName ?? "?"])
      }
  }

  /// The parser wraps paragraphs to the terminal; a line broken by hand is wrapped twice.
  @Test("paragraphs are not broken by hand, and fit 80 columns") func wrapping() throws {
    let commands = Self.commands()
    #expect(commands.count >= 12)
    for (words, type) in commands {
      let name = (["bench"] + words).joined(separator: " ")
      let lines = type.configuration.discussion.split(
        separator: "\n", omittingEmptySubsequences: false)
      for (line, next) in zip(lines, lines.dropFirst()) where !line.isEmpty && !next.isEmpty {
        #expect(next.hasPrefix("Example: ") || next.hasPrefix("  "), "\(name): \(next)")
      }
      for line in lines where line.hasPrefix("Example: ") || line.hasPrefix("  ") {
        #expect(line.count <= 80, "\(name): \(line)")
      }
      let help = Bench.helpMessage(for: type, columns: 80)
      for line in help.split(separator: "\n") { #expect(line.count <= 80, "\(name): \(line)") }
    }
  }

  @Test("every command that does something has an example") func examples() {
    for (words, type) in Self.commands() where type.configuration.subcommands.isEmpty {
      #expect(type.configuration.discussion.contains("Example: bench "), "\(words)")
    }
  }

  @Test("the options most used stand first") func usage() {
    for (type, first) in [
      (CompareCommand.self as any ParsableCommand.Type, "--objective"),
      (TrainTreesCommand.self, "--objective"), (TrainNetworkCommand.self, "--objective"),
    ] {
      let help = Bench.helpMessage(for: type, columns: 80)
      let usage = help.components(separatedBy: "USAGE: ").last ?? ""
      let paragraph = usage.components(separatedBy: "\n\n").first ?? ""
      #expect(paragraph.contains(first) && paragraph.contains("--data"))
      #expect(paragraph.split(separator: "\n").count <= 4)
      // Nothing of importance hides under "OPTIONS" at the end.
      let rest = help.components(separatedBy: "\nOPTIONS:\n").last ?? ""
      #expect(rest.split(separator: "\n").count <= 2, "\(rest)")
    }
  }
}
