public import Tabular

/// Classes that no training row has, so that no model can learn them.
public struct AbsentClasses: Sendable, Hashable {
  /// A class without training rows, and how many other rows have it.
  public struct Absent: Sendable, Hashable {
    /// The class.
    public let name: String
    /// The rows of it that are not for training.
    public let rows: Int
  }

  /// Absent classes that other rows have, in their order.
  public let absent: [Absent]
  /// The classes of the training rows.
  public let present: [String]

  /// Counts the classes of the training rows and of all `others`; none if targets are numbers.
  /// O(rows).
  public init(_ train: Table, others: [Table]) {
    guard let names = train.classNames else {
      (absent, present) = ([], [])
      return
    }
    func counts(_ tables: [Table]) -> [Int] {
      var counts = [Int](repeating: 0, count: names.count)
      for value in tables.flatMap({ $0.target ?? [] }) {
        if let k = Int(exactly: value), counts.indices.contains(k) { counts[k] += 1 }
      }
      return counts
    }
    let (learned, other) = (counts([train]), counts(others))
    present = names.indices.filter { learned[$0] > 0 }.map { names[$0] }
    absent = names.indices.filter { learned[$0] == 0 && other[$0] > 0 }
      .map { Absent(name: names[$0], rows: other[$0]) }
  }

  /// The absent classes for a record; empty if there are none.
  var facts: [NamedValue] {
    absent.isEmpty
      ? []
      : [
        NamedValue(
          "Classes without a training row",
          absent.prefix(24).map { "\($0.name) (\($0.rows) other rows)" }.joined(separator: ", "))
      ]
  }
}
