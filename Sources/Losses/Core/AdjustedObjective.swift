/// An objective seen through a ``ScoreAdjustment``: its "scores" are the model's outputs.
///
/// Derivatives follow by the chain rule: the gradient is multiplied by the slope of the adjustment,
/// the Hessian by its square. What is not written here is the base's (``ForwardingObjective``).
public struct AdjustedObjective: ForwardingObjective {
  /// The objective underneath.
  public let base: any Objective
  /// What lies between output and score.
  public let adjustment: ScoreAdjustment
  private let column: Int

  /// Views `base` through `adjustment`, whose column is one of the row data `base` reads.
  public init(_ base: some Objective, _ adjustment: ScoreAdjustment) {
    guard let column = base.rowDataNames.firstIndex(of: adjustment.rowDataName) else {
      preconditionFailure(
        "objective '\(base.name)' is adjusted by '\(adjustment.rowDataName)' and must name it "
          + "in its row data")
    }
    self.base = base
    self.adjustment = adjustment
    self.column = column
  }

  public var scoreAdjustment: ScoreAdjustment? { adjustment }
  public var lossFormula: (any Objective)? {
    base.lossFormula.map { AdjustedObjective($0, adjustment) }
  }

  /// None: the base's are scores, and a constant output is no constant score.
  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? { nil }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try base.validate(rows)
    for row in 0..<rows.count {
      let data = rows.rowData[row * rows.rowDataCount + column]
      if data <= 0 {
        throw ObjectiveError(
          .invalidRowData(adjustment.rowDataName), objective: name, row: row, value: data,
          "'\(adjustment.rowDataName)' must be greater than 0; correct it or drop the row")
      }
    }
  }

  public func losses(
    at outputs: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    let scores = scores(of: outputs, rows)
    base.losses(at: scores.span, rows, into: &losses)
  }

  public func derivatives(
    at outputs: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    let scores = scores(of: outputs, rows)
    base.derivatives(at: scores.span, rows, gradients: &gradients, hessians: &hessians)
    scaleBySlope(&gradients, rows, perRow: scoresPerRow)
    scaleBySquaredSlope(&hessians, rows, perRow: scoresPerRow)
  }

  public func gradients(
    at outputs: Span<Double>, _ rows: borrowing Rows, into gradients: inout MutableSpan<Double>
  ) {
    let scores = scores(of: outputs, rows)
    base.gradients(at: scores.span, rows, into: &gradients)
    scaleBySlope(&gradients, rows, perRow: scoresPerRow)
  }

  public func lossesAndGradients(
    at outputs: Span<Double>, _ rows: borrowing Rows,
    losses: inout MutableSpan<Double>, gradients: inout MutableSpan<Double>
  ) {
    let scores = scores(of: outputs, rows)
    base.lossesAndGradients(at: scores.span, rows, losses: &losses, gradients: &gradients)
    scaleBySlope(&gradients, rows, perRow: scoresPerRow)
  }

  /// The base's solver under ``ScoreAdjustment/plusLog(of:)``, where a constant added to outputs is
  /// added to scores; by bisection under ``ScoreAdjustment/multiplied(by:)``, where it is not. Nil if
  /// the base has none.
  public var leafSolver: LeafSolver? {
    guard let solver = base.leafSolver else { return nil }
    guard case .plusLog = adjustment else { return LeafSearch.solver(for: self) }
    return { outputs, rows, weights, score in
      let scores = scores(of: outputs, rows)
      return solver(scores.span, rows, weights, score)
    }
  }

  /// The base's curvature; what it offers is multiplied by the square of the slope.
  public var curvature: Curvature {
    let inner = base.curvature
    return Curvature(
      isExact: inner.isExact, policy: inner.policy, reason: inner.reason,
      offers: inner.offers.map { offer in
        CurvatureOffer(offer.name, formula: offer.formula, purpose: offer.purpose) {
          outputs, rows, gradients, hessians in
          let scores = scores(of: outputs, rows)
          // The offer sees the base's own derivatives.
          var baseGradients = [Double](repeating: 0, count: outputs.count)
          var g = baseGradients.mutableSpan
          base.derivatives(at: scores.span, rows, gradients: &g, hessians: &hessians)
          offer.write(scores.span, rows, baseGradients.span, &hessians)
          scaleBySquaredSlope(&hessians, rows, perRow: scoresPerRow)
        }
      })
  }

  public func fullHessians(
    at outputs: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) {
    let scores = scores(of: outputs, rows)
    base.fullHessians(at: scores.span, rows, into: &matrices)
    scaleBySquaredSlope(&matrices, rows, perRow: scoresPerRow * scoresPerRow)
  }

  private func scaleBySlope(
    _ values: inout MutableSpan<Double>, _ rows: borrowing Rows, perRow count: Int
  ) {
    for row in 0..<rows.count {
      let slope = adjustment.slope(data: rows.rowData[row * rows.rowDataCount + column])
      for index in row * count..<(row + 1) * count { values[index] *= slope }
    }
  }

  private func scaleBySquaredSlope(
    _ values: inout MutableSpan<Double>, _ rows: borrowing Rows, perRow count: Int
  ) {
    for row in 0..<rows.count {
      let slope = adjustment.slope(data: rows.rowData[row * rows.rowDataCount + column])
      for index in row * count..<(row + 1) * count { values[index] *= slope * slope }
    }
  }

  private func scores(of outputs: Span<Double>, _ rows: borrowing Rows) -> [Double] {
    let width = scoresPerRow
    return [Double](capacity: outputs.count) { scores in
      for row in 0..<rows.count {
        let data = rows.rowData[row * rows.rowDataCount + column]
        for index in row * width..<(row + 1) * width {
          scores.append(adjustment.score(output: outputs[index], data: data))
        }
      }
    }
  }
}
