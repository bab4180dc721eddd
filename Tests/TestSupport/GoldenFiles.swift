import OrderedCollections
public import Testing
public import Tabular

/// What a release wrote, in `Tests/Fixtures/golden`: `Scripts/make_golden_files.py` made the files and
/// says how. They are never made again, so that what was written once can always be read.
public struct GoldenModel: Sendable, CustomTestStringConvertible {
  /// The name of the files, without ending.
  public let name: String
  /// `scores[row]`, computed from the model file without any code of this package, one number after
  /// the other in double precision.
  public let scores: [[Double]]
  /// `predictions[row]`, as the release gave them.
  public let predictions: [[Double]]

  public var testDescription: String { name }

  /// The model file.
  public var path: String { fixturePath("golden/\(name).model") }

  /// The models whose names begin with `kind`: `forest` or `network`.
  public static func all(_ kind: String) -> [GoldenModel] {
    names[kind, default: []].map { GoldenModel("\(kind)-\($0)") }
  }

  private static let names = [
    "forest": [
      "squared", "sne-adjusted", "poisson-exposure", "formula", "logistic", "softmax", "ordinal",
      "quantiles", "noncrossing", "gaussian", "cover",
    ],
    "network": ["squared", "sne-adjusted", "logistic", "softmax", "gaussian", "linear"],
  ]

  private init(_ name: String) {
    self.name = name
    let lines = fixtureText("golden/\(name).txt").split(separator: "\n")
    let halves = lines.map { $0.split(separator: "|").map { numbers($0) } }
    scores = halves.map { $0[0] }
    predictions = halves.map { $0[1] }
  }

  /// The rows that the scores are of: features, some missing, and row data.
  public static func rows() throws -> Table {
    let lines = fixtureText("golden/rows.txt").split(separator: "\n").dropFirst()
    let names = lines.first!.split(separator: " | ").map(String.init)
    let rows = lines.dropFirst().map { numbers($0) }
    return try Table(
      features: rows.flatMap { $0.prefix(names.count).map { Float($0) } }, featureNames: names,
      rowData: [
        "size": rows.map { $0[names.count] }, "exposure": rows.map { $0[names.count + 1] },
      ], source: "golden rows", rowCount: rows.count)
  }
}

private func numbers(_ text: Substring) -> [Double] {
  text.split(separator: " ").map { Double($0)! }
}
