import Losses
import RealModule

/// The likelihoods that a generalized linear model is fitted by, up to terms of the target alone.
enum Likelihood: Sendable {
  /// `log(1 + exp(s)) - y s` for each score: class 1 against class 0, or a probability; with several
  /// scores each class against the rest.
  case bernoulli
  /// `log(sum(exp(s_k))) - s_y`.
  case softmax
  /// `exp(s) - y s`: counts, and the mean of any target that is not negative.
  case poisson

  /// The loss of a row at its scores; the row's part of `means`, from `start` on, becomes the
  /// expected targets.
  func loss(
    _ scores: Span<Double>, target: Double, means: inout MutableSpan<Double>, at start: Int
  ) -> Double {
    switch self {
    case .bernoulli:
      var sum = 0.0
      for k in scores.indices {
        let (softplus, sigmoid) = StableMath.softplusAndSigmoid(scores[k])
        means[start + k] = sigmoid
        sum += softplus - expected(target, k, of: scores.count) * scores[k]
      }
      return sum
    case .softmax:
      let total = StableMath.logSumExp(scores)
      for k in scores.indices { means[start + k] = .exp(scores[k] - total) }
      return total - scores[Int(target)]
    case .poisson:
      let mean = Double.exp(scores[0])
      means[start] = mean
      return mean - target * scores[0]
    }
  }

  /// The slopes of a row's loss along its scores.
  func slopes(_ scores: [Double], target: Double) -> [Double] {
    var means = scores
    var span = means.mutableSpan
    _ = loss(scores.span, target: target, means: &span, at: 0)
    return means.indices.map { means[$0] - expected(target, $0, of: means.count) }
  }

  /// What the mean of score `k` is held against.
  func expected(_ target: Double, _ k: Int, of count: Int) -> Double {
    switch self {
    case .bernoulli where count > 1, .softmax: Int(target) == k ? 1 : 0
    default: target
    }
  }

  /// Replaces a direction of a row's scores, from `start` on, by the loss's second derivative times
  /// it.
  func curve(_ direction: inout MutableSpan<Double>, at start: Int, means: Span<Double>) {
    switch self {
    case .bernoulli:
      for k in means.indices { direction[start + k] *= means[k] * (1 - means[k]) }
    case .softmax:
      var average = 0.0
      for k in means.indices { average += means[k] * direction[start + k] }
      for k in means.indices { direction[start + k] = means[k] * (direction[start + k] - average) }
    case .poisson:
      direction[start] *= means[0]
    }
  }

  /// The second derivative by score `k` alone.
  func curvature(_ mean: Double) -> Double {
    self == .poisson ? mean : mean * (1 - mean)
  }
}
