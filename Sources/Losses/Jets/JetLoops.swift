/// Loops over rows that differentiate a loss by jets, shared by ``DifferentiableObjective`` and
/// ``DifferentiableLoss``.
///
/// Always inlined: a loss that the compiler knows is then part of the loop, and what nobody reads
/// of it (the value beside the derivatives, the derivatives beside the value) is never computed.
@usableFromInline
enum JetLoops {
  @usableFromInline
  typealias Loss = (borrowing LossVariables<Jet>) -> Jet

  @inlinable
  @inline(__always)
  static func losses(
    _ scores: Span<Double>, _ rows: borrowing Rows, width: Int,
    into losses: inout MutableSpan<Double>, _ loss: Loss
  ) {
    for index in 0..<rows.count {
      let row = rows.row(index, scores: scores, scoresPerRow: width)
      losses[index] = loss(LossVariables(row, along: .none)).value
    }
  }

  @inlinable
  @inline(__always)
  static func derivatives(
    _ scores: Span<Double>, _ rows: borrowing Rows, width: Int,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>, _ loss: Loss
  ) {
    for index in 0..<rows.count {
      let row = rows.row(index, scores: scores, scoresPerRow: width)
      for k in 0..<width {
        let jet = loss(LossVariables(row, along: ScoreDirection(k)))
        gradients[index &* width &+ k] = jet.first
        hessians[index &* width &+ k] = jet.second
      }
    }
  }

  @inlinable
  @inline(__always)
  static func gradients(
    _ scores: Span<Double>, _ rows: borrowing Rows, width: Int,
    into gradients: inout MutableSpan<Double>, _ loss: Loss
  ) {
    for index in 0..<rows.count {
      let row = rows.row(index, scores: scores, scoresPerRow: width)
      for k in 0..<width {
        gradients[index &* width &+ k] = loss(LossVariables(row, along: ScoreDirection(k))).first
      }
    }
  }

  /// Off the diagonal by polarisation: `2 H[j][k] = D2[j + k] - D2[j] - D2[k]`, where `D2` is the
  /// second derivative along a direction.
  @inlinable
  static func fullHessians(
    _ scores: Span<Double>, _ rows: borrowing Rows, width: Int,
    into matrices: inout MutableSpan<Double>, _ loss: Loss
  ) {
    for index in 0..<rows.count {
      let row = rows.row(index, scores: scores, scoresPerRow: width)
      let start = index * width * width
      for k in 0..<width {
        matrices[start + k * width + k] =
          loss(LossVariables(row, along: ScoreDirection(k))).second
      }
      for j in 0..<width {
        for k in 0..<j {
          let both = loss(LossVariables(row, along: ScoreDirection(j, k))).second
          let mixed =
            (both - matrices[start + j * width + j] - matrices[start + k * width + k]) / 2
          matrices[start + j * width + k] = mixed
          matrices[start + k * width + j] = mixed
        }
      }
    }
  }

  /// By jets along the target, and along target and score together (polarisation).
  @inlinable
  static func targetDerivatives(
    _ scores: Span<Double>, _ rows: borrowing Rows, width: Int,
    first: inout MutableSpan<Double>, mixed: inout MutableSpan<Double>, _ loss: Loss
  ) {
    for index in 0..<rows.count {
      let row = rows.row(index, scores: scores, scoresPerRow: width)
      let byTarget = loss(LossVariables(row, along: .none, targetVaries: true))
      first[index] = byTarget.first
      for k in 0..<width {
        let byScore = loss(LossVariables(row, along: ScoreDirection(k))).second
        let both = loss(LossVariables(row, along: ScoreDirection(k), targetVaries: true)).second
        mixed[index * width + k] = (both - byTarget.second - byScore) / 2
      }
    }
  }
}
