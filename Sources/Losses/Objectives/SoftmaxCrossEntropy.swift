/// Softmax cross-entropy on one score per class, `logSumExp(scores) - scores[y]`.
///
/// Targets are class indices 0 to `classes - 1`; softmax link. With `p = softmax(scores)`:
/// gradient `p_k - [k = y]`, diagonal Hessian `p_k (1 - p_k)`, full Hessian `diag(p) - p p^T`.
/// Finite for every finite score.
///
/// Three options change what the scores are compared with; the loss is then
/// `sum(w_k t_k (logSumExp(scores) - score_k))`, its gradient `W p_k - w_k t_k` and its Hessian
/// `W (diag(p) - p p^T)`, `W = sum(w_k t_k)`:
/// - label smoothing `s`: `t_k = (1 - s) [k = y] + s / classes` (Szegedy et al., "Rethinking the
///   Inception Architecture", CVPR 2016);
/// - class weights `w_k`;
/// - soft labels: `t_k` is row data `p0`, `p1`, ..., a distribution per row. The target column then
///   only serves metrics.
public struct SoftmaxCrossEntropy: Objective {
  /// The number of classes, at least 2.
  public let classes: Int
  /// The share of every label that is spread over all classes, from 0 to below 1.
  public let labelSmoothing: Double
  /// One weight per class; nil if all weigh 1.
  public let classWeights: [Double]?
  /// Whether labels are distributions, read from row data `p0`, `p1`, ...
  public let readsSoftLabels: Bool
  @usableFromInline let isPlain: Bool

  /// Softmax cross-entropy over `classes` classes.
  ///
  /// - Parameters:
  ///   - labelSmoothing: the share of a label to spread over all classes.
  ///   - classWeights: one positive weight per class.
  ///   - softLabels: whether row data `p0`, `p1`, ... hold a distribution over the classes.
  public init(
    classes: Int, labelSmoothing: Double = 0, classWeights: [Double]? = nil,
    softLabels: Bool = false
  ) {
    precondition(classes >= 2, "softmax cross-entropy needs at least two classes")
    precondition(labelSmoothing >= 0 && labelSmoothing < 1, "label smoothing is 0 to below 1")
    precondition(
      classWeights.map { $0.count == classes && $0.allSatisfy { $0 > 0 && $0.isFinite } } ?? true,
      "softmax cross-entropy needs one positive weight per class")
    self.classes = classes
    self.labelSmoothing = labelSmoothing
    self.classWeights = classWeights
    self.readsSoftLabels = softLabels
    self.isPlain = labelSmoothing == 0 && classWeights == nil && !softLabels
  }

  public var name: String { "softmax" }
  public var scoresPerRow: Int { classes }
  public var link: Link { .softmax }
  public var defaultMetric: Metric { .logLoss }

  public var rowDataNames: [String] { readsSoftLabels ? (0..<classes).map { "p\($0)" } : [] }

  public var parameters: [String: Double] {
    var parameters: [String: Double] = [:]
    if labelSmoothing > 0 { parameters["smoothing"] = labelSmoothing }
    for (k, weight) in (classWeights ?? []).enumerated() { parameters["weight\(k)"] = weight }
    return parameters
  }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireClasses(rows, classes)
    guard readsSoftLabels else { return }
    for row in 0..<rows.count {
      var sum = 0.0
      for k in 0..<classes {
        let share = rows.rowData[row * classes + k]
        if share < 0 {
          throw ObjectiveError(
            .invalidRowData("p\(k)"), objective: name, row: row, value: share,
            "the probability of a class must not be negative")
        }
        sum += share
      }
      if (sum - 1).magnitude > 1e-6 {
        throw ObjectiveError(
          .invalidRowData("p0"), objective: name, row: row, value: rows.rowData[row * classes],
          "the probabilities p0 to p\(classes - 1) of a row must sum to 1, but they sum to \(sum)")
      }
    }
  }

  @inlinable
  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    guard isPlain else { return weightedLosses(at: scores, rows, into: &losses) }
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
    guard isPlain else {
      weightedDerivatives(at: scores, rows, gradients: &gradients, hessians: &hessians)
      return
    }
    for index in 0..<rows.count {
      let place = index * classes..<(index + 1) * classes
      for k in place { gradients[k] = scores[k] }
      StableMath.softmax(&gradients, in: place)
      for k in place { hessians[k] = gradients[k] * (1 - gradients[k]) }
      gradients[place.lowerBound + Int(rows.targets[index])] -= 1
    }
  }

  @inlinable
  public func gradients(
    at scores: Span<Double>, _ rows: borrowing Rows, into gradients: inout MutableSpan<Double>
  ) {
    guard isPlain else { return weightedGradients(at: scores, rows, into: &gradients) }
    for index in 0..<rows.count {
      let place = index * classes..<(index + 1) * classes
      for k in place { gradients[k] = scores[k] }
      StableMath.softmax(&gradients, in: place)
      gradients[place.lowerBound + Int(rows.targets[index])] -= 1
    }
  }

  public var hasFullHessian: Bool { true }

  /// `diag(p) - p p^T`, times the weight of the row's labels.
  public func fullHessians(
    at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) {
    var p = [Double](repeating: 0, count: classes)
    for index in 0..<rows.count {
      for k in 0..<classes { p[k] = scores[index * classes + k] }
      var span = p.mutableSpan
      StableMath.softmax(&span, in: 0..<classes)
      let total = totalWeight(rows, row: index)
      for j in 0..<classes {
        for k in 0..<classes {
          let entry = (j == k ? p[j] : 0) - p[j] * p[k]
          matrices[(index * classes + j) * classes + k] = isPlain ? entry : total * entry
        }
      }
    }
  }

  /// The diagonal by default; the two factors that other libraries put before it are offered. The
  /// policy `absoluteGradient` gives `|p - y|`, and ``fullHessians(at:_:into:)`` the whole matrix.
  public var curvature: Curvature {
    let friedman = Double(classes) / Double(classes - 1)
    return Curvature(
      reason:
        "The exact diagonal: the loss is convex, and the step of one class alone is Newton's.",
      offers: [
        .exactIsFisher(formula: "p (1 - p)"),
        .multiple(
          "upper-bound", of: 2, formula: "2 p (1 - p)",
          purpose: "The diagonal that bounds the full Hessian from above (Gershgorin), so that "
            + "steps of all classes together do not overshoot; XGBoost's factor until 2026."),
        .multiple(
          "friedman", of: friedman, formula: "K / (K - 1) p (1 - p)",
          purpose: "The factor of Friedman's multiclass boosting (Annals of Statistics 29, 2001, "
            + "algorithm 6), which LightGBM uses."),
      ])
  }
}

extension CurvatureOffer {
  /// A multiple of the exact Hessian.
  static func multiple(
    _ name: String, of factor: Double, formula: String, purpose: String
  ) -> CurvatureOffer {
    CurvatureOffer(name, formula: formula, purpose: purpose) { _, _, _, hessians in
      for index in hessians.indices { hessians[index] *= factor }
    }
  }

  /// The exact Hessian, of losses where it does not depend on the target.
  static func exactIsFisher(formula: String) -> CurvatureOffer {
    CurvatureOffer(
      "fisher", formula: formula,
      purpose: "The exact Hessian does not depend on the target, so it is its own expectation."
    ) { _, _, _, _ in }
  }
}

extension Catalogue.Entry {
  static let softmax = Self(
    name: "softmax", expression: "logsumexp(score) - score[y]",
    purpose:
      "two or more classes, targets 0 to K-1; with the option 'soft', against row data p0, "
      + "p1, ...; with weights=[1, 2, ...], each class weighed",
    targets: .classes,
    parameters: [Catalogue.Parameter("smoothing", 0, "0 to below 1") { $0 >= 0 && $0 < 1 }],
    lists: [Catalogue.Parameter("weights", 1, "a positive number") { $0 > 0 }],
    options: ["soft"]
  ) { arguments throws(CatalogueError) in
    SoftmaxCrossEntropy(
      classes: arguments.classes, labelSmoothing: arguments["smoothing"],
      classWeights: arguments.list("weights"), softLabels: arguments.has("soft"))
  }
}
