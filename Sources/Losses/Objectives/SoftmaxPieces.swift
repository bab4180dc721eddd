import RealModule

/// Softmax and cross-entropy as separate steps, for learning backpropagation by hand and for losses
/// that put something between them.
///
/// Training goes through ``SoftmaxCrossEntropy``, where both are one: the chain of these two gives
/// `p - t` as well, but divides by probabilities on the way, which may be 0.
public enum SoftmaxPieces {
  /// `softmax(scores)`, as many numbers, with the largest score taken out first.
  public static func softmax(_ scores: Span<Double>) -> [Double] {
    var p = [Double](capacity: scores.count) { p in
      for k in scores.indices { p.append(scores[k]) }
    }
    var span = p.mutableSpan
    StableMath.softmax(&span, in: 0..<scores.count)
    return p
  }

  /// The Jacobian of softmax where its value is `probabilities`, row-major: entry `[j][k]` is
  /// `dp_j / dscore_k = p_j ([j = k] - p_k)`.
  ///
  /// It is a matrix: every score moves every probability. Its diagonal `p (1 - p)` alone is no
  /// derivative of anything, and the sum of each row and column is 0. O(K^2).
  public static func jacobian(at probabilities: Span<Double>) -> [Double] {
    [Double](capacity: probabilities.count * probabilities.count) { matrix in
      for j in probabilities.indices {
        for k in probabilities.indices {
          matrix.append(probabilities[j] * ((j == k ? 1 : 0) - probabilities[k]))
        }
      }
    }
  }

  /// The Jacobian times `vector`, without the matrix: `p_j (v_j - sum(p_k v_k))`. The Jacobian is
  /// symmetric, so this also carries a gradient by probabilities back to one by scores. O(K).
  public static func jacobianProduct(
    at probabilities: Span<Double>, _ vector: Span<Double>
  ) -> [Double] {
    precondition(probabilities.count == vector.count, "one entry per probability")
    var inner = 0.0
    for k in probabilities.indices { inner += probabilities[k] * vector[k] }
    return [Double](capacity: probabilities.count) { product in
      for k in probabilities.indices { product.append(probabilities[k] * (vector[k] - inner)) }
    }
  }

  /// Cross-entropy of probabilities against a target distribution, `-sum(t_k log(p_k))`, in nats;
  /// a class with target 0 costs nothing, whatever its probability.
  public static func crossEntropy(
    _ probabilities: Span<Double>, target: Span<Double>
  ) -> Double {
    precondition(probabilities.count == target.count, "one target per probability")
    var sum = 0.0
    for k in probabilities.indices where target[k] != 0 {
      sum -= target[k] * .log(probabilities[k])
    }
    return sum
  }

  /// The gradient of ``crossEntropy(_:target:)`` by the probabilities, `-t_k / p_k`.
  public static func crossEntropyGradient(
    _ probabilities: Span<Double>, target: Span<Double>
  ) -> [Double] {
    precondition(probabilities.count == target.count, "one target per probability")
    return [Double](capacity: probabilities.count) { gradient in
      for k in probabilities.indices {
        gradient.append(target[k] == 0 ? 0 : -target[k] / probabilities[k])
      }
    }
  }

  /// The gradient of ``crossEntropy(_:target:)`` by the target distribution, `-log(p_k)`.
  public static func crossEntropyGradientByTarget(_ probabilities: Span<Double>) -> [Double] {
    [Double](capacity: probabilities.count) { gradient in
      for k in probabilities.indices { gradient.append(-.log(probabilities[k])) }
    }
  }
}
