import RealModule

/// Cross-entropy of a score that is itself a probability, clipped: the form that Keras calls
/// `from_logits=False`.
///
/// `-y log(q) - (1 - y) log(1 - q)` with `q` the score kept within `clip` and `1 - clip`. Targets
/// are 0 and 1; identity link. Gradient `(q - y) / (q (1 - q))`, exact Hessian `y / q^2 + (1 - y) /
/// (1 - q)^2` within the clip; outside both are 0, so a row there has stopped learning, even if it
/// is wrong. It is here to compare with ``Logistic``, which has no such edge.
///
/// Keras documentation, `keras.losses.BinaryCrossentropy`; its `epsilon` is 1e-7.
public struct ProbabilityCrossEntropy: PointwiseObjective {
  /// How close to 0 and 1 a probability may come.
  public let clip: Double

  /// Cross-entropy of a probability, kept `clip` away from 0 and 1.
  public init(clip: Double = 1e-7) {
    precondition(clip > 0 && clip < 0.5, "the clip lies between 0 and 1/2")
    self.clip = clip
  }

  public var name: String { "probability-cross-entropy" }
  public var parameters: [String: Double] { ["clip": clip] }
  public var defaultMetric: Metric { .logLoss }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireFinite(rows)
    try requireTargets(rows, "lie between 0 and 1") { (0...1).contains($0) }
  }

  public func loss(_ row: borrowing Row) -> Double {
    let q = min(max(row.score, clip), 1 - clip)
    return -row.target * .log(q) - (1 - row.target) * .log(onePlus: -q)
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let (q, y) = (row.score, row.target)
    guard q > clip, q < 1 - clip else { return .init(gradient: 0, hessian: 0) }
    return Derivatives(
      gradient: (q - y) / (q * (1 - q)), hessian: y / (q * q) + (1 - y) / ((1 - q) * (1 - q)))
  }

  /// The mean of the targets, within the clip: Newton steps from 0, which is clipped, cannot start.
  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    let share = weightedMean(rows.count, weights) { rows.targets[$0] }
    return [min(max(share, 2 * clip), 1 - 2 * clip)]
  }

  public var curvature: Curvature {
    Curvature(reason: "The loss is convex within the clip; outside, rows have no pull at all.")
  }
}

/// Cross-entropy of scores that are themselves class probabilities: divided by their sum, then
/// clipped, as Keras does for `from_logits=False`.
///
/// `-log(q_y)` with `q_y = score_y / sum(scores)` kept within `clip` and `1 - clip`. Targets are
/// class indices; identity link. Within the clip: gradient `1 / sum - [k = y] / score_y`, exact
/// Hessian `[k = y] / score_y^2 - 1 / sum^2`, negative for the other classes; outside both are 0.
/// ``SoftmaxCrossEntropy`` has neither edge nor negative Hessian.
///
/// Keras documentation, `keras.losses.CategoricalCrossentropy`; its `epsilon` is 1e-7.
public struct CategoricalProbabilityCrossEntropy: Objective {
  /// The number of classes, at least 2.
  public let classes: Int
  /// How close to 0 and 1 a probability may come.
  public let clip: Double

  /// Cross-entropy of class probabilities, kept `clip` away from 0 and 1.
  public init(classes: Int, clip: Double = 1e-7) {
    precondition(classes >= 2, "cross-entropy needs at least two classes")
    precondition(clip > 0 && clip < 0.5, "the clip lies between 0 and 1/2")
    self.classes = classes
    self.clip = clip
  }

  public var name: String { "probability-cross-entropy" }
  public var scoresPerRow: Int { classes }
  public var parameters: [String: Double] { ["clip": clip] }
  public var defaultMetric: Metric { .accuracy }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireClasses(rows, classes)
  }

  private func sum(_ scores: Span<Double>, row: Int) -> Double {
    var sum = 0.0
    for index in row * classes..<(row + 1) * classes { sum += scores[index] }
    return sum
  }

  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let own = scores[row * classes + Int(rows.targets[row])]
      let sum = sum(scores, row: row)
      let q = sum == 0 ? 0 : own / sum
      losses[row] = -.log(min(max(q, clip), 1 - clip))
    }
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let own = row * classes + Int(rows.targets[row])
      let sum = sum(scores, row: row)
      let q = sum == 0 ? 0 : scores[own] / sum
      let isInside = q > clip && q < 1 - clip
      for k in row * classes..<(row + 1) * classes {
        gradients[k] = isInside ? 1 / sum : 0
        hessians[k] = isInside ? -1 / (sum * sum) : 0
      }
      guard isInside else { continue }
      gradients[own] -= 1 / scores[own]
      hessians[own] += 1 / (scores[own] * scores[own])
    }
  }

  /// The classes' shares, away from the clip.
  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    (0..<classes).map { k in
      max(weightedMean(rows.count, weights) { rows.targets[$0] == Double(k) ? 1 : 0 }, 4 * clip)
    }
  }

  public var curvature: Curvature {
    Curvature(
      policy: .absolute, reason: "The exact Hessian is negative for every class but the row's own.")
  }
}

extension Catalogue.Entry {
  static let probabilityCrossEntropy = Self(
    name: "probability-cross-entropy",
    expression: "-log(clamp(score[y] / sum(score), 1e-7, 1 - 1e-7)); link=identity",
    purpose: "to compare with a network whose last layer already gives probabilities",
    targets: .classes,
    parameters: [Catalogue.Parameter("clip", 1e-7, "between 0 and 0.5") { $0 > 0 && $0 < 0.5 }]
  ) { arguments throws(CatalogueError) in
    let clip = arguments["clip"]
    return arguments.classes == 2
      ? ProbabilityCrossEntropy(clip: clip)
      : CategoricalProbabilityCrossEntropy(classes: arguments.classes, clip: clip)
  }
}
