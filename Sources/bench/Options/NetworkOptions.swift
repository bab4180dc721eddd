import ArgumentParser
import Harness
import Learning
import Losses
import MLP

/// Options of the multilayer perceptron.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Units of each hidden layer, as 256,128; 'none' for a linear model.", valueName: "units"))
  var hidden = HiddenLayers(units: [64, 64])

  @Option(
    help: ArgumentHelp(
      "The most passes over the training rows. (default: 2 million rows in all, but 15 to 200 "
        + "passes, or 500 over fewer than 500 rows)",
      valueName: "n"))
  var epochs: Int?

  @Option(
    help: ArgumentHelp(
      "Rows per step; whole groups for objectives that compare the rows of a group. "
        + "(default: 128, fewer for small tables)", valueName: "n"))
  var batch: Int?

  @Option(help: ArgumentHelp("What hidden units do: relu, sigmoid, tanh or identity."))
  var activation = Activation.relu

  @Option(
    help: ArgumentHelp(
      "The pull of weights towards 0, counted like the loss of a row.", valueName: "x"))
  var weightDecay = 2.0

  func validate() throws {
    if let epochs, epochs < 1 {
      throw ValidationError("--epochs is \(epochs); it must be at least 1")
    }
    if let batch, batch < 1 {
      throw ValidationError("--batch is \(batch); it must be at least 1")
    }
    guard weightDecay >= 0, weightDecay.isFinite else {
      throw ValidationError("--weight-decay is \(weightDecay); it must be 0 or positive")
    }
  }

  /// Passes over so many training rows: few over many rows, many over few.
  func epochs(forRows rows: Int) -> Int {
    epochs ?? min(max(2_000_000 / max(rows, 1), 15), rows < 500 ? 500 : 200)
  }

  /// Passes without a better validation loss after which training usually ends: a quarter of all,
  /// since few rows make few steps per pass.
  func patience(forRows rows: Int) -> Int { max(10, epochs(forRows: rows) / 4) }

  /// A perceptron with these options.
  func perceptron(
    _ objective: any Objective, learningRate: Double, adjusts: Bool, rows: Int,
    earlyStopping: EarlyStopping?, seed: UInt64, threads: Int?
  ) -> Perceptron {
    Perceptron(
      hidden: hidden.units, activation: activation, objective: objective,
      optimizer: .adam(learningRate: learningRate), epochs: epochs(forRows: rows),
      batchSize: batch, weightDecay: weightDecay, earlyStopping: earlyStopping,
      adjustsScores: adjusts, seed: seed, threads: threads)
  }

  /// The options by name, for records.
  func named(learningRate: Double, rows: Int, earlyStopping: EarlyStopping?) -> [NamedValue] {
    [
      NamedValue("hidden", "\(hidden)"), NamedValue("activation", activation.rawValue),
      NamedValue("epochs", "\(epochs(forRows: rows))"),
      NamedValue("batch", batch.map { "\($0)" } ?? "by the number of rows"),
      NamedValue("optimizer", "Adam"), NamedValue("learning rate", "\(learningRate)"),
      NamedValue("weight decay", "\(weightDecay)"),
      NamedValue("early stopping", earlyStopping.map { "\($0.rounds) epochs" } ?? "no"),
    ]
  }
}

/// Units of hidden layers, as the command line writes them: `256,128`, or `none`.
struct HiddenLayers: ExpressibleByArgument, CustomStringConvertible {
  var units: [Int]

  init(units: [Int]) { self.units = units }

  init?(argument: String) {
    guard argument != "none" else {
      units = []
      return
    }
    units = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = Int(part), number > 0, number <= 1 << 20 else { return nil }
      units.append(number)
    }
  }

  var description: String {
    units.isEmpty ? "none" : units.map(String.init).joined(separator: ",")
  }

  var defaultValueDescription: String { description }
}

extension Activation: ExpressibleByArgument {}
