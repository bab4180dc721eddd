/// An objective with one score per row, given by functions of a single row.
///
/// Conform a type of your own by writing ``loss(_:)`` and ``derivatives(_:)``; the loops over rows
/// come with the protocol and are specialised for your type, so a row costs a few nanoseconds.
public protocol PointwiseObjective: Objective {
  /// The loss of one row.
  func loss(_ row: borrowing Row) -> Double
  /// The derivatives of ``loss(_:)`` by the row's score.
  func derivatives(_ row: borrowing Row) -> Derivatives
}

extension PointwiseObjective {
  @inlinable
  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    for index in 0..<rows.count {
      losses[index] = loss(rows.row(index, scores: scores, scoresPerRow: 1))
    }
  }

  @inlinable
  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    for index in 0..<rows.count {
      let pair = derivatives(rows.row(index, scores: scores, scoresPerRow: 1))
      gradients[index] = pair.gradient
      hessians[index] = pair.hessian
    }
  }

  /// The gradients of ``derivatives(_:)``. What only the Hessian needs is left out where the compiler
  /// sees the row's derivatives.
  @inlinable
  public func gradients(
    at scores: Span<Double>, _ rows: borrowing Rows, into gradients: inout MutableSpan<Double>
  ) {
    for index in 0..<rows.count {
      gradients[index] = derivatives(rows.row(index, scores: scores, scoresPerRow: 1)).gradient
    }
  }
}
