import Checking
import Formulas
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
      Checks on rows drawn to suit the objective, or with --data or --dataset on rows of a file. \
      Exits with 0 if the objective is sound and with 65 if training on it would be senseless.

      Derivatives that you worked out by hand are checked as text beside the loss: formulas of score, \
      y and row data; with several scores, of score[k], where k is the class the derivative is by. \
      Without --hessian it is the exact derivative of --gradient; without --gradient both are the \
      loss's own, and --hessian alone is checked.

      Example: bench check --objective 'square((score - y) / size)'
      Example: bench check --objective 'square((score - y) / size)' \\
                 --gradient '2 * (score - y) / size' --hessian 2
      Example: bench check --objective 'logsumexp(score) - score[y]' --classes 3 \\
                 --gradient 'softmax(k) - if(k == y, 1, 0)'
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
      "The loss's derivative by the score (score k of several), as you worked it out.",
      valueName: "formula"))
  var gradient: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The second derivative, likewise. (default: the exact derivative of the gradient)",
      valueName: "formula"))
  var hessian: String?

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
    // With data, the number of classes is known only later; the texts are looked at then.
    guard isOnData else {
      _ = try usage { () throws(ExpressionError) in try byHand(drawnObjective()) }
      return
    }
    _ = try ObjectiveChoice(objective)
  }

  private var isOnData: Bool { data.dataset != nil || !data.files.isEmpty }

  private func drawnObjective() throws(ExpressionError) -> any Objective {
    try parseObjective(objective, classes: classes)
  }

  /// `loss` with the derivatives that were given for it.
  private func byHand(_ loss: any Objective) throws(ExpressionError) -> any Objective {
    guard gradient != nil || hessian != nil else { return loss }
    return try HandDerivedObjective(loss, gradient: gradient, hessian: hessian)
  }

  /// A text that cannot be read is wrong usage; the message begins with its option.
  private func usage<T>(_ body: () throws(ExpressionError) -> T) throws -> T {
    do throws(ExpressionError) {
      return try body()
    } catch {
      let isDerivative =
        error.message.hasPrefix("gradient: ") || error.message.hasPrefix("hessian: ")
      throw ValidationError((isDerivative ? "--" : "--objective: ") + "\(error)")
    }
  }

  private struct Listing: Encodable {
    struct Finding: Encodable {
      var severity, code, message: String
      var rows: [Int]
      var figures: [String: Double]
    }
    struct Test: Encodable {
      var name, outcome, figure: String
    }
    var objective: String
    var sound: Bool
    var tests: [Test]
    var findings: [Finding]
  }

  func run() throws {
    let verdict = try verdict()
    if json {
      let listing = Listing(
        objective: verdict.objective, sound: verdict.isSound,
        tests: verdict.tests.map {
          .init(name: $0.name, outcome: "\($0.outcome)", figure: $0.figure)
        },
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
    guard isOnData else {
      return try usage { () throws(ExpressionError) in try byHand(drawnObjective()) }
        .check(seed: seed)
    }
    let table = try data.table(data.source(), objectives: [choice]) { note in
      if !quiet { StandardError.write("\(TerminalText.shown(note))\n") }
    }
    let loss = try choice.objective(for: table)
    return try usage { () throws(ExpressionError) in try byHand(loss) }
      .check(on: table, seed: seed)
  }
}
