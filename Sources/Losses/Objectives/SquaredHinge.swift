/// Squared hinge loss, `max(0, 1 - z score)^2` with `z` = 1 for class 1 and -1 for class 0: a
/// margin of 1 is enough, and costs nothing beyond.
///
/// Targets 0 and 1. Gradient `-2 z max(0, 1 - z score)`, exact Hessian 2 within the margin and 0
/// beyond. The logit link puts the boundary of the classes at a prediction of 1/2; predictions
/// are squashed margins, no calibrated probabilities.
///
/// Lee & Mangasarian, "SSVM: A Smooth Support Vector Machine", Computational Optimization and
/// Applications 20 (2001).
public struct SquaredHinge: PointwiseObjective {
  /// Squared hinge loss.
  public init() {}

  public var name: String { "squared-hinge" }
  public var link: Link { .logit }
  public var defaultMetric: Metric { .accuracy }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireClasses(rows, 2)
  }

  public func loss(_ row: borrowing Row) -> Double {
    let z: Double = row.target > 0.5 ? 1 : -1
    let short = max(0, 1 - z * row.score)
    return short * short
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let z: Double = row.target > 0.5 ? 1 : -1
    let short = max(0, 1 - z * row.score)
    return Derivatives(gradient: -2 * z * short, hessian: short > 0 ? 2 : 0)
  }

  public var curvature: Curvature {
    Curvature(
      reason: "The loss is convex; rows beyond the margin rightly have neither pull nor curvature.",
      offers: [
        .perRow(
          "upper-bound", formula: "2",
          purpose: "Rows beyond the margin count as well, so that a step does not carry them back."
        ) { _, _ in 2 }
      ])
  }
}

extension Catalogue.Entry {
  static let squaredHinge = Self(
    name: "squared-hinge", expression: "max(0, 1 - (2 * y - 1) * score)^2; link=logit",
    purpose: "two classes, where only the label counts and no probability is needed",
    targets: .twoClasses
  ) { _ throws(CatalogueError) in SquaredHinge() }
}
