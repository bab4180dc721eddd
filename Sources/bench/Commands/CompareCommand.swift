import Wording
import ArgumentParser
import Harness
import Losses

/// What `bench compare` compares, and how often.
struct ComparisonOptions: ParsableArguments {
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

  /// Which simple models are included.
  enum Baselines: String, ExpressibleByArgument, CaseIterable {
    case all, none
  }

  @Option(
    help: ArgumentHelp(
      "Simple models that learners have to beat: all (the best constant, a straight line, and a "
        + "column of the target's past where there is one) or none.", valueName: "which"))
  var baselines = Baselines.all

  @Option(
    help: ArgumentHelp(
      "The feature to take for the prediction as it stands, such as last week's value. "
        + "(default: found by its name and values on the training rows)", valueName: "column"))
  var persistence: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The least difference that matters, as a share of an error (0.01 is one percent) or of the "
        + "range of a score. (default: 0.01)", valueName: "share"),
    transform: NumericOption.nonNegative)
  var smallestDifference = ComparisonRecord.usualSmallestDifference

  @Option(
    help: ArgumentHelp(
      "For an objective that suggests a score adjustment, such as sne: adjusted (fit per unit of "
        + "size), plain (scores as they are) or both.", valueName: "form"))
  var form = CompareCommand.Form.adjusted

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

  @Flag(
    help: ArgumentHelp(
      "Run no trial: write the report of those that an earlier run of this command finished before "
        + "it was ended."))
  var finishedOnly = false

  @Flag(name: .customLong("no-check"), help: "Train without looking for mistakes in objectives.")
  var skipsCheck = false
}

/// `bench compare`: both learners under each objective, one report.
@dynamicMemberLookup
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compares learners and objectives on the same test rows and writes a report.",
    usage: """
      bench compare [--objective NAME] ... [--data FILE | --dataset NAME]
                    [--learners trees,mlp] [--metric NAME] ...
                    [--seeds N | --folds K] [--name REPORT] [options]
      """,
    discussion: """
      Every learner is trained under each objective named and under the task's plain one, and \
      judged on the same test rows, beside simple models that it has to beat. Writes NAME.md, \
      NAME.json, NAME-predictions.h5 and figures/NAME-*.svg. Until all is done, finished trials \
      are kept in NAME.trials: if the run is ended or killed, the same command goes on from there.

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

  @OptionGroup(title: "Comparison") var comparison: ComparisonOptions
  @OptionGroup(title: "Trees") var trees: TreeOptions
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Split") var split: SplitOptions
  @OptionGroup(title: "Output") var text: OutputOptions

  /// The options of the comparison, as if they were the command's own.
  subscript<Value>(dynamicMember path: KeyPath<ComparisonOptions, Value>) -> Value {
    comparison[keyPath: path]
  }

  func validate() throws {
    for name in comparison.objectives { _ = try ObjectiveChoice(name) }
    if let baseline = comparison.baseline, baseline != "none" { _ = try ObjectiveChoice(baseline) }
    for name in comparison.metrics { _ = try ObjectiveChoice.metric(named: name) }
    _ = try learnerNames()
    if comparison.persistence != nil, comparison.baselines == .none {
      throw ValidationError("--persistence and --baselines none exclude each other")
    }
    if comparison.folds != nil, split.testFraction != nil {
      throw ValidationError("--folds and --test-fraction exclude each other")
    }
    if let name = comparison.name,
      name.isEmpty || name.contains("/") || name.hasPrefix(".") || name.contains(where: \.isNewline)
    {
      throw ValidationError("--name is '\(name)'; it must be a file name without its ending")
    }
  }

  /// The learners asked for, each once.
  func learnerNames() throws -> [LearnerName] {
    var names: [LearnerName] = []
    for part in comparison.learners.split(separator: ",").map(String.init) {
      guard let name = LearnerName(rawValue: part) else {
        let hint = Spelling.hint(for: part, in: LearnerName.allCases.map(\.rawValue))
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
    let folder = try OutputFolder(making: comparison.output)
    defer { folder.removeIfEmpty() }
    for job in jobs { try job.checkOutputs(keeping: jobs.map(\.source.path)) }
    var trials = 0
    var failed = 0
    var finishedJobs = 0
    for job in jobs {
      let outcome = try job.perform()
      trials += outcome.trials
      failed += outcome.failed
      if outcome.isComplete { finishedJobs += 1 }
      if Interruption.isRequested { break }
    }
    // An interrupt that came after the last trial has ended nothing.
    if Interruption.isRequested, finishedJobs < jobs.count {
      throw Failure(
        .interrupted,
        "interrupted; the report has the trials that were finished, and the same command goes on "
          + "from there")
    }
    if failed > 0 {
      throw Failure(
        .someTrialsFailed,
        "\(failed) of \(trials) trials failed; the report has the others, and says why")
    }
  }
}
