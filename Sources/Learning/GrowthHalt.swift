/// Why no tree could be grown any more, so that boosting ended before its rounds were used up.
public enum GrowthHalt: Sendable, Hashable, Codable {
  /// Fewer rows than two leaves must have: the training rows and the least rows of a leaf.
  case tooFewRows(Int, leastPerLeaf: Int)
  /// No feature takes two different values.
  case noFeatureVaries
  /// Every gradient is 0: no score can be bettered.
  case noGradient
  /// All rows together have less curvature than two leaves must have.
  case tooLittleCurvature
  /// No step along the gradient lowers the training loss, however short.
  case noDescent
  /// No split that leaves so many rows on either side lowers the loss.
  case noGain(leastPerLeaf: Int)

  /// The reason, as the end of a sentence that begins "because".
  public var reason: String {
    switch self {
    case .tooFewRows(let rows, let least):
      "\(rows) training row\(rows == 1 ? "" : "s") cannot make two leaves of \(least) "
        + "(`minChildRows`)"
    case .noFeatureVaries: "no feature has two different values in the training rows"
    case .noGradient: "the loss of every training row is at its minimum: all gradients are 0"
    case .tooLittleCurvature:
      "the curvature of all training rows cannot make two leaves of the least child weight "
        + "(`minChildWeight`)"
    case .noDescent:
      "no step against the gradient lowers the training loss, however short: the loss has a kink "
        + "there, or the gradient is not its slope"
    case .noGain(let least):
      "no split that leaves \(least) training row\(least == 1 ? "" : "s") or more on either side "
        + "(`minChildRows`) lowers the loss"
    }
  }
}
