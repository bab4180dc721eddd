import Learning
import Losses
import Tabular

/// The unit in which the network's last layer counts, and what it makes of the gradient.
///
/// For objectives with the identity link a score may be of any size. The scale of a score is the
/// root mean square Newton step `sqrt(sum w (g/h)^2 / sum w)` at the initial scores: for squared
/// error exactly the standard deviation of the target. Where the Hessian vanishes far from the target
/// (pseudo-Huber) such steps have no bound; if they are eight times as long as the way to the
/// target, that way is the scale. So it is for losses of straight lines, which solve their leaves
/// because Hessians say nothing; steps under the curvature policy stand for those of an objective that
/// names one. Of a location and a log scale the first has the target's unit. The
/// loss is divided by its mean curvature on that scale (of straight lines: by its mean slope), so that
/// the network sees the gradient of a standardized problem. Other links give scores without a unit, and
/// the scale is 1.
struct OutputScale: Sendable, Hashable {
  /// The score per unit of output, one per score.
  let scales: [Double]
  /// `d(loss as trained) / d(output)` per unit of the objective's gradient, one per score.
  let gradientFactors: [Double]
  /// What the loss changes by over one unit of output, about.
  let lossUnit: Double

  /// Measures the scale at `initialScores`. O(rows x scoresPerRow).
  ///
  /// - Throws: ``LearningError`` naming the row if a derivative is not finite there.
  init(
    _ objective: some Objective, _ rows: ObjectiveRows, initialScores: [Double], table: Table
  ) throws(LearningError) {
    let width = objective.scoresPerRow
    let isStraight = objective.link == .identity && objective.leafSolver != nil
    let sums = try Self.sums(
      objective, rows, initialScores: initialScores, isStraight: isStraight, table: table)
    let measured = objective.link == .identity ? width : (objective.link == .locationScale ? 1 : 0)
    guard measured > 0 else {
      scales = [Double](repeating: 1, count: width)
      gradientFactors = scales
      let curvature = sums.curvatures.reduce(0, +) / sums.weight
      lossUnit = curvature.isFinite && curvature > 0 ? curvature : 1
      return
    }
    let scales = (0..<width).map { k -> Double in
      guard k < measured else { return 1 }
      let way = (sums.ways[k] / sums.weight).squareRoot()
      let scale = (sums.squares[k] / sums.squareWeights[k]).squareRoot()
      let isLost = (!(scale > 0) && objective.link == .locationScale) || isStraight
      if way > 0, way.isFinite, scale > 8 * way || isLost { return way }
      // A constant target leaves no step to measure.
      return scale.isFinite && scale > 0 ? scale : 1
    }
    var curvature = 0.0
    for k in 0..<width {
      curvature +=
        isStraight
        ? sums.slopes[k] / sums.weight * scales[k]
        : sums.curvatures[k] / sums.weight * scales[k] * scales[k]
    }
    curvature /= Double(width)
    let divisor = curvature.isFinite && curvature > 0 ? curvature : 1
    self.scales = scales
    gradientFactors = scales.map { $0 / divisor }
    lossUnit = divisor
  }

  /// Weighted sums over all rows, one per score.
  private struct Sums {
    var squares: [Double]
    var squareWeights: [Double]
    var curvatures: [Double]
    var ways: [Double]
    var slopes: [Double]
    var weight = 0.0

    init(_ width: Int) {
      squares = [Double](repeating: 0, count: width)
      squareWeights = squares
      curvatures = squares
      ways = squares
      slopes = squares
    }

    /// Adds score `k` of a row: its derivatives, and its way to where its loss is least.
    mutating func add(_ k: Int, weight: Double, gradient: Double, hessian: Double, way: Double) {
      curvatures[k] += weight * hessian
      if way.isFinite { ways[k] += weight * (way * way) }
      slopes[k] += weight * gradient.magnitude
      let step = gradient / hessian
      guard hessian > 0, (step * step).isFinite else { return }
      squares[k] += weight * (step * step)
      squareWeights[k] += weight
    }
  }

  private static func sums(
    _ objective: some Objective, _ rows: ObjectiveRows, initialScores: [Double], isStraight: Bool,
    table: Table
  ) throws(LearningError) -> Sums {
    let width = objective.scoresPerRow
    var sums = Sums(width)
    let rule =
      objective.link == .identity
      ? CurvatureRule(objective.curvature.policy, of: objective) : nil
    for block in rows.blocks(of: 4096, reach: objective.reach) {
      let first = block.lowerBound
      let (gradients, hessians) = derivatives(objective, rows, block, initialScores, rule)
      let goals =
        isStraight
        ? objective.rowMinima(
          from: repeated(initialScores, block.count).span, rows.rows.extracting(block)) : []
      for row in block {
        let weight = rows.weights.isEmpty ? 1 : rows.weights[row]
        sums.weight += weight
        for k in 0..<width {
          let index = (row - first) * width + k
          let (gradient, hessian) = (gradients[index], hessians[index])
          guard gradient.isFinite, hessian.isFinite else {
            throw nonFiniteDerivative(
              of: objective, value: gradient.isFinite ? hessian : gradient,
              score: initialScores[k], row: row, table: table, time: "at the start")
          }
          let goal = goals.isEmpty ? rows.targets[row] : goals[index]
          sums.add(
            k, weight: weight, gradient: gradient, hessian: hessian, way: goal - initialScores[k])
        }
      }
    }
    return sums
  }

  private static func repeated(_ scores: [Double], _ count: Int) -> [Double] {
    (0..<count * scores.count).map { scores[$0 % scores.count] }
  }

  private static func derivatives(
    _ objective: some Objective, _ rows: ObjectiveRows, _ block: Range<Int>, _ scores: [Double],
    _ rule: CurvatureRule?
  ) -> (gradients: [Double], hessians: [Double]) {
    let repeated = repeated(scores, block.count)
    var gradients = [Double](repeating: 0, count: repeated.count)
    var hessians = gradients
    var g = gradients.mutableSpan
    var h = hessians.mutableSpan
    let rows = rows.rows.extracting(block)
    if let rule {
      _ = rule.derivatives(at: repeated.span, rows, unit: 1, gradients: &g, hessians: &h)
    } else {
      objective.derivatives(at: repeated.span, rows, gradients: &g, hessians: &h)
    }
    return (gradients, hessians)
  }
}

/// The error for a row whose derivative is not a finite number at a finite score, or too large to
/// train on; `time` says when, as `in epoch 3`.
func nonFiniteDerivative(
  of objective: some Objective, value: Double, score: Double, row: Int, table: Table, time: String
) -> LearningError {
  let place =
    "\(table.source): row \(table.sourceRow(row)): objective '\(objective.name)' gives the "
    + "derivative \(value) at model output \(score) \(time)"
  return LearningError(
    .nonFiniteDerivative,
    value.isFinite
      ? "\(place), more than 10^18 times the usual one and beyond what the network's 32-bit numbers "
        + "can square; correct the row, or the objective where it grows without bound"
      : "\(place); correct the row, or the objective where it divides by 0 or overflows")
}
