/// Softmax cross-entropy on one score per class, `logSumExp(scores) - scores[y]`.
///
/// Targets are class indices 0 to `classes - 1`; softmax link. With `p = softmax(scores)`:
/// gradient `p_k - [k = y]`, diagonal Hessian `p_k (1 - p_k)`. Finite for every finite score.
public struct SoftmaxCrossEntropy: Objective {
  /// The number of classes, at least 2.
  public let classes: Int

  /// Softmax cross-entropy over `classes` classes.
  public init(classes: Int) {
    precondition(classes >= 2, "softmax cross-entropy needs at least two classes")
    self.classes = classes
  }

  public var name: String { "softmax" }
  public var scoresPerRow: Int { classes }
  public var link: Link { .softmax }
  public var defaultMetric: Metric { .logLoss }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireFinite(rows)
    for row in rows.targets.indices {
      let y = rows.targets[row]
      guard y >= 0, y < Double(classes), y == y.rounded() else {
        throw ObjectiveError(
          .invalidTarget, objective: name, row: row, value: y,
          "the target must be a class index from 0 to \(classes - 1)")
      }
    }
  }

  @inlinable
  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    for index in 0..<rows.count {
      let row = scores.extracting(index * classes..<(index + 1) * classes)
      losses[index] = StableMath.logSumExp(row) - row[Int(rows.targets[index])]
    }
  }

  @inlinable
  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    for index in 0..<rows.count {
      let place = index * classes..<(index + 1) * classes
      for k in place { gradients[k] = scores[k] }
      StableMath.softmax(&gradients, in: place)
      for k in place { hessians[k] = gradients[k] * (1 - gradients[k]) }
      gradients[place.lowerBound + Int(rows.targets[index])] -= 1
    }
  }

  public var hasFullHessian: Bool { true }

  /// `diag(p) - p p^T`.
  public func fullHessians(
    at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) {
    var p = [Double](repeating: 0, count: classes)
    for index in 0..<rows.count {
      for k in 0..<classes { p[k] = scores[index * classes + k] }
      var span = p.mutableSpan
      StableMath.softmax(&span, in: 0..<classes)
      for j in 0..<classes {
        for k in 0..<classes {
          matrices[(index * classes + j) * classes + k] = (j == k ? p[j] : 0) - p[j] * p[k]
        }
      }
    }
  }
}
