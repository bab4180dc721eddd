import ArgumentParser

/// What every command that works for a while understands.
struct OutputOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  @Flag(help: "Print one JSON object instead of text.")
  var json = false
}

/// Chance and threads.
struct RunOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What chance in training depends on; see --split-seed. (default: 1)", valueName: "n"),
    transform: NumericOption.seed)
  var seed: UInt64 = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads to use; the model does not depend on it. (default: one per core)",
      valueName: "n"), transform: NumericOption.threads)
  var threads: Int?
}
