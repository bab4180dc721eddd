/// One logistic loss per class, summed: is it this class or any other?
///
/// Targets are class indices 0 to `classes - 1`; one score per class; logit link, so that
/// predictions of a row are probabilities that need not sum to one. With `p_k = sigmoid(score_k)`:
/// gradient `p_k - [k = y]`, exact Hessian `p_k (1 - p_k)`; the full Hessian is diagonal, so Newton
/// steps of the classes do not disturb each other.
///
/// Rifkin & Klautau, "In Defense of One-Vs-All Classification", Journal of Machine Learning
/// Research 5 (2004).
public struct OneVsRest: Objective {
  /// The number of classes, at least 2.
  public let classes: Int

  /// One logistic loss for each of `classes` classes.
  public init(classes: Int) {
    precondition(classes >= 2, "one-vs-rest needs at least two classes")
    self.classes = classes
  }

  public var name: String { "one-vs-rest" }
  public var scoresPerRow: Int { classes }
  public var link: Link { .logit }
  public var defaultMetric: Metric { .accuracy }
  public var curvature: Curvature { .convex }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireClasses(rows, classes)
  }

  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let own = Int(rows.targets[row])
      var sum = 0.0
      for k in 0..<classes {
        let score = scores[row * classes + k]
        sum += StableMath.softplus(k == own ? -score : score)
      }
      losses[row] = sum
    }
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let own = Int(rows.targets[row])
      for k in 0..<classes {
        let index = row * classes + k
        let p = StableMath.sigmoid(scores[index])
        gradients[index] = p - (k == own ? 1 : 0)
        hessians[index] = p * (1 - p)
      }
    }
  }

  public var hasFullHessian: Bool { true }

  /// Diagonal.
  public func fullHessians(
    at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      for j in 0..<classes {
        for k in 0..<classes {
          let p = StableMath.sigmoid(scores[row * classes + k])
          matrices[(row * classes + j) * classes + k] = j == k ? p * (1 - p) : 0
        }
      }
    }
  }
}

extension Catalogue.Entry {
  static let oneVsRest = Self(
    name: "one-vs-rest",
    expression: "sum(k in classes: softplus(if(k == y, -score[k], score[k]))); link=logit",
    purpose: "classes judged one by one, each against all others", targets: .classes
  ) { arguments throws(CatalogueError) in OneVsRest(classes: arguments.classes) }
}
