import ArgumentParser
import Harness
import Losses

/// `bench compare`: both learners under each objective, one report.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compares learners and objectives on the same test rows and writes a report.",
    discussion: """
      Every learner is trained under each objective named and under the task's plain one, and
      judged on the same test rows. Writes NAME.md, NAME.json, NAME-predictions.h5 and
      figures/NAME-*.svg.

      Example: bench compare --objective sne
      Example: bench compare --objective softmax --dataset digits --seeds 5
      """)

  /// A learner by its name on the command line.
  enum LearnerName: String, CaseIterable {
    case trees, mlp
  }

  /// Which forms of an objective that suggests a score adjustment are run.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case both, plain, adjusted

    var forms: [ObjectiveForm] {
      switch self {
      case .both: [.plain, .adjusted]
      case .plain: [.plain]
      case .adjusted: [.adjusted]
      }
    }
  }

  @Option(
    name: .customLong("objective"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "What to minimise; repeatable. (default: sne where rows have a size, else the baseline)",
      valueName: "name"))
  var objectives: [String] = []

  @Option(
    help: ArgumentHelp(
      "The objective the others are compared with; 'none' for none. "
        + "(default: squared, logistic or softmax by the target)", valueName: "name"))
  var baseline: String?

  @Option(
    help: ArgumentHelp(
      "For an objective that suggests a score adjustment, such as sne: adjusted (fit per unit of "
        + "size), plain (scores as they are) or both.", valueName: "form"))
  var form = Form.adjusted

  @Option(help: ArgumentHelp("The learners, separated by commas.", valueName: "names"))
  var learners = "trees,mlp"

  @Option(
    name: .customLong("metric"),
    help: ArgumentHelp(
      "A metric, the most important first; repeatable. (default: what suits the objectives)",
      valueName: "name"))
  var metrics: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How often everything is run, under seeds 1 to n. (default: 1)", valueName: "n"),
    transform: NumericOption.whole(1...1000))
  var seeds = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Cross-validate: divide the rows into so many folds, each the test rows once; by time they "
        + "are blocks, each tested after training on all earlier ones. See --split-by.",
      valueName: "k"), transform: NumericOption.whole(2...1000))
  var folds: Int?

  @Option(help: ArgumentHelp("The folder for the report.", valueName: "folder"))
  var output = "Reports"

  @Option(
    help: ArgumentHelp(
      "The name of the report. (default: dataset and objective)", valueName: "name"))
  var name: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads to use; models do not depend on it. (default: one per core)", valueName: "n"),
    transform: NumericOption.threads)
  var threads: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The largest step of Adam for the MLP. (default: 0.001)", valueName: "rate"),
    transform: NumericOption.positive(", usually between 0.0001 and 0.01"))
  var mlpLearningRate = 0.001

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stop so many rounds after the trees' best loss on the validation rows of the split, or on "
        + "held-out training rows; 0: never. (default, unless --rounds is named: 30)",
      valueName: "n"),
    transform: NumericOption.patience)
  var earlyStopping: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The same for the MLP's epochs; 0: never. (default, unless --epochs is named: a quarter of "
        + "the epochs, at least 10)", valueName: "n"),
    transform: NumericOption.patience)
  var mlpEarlyStopping: Int?

  @Flag(name: .customLong("no-check"), help: "Train without looking for mistakes in objectives.")
  var skipsCheck = false

  @OptionGroup(title: "Trees") var trees: TreeOptions
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Split") var split: SplitOptions
  @OptionGroup(title: "Output") var text: OutputOptions

  func validate() throws {
    for name in objectives { _ = try ObjectiveChoice(name) }
    if let baseline, baseline != "none" { _ = try ObjectiveChoice(baseline) }
    for name in metrics { _ = try ObjectiveChoice.metric(named: name) }
    _ = try learnerNames()
    if folds != nil, split.testFraction != nil {
      throw ValidationError("--folds and --test-fraction exclude each other")
    }
    if let name,
      name.isEmpty || name.contains("/") || name.hasPrefix(".") || name.contains(where: \.isNewline)
    {
      throw ValidationError("--name is '\(name)'; it must be a file name without its ending")
    }
  }

  /// The learners asked for, each once.
  func learnerNames() throws -> [LearnerName] {
    var names: [LearnerName] = []
    for part in learners.split(separator: ",").map(String.init) {
      guard let name = LearnerName(rawValue: part) else {
        let hint = DidYouMean.hint(for: part, in: LearnerName.allCases.map(\.rawValue))
        throw ValidationError("there is no learner '\(part)'; \(hint)")
      }
      if !names.contains(name) { names.append(name) }
    }
    guard !names.isEmpty else {
      throw ValidationError("--learners is empty; name trees, mlp or both")
    }
    return names
  }

  func run() throws {
    let jobs = try data.sources().map { ComparisonJob(command: self, source: $0) }
    try ComparisonJob.requireDistinctReports(of: jobs)
    Interruption.watch()
    let folder = try OutputFolder(making: output)
    defer { folder.removeIfEmpty() }
    for job in jobs { try job.checkOutputs(keeping: jobs.map(\.source.path)) }
    for job in jobs {
      try job.perform()
      if Interruption.isRequested { break }
    }
  }
}
