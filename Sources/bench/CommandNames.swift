import Wording
import ArgumentParser

/// Looks at the names of commands before the parser does, which only calls them unexpected.
enum CommandNames {
  /// Refuses a word where a command's name belongs.
  ///
  /// - Parameter arguments: the words after `bench`.
  /// - Throws: `ValidationError` with the nearest name.
  static func check(_ arguments: [String]) throws {
    var command: any ParsableCommand.Type = Bench.self
    for (place, word) in arguments.enumerated() {
      if place == 0, word == "help" { continue }
      let subcommands = command.configuration.subcommands
      guard !subcommands.isEmpty, !word.hasPrefix("-") else { return }
      var next: (any ParsableCommand.Type)?
      var known: [String] = []
      for subcommand in subcommands {
        let name = Self.name(of: subcommand)
        known.append(name)
        if name == word { next = subcommand }
      }
      guard let next else {
        let parent = command == Bench.self ? "" : " of '\(Self.name(of: command))'"
        throw ValidationError(
          "there is no command '\(word)'\(parent); \(Spelling.hint(for: word, in: known))")
      }
      command = next
    }
  }

  private static func name(of command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? command._commandName
  }
}
