import ArgumentParser
import Tabular

/// How training and test rows are told apart where a file does not say.
struct SplitOptions: ParsableArguments {
  /// The ways to divide rows.
  enum Rule: String, ExpressibleByArgument, CaseIterable {
    case random, stratified, group, time
  }

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Share of the rows to test on. (default: 0.2, where the file has no split)",
      valueName: "share"), transform: NumericOption.share)
  var testFraction: Double?

  @Option(
    help: ArgumentHelp(
      "How to choose them: random, stratified, group or time. "
        + "(default: the file's split; else stratified for classes, random for numbers)",
      valueName: "rule"))
  var splitBy: Rule?

  /// The split for `table`: the options, where given, win over the file's own.
  func split(of table: Table, seed: UInt64) -> Split {
    let fraction = testFraction ?? 0.2
    switch splitBy {
    case .random: return .random(testFraction: fraction, seed: seed)
    case .stratified: return .stratified(testFraction: fraction, seed: seed)
    case .group: return .group(testFraction: fraction, seed: seed)
    case .time: return .time(testFraction: fraction)
    case nil:
      if table.parts != nil, testFraction == nil { return .column }
      return table.classNames == nil
        ? .random(testFraction: fraction, seed: seed)
        : .stratified(testFraction: fraction, seed: seed)
    }
  }
}
