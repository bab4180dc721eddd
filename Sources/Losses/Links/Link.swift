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
  /// The predictions of a row increase: the first is the first score, and each further one adds
  /// `softplus(score)` to the one before.
  case increasing
  /// The predictions are `score_0`, a location, and `exp(score_1)`, a scale.
  case locationScale
  /// One probability per ordered class. The first score is a location, the second the lowest
  /// threshold, and each further one a gap: the next threshold is higher by `softplus(score)`. The
  /// probability of a class up to `k` is `sigmoid(threshold_k - location)`.
  case ordinal

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
    case .increasing:
      for index in scores.indices where index % scoresPerRow > 0 {
        scores[index] = scores[index - 1] + StableMath.softplus(scores[index])
      }
    case .locationScale:
      for index in scores.indices where index % scoresPerRow > 0 {
        scores[index] = .exp(scores[index])
      }
    case .ordinal:
      for row in 0..<scores.count / scoresPerRow {
        Self.ordinalProbabilities(&scores, from: row * scoresPerRow, classes: scoresPerRow)
      }
    }
  }

  /// Replaces a location, a threshold and gaps by class probabilities. A difference of two
  /// sigmoids is taken on the side of 0 where both are small, so that it keeps its digits.
  private static func ordinalProbabilities(
    _ scores: inout MutableSpan<Double>, from start: Int, classes: Int
  ) {
    let location = scores[start]
    var lower = -Double.infinity
    var threshold = 0.0
    for k in 0..<classes {
      let upper: Double
      if k == classes - 1 {
        upper = .infinity
      } else {
        let score = scores[start + k + 1]
        threshold = k == 0 ? score : threshold + StableMath.softplus(score)
        upper = threshold - location
      }
      let (a, b) = lower > 0 ? (-upper, -lower) : (lower, upper)
      scores[start + k] = StableMath.sigmoid(b) - StableMath.sigmoid(a)
      lower = upper
    }
  }
}
