import Harness

/// One figure of a report: a drawing, and what to say where it cannot be seen.
struct Figure {
  /// What the file is called after the report's name: `error-by-size`.
  let kind: Kind
  /// The drawing, as the text of an SVG file.
  let svg: String
  /// The result in words, for readers without pictures.
  let text: String

  /// All kinds of figures, in the order in which a page shows them.
  enum Kind: String, CaseIterable {
    case errorBySize = "error-by-size"
    case predictions = "predicted-against-actual"
    case confusion = "confusion"
    case curves = "learning-curves"
  }

  /// The file beside the page: `figures/NAME-error-by-size.svg`.
  func path(name: String) -> String { Self.path(kind, name: name) }

  static func path(_ kind: Kind, name: String) -> String {
    "figures/\(name)-\(kind.rawValue).svg"
  }

  /// The figures that a record has data for.
  static func all(of record: ResultRecord) -> [Figure] {
    let words = Words(record)
    return [
      errorBySize(record, words), predictions(record, words), confusion(record, words),
      learningCurves(record, words),
    ].compactMap { $0 }
  }
}
