import Foundation
public import Harness
import Tabular

/// A result record as a Markdown page with figures.
///
/// Every number comes from the record: the same record gives the same bytes.
///
/// ```swift
/// let record = try result.write(to: "Reports", name: "fleet")   // fleet.json, fleet-predictions.h5
/// try Report(record).write(to: "Reports", name: "fleet")        // fleet.md, figures/fleet-*.svg
/// ```
public struct Report: Sendable {
  /// What is told.
  public let record: ResultRecord

  /// A report of `record`.
  public init(_ record: ResultRecord) { self.record = record }

  /// The verdict as the page begins with it: one sentence in bold and at most five points, in
  /// Markdown.
  public var verdict: String {
    let record = DataText.marked(texts: record)
    return Markdown.finished(Verdict(record, Words(record), shown: Markdown.escaped).markdown)
  }

  /// The verdict's sentence alone, without its full stop and as plain text.
  public var headline: String { Verdict(record, Words(record)) { $0 }.headline }

  /// The same for a terminal, over several lines; each text from the data stands on one.
  public var plainVerdict: String {
    let record = DataText.visible(texts: record)
    return Verdict(record, Words(record)) { $0 }.plain
  }

  /// The page and its figures by path within the folder of reports, the page last.
  public func files(name: String) -> [(path: String, text: String)] {
    // From here on text from data cannot be mixed up with the page's own.
    let record = DataText.marked(texts: record)
    let figures = Figure.all(of: record)
    let page = Page(record, figures: figures, name: DataText.marked(name))
    return figures.map { ($0.path(name: name), $0.svg) } + [
      ("\(name).md", Markdown.finished(page.text))
    ]
  }

  /// The files that a report of this name may have, by path within the folder of reports.
  public static func paths(name: String) -> [String] {
    Figure.Kind.allCases.map { Figure.path($0, name: name) } + ["\(name).md"]
  }

  /// Writes `NAME.md` and `figures/NAME-*.svg` into `folder`, which must exist. Each file is
  /// replaced whole or not at all, the page last; figures of an earlier report of the same name
  /// that this one does not have are removed.
  ///
  /// - Returns: the paths written.
  /// - Throws: what `Tabular.replaceFile` and making the folder `figures` throw.
  @discardableResult
  public func write(to folder: String, name: String) throws -> [String] {
    let files = files(name: name)
    if files.count > 1 {
      do {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/figures", withIntermediateDirectories: true)
      } catch {
        throw FileReplacementError(
          path: "\(folder)/figures", reason: "the folder cannot be made")
      }
    }
    for file in files {
      try replaceFile(at: "\(folder)/\(file.path)", with: Data(file.text.utf8))
    }
    for kind in Figure.Kind.allCases {
      let path = Figure.path(kind, name: name)
      if !files.contains(where: { $0.path == path }) {
        try? FileManager.default.removeItem(atPath: "\(folder)/\(path)")
      }
    }
    return files.map { "\(folder)/\($0.path)" }
  }
}
