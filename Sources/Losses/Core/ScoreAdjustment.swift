public import RealModule

/// A per-row scale or offset, taken from row data, between what a model outputs and the score.
///
/// With an adjustment on, the learner fits `f` and the objective sees `score`. It is how one model
/// spans systems of very different size (the fit is per unit of size), and how an exposure enters
/// a count model.
public enum ScoreAdjustment: Sendable, Hashable, Codable {
  /// `score = f * data`.
  case multiplied(by: String)
  /// `score = f + log(data)`.
  case plusLog(of: String)

  /// The row data column that it reads.
  public var rowDataName: String {
    switch self {
    case .multiplied(let name), .plusLog(let name): name
    }
  }

  /// The adjustment in words, for reports: `size x f`.
  public var formula: String {
    switch self {
    case .multiplied(let name): "score = \(name) * f"
    case .plusLog(let name): "score = f + log(\(name))"
    }
  }

  /// The score of a row whose model output is `output` and whose side column holds `data`.
  @inlinable
  public func score(output: Double, data: Double) -> Double {
    switch self {
    case .multiplied: output * data
    case .plusLog: output + .log(data)
    }
  }

  /// `dScore / dOutput`.
  @inlinable
  public func slope(data: Double) -> Double {
    switch self {
    case .multiplied: data
    case .plusLog: 1
    }
  }
}

extension Objective {
  /// This objective as a function of the model output `f`, with its own ``scoreAdjustment`` between
  /// output and score; the objective itself if it has none.
  public func adjusted() -> any Objective {
    guard let scoreAdjustment else { return self }
    return AdjustedObjective(self, scoreAdjustment)
  }
}

/// An objective seen through a ``ScoreAdjustment``: its "scores" are the model's outputs.
///
/// Derivatives follow by the chain rule: the gradient is multiplied by the slope of the adjustment,
/// the Hessian by its square.
public struct AdjustedObjective: Objective {
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

  public var name: String { base.name }
  public var scoresPerRow: Int { base.scoresPerRow }
  public var rowDataNames: [String] { base.rowDataNames }
  public var link: Link { base.link }
  public var parameters: [String: Double] { base.parameters }
  public var scoreAdjustment: ScoreAdjustment? { adjustment }
  public var defaultMetric: Metric { base.defaultMetric }
  public var hasLoss: Bool { base.hasLoss }
  public var lossFormula: (any Objective)? {
    base.lossFormula.map { AdjustedObjective($0, adjustment) }
  }

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
    let width = scoresPerRow
    for row in 0..<rows.count {
      let slope = adjustment.slope(data: rows.rowData[row * rows.rowDataCount + column])
      for index in row * width..<(row + 1) * width {
        gradients[index] *= slope
        hessians[index] *= slope * slope
      }
    }
  }

  public var reach: Reach { base.reach }

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

  public var hasFullHessian: Bool { base.hasFullHessian }

  /// The base's curvature; what it offers is multiplied by the square of the slope.
  public var curvature: Curvature {
    let inner = base.curvature
    return Curvature(
      isExact: inner.isExact, policy: inner.policy, reason: inner.reason,
      offers: inner.offers.map { offer in
        CurvatureOffer(offer.name, formula: offer.formula, purpose: offer.purpose) {
          outputs, rows, gradients, hessians in
          let scores = scores(of: outputs, rows)
          let width = scoresPerRow
          // The offer sees the base's own derivatives.
          var baseGradients = [Double](repeating: 0, count: outputs.count)
          var g = baseGradients.mutableSpan
          base.derivatives(at: scores.span, rows, gradients: &g, hessians: &hessians)
          offer.write(scores.span, rows, baseGradients.span, &hessians)
          for row in 0..<rows.count {
            let slope = adjustment.slope(data: rows.rowData[row * rows.rowDataCount + column])
            for index in row * width..<(row + 1) * width { hessians[index] *= slope * slope }
          }
        }
      })
  }

  public func fullHessians(
    at outputs: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) {
    let scores = scores(of: outputs, rows)
    base.fullHessians(at: scores.span, rows, into: &matrices)
    let size = scoresPerRow * scoresPerRow
    for row in 0..<rows.count {
      let slope = adjustment.slope(data: rows.rowData[row * rows.rowDataCount + column])
      for index in row * size..<(row + 1) * size { matrices[index] *= slope * slope }
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
