/// The loops over rows of an objective that is given as closures over one row.
///
/// They are made in the objective's initialiser, which is inlined where the user calls it: closure
/// literals that capture nothing become part of the loops, and nothing is called per row.
@usableFromInline
struct RowLoops: Sendable {
  /// Writes the loss of each row; nil if there is none.
  let losses: Losses?
  /// Writes gradients and Hessians, both `[rows x width]`.
  let derivatives: Derivatives

  @usableFromInline
  typealias Losses =
    @Sendable (
      _ scores: Span<Double>, _ rows: borrowing Rows, _ width: Int, inout MutableSpan<Double>
    ) -> Void
  @usableFromInline
  typealias Derivatives =
    @Sendable (
      _ scores: Span<Double>, _ rows: borrowing Rows, _ width: Int,
      _ gradients: inout MutableSpan<Double>, _ hessians: inout MutableSpan<Double>
    ) -> Void

  @usableFromInline
  init(losses: Losses?, derivatives: @escaping Derivatives) {
    self.losses = losses
    self.derivatives = derivatives
  }

  /// A loss alone, differentiated by jets.
  @inlinable
  @inline(__always)
  init(_ loss: @escaping DifferentiableObjective.Loss) {
    self.init(
      losses: Self.losses(formula: loss),
      derivatives: { scores, rows, width, gradients, hessians in
        JetLoops.derivatives(
          scores, rows, width: width, gradients: &gradients, hessians: &hessians, loss)
      })
  }

  /// Derivatives of one score.
  @inlinable
  @inline(__always)
  init(
    loss: CustomObjective.RowLoss?, derivatives: @escaping CustomObjective.RowDerivatives
  ) {
    self.init(losses: Self.losses(loss), derivatives: Self.derivatives(derivatives))
  }

  /// Derivatives of several scores.
  @inlinable
  @inline(__always)
  init(
    loss: CustomObjective.RowLoss?, derivatives: @escaping CustomObjective.RowDerivativesOfSeveral
  ) {
    self.init(losses: Self.losses(loss), derivatives: Self.derivatives(derivatives))
  }

  /// Derivatives of one score beside a loss as jets.
  @inlinable
  @inline(__always)
  init(
    formula: @escaping DifferentiableObjective.Loss,
    derivatives: @escaping CustomObjective.RowDerivatives
  ) {
    self.init(losses: Self.losses(formula: formula), derivatives: Self.derivatives(derivatives))
  }

  /// Derivatives of several scores beside a loss as jets.
  @inlinable
  @inline(__always)
  init(
    formula: @escaping DifferentiableObjective.Loss,
    derivatives: @escaping CustomObjective.RowDerivativesOfSeveral
  ) {
    self.init(losses: Self.losses(formula: formula), derivatives: Self.derivatives(derivatives))
  }

  // MARK: - Loops

  @inlinable
  @inline(__always)
  static func losses(_ loss: CustomObjective.RowLoss?) -> Losses? {
    guard let loss else { return nil }
    return { scores, rows, width, losses in
      for index in 0..<rows.count {
        losses[index] = loss(rows.row(index, scores: scores, scoresPerRow: width))
      }
    }
  }

  @inlinable
  @inline(__always)
  static func losses(formula loss: @escaping DifferentiableObjective.Loss) -> Losses {
    { scores, rows, width, losses in
      JetLoops.losses(scores, rows, width: width, into: &losses, loss)
    }
  }

  @inlinable
  @inline(__always)
  static func derivatives(_ derivatives: @escaping CustomObjective.RowDerivatives) -> Derivatives {
    { scores, rows, _, gradients, hessians in
      for index in 0..<rows.count {
        let pair = derivatives(rows.row(index, scores: scores, scoresPerRow: 1))
        gradients[index] = pair.gradient
        hessians[index] = pair.hessian
      }
    }
  }

  @inlinable
  @inline(__always)
  static func derivatives(
    _ derivatives: @escaping CustomObjective.RowDerivativesOfSeveral
  ) -> Derivatives {
    { scores, rows, width, gradients, hessians in
      var gradient = [Double](repeating: 0, count: width)
      var hessian = gradient
      for index in 0..<rows.count {
        var g = gradient.mutableSpan
        var h = hessian.mutableSpan
        derivatives(rows.row(index, scores: scores, scoresPerRow: width), &g, &h)
        for k in 0..<width {
          gradients[index &* width &+ k] = gradient[k]
          hessians[index &* width &+ k] = hessian[k]
        }
      }
    }
  }
}
