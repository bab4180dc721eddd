/// Pinball losses of several quantiles at once, one score per level, summed.
///
/// As they are, scores are the quantiles (identity link) and may cross. Non-crossing by
/// construction, the first score is the lowest quantile and each further one adds the gap
/// `softplus(score)` (link ``Link/increasing``): `q_k = score_0 + sum(softplus(score_j), j <= k)`.
///
/// Any finite target. The gradient by `q_k` is that of ``Quantile``, carried to the scores by the
/// chain rule. Second derivatives of the pinball losses are 0; the Hessian written is the surrogate
/// 1 per quantile, times the squares of the chain rule's slopes, as Gauss and Newton would.
///
/// Boosted trees do better with the ``leafSolver``. Of crossing quantiles each is solved exactly, by
/// the quantile of its residuals. So is the first score of non-crossing ones, which moves all
/// quantiles alike: the residuals `y - q_k` of all of them together, at the mean level. A gap has no
/// such solution: added to a score, a constant widens the gaps of different rows by different
/// amounts, and the leaf's loss is neither convex nor piecewise linear in it. Its solver goes
/// downhill from 0 to where the loss turns, and never raises the loss.
///
/// Koenker & Bassett, "Regression Quantiles", Econometrica 46 (1978).
public struct Quantiles: Objective {
  /// The levels, increasing, each between 0 and 1.
  public let levels: [Double]
  /// Whether scores are gaps, so that quantiles cannot cross.
  public let areNonCrossing: Bool

  /// Pinball losses at `levels`, which increase and lie between 0 and 1.
  public init(_ levels: [Double], nonCrossing: Bool = false) {
    precondition(
      !levels.isEmpty && levels.allSatisfy { $0 > 0 && $0 < 1 }
        && zip(levels, levels.dropFirst()).allSatisfy(<),
      "levels of quantiles increase and lie between 0 and 1")
    self.levels = levels
    self.areNonCrossing = nonCrossing
  }

  public var name: String { "quantile" }
  public var scoresPerRow: Int { levels.count }
  public var link: Link { areNonCrossing ? .increasing : .identity }
  public var defaultMetric: Metric { .pinball(levels) }

  public var parameters: [String: Double] {
    var parameters: [String: Double] = areNonCrossing ? ["nonCrossing": 1] : [:]
    for (k, level) in levels.enumerated() { parameters["level\(k)"] = level }
    return parameters
  }

  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    let width = levels.count
    for row in 0..<rows.count {
      var quantile = 0.0
      var sum = 0.0
      for k in 0..<width {
        let score = scores[row * width + k]
        if areNonCrossing, k > 0 {
          quantile += StableMath.softplus(score)
        } else {
          quantile = score
        }
        sum += Pinball.loss(rows.targets[row] - quantile, level: levels[k])
      }
      losses[row] = sum
    }
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    let width = levels.count
    for row in 0..<rows.count {
      let start = row * width
      var quantile = 0.0
      for k in 0..<width {
        let score = scores[start + k]
        if areNonCrossing, k > 0 {
          quantile += StableMath.softplus(score)
        } else {
          quantile = score
        }
        gradients[start + k] = Pinball.slope(rows.targets[row] - quantile, level: levels[k])
        hessians[start + k] = 1
      }
      guard areNonCrossing else { continue }
      // A score moves its own quantile and all above it.
      var sum = 0.0
      for k in stride(from: width - 1, through: 0, by: -1) {
        sum += gradients[start + k]
        let slope = k == 0 ? 1 : StableMath.sigmoid(scores[start + k])
        gradients[start + k] = sum * slope
        hessians[start + k] = Double(width - k) * slope * slope
      }
    }
  }

  public var leafSolver: LeafSolver? {
    let levels = levels
    if areNonCrossing {
      return { scores, rows, weights, score in
        QuantileGaps(levels, scores, rows, weights, from: score).best
      }
    }
    return { scores, rows, weights, score in
      Self.residualQuantile(level: levels[score], scoresPerRow: levels.count)(
        scores, rows, weights, score)
    }
  }

  /// The quantiles of the targets, with gaps brought to their scores if quantiles cannot cross.
  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    let targets = [Double](capacity: rows.count) { copy in
      for row in 0..<rows.count { copy.append(rows.targets[row]) }
    }
    let counts = [Double](capacity: weights.count) { copy in
      for row in weights.indices { copy.append(weights[row]) }
    }
    let quantiles = levels.map { weightedQuantile(targets, weights: counts, level: $0) }
    guard areNonCrossing else { return quantiles }
    // Equal quantiles would ask for a gap of minus infinity; a thousandth of the span stands in.
    let span = (quantiles.last ?? 0) - quantiles[0]
    let least = span > 0 ? span / 1000 : 1e-3
    return [quantiles[0]]
      + zip(quantiles.dropFirst(), quantiles).map { upper, lower in
        StableMath.inverseSoftplus(max(upper - lower, least))
      }
  }

  public var curvature: Curvature {
    Curvature(
      isExact: false,
      reason: "The exact Hessian is 0 or says nothing; the surrogate 1 per quantile bounds a step.")
  }
}

extension Catalogue.Entry {
  static let quantile = Self(
    name: "quantile",
    expression: "let level = 0.5; max(level * (y - score), (1 - level) * (score - y))",
    purpose: "the value that a given share of targets stays below, one or several at once",
    parameters: [.level], takesSeveral: true, options: ["non-crossing"]
  ) { arguments throws(CatalogueError) in
    let levels = arguments.several
    guard zip(levels, levels.dropFirst()).allSatisfy(<) else {
      throw CatalogueError(
        .badParameter,
        "the levels of objective 'quantile' are \(Metric.list(levels)), but they must increase")
    }
    let isOne = levels.count == 1
    return isOne
      ? Quantile(levels[0]) : Quantiles(levels, nonCrossing: arguments.has("non-crossing"))
  }
}
