import RealModule

/// Cumulative logit loss for ordered classes: `-log P(y)` with
/// `P(class <= k) = sigmoid(threshold_k - location)`.
///
/// Targets are class indices 0 to `classes - 1`, in order. One score per class (link
/// ``Link/ordinal``): the location, the lowest threshold, and for each further threshold its gap
/// `softplus(score)` to the one before, so that thresholds are ordered by construction. Location
/// and lowest threshold move against each other; the loss sees their difference only, as softmax
/// sees differences of its scores only.
///
/// With `b` and `a` the thresholds above and below the target's class, less the location, and `g`
/// the score of the gap between them, the loss is exactly
/// `softplus(-b) + softplus(a) + softplus(-g)` (without the terms that the outermost classes lack):
/// finite for every finite score. Derivatives follow by the chain rule; the exact Hessian by a gap
/// may be negative, so the suggested policy takes magnitudes.
///
/// McCullagh, "Regression Models for Ordinal Data", Journal of the Royal Statistical Society B 42
/// (1980).
public struct Ordinal: Objective {
  /// The number of classes, at least 2.
  public let classes: Int

  /// Cumulative logit loss over `classes` ordered classes.
  public init(classes: Int) {
    precondition(classes >= 2, "ordered classes are at least two")
    self.classes = classes
  }

  public var name: String { "ordinal" }
  public var scoresPerRow: Int { classes }
  public var link: Link { .ordinal }
  public var defaultMetric: Metric { .logLoss }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireClasses(rows, classes)
  }

  /// Thresholds around the class of a row, less the location; infinite at the ends.
  private func bounds(
    _ scores: Span<Double>, from start: Int, around own: Int
  ) -> (below: Double, above: Double) {
    var threshold = scores[start + 1]
    var below = -Double.infinity
    for k in 0..<min(own, classes - 1) {
      below = threshold
      if k + 2 < classes { threshold += StableMath.softplus(scores[start + k + 2]) }
    }
    let above = own == classes - 1 ? .infinity : threshold
    return (below - scores[start], above - scores[start])
  }

  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let own = Int(rows.targets[row])
      let start = row * classes
      let (a, b) = bounds(scores, from: start, around: own)
      var loss = 0.0
      if own < classes - 1 { loss += StableMath.softplus(-b) }
      if own > 0 { loss += StableMath.softplus(a) }
      if own > 0, own < classes - 1 { loss += StableMath.softplus(-scores[start + own + 1]) }
      losses[row] = loss
    }
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let own = Int(rows.targets[row])
      let start = row * classes
      let (a, b) = bounds(scores, from: start, around: own)
      // Derivatives by the thresholds above and below; both are 0 at infinity.
      let slopeAbove = -StableMath.sigmoid(-b)
      let slopeBelow = StableMath.sigmoid(a)
      let bendAbove = -slopeAbove * (1 + slopeAbove)
      let bendBelow = slopeBelow * (1 - slopeBelow)
      gradients[start] = -(slopeAbove + slopeBelow)
      gradients[start + 1] = slopeAbove + slopeBelow
      hessians[start] = bendAbove + bendBelow
      hessians[start + 1] = bendAbove + bendBelow
      for k in 2..<max(classes, 2) {
        // The gap of this score lies below the threshold k - 1 and all above.
        let p = StableMath.sigmoid(scores[start + k])
        var (slope, bend) = (0.0, 0.0)
        if own >= k - 1 { (slope, bend) = (slope + slopeAbove, bend + bendAbove) }
        if own >= k { (slope, bend) = (slope + slopeBelow, bend + bendBelow) }
        let isOwn = own == k - 1
        gradients[start + k] = p * slope - (isOwn ? 1 - p : 0)
        hessians[start + k] = p * p * bend + p * (1 - p) * (slope + (isOwn ? 1 : 0))
      }
    }
  }

  /// Location 0 and thresholds at the logits of the cumulated class shares: the minimum. A class
  /// that never occurs counts as half a row.
  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    var counts = [Double](repeating: 0, count: classes)
    for row in 0..<rows.count {
      counts[Int(rows.targets[row])] += weights.isEmpty ? 1 : weights[row]
    }
    let least = counts.reduce(0, +) / Double(2 * rows.count)
    counts = counts.map { max($0, least) }
    let total = counts.reduce(0, +)
    var cumulated = 0.0
    var thresholds: [Double] = []
    for count in counts.dropLast() {
      cumulated += count
      thresholds.append(.log(cumulated / (total - cumulated)))
    }
    return [0, thresholds[0]]
      + zip(thresholds.dropFirst(), thresholds).map { StableMath.inverseSoftplus($0 - $1) }
  }

  public var curvature: Curvature {
    Curvature(
      policy: .absolute, reason: "The exact Hessian by the gaps between thresholds may be negative."
    )
  }
}

extension Catalogue.Entry {
  static let ordinal = Self(
    name: "ordinal", formula: "-log P(y); P(class <= k) = sigmoid(threshold_k - location)",
    purpose: "classes in an order, such as grades or stages", targets: .classes
  ) { arguments throws(CatalogueError) in Ordinal(classes: arguments.classes) }
}
