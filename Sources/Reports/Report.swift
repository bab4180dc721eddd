public import Harness

/// A result record as a Markdown page with figures.
///
/// Every number comes from the record: the same record gives the same bytes.
public struct Report: Sendable {
  /// What is told.
  public let record: ResultRecord

  /// A report of `record`.
  public init(_ record: ResultRecord) { self.record = record }
}
