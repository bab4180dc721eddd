/// The change of the loss between two sets of scores, from the gradient alone.
///
/// An objective known only by its derivatives still has a loss, up to a constant: the integral of
/// its gradient along any path. This follows the straight line from the old scores to the new with
/// five-point Gauss-Legendre quadrature, exact for gradients that are polynomials of degree 9 in
/// the score. Learners use it for early stopping and curves when ``Objective/hasLoss`` is false.
public enum IntegratedLoss {
  /// Nodes and weights on [0, 1] (Abramowitz & Stegun, table 25.4).
  private static let rule: [(node: Double, weight: Double)] = [
    (0.046910077030668004, 0.118463442528094544),
    (0.230765344947158454, 0.239314335249683234),
    (0.5, 0.284444444444444444),
    (0.769234655052841546, 0.239314335249683234),
    (0.953089922969331996, 0.118463442528094544),
  ]

  /// Writes `loss(new) - loss(old)` of each row into `changes`, `[rows]`.
  /// Five evaluations of the derivatives.
  public static func changes(
    of objective: some Objective, from old: Span<Double>, to new: Span<Double>,
    _ rows: borrowing Rows, into changes: inout MutableSpan<Double>
  ) {
    let width = objective.scoresPerRow
    var scores = [Double](repeating: 0, count: old.count)
    var gradients = scores
    var hessians = scores
    for row in changes.indices { changes[row] = 0 }
    for (node, weight) in rule {
      for index in old.indices { scores[index] = old[index] + node * (new[index] - old[index]) }
      var g = gradients.mutableSpan
      var h = hessians.mutableSpan
      objective.derivatives(at: scores.span, rows, gradients: &g, hessians: &h)
      for row in changes.indices {
        for index in row * width..<(row + 1) * width {
          changes[row] += weight * g[index] * (new[index] - old[index])
        }
      }
    }
  }
}
