/// What a model file keeps of the objective it was trained with: enough to predict without it, and
/// to notice when a different one of the same name is handed in.
public struct ObjectiveDescription: Sendable, Hashable, Codable {
  /// The objective's name.
  public let name: String
  /// Its parameters.
  public let parameters: [String: Double]
  /// Scores per row.
  public let scoresPerRow: Int
  /// How a score becomes a prediction.
  public let link: Link
  /// The row data it reads.
  public let rowDataNames: [String]
  /// The adjustment the model was fitted through; nil if model outputs are scores.
  public let adjustment: ScoreAdjustment?
  /// The name of its default metric.
  public let defaultMetric: String
  /// A digest of its derivatives on a fixed grid of scores, targets and row data.
  public let fingerprint: String

  /// Describes `objective`; an ``AdjustedObjective`` is described with its adjustment.
  public init(_ objective: some Objective) {
    name = objective.name
    parameters = objective.parameters
    scoresPerRow = objective.scoresPerRow
    link = objective.link
    rowDataNames = objective.rowDataNames
    adjustment = (objective as? AdjustedObjective)?.adjustment
    defaultMetric = objective.asGiven.defaultMetric.name
    fingerprint = Self.fingerprint(of: objective)
  }

  /// The digest: FNV-1a (64 bits) over the bit patterns of gradients and Hessians at 64 rows of
  /// moderate scores, targets that suit classes, probabilities and counts, and positive row data.
  private static func fingerprint(of objective: some Objective) -> String {
    let count = 64
    let width = objective.scoresPerRow
    let columns = objective.rowDataNames.count
    let scores = (0..<count * width).map { Double(($0 * 37) % 41 - 20) / 8 }
    let targets = (0..<count).map { Double($0 % 2) }
    // An objective that compares rows of a group may count on there being groups.
    let groups = objective.reach == .group ? (0..<count).map { $0 / 8 } : []
    let rowData = (0..<count * columns).map { Double(1 + ($0 * 13) % 17) / 4 }
    var gradients = [Double](repeating: 0, count: count * width)
    var hessians = gradients
    var g = gradients.mutableSpan
    var h = hessians.mutableSpan
    objective.derivatives(
      at: scores.span,
      Rows(
        targets: targets.span, rowData: rowData.span, rowDataCount: columns, groups: groups.span),
      gradients: &g, hessians: &h)
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    for value in gradients + hessians {
      var bits = value.bitPattern
      for _ in 0..<8 {
        digest = (digest ^ (bits & 0xff)) &* 0x0000_0100_0000_01b3
        bits >>= 8
      }
    }
    let hex = String(digest, radix: 16)
    return String(repeating: "0", count: 16 - hex.count) + hex
  }
}
