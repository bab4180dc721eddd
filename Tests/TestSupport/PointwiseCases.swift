public import Losses

/// A shipped objective of one score per row, beside closures over its own functions.
public struct PointwiseCase: Sendable, CustomStringConvertible {
  /// The objective.
  public let shipped: any Objective
  /// Closures with everything that it declares.
  public let declared: CustomObjective
  /// Closures alone: loss and derivatives.
  public let undeclared: CustomObjective
  /// A case that draws rows for both.
  public let rows: ObjectiveCase

  public var description: String { rows.description }

  /// Every shipped objective that is a pointwise one.
  public static let all: [PointwiseCase] = ObjectiveCase.all.compactMap { rows in
    (rows.objective as? any PointwiseObjective).map { PointwiseCase($0, rows) }
  }

  private init(_ shipped: some PointwiseObjective, _ rows: ObjectiveCase) {
    self.shipped = shipped
    self.rows = rows
    declared = CustomObjective(
      shipped.name, rowData: shipped.rowDataNames, link: shipped.link,
      parameters: shipped.parameters, scoreAdjustment: shipped.scoreAdjustment,
      metric: shipped.defaultMetric, curvature: shipped.curvature, leafSolver: shipped.leafSolver,
      startingScores: { shipped.startingScores($0, weights: $1) },
      validate: { rows throws(ObjectiveError) in try shipped.validate(rows) },
      loss: { shipped.loss($0) }, derivatives: { shipped.derivatives($0) })
    undeclared = CustomObjective(
      shipped.name, rowData: shipped.rowDataNames, link: shipped.link, loss: { shipped.loss($0) },
      derivatives: { shipped.derivatives($0) })
  }
}
