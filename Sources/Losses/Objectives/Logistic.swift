/// Binary cross-entropy on the logit, `log(1 + exp(score)) - y score`.
///
/// Targets are probabilities in `[0, 1]`, usually the labels 0 and 1; logit link. With
/// `p = sigmoid(score)`: gradient `p - y`, Hessian `p (1 - p)`. Finite for every finite score.
public struct Logistic: PointwiseObjective {
  /// Binary cross-entropy.
  public init() {}

  public var name: String { "logistic" }
  public var link: Link { .logit }
  public var defaultMetric: Metric { .logLoss }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireFinite(rows)
    for row in rows.targets.indices where !(0...1).contains(rows.targets[row]) {
      throw ObjectiveError(
        .invalidTarget, objective: name, row: row, value: rows.targets[row],
        "the target must lie between 0 and 1; use 'softmax' for more than two classes")
    }
  }

  public func loss(_ row: borrowing Row) -> Double {
    // softplus(score) - y score loses digits for large scores; this form does not.
    let score = row.score
    return row.target * StableMath.softplus(-score)
      + (1 - row.target) * StableMath.softplus(score)
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let p = StableMath.sigmoid(row.score)
    return Derivatives(gradient: p - row.target, hessian: p * (1 - p))
  }

  public var curvature: Curvature {
    Curvature(
      reason: "The loss is convex, so its exact Hessian is never negative.",
      offers: [
        .exactIsFisher(formula: "p (1 - p)"),
        .perRow(
          "upper-bound", formula: "(p - 1/2) / score",
          purpose: "Its parabola lies above the loss everywhere, so a full step never overshoots "
            + "(Jaakkola & Jordan, Statistics and Computing 10, 2000)."
        ) { row, _ in
          row.score == 0 ? 0.25 : (StableMath.sigmoid(row.score) - 0.5) / row.score
        },
      ])
  }
}

extension Catalogue.Entry {
  static let logistic = Self(
    name: "logistic", expression: "softplus(score) - y * score; link=logit",
    purpose: "two classes, targets 0 and 1", targets: .twoClasses
  ) { _ throws(CatalogueError) in Logistic() }
}
