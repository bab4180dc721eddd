extension Objective {
  /// By ``derivatives(at:_:gradients:hessians:)``, with memory of its own for the Hessians.
  public func gradients(
    at scores: Span<Double>, _ rows: borrowing Rows, into gradients: inout MutableSpan<Double>
  ) {
    var hessians = [Double](repeating: 0, count: gradients.count)
    var span = hessians.mutableSpan
    derivatives(at: scores, rows, gradients: &gradients, hessians: &span)
  }

  /// By ``losses(at:_:into:)`` and ``gradients(at:_:into:)``, one after the other.
  public func lossesAndGradients(
    at scores: Span<Double>, _ rows: borrowing Rows,
    losses: inout MutableSpan<Double>, gradients: inout MutableSpan<Double>
  ) {
    self.losses(at: scores, rows, into: &losses)
    self.gradients(at: scores, rows, into: &gradients)
  }
}
