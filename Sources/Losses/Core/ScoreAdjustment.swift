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
