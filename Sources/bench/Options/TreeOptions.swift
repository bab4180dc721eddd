import ArgumentParser
import BoostedTrees
import Harness
import Learning
import Losses

/// Options of boosted trees.
struct TreeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The most rounds; each adds a tree per score. (default: 300 if validation rows decide when "
        + "to stop, else 100)", valueName: "n"))
  var rounds: Int?

  @Option(help: ArgumentHelp("The most leaves of a tree.", valueName: "n"))
  var leaves = 31

  @Option(
    help: ArgumentHelp(
      "The most splits from root to leaf. (default: no limit)", valueName: "n"))
  var depth: Int?

  @Option(help: ArgumentHelp("What each tree is multiplied by.", valueName: "rate"))
  var learningRate = 0.1

  @Option(help: ArgumentHelp("Bins per feature, 2 to 256.", valueName: "n"))
  var bins = 256

  @Option(
    name: .customLong("l2"),
    help: ArgumentHelp("Added to the curvature of a leaf, in average rows.", valueName: "x"))
  var l2 = 0.0

  @Option(help: ArgumentHelp("The least curvature of a leaf, in average rows.", valueName: "x"))
  var minChildWeight = 1e-4

  @Option(help: ArgumentHelp("The least rows of a leaf.", valueName: "n"))
  var minChildRows = 20

  @Option(
    help: ArgumentHelp(
      "Which leaf is split next: bestFirst or levelWise.", valueName: "order"))
  var growth = Growth.bestFirst

  @Option(
    help: ArgumentHelp(
      "How Hessians are made usable: exact, absolute, absolute-gradient, floor(x), constant(x), "
        + "fisher, upper-bound, or what the objective offers. (default: as the objective says)",
      valueName: "policy"))
  var curvature: CurvaturePolicy?

  func validate() throws {
    // A wrong option is found before a large file is read.
    if let rounds {
      try require(rounds >= 0, "--rounds is \(rounds); it must be 0 or more")
    }
    try require(
      (2...65_536).contains(leaves), "--leaves is \(leaves); it must lie between 2 and 65536")
    if let depth {
      try require((1...1000).contains(depth), "--depth is \(depth); it must lie between 1 and 1000")
    }
    try require(
      learningRate > 0 && learningRate.isFinite,
      "--learning-rate is \(learningRate); it must be positive, usually between 0.01 and 0.3")
    try require((2...256).contains(bins), "--bins is \(bins); it must lie between 2 and 256")
    try require(l2 >= 0 && l2.isFinite, "--l2 is \(l2); it must be 0 or positive")
    try require(
      minChildWeight >= 0 && minChildWeight.isFinite,
      "--min-child-weight is \(minChildWeight); it must be 0 or positive")
    try require(minChildRows > 0, "--min-child-rows is \(minChildRows); it must be at least 1")
  }

  private func require(_ holds: Bool, _ sentence: String) throws {
    if !holds { throw ValidationError(sentence) }
  }

  /// The most rounds.
  func rounds(stopsEarly: Bool) -> Int { rounds ?? (stopsEarly ? 300 : 100) }

  /// A booster with these options.
  func booster(
    _ objective: any Objective, adjusts: Bool, earlyStopping: EarlyStopping?, seed: UInt64,
    threads: Int?
  ) -> Booster {
    Booster(
      objective: objective, rounds: rounds(stopsEarly: earlyStopping != nil),
      learningRate: learningRate, leaves: leaves,
      maxDepth: depth, growth: growth, maxBins: bins, l2: l2, minChildWeight: minChildWeight,
      minChildRows: minChildRows, curvature: curvature, earlyStopping: earlyStopping,
      adjustsScores: adjusts,
      seed: seed, threads: threads)
  }

  /// The options by name, for records.
  func named(earlyStopping: EarlyStopping?) -> [NamedValue] {
    [
      NamedValue("rounds", "\(rounds(stopsEarly: earlyStopping != nil))"),
      NamedValue("leaves", "\(leaves)"),
      NamedValue("depth", depth.map { "\($0)" } ?? "no limit"),
      NamedValue("learning rate", "\(learningRate)"), NamedValue("bins", "\(bins)"),
      NamedValue("l2", "\(l2)"), NamedValue("min child weight", "\(minChildWeight)"),
      NamedValue("min child rows", "\(minChildRows)"), NamedValue("growth", growth.rawValue),
      NamedValue("curvature", curvature.map { "\($0)" } ?? "as the objective says"),
      NamedValue("early stopping", earlyStopping.map { "\($0.rounds) rounds" } ?? "no"),
    ]
  }
}

extension Growth: ExpressibleByArgument {}

extension CurvaturePolicy: ExpressibleByArgument {
  public init?(argument: String) {
    guard let policy = try? CurvaturePolicy(argument) else { return nil }
    self = policy
  }
}
