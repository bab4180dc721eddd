public import Losses

extension ScoreAdjustment {
  /// What a fit through it is called: `per unit of size`.
  public var form: String {
    switch self {
    case .multiplied(let name): "per unit of \(name)"
    case .plusLog(let name): "with log \(name) as offset"
    }
  }
}
