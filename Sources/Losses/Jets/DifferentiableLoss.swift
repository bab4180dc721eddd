/// An objective that is its loss alone, as a type of your own; gradient and Hessian are exact, by
/// second-order jets.
///
/// The loss is written once, generic over the scalar: `Double` gives values, ``Jet`` derivatives.
///
/// ```swift
/// struct PseudoHuber: DifferentiableLoss {
///   var delta = 1.0
///   var name: String { "pseudo-huber" }
///   var defaultMetric: Metric { .mae }
///
///   func loss<Scalar>(_ row: borrowing LossVariables<Scalar>) -> Scalar {
///     let residual = (row.score - row.target) / Scalar(delta)
///     return Scalar(delta * delta) * (.sqrt(1 + residual.squared()) - 1)
///   }
/// }
/// ```
///
/// ``DifferentiableObjective`` does the same with a closure. A type is as fast with parameters as
/// without, since the loops over rows are specialised for it; a closure that captures something is
/// called for each row.
public protocol DifferentiableLoss: Objective {
  /// The loss of one row.
  func loss<Scalar>(_ row: borrowing LossVariables<Scalar>) -> Scalar
}

extension DifferentiableLoss {
  public var hasFullHessian: Bool { true }

  @inlinable
  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    for index in 0..<rows.count {
      let row = rows.row(index, scores: scores, scoresPerRow: scoresPerRow)
      losses[index] = loss(LossVariables<Double>(row, along: .none))
    }
  }

  /// Writes first and second derivatives by each score; the loss is evaluated once per score.
  @inlinable
  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    JetLoops.derivatives(
      scores, rows, width: scoresPerRow, gradients: &gradients, hessians: &hessians
    ) { loss($0) }
  }

  /// Writes first derivatives by each score; the loss is evaluated once per score.
  @inlinable
  public func gradients(
    at scores: Span<Double>, _ rows: borrowing Rows, into gradients: inout MutableSpan<Double>
  ) {
    JetLoops.gradients(scores, rows, width: scoresPerRow, into: &gradients) { loss($0) }
  }

  /// Writes the full Hessian of each row; the loss is evaluated `K (K + 1) / 2` times for `K`
  /// scores.
  @inlinable
  public func fullHessians(
    at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) {
    JetLoops.fullHessians(scores, rows, width: scoresPerRow, into: &matrices) { loss($0) }
  }

  /// Writes the derivative of each row's loss by its target, `[rows]`, and the mixed derivatives
  /// by target and score, `[rows x scoresPerRow]`: how the gradient moves with the target.
  ///
  /// `2 scoresPerRow + 1` evaluations of the loss per row.
  @inlinable
  public func targetDerivatives(
    at scores: Span<Double>, _ rows: borrowing Rows, first: inout MutableSpan<Double>,
    mixed: inout MutableSpan<Double>
  ) {
    JetLoops.targetDerivatives(
      scores, rows, width: scoresPerRow, first: &first, mixed: &mixed
    ) { loss($0) }
  }
}
