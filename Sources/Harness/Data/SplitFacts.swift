import Foundation
public import Tabular

/// How the test rows stand to the rows learned from, counted on the rows themselves: what a result
/// on them can be a promise of.
public struct SplitFacts: Sendable, Hashable, Codable {
  /// The times of some rows.
  public struct Span: Sendable, Hashable, Codable {
    /// The earliest.
    public var first: Double
    /// The latest.
    public var last: Double

    /// Nil without rows.
    init?(_ times: [Double]) {
      guard let first = times.min(), let last = times.max() else { return nil }
      self.first = first
      self.last = last
    }
  }

  /// The rule by which test rows were chosen; nil where the file or the caller says which they are.
  public var rule: SplitRule?
  /// From the earliest to the latest row learned from, validation rows included; nil without times.
  public var trainSpan: Span?
  /// From the earliest to the latest test row; nil without times.
  public var testSpan: Span?
  /// What times are counted in, if known: `hours since 1 July, 0:00`.
  public var timeUnit: String?
  /// Rows learned from at or after the first test row, validation rows included; 0 if the test rows
  /// are all later; nil without times.
  public var trainRowsFromTestOn: Int?
  /// Groups that have test rows; nil without groups.
  public var testGroups: Int?
  /// Those of them that have training or validation rows as well: all of them, and the result says
  /// nothing of new groups; none, and it does; nil without groups.
  public var testGroupsInTraining: Int?
  /// Rows in no part, because their group goes on from before the first test row to after it.
  public var leftOutRows = 0
  /// Rows that were set aside because their time is missing.
  public var rowsWithoutTime = 0

  /// Counts the facts. O(rows).
  ///
  /// - Parameters:
  ///   - rule: the rule by which test rows were chosen, if one was.
  ///   - learned: the training rows and, if there are some, the validation rows.
  ///   - timeUnit: what times are counted in, if known.
  public init(rule: SplitRule?, learned: [Table], test: Table, timeUnit: String?) {
    self.rule = rule
    self.timeUnit = timeUnit
    let trainTimes = learned.map { $0.times?.filter(\.isFinite) }
    if let testTimes = test.times?.filter(\.isFinite), trainTimes.allSatisfy({ $0 != nil }) {
      let trainTimes = trainTimes.flatMap { $0 ?? [] }
      trainSpan = Span(trainTimes)
      testSpan = Span(testTimes)
      trainRowsFromTestOn = testSpan.map { span in trainTimes.count { $0 >= span.first } }
    }
    if let groups = test.groups, learned.allSatisfy({ $0.groups != nil }) {
      let tested = Set(groups)
      testGroups = tested.count
      testGroupsInTraining = tested.intersection(learned.flatMap { $0.groups ?? [] }).count
    }
  }

  /// The facts in sentences without full stops; none where rows have neither times nor groups.
  ///
  /// - Parameters:
  ///   - groupName: what a group is, in the singular.
  ///   - trainRows: rows learned from.
  public func sentences(groupName: String, trainRows: Int) -> [String] {
    var sentences: [String] = []
    if let span = testSpan, let late = trainRowsFromTestOn,
      span != trainSpan || span.first < span.last
    {
      let times = text(span)
      sentences.append(
        late == 0
          ? "every row learned from is earlier than the first test row (\(times))"
          : "\(late) of \(trainRows) rows learned from are not earlier than the first test row "
            + "(\(times)): the result is no promise for the future")
    }
    if let all = testGroups, let known = testGroupsInTraining {
      switch known {
      case 0: sentences.append("no test \(groupName) is learned from")
      case all:
        sentences.append(
          all == 1
            ? "the test \(groupName) is learned from as well: the result is no promise for a new one"
            : "all \(all) test \(groupName)s are learned from as well: the result is no promise for "
              + "new ones")
      default:
        sentences.append("\(known) of \(all) test \(groupName)s are learned from as well")
      }
    }
    if leftOutRows > 0 {
      sentences.append(
        "\(leftOutRows) rows are left out: their \(groupName)s go on from before the first test row "
          + "to after it")
    }
    if rowsWithoutTime > 0 {
      sentences.append("\(rowsWithoutTime) rows without a time are left out")
    }
    return sentences
  }

  /// The unit of times that are counted from the beginning of 1970, as those of texts are.
  public static let unixSeconds = "seconds since 1970-01-01"

  /// `times 480 to 599 hours`, or dates where the unit tells them.
  private func text(_ span: Span) -> String {
    let isDate = timeUnit?.hasPrefix(Self.unixSeconds) == true
    func text(_ time: Double) -> String {
      if isDate { return Date(timeIntervalSince1970: time).formatted(.iso8601) }
      return Int(exactly: time).map(String.init) ?? String(format: "%.6g", time)
    }
    let times =
      span.first == span.last
      ? "time \(text(span.first))" : "times \(text(span.first)) to \(text(span.last))"
    return isDate ? times : times + (timeUnit.map { " \($0)" } ?? "")
  }
}
