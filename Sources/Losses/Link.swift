import RealModule

/// How predictions and scores correspond: `score = link(prediction)`.
public enum Link: String, Sendable, Codable, CaseIterable {
  /// The prediction is the score.
  case identity
  /// The prediction is `exp(score)`, a positive mean.
  case log
  /// The prediction is `sigmoid(score)`, the probability of class 1.
  case logit
  /// The predictions of a row are `softmax(scores)`, one probability per class.
  case softmax

  /// Replaces scores by predictions in place, row-major `[rows x scoresPerRow]`.
  public func applyInverse(to scores: inout MutableSpan<Double>, scoresPerRow: Int) {
    switch self {
    case .identity:
      break
    case .log:
      for index in scores.indices { scores[index] = .exp(scores[index]) }
    case .logit:
      for index in scores.indices { scores[index] = StableMath.sigmoid(scores[index]) }
    case .softmax:
      for row in 0..<scores.count / scoresPerRow {
        StableMath.softmax(&scores, in: row * scoresPerRow..<(row + 1) * scoresPerRow)
      }
    }
  }
}
