import ArgumentParser
import Foundation

/// The `bench` command.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Trains boosted trees and multilayer perceptrons on one objective and compares them.",
    discussion: """
      Results go to standard output, progress to standard error.

      Example: bench compare --objective sne

      Exit codes: \(ExitStatus.summary)
      """,
    subcommands: [
      CompareCommand.self, TrainCommand.self, PredictCommand.self, CheckCommand.self,
      ObjectivesCommand.self,
      DatasetsCommand.self, InspectCommand.self, SynthCommand.self,
    ])

  @Flag(
    help: """
      Print the version, the commit, the compiler, and the libraries with the kernels that multiply \
      matrices.
      """)
  var version = false

  func run() throws {
    guard version else { throw CleanExit.helpRequest(self) }
    try StandardOutput.print(Version.text)
  }
}

/// Runs the command and turns what it throws into a sentence and an exit code.
@main
enum Main {
  static func main() {
    StandardStreams.openClosed()
    // A reader that goes away (`bench datasets | head`) ends the writing, not the process, and a
    // limit on the size of files is an error of that file.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    FileProbe.serveIfAsked(CommandLine.arguments)
    Interruption.watch()
    CrashGuard.watchMemory()
    UntrustedFile.beginToLook()
    do {
      try CommandNames.check(Array(CommandLine.arguments.dropFirst()))
      var command = try Bench.parseAsRoot()
      try command.run()
      Failure.end(.done)
    } catch {
      Bench.end(error)
    }
  }
}
