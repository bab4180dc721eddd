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

extension Report {
  /// Writes `NAME.md` and `figures/NAME-*.svg` into `folder`, which must exist. Each file is
  /// replaced whole or not at all; the page is written last.
  ///
  /// - Throws: what `Tabular.replaceFile` throws.
  public func write(to folder: String, name: String) throws {
  }
}
