public import Tabular

/// How rows are set aside from the training rows to choose the number of rounds on.
///
/// They are chosen the way test rows usually are (``SplitMethod/usual(for:wholeGroups:)``): the latest
/// rows where rows have times, else whole groups, else by chance, within each class if there are
/// classes. They are the same for every learner, objective and seed.
public struct HoldOut: Sendable, Hashable, Codable {
  /// The rule; nil for the usual one of the table.
  public var rule: SplitMethod?
  /// The share of the rows to set aside.
  public var fraction: Double
  /// With fewer training rows none are set aside: so few held-out rows would choose by chance.
  public var leastRows: Int

  /// A way to hold out rows from its parts.
  public init(rule: SplitMethod? = nil, fraction: Double = 0.15, leastRows: Int = 200) {
    precondition(fraction > 0 && fraction < 1, "a share of the rows is held out, not all or none")
    self.rule = rule
    self.fraction = fraction
    self.leastRows = leastRows
  }

  /// The training rows in two parts.
  struct Rows {
    var rule: SplitMethod
    var train: [Int]
    var heldOut: [Int]
  }

  /// Divides the rows of `table`; nil, with the reason, where that makes no sense.
  ///
  /// A rule that would hold out more than half of the rows, or all rows of a class, gives way to the
  /// next: time, groups, classes, chance.
  ///
  /// - Parameter wholeGroups: whether groups must not be torn.
  func divide(_ table: Table, wholeGroups: Bool) -> Result<Rows, NoRows> {
    guard table.rowCount >= leastRows else {
      return .failure(NoRows(reason: "there are fewer than \(leastRows) training rows"))
    }
    let first = rule ?? .usual(for: table, wholeGroups: wholeGroups)
    let chance: SplitMethod = table.classNames == nil ? .random : .stratified
    for rule in [first, .group, chance] where !wholeGroups || rule == .time || rule == .group {
      let split = rule.split(testFraction: fraction, seed: 0x5641_4c49_4441_5445)
      guard let rows = try? table.splitRows(by: split, wholeGroups: wholeGroups),
        rows.test.count * 2 <= table.rowCount, keepsClasses(rows, of: table)
      else { continue }
      return .success(Rows(rule: rule, train: rows.train, heldOut: rows.test))
    }
    return .failure(NoRows(reason: "no part of the training rows can stand for the others"))
  }

  /// Why no rows are held out.
  struct NoRows: Error {
    var reason: String
  }

  /// Whether every class that is held out is also trained on.
  private func keepsClasses(_ rows: SplitRows, of table: Table) -> Bool {
    guard table.classNames != nil, let target = table.target else { return true }
    let trained = Set(rows.train.map { target[$0] })
    return rows.test.allSatisfy { trained.contains(target[$0]) }
  }
}
