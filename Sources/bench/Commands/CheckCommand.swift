import ArgumentParser
import Harness
import Learning
import Losses

/// `bench check`: what is wrong with an objective, before training.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Looks for mistakes in an objective's loss, gradient and Hessian.",
    discussion: """
      Checks on rows drawn to suit the objective, or with --data or --dataset on rows of a file.
      Exits with 0 if the objective is sound and with 65 if training on it would be senseless.

      Example: bench check --objective 'square((score - y) / size)'
      Example: bench check --objective sne --dataset pv-fleet
      """)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The objective: a name with its parameters, or a formula.", valueName: "objective"))
  var objective: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Scores per row, for an objective over classes that is checked without data.",
      valueName: "n"), transform: NumericOption.whole(2...1000))
  var classes: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Decides which rows and scores are looked at. (default: 1)", valueName: "n"),
    transform: NumericOption.seed)
  var seed: UInt64 = 1

  @OptionGroup(title: "Data") var data: DataOptions

  @Flag(help: "Print one JSON object instead of text.")
  var json = false

  @Flag(name: .shortAndLong, help: "Show no progress; the check is quick and shows none.")
  var quiet = false

  func validate() throws {
    _ = try ObjectiveChoice(objective)
  }

  private struct Listing: Encodable {
    struct Finding: Encodable {
      var severity, code, message: String
      var rows: [Int]
      var figures: [String: Double]
    }
    var objective: String
    var sound: Bool
    var findings: [Finding]
  }

  func run() throws {
    let verdict = try verdict()
    if json {
      let listing = Listing(
        objective: verdict.objective, sound: verdict.isSound,
        findings: verdict.findings.map {
          .init(
            severity: $0.severity.rawValue, code: $0.code.rawValue, message: $0.message,
            rows: $0.rows, figures: $0.figures)
        })
      try StandardOutput.print(JSON.text(listing))
    } else {
      try StandardOutput.print("\(verdict)")
    }
    if !verdict.isSound { throw ExitCode(Failure.Status.badData.rawValue) }
  }

  private func verdict() throws -> Verdict {
    let choice = try ObjectiveChoice(objective)
    guard data.dataset != nil || !data.files.isEmpty else {
      return try parseObjective(objective, classes: classes).check(seed: seed)
    }
    let table = try data.table(data.source(), objectives: [choice]) { note in
      if !quiet { StandardError.write("\(note)\n") }
    }
    return try choice.objective(for: table).check(on: table, seed: seed)
  }
}
