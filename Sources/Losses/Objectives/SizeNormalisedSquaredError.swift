/// Size-normalised squared error (SNE), `((score - y) / size)^2`, or half of it.
///
/// For rows of very different magnitude, such as photovoltaic systems from 2 kWp to 5 MWp: each
/// row counts by its error relative to its own `size`, a positive row data column.
///
/// Gradient `2 (score - y) / size^2`, Hessian `2 / size^2`: both carry the size. (Of the half-scaled
/// form, half of each.) Any finite target; identity link. It suggests the adjustment `score = size * f`, with which a learner fits
/// the target per unit of size.
public struct SizeNormalisedSquaredError: PointwiseObjective {
  /// Whether the loss is `((score - y) / size)^2 / 2`.
  public let isHalved: Bool
  private let bend: Double

  /// Size-normalised squared error, or half of it, the size being the row data column `size`.
  public init(half: Bool = false) {
    isHalved = half
    bend = half ? 1 : 2
  }

  public var name: String { "sne" }
  public var parameters: [String: Double] { isHalved ? ["half": 1] : [:] }
  public var rowDataNames: [String] { ["size"] }
  public var scoreAdjustment: ScoreAdjustment? { .multiplied(by: "size") }
  public var curvature: Curvature { .convex }
  public var defaultMetric: Metric { .rmsne }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireFinite(rows)
    for row in rows.rowData.indices where rows.rowData[row] <= 0 {
      throw ObjectiveError(
        .invalidRowData("size"), objective: name, row: row, value: rows.rowData[row],
        "the size must be greater than 0; correct it or drop the row")
    }
  }

  public func loss(_ row: borrowing Row) -> Double {
    let ratio = (row.score - row.target) / row.data[0]
    return ratio * ratio * (bend / 2)
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let size = row.data[0]
    return Derivatives(
      gradient: bend * (row.score - row.target) / (size * size), hessian: bend / (size * size))
  }
}

extension Catalogue.Entry {
  static let sne = Self(
    name: "sne", expression: "((score - y) / size)^2", rowDataNames: ["size"],
    purpose: "regression over rows of very different size, each judged by its relative error; "
      + "with the option 'half', half of it",
    options: ["half"]
  ) { arguments throws(CatalogueError) in
    SizeNormalisedSquaredError(half: arguments.has("half"))
  }
}
