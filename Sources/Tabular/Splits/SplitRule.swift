/// The ways to choose some rows of a table to judge on.
public enum SplitRule: String, Sendable, Hashable, Codable, CaseIterable {
  /// By chance.
  case random
  /// By chance within each class of the target, so that all parts have the same shares.
  case stratified
  /// Whole groups by chance.
  case group
  /// The latest rows.
  case time

  /// The rule where nobody says otherwise.
  ///
  /// What a table tells of its rows is respected: ``time`` if it has at least two different
  /// ``Table/times``, so that nothing is learned from the future; else ``group`` if there are at
  /// least two ``Table/groups``, so that no group is judged on that was learned from; else
  /// ``stratified`` for classes and ``random`` for numbers.
  ///
  /// - Parameter wholeGroups: whether an objective compares the rows of a group (ranking).
  public static func usual(for table: Table, wholeGroups: Bool = false) -> SplitRule {
    if let times = table.times, holdsTwo(times.lazy.filter(\.isFinite)) { return .time }
    if let groups = table.groups, holdsTwo(groups) { return .group }
    if wholeGroups { return .group }
    return table.classNames == nil ? .random : .stratified
  }

  /// This rule, or one that keeps groups whole where `wholeGroups` asks for it.
  package func keepingGroups(_ wholeGroups: Bool) -> SplitRule {
    wholeGroups && self != .time ? .group : self
  }

  /// The split by this rule.
  public func split(testFraction: Double, seed: UInt64) -> Split {
    switch self {
    case .random: .random(testFraction: testFraction, seed: seed)
    case .stratified: .stratified(testFraction: testFraction, seed: seed)
    case .group: .group(testFraction: testFraction, seed: seed)
    case .time: .time(testFraction: testFraction)
    }
  }

  private static func holdsTwo<Values: Sequence>(_ values: Values) -> Bool
  where Values.Element: Equatable {
    var first: Values.Element?
    for value in values {
      guard let known = first else {
        first = value
        continue
      }
      if value != known { return true }
    }
    return false
  }
}
