/// The loss of one quantile, as objectives and metrics share it.
enum Pinball {
  /// The pinball loss of a residual `y - score`.
  static func loss(_ residual: Double, level: Double) -> Double {
    residual >= 0 ? level * residual : (level - 1) * residual
  }

  /// Its derivative by the score.
  static func slope(_ residual: Double, level: Double) -> Double {
    residual > 0 ? -level : (residual < 0 ? 1 - level : 0.5 - level)
  }
}
