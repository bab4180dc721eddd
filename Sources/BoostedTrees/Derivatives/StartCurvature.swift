/// The weighted Hessians that the training rows had at the initial scores, by which a child's
/// curvature is judged where no least child weight is given.
///
/// Rows decide how small a leaf may be, and rows of little curvature count as much as others: large
/// systems have next to none under a size-normalised loss, and always had. Rows that have *lost*
/// their curvature are another matter: a logistic loss that is certain of a row, rightly or wrongly,
/// leaves it so little that a leaf of such rows has no Newton step worth the name. So the curvature
/// of a child is compared with what an average one of its own rows had at the start, and must be at
/// least a ten-thousandth of that. Where all rows start alike, as under a logistic loss from one
/// initial score, that is a number; where Hessians never change, it always holds.
final class StartCurvature: Sendable {
  /// The least share of the average row.
  static var share: Double { 1e-4 }

  /// The Hessians at the start, `[rows x scoresPerRow]`; empty if all rows of each score start
  /// alike.
  let hessians: AlignedBuffer<Double>
  private let width: Int
  private let ranges: [DerivativeRange]

  /// - Parameters:
  ///   - hessians: the weighted Hessians at the initial scores, which are copied if need be.
  ///   - ranges: their extent, per score.
  init(_ hessians: AlignedBuffer<Double>, ranges: [DerivativeRange]) {
    width = ranges.count
    self.ranges = ranges
    let isUniform = ranges.allSatisfy { $0.smallestHessian == $0.largestHessian }
    self.hessians = AlignedBuffer(repeating: 0, count: isUniform ? 0 : hessians.count)
    if !isUniform { self.hessians.update(from: hessians.elements) }
  }

  /// What a child must have in a round whose Hessians have the extent `range`.
  func least(score: Int, range: DerivativeRange) -> LeastCurvature {
    let start = ranges[score]
    if start.smallestHessian == start.largestHessian {
      return .sum(Self.share * start.largestHessian)
    }
    // Hessians of the same extent, to the last bit of their sum, have not changed.
    let isUnchanged =
      range.sumOfHessians == start.sumOfHessians && range.smallestHessian == start.smallestHessian
      && range.largestHessian == start.largestHessian
    return isUnchanged
      ? .sum(0)
      : .ofStart(Self.share, self, score: score, largest: start.largestHessian)
  }

  /// The Hessian of a row at the start.
  @inline(__always)
  func hessian(row: Int, score: Int) -> Double { hessians.base[row &* width &+ score] }
}

/// The least curvature of a child, in units of weight times Hessian.
enum LeastCurvature: Sendable {
  /// This sum of Hessians.
  case sum(Double)
  /// A share of the mean that its rows had at the start, which is at most `largest`.
  case ofStart(Double, StartCurvature, score: Int, largest: Double)
}
