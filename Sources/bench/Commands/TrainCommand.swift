import Harness
import ArgumentParser
import BoostedTrees
import Learning
import MLP

/// `bench train`: fits one model.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Fits one model and says how good it is on the test rows.",
    discussion: "Example: bench train trees --objective sne --model fleet.model",
    subcommands: [TrainTreesCommand.self, TrainNetworkCommand.self])
}

/// `bench train trees`.
struct TrainTreesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trees", abstract: "Fits gradient-boosted trees.",
    usage: """
      bench train trees [--objective NAME] [--data FILE | --dataset NAME]
                        [--rounds N] [--leaves N] [--learning-rate RATE]
                        [--model FILE] [--json] [options]
      """,
    discussion: "Example: bench train trees --objective sne --leaves 63 --model fleet.model")

  @OptionGroup(title: "Training") var training: TrainingOptions
  @OptionGroup(title: "Trees") var trees: TreeOptions
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Split") var split: SplitOptions
  @OptionGroup(title: "Run") var runOptions: RunOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let job = TrainingJob(
      kind: .trees, training: training, data: data, split: split, run: runOptions, output: output)
    try job.perform { objective, _ in
      trees.booster(
        objective, adjusts: training.adjust, patience: training.earlyStopping,
        holdOut: HoldOut(rule: split.splitBy), seed: runOptions.seed, threads: runOptions.threads)
    }
  }
}

/// `bench train mlp`.
struct TrainNetworkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mlp", abstract: "Fits a multilayer perceptron.",
    usage: """
      bench train mlp [--objective NAME] [--data FILE | --dataset NAME]
                      [--hidden 64,64] [--epochs N] [--learning-rate RATE]
                      [--model FILE] [--json] [options]
      """,
    discussion: "Example: bench train mlp --objective softmax --dataset digits --hidden 128,64")

  @OptionGroup(title: "Training") var training: TrainingOptions
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Network") var rate: NetworkRateOption
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Split") var split: SplitOptions
  @OptionGroup(title: "Run") var runOptions: RunOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let job = TrainingJob(
      kind: .mlp, training: training, data: data, split: split, run: runOptions, output: output)
    try job.perform { objective, rows in
      network.perceptron(
        objective, learningRate: rate.learningRate, adjusts: training.adjust, rows: rows,
        patience: training.earlyStopping, holdOut: HoldOut(rule: split.splitBy),
        seed: runOptions.seed, threads: runOptions.threads)
    }
  }
}

/// The learning rate of `bench train mlp`; in `bench compare` the trees have one, too.
struct NetworkRateOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The largest step of Adam. (default: 0.001)", valueName: "rate"),
    transform: NumericOption.positive(", usually between 0.0001 and 0.01"))
  var learningRate = 0.001
}
