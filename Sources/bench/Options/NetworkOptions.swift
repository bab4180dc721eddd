public import ArgumentParser
import Harness
import Learning
import Losses
import MLP

/// Options of the multilayer perceptron.
struct NetworkOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Units of each hidden layer, as 256,128; 'none' for a linear model. (default: 64,64)",
      valueName: "units"),
    transform: HiddenLayers.init(parsing:))
  var hidden = HiddenLayers(units: [64, 64])

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "So many passes over the training rows exactly; with --early-stopping (compare: "
        + "--mlp-early-stopping) the most. (default: chosen on held-out training rows, then refitted "
        + "on all, among as many as make 2 million rows, but 15 to 200, or 500 over fewer than 500 "
        + "rows)",
      valueName: "n"), transform: NumericOption.whole(1...1_000_000))
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Rows per step; whole groups for objectives that compare the rows of a group. "
        + "(default: 128, fewer for small tables)", valueName: "n"),
    transform: NumericOption.whole(1...100_000_000))
  var batch: Int?

  @Option(help: ArgumentHelp("What hidden units do: relu, sigmoid, tanh or identity."))
  var activation = Activation.relu

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The pull of weights towards 0, counted like the loss of a row. (default: 2)",
      valueName: "x"),
    transform: NumericOption.nonNegative)
  var weightDecay = 2.0

  /// A perceptron with these options.
  ///
  /// - Parameters:
  ///   - rows: training rows.
  ///   - patience: early stopping as named: nil for what is usual, 0 for never.
  ///   - holdOut: how rows are held out to choose the number of epochs on.
  func perceptron(
    _ objective: any Objective, learningRate: Double, adjusts: Bool, rows: Int, patience: Int?,
    holdOut: HoldOut, seed: UInt64, threads: Int?
  ) -> Perceptron {
    var perceptron = Perceptron(
      hidden: hidden.units, activation: activation, objective: objective,
      optimizer: .adam(learningRate: learningRate), epochs: epochs,
      batchSize: batch, weightDecay: weightDecay, earlyStopping: EarlyStopping(patience),
      holdOut: holdOut, adjustsScores: adjusts, seed: seed, threads: threads)
    if patience == 0 { perceptron.epochs = perceptron.plannedEpochs(rows: rows) }
    return perceptron
  }

  /// The most epochs a perceptron may run.
  func plannedEpochs(rows: Int) -> Int {
    Perceptron(objective: SquaredError(), epochs: epochs).plannedEpochs(rows: rows)
  }

  /// The options by name, for records.
  func named(learningRate: Double, rows: Int, patience: Int?) -> [NamedValue] {
    let most = plannedEpochs(rows: rows)
    let isChosen = epochs == nil && patience != 0
    let stopping =
      EarlyStopping(patience)?.rounds
      ?? (isChosen ? Perceptron.usualPatience(epochs: most) : nil)
    return [
      NamedValue("hidden", "\(hidden)"), NamedValue("activation", activation.rawValue),
      NamedValue("epochs", isChosen ? "chosen, at most \(most)" : "\(most)"),
      NamedValue("batch", batch.map { "\($0)" } ?? "by the number of rows"),
      NamedValue("optimizer", "Adam"), NamedValue("learning rate", "\(learningRate)"),
      NamedValue("weight decay", "\(weightDecay)"),
      NamedValue("early stopping", stopping.map { "\($0) epochs" } ?? "no"),
    ]
  }
}

/// Units of hidden layers, as the command line writes them: `256,128`, or `none`.
struct HiddenLayers: CustomStringConvertible, Sendable {
  /// With more weights than this between hidden layers, network and optimiser need gigabytes.
  static let mostWeights = 1 << 27

  var units: [Int]

  init(units: [Int]) { self.units = units }

  /// Reads `256,128` or `none`.
  ///
  /// - Throws: ``NumericOption/Refusal``.
  @Sendable init(parsing text: String) throws {
    units = []
    guard text != "none" else { return }
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = Int(part), (1...65_536).contains(number) else {
        throw NumericOption.Refusal(
          description: "it must be whole numbers from 1 to 65536 with commas between them, or none")
      }
      units.append(number)
    }
    let weights = zip(units, units.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    guard weights <= Self.mostWeights else {
      throw NumericOption.Refusal(
        description: "layers of this size have \(weights) weights between them, and at most "
          + "\(Self.mostWeights) are allowed")
    }
  }

  var description: String {
    units.isEmpty ? "none" : units.map(String.init).joined(separator: ",")
  }
}

extension Activation: ExpressibleByArgument {}
