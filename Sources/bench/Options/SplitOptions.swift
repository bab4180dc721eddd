public import ArgumentParser
public import Tabular

/// How training and test rows are told apart.
struct SplitOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Share of the rows to test on. (default: 0.2, where the file has no split)",
      valueName: "share"), transform: NumericOption.share)
  var testFraction: Double?

  @Option(
    help: ArgumentHelp(
      "How to choose them: random, stratified, group or time. Rows held out to choose the number of "
        + "rounds follow. (default: the file's split; else the latest by time where there are "
        + "times, else whole groups where there are groups, else stratified for classes and random "
        + "for numbers; ranking keeps its groups whole in any case)", valueName: "rule"))
  var splitBy: SplitMethod?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What a split by chance depends on. (default: 1)", valueName: "n"),
    transform: NumericOption.seed)
  var splitSeed: UInt64 = 1

  /// The split for `table`: the options, where given, win over the file's own.
  func split(of table: Table, wholeGroups: Bool) -> Split {
    if splitBy == nil, testFraction == nil, table.parts != nil { return .column }
    let rule = splitBy ?? .usual(for: table, wholeGroups: wholeGroups)
    return rule.split(testFraction: testFraction ?? 0.2, seed: splitSeed)
  }
}

extension SplitMethod: ExpressibleByArgument {}
