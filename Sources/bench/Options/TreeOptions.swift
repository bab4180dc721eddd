public import ArgumentParser
import BoostedTrees
import Harness
import Learning
import Losses

/// Options of boosted trees.
struct TreeOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "So many rounds exactly, each of which adds a tree per score; with --early-stopping the most. "
        + "(default: chosen among \(Booster.mostRounds) on held-out training rows, then refitted on "
        + "all; \(Booster.usualRounds) where there are too few rows)", valueName: "n"),
    transform: NumericOption.whole(0...1_000_000))
  var rounds: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most leaves of a tree. (default: 31)", valueName: "n"),
    transform: NumericOption.whole(2...65_536))
  var leaves = 31

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The most splits from root to leaf. (default: no limit)", valueName: "n"),
    transform: NumericOption.whole(1...1000))
  var depth: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What each tree is multiplied by. (default: 0.1)", valueName: "rate"),
    transform: NumericOption.positive(", usually between 0.01 and 0.3"))
  var learningRate = 0.1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Bins per feature, 2 to 256. (default: 256)", valueName: "n"),
    transform: NumericOption.whole(2...256))
  var bins = 256

  @Option(
    name: .customLong("l2"), parsing: .unconditional,
    help: ArgumentHelp(
      "Added to the curvature of a leaf, in average rows. (default: 0)", valueName: "x"),
    transform: NumericOption.nonNegative)
  var l2 = 0.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The least curvature of a leaf, in average rows: multiples of the mean Hessian at the start. "
        + "(default: 0.0001 of what the leaf's own rows had on average at the start, so that rows of "
        + "little curvature are not starved)", valueName: "x"),
    transform: NumericOption.nonNegative)
  var minChildWeight: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The least rows of a leaf. (default: 20, or a tenth of fewer than 200 training rows)",
      valueName: "n"),
    transform: NumericOption.whole(1...1_000_000_000))
  var minChildRows: Int?

  @Option(
    help: ArgumentHelp(
      "Which leaf is split next: bestFirst or levelWise.", valueName: "order"))
  var growth = Growth.bestFirst

  @Option(
    help: ArgumentHelp(
      "How Hessians are made usable: exact, absolute, absolute-gradient, floor(x), constant(x), "
        + "fisher, upper-bound, or what the objective offers. (default: as the objective says)",
      valueName: "policy"), transform: { try CurvaturePolicy($0) })
  var curvature: CurvaturePolicy?

  /// A booster with these options.
  ///
  /// - Parameters:
  ///   - patience: early stopping as named: nil for what is usual, 0 for never.
  ///   - holdOut: how rows are held out to choose the number of rounds on.
  func booster(
    _ objective: any Objective, adjusts: Bool, patience: Int?, holdOut: HoldOut, seed: UInt64,
    threads: Int?
  ) -> Booster {
    Booster(
      objective: objective, rounds: number(patience),
      learningRate: learningRate, leaves: leaves,
      maxDepth: depth, growth: growth, maxBins: bins, l2: l2, minChildWeight: minChildWeight,
      minChildRows: minChildRows, curvature: curvature, earlyStopping: EarlyStopping(patience),
      holdOut: holdOut, adjustsScores: adjusts, seed: seed, threads: threads)
  }

  /// The number of rounds that is named, as by `--early-stopping 0`; nil to choose it.
  private func number(_ patience: Int?) -> Int? {
    rounds ?? (patience == 0 ? Booster.usualRounds : nil)
  }

  /// The most rounds a booster may run.
  func plannedRounds(patience: Int?) -> Int { number(patience) ?? Booster.mostRounds }

  /// The options by name, for records.
  func named(patience: Int?) -> [NamedValue] {
    let number = number(patience)
    let stopping = EarlyStopping(patience)?.rounds ?? (number == nil ? Booster.usualPatience : nil)
    return [
      NamedValue("rounds", number.map { "\($0)" } ?? "chosen, at most \(Booster.mostRounds)"),
      NamedValue("leaves", "\(leaves)"),
      NamedValue("depth", depth.map { "\($0)" } ?? "no limit"),
      NamedValue("learning rate", "\(learningRate)"), NamedValue("bins", "\(bins)"),
      NamedValue("l2", "\(l2)"),
      NamedValue("min child weight", minChildWeight.map { "\($0)" } ?? "0.0001 of its own rows"),
      NamedValue(
        "min child rows", minChildRows.map { "\($0)" } ?? "20, or a tenth of fewer than 200 rows"),
      NamedValue("growth", growth.rawValue),
      NamedValue("curvature", curvature.map { "\($0)" } ?? "as the objective says"),
      NamedValue("early stopping", stopping.map { "\($0) rounds" } ?? "no"),
    ]
  }
}

extension EarlyStopping {
  /// Early stopping as a command line names it; nil for what is usual, and for 0, never.
  init?(_ patience: Int?) {
    guard let patience, patience > 0 else { return nil }
    self.init(rounds: patience)
  }
}

extension Growth: ExpressibleByArgument {}
