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
  @Option(help: ArgumentHelp("What chance depends on.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "Threads to use; the model does not depend on it. (default: one per core)",
      valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads is \(threads); at least one thread is needed")
    }
  }
}
