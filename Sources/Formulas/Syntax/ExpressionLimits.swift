import Losses

/// Bounds that keep every text, however hostile, from exhausting stack, memory or time.
enum ExpressionLimits {
  /// Bytes of text.
  static let textLength = 10_000
  /// Levels of nesting: of brackets and prefixes while parsing, of the syntax tree afterwards.
  static let depth = 100
  /// Scores per row.
  static let classes = 1_000
  /// Operations of a program after loops over classes are unrolled.
  static let operations = 100_000
  /// Steps of unrolling and differentiating, which bounds the time that loops take even if
  /// everything in them folds away.
  static let work = 300_000
  /// Scores per row up to which the full Hessian is offered.
  static let fullHessianClasses = 100
}
