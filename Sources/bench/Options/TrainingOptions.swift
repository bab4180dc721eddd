import ArgumentParser
import Learning
import Losses
import Tabular

/// What `train trees` and `train mlp` share.
struct TrainingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What to minimise: a name, as 'bench objectives' lists them, or a formula such as "
        + "'square((score - y) / size)'. (default: squared, logistic or softmax by the target)",
      valueName: "objective"))
  var objective: String?

  @Option(
    help: ArgumentHelp("Where to write the model. (default: nowhere)", valueName: "file"))
  var model: String?

  @Option(
    name: .customLong("metric"),
    help: ArgumentHelp(
      "A metric on the test rows; repeatable. (default: what suits the objective and target)",
      valueName: "name"))
  var metrics: [String] = []

  @Flag(
    inversion: .prefixedNo,
    help: "Fit in the space the objective suggests, as per unit of size for sne.")
  var adjust = true

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stop so many rounds or epochs after the best loss on the validation rows of the split, or on "
        + "held-out training rows; 0: never. (default, unless the number of rounds or epochs is "
        + "named: 30 rounds, or a quarter of the epochs)",
      valueName: "n"), transform: NumericOption.patience)
  var earlyStopping: Int?

  @Flag(name: .customLong("no-check"), help: "Train without looking for mistakes in the objective.")
  var skipsCheck = false

  func validate() throws {
    // Names are looked at before files.
    if let objective { _ = try ObjectiveChoice(objective) }
    for name in metrics { _ = try ObjectiveChoice.metric(named: name) }
  }
}
