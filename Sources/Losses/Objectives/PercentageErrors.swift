/// Absolute percentage error, `|score - y| / |y|`; 0.1 means ten percent.
///
/// Targets other than 0; identity link. Gradient `sign(score - y) / |y|`, 0 at the target. The
/// second derivative is 0 everywhere else; the Hessian written is the surrogate `1 / y^2`, which
/// gives steps in proportion to the target. Boosted trees do better with the ``leafSolver``, the
/// median of the residuals weighted by `1 / |y|`. It rewards predictions that are too small: they
/// cost at most 1, those too large any amount.
///
/// De Myttenaere et al., "Mean Absolute Percentage Error for regression models", Neurocomputing 192
/// (2016).
public struct AbsolutePercentageError: PointwiseObjective {
  /// Absolute percentage error.
  public init() {}

  public var name: String { "mape" }
  public var defaultMetric: Metric { .mape }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireFinite(rows)
    try requireTargets(rows, "not be 0; use 'smape' or 'sne', or drop the row") { $0 != 0 }
  }

  public func loss(_ row: borrowing Row) -> Double {
    (row.score - row.target).magnitude / row.target.magnitude
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let difference = row.score - row.target
    let sign: Double = difference > 0 ? 1 : (difference < 0 ? -1 : 0)
    return Derivatives(
      gradient: sign / row.target.magnitude, hessian: 1 / (row.target * row.target))
  }

  public var leafSolver: LeafSolver? {
    Self.residualQuantile(level: 0.5) { 1 / $0.target.magnitude }
  }

  public var curvature: Curvature {
    Curvature(
      isExact: false,
      reason: "The exact Hessian is 0; the surrogate 1 / y^2 gives steps in units of the target.",
      offers: [
        .residualMajoriser(formula: "1 / (|y| |score - y|)", numerator: 1) {
          1 / $0.target.magnitude
        }
      ])
  }
}

/// Symmetric absolute percentage error, `2 |score - y| / (|score| + |y|)`, between 0 and 2.
///
/// Any finite target; identity link; 0 where score and target are both 0. Where they have the same
/// sign the gradient is `4 |y| sign(|score| - |y|) sign(score) / (|score| + |y|)^2` and the exact
/// Hessian `-2 gradient sign(score) / (|score| + |y|)`, negative above the target. Where their
/// signs differ the loss is 2, with gradient 0: a row that starts on the wrong side of 0 stays
/// there. At the kinks (score 0, or score = y) derivatives are the mean of both sides. The
/// suggested policy is the magnitude of the Hessian, which gives steps in proportion to score and
/// target.
///
/// Makridakis, "Accuracy measures: theoretical and practical concerns", International Journal of
/// Forecasting 9 (1993).
public struct SymmetricPercentageError: PointwiseObjective {
  /// Symmetric absolute percentage error.
  public init() {}

  public var name: String { "smape" }
  public var defaultMetric: Metric { .smape }

  public func loss(_ row: borrowing Row) -> Double {
    let sum = row.score.magnitude + row.target.magnitude
    // In this order nothing overflows but the sum itself.
    return sum == 0 ? 0 : 2 * ((row.score - row.target).magnitude / sum)
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let (score, target) = (row.score, row.target)
    // The mean of both sides at the kinks: of slopes that cancel at the target, and at 0 of the
    // slope towards the target and none.
    guard score != target, target != 0, score == 0 || (score > 0) == (target > 0) else {
      return .init(gradient: 0, hessian: 0)
    }
    let sum = score.magnitude + target.magnitude
    let slope = (score == 0 ? 2 : 4) * (target.magnitude / sum) / sum
    let gradient = score > target ? slope : -slope
    return Derivatives(gradient: gradient, hessian: -2 * gradient / (target > 0 ? sum : -sum))
  }

  /// The median of the targets: Newton steps from 0 would not start, the loss being flat there.
  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    let zeros = [Double](repeating: 0, count: rows.count)
    return [Self.residualQuantile(level: 0.5)(zeros.span, rows, weights, 0)]
  }

  public var curvature: Curvature {
    Curvature(
      policy: .absolute,
      reason: "The loss is concave above the target; its Hessian's magnitude still gives a scale.")
  }
}

extension Catalogue.Entry {
  static let mape = Self(
    name: "mape", expression: "abs(score - y) / abs(y)",
    purpose: "the percentage error, if that is what is paid for; it favours low predictions"
  ) { _ throws(CatalogueError) in AbsolutePercentageError() }

  static let smape = Self(
    name: "smape", expression: "2 * abs(score - y) / (abs(score) + abs(y))",
    purpose: "the percentage error bounded by 2, where targets may be 0"
  ) { _ throws(CatalogueError) in SymmetricPercentageError() }
}
