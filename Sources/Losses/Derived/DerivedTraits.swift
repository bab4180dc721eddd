import Wording

/// What suits a loss of which its author says nothing but values and derivatives: derived from what
/// the loss is like.
///
/// In this order:
/// 1. It is a shipped objective's, up to a factor (``ShippedTwin``): what that declares holds.
/// 2. It is a likelihood of a location and a scale (``DerivedLikelihood``): the Fisher information.
/// 3. It consists of straight lines: its second derivative is 0, so leaves are solved by bisection
///    (``LeafSearch``), and jumps of the slope stand in for Hessians.
/// 4. Its slope jumps at the target: leaves are solved by bisection, too (``kinked(_:)``).
/// 5. Its Hessian is negative in places, 0 where there is a pull, or falls faster than
///    `gradient / distance` on both sides of each row's minimum, so that Newton steps overshoot: the
///    parabola through the slope that has its vertex at the row's minimum, whose steps never pass it.
/// 6. Its Hessian is negative, and rows have no finite minimum: a magnitude.
/// 7. Otherwise its exact Hessian.
///
/// Nothing is derived where Hessians are not the slopes of the gradients: they are used, or refused,
/// as they are given.
package struct DerivedTraits: Sendable {
  /// What the Hessian is and how to use it.
  package var curvature: Curvature
  /// How leaves are solved; nil for Newton steps.
  package var leafSolver: LeafSolver?
  /// The shipped objective with the same loss.
  package var twin: ShippedTwin?
  /// The constant scores to start from; nil to leave it to derivatives.
  package var start: (@Sendable (borrowing Rows, Span<Double>) -> [Double]?)?

  /// The traits of `objective` on `rows`; nil if nothing can be said.
  package static func found(
    for objective: some Objective, on rows: ProbeRows, literals: [Double] = []
  ) -> DerivedTraits? {
    guard objective.reach == .row, rows.count > 0 else { return nil }
    if let twin = ShippedTwin.find(for: objective, on: rows, literals: literals) {
      return shipped(twin)
    }
    if let likelihood = DerivedLikelihood(objective, on: rows) {
      return DerivedTraits(
        curvature: likelihood.fisherCurvature,
        start: { likelihood.startingScores($0, weights: $1) })
    }
    guard objective.scoresPerRow == 1 else { return several(objective, rows) }
    guard let shape = LossShape(objective, rows) else { return nil }
    if shape.isPiecewiseLinear { return straight(objective, shape) }
    guard shape.hasExactHessian else { return nil }
    var traits =
      shape.hasKink
      ? kinked(objective, isConcave: shape.concaveShare > 0.01) : curved(objective, shape)
    if let minimum = shape.minimum, !isDefinedAtZero(objective, rows) {
      traits.start = { minimum.median($0, weights: $1) }
    }
    return traits
  }

  /// Whether the loss is a number at score 0 in any row; a fit could not start there else.
  private static func isDefinedAtZero(_ objective: some Objective, _ rows: ProbeRows) -> Bool {
    let zeros = [Double](repeating: 0, count: rows.count)
    return rows.derivatives(of: objective, at: zeros).gradients.contains { $0.isFinite }
  }

  /// What a shipped objective with the same loss declares.
  private static func shipped(_ twin: ShippedTwin) -> DerivedTraits {
    let shipped = twin.objective
    let declared = shipped.curvature
    let reason = "The loss is that of '\(shipped.name)'. "
    let offers = declared.offers.map { twin.offer($0) }
    let curvature: Curvature
    switch twin.hessian {
    case .same:
      curvature = Curvature(
        isExact: declared.isExact, policy: declared.policy, reason: reason + declared.reason,
        offers: offers)
    case .zero where !declared.isExact:
      curvature = Curvature(
        policy: .named("surrogate"), reason: reason + declared.reason,
        offers: offers + [twin.surrogate])
    case .zero, .own:
      // The author's, right or wrong: it is checked as it stands.
      curvature = .given
    }
    return DerivedTraits(
      curvature: curvature, leafSolver: shipped.leafSolver, twin: twin,
      start: { initialScores(for: shipped, $0, weights: $1) })
  }

  /// A smooth loss of one score, whose Hessian is the exact one.
  private static func curved(_ objective: some Objective, _ shape: LossShape) -> DerivedTraits {
    let hasUnit = objective.link != .logit && objective.link != .softmax
    let isConcave = shape.concaveShare > 0.01
    let isFlat = shape.flatShare > 0.05
    let overshoots = shape.overshoots.below && shape.overshoots.above
    if hasUnit, isConcave || isFlat || overshoots, let minimum = shape.minimum {
      let seen =
        isConcave
        ? "is negative in \(shape.concaveShare.percent) of the places looked at"
        : isFlat
          ? "is 0 in \(shape.flatShare.percent) of the places with a pull"
          : "falls faster than gradient / distance on both sides of the minimum"
      return DerivedTraits(
        curvature: Curvature(
          policy: .upperBound,
          reason:
            "The exact Hessian \(seen), so that Newton steps overshoot; the parabola with its "
            + "vertex at \(minimum.words) does not.",
          offers: [.vertex(of: objective, minimum)]))
    }
    guard isConcave else { return DerivedTraits(curvature: .seenConvex) }
    return DerivedTraits(
      curvature: Curvature(
        policy: objective.link == .identity ? .absolute : .absoluteGradient,
        reason:
          "The exact Hessian is negative in \(shape.concaveShare.percent) of the places looked "
          + "at, and rows have no finite minimum; a magnitude still gives steps a length."))
  }

  /// A loss of straight lines in one score.
  private static func straight(_ objective: some Objective, _ shape: LossShape) -> DerivedTraits {
    let isGiven = shape.convexShare > 0.9
    return DerivedTraits(
      curvature: Curvature(
        policy: isGiven ? .exact : .named("surrogate"),
        reason: "The loss consists of straight lines, so its exact Hessian is 0; leaves are solved "
          + "themselves, and jumps of the slope give the rows their share in splits.",
        offers: isGiven ? [] : [.jumps(of: objective)]),
      leafSolver: shape.hasOneKink && objective.link == .identity
        ? LeafSearch.kinkSolver(for: objective) : LeafSearch.solver(for: objective))
  }

  /// A loss of several scores.
  private static func several(_ objective: some Objective, _ rows: ProbeRows) -> DerivedTraits? {
    let shapes = (0..<objective.scoresPerRow).map { LossShape(objective, rows, score: $0) }
    let known = shapes.compactMap { $0 }
    guard known.count == shapes.count else { return nil }
    if known.contains(where: { $0.isPiecewiseLinear && $0.convexShare == 0 }) {
      return DerivedTraits(
        curvature: Curvature(
          reason: "By some scores the loss consists of straight lines, so its exact Hessian is 0; "
            + "leaves are solved themselves."),
        leafSolver: LeafSearch.solver(for: objective))
    }
    guard known.allSatisfy(\.hasExactHessian) else { return nil }
    let concave = known.reduce(0) { max($0, $1.concaveShare) }
    guard concave > 0.01 else { return DerivedTraits(curvature: .seenConvex) }
    return DerivedTraits(
      curvature: Curvature(
        policy: .absolute,
        reason: "The exact Hessian is negative in \(concave.percent) of the places looked at; its "
          + "magnitude still gives steps a length."))
  }
}

extension Curvature {
  fileprivate static let seenConvex = Curvature(
    reason: "The exact Hessian is nowhere negative, as far as was looked, and bounds the steps.")
}

extension ShippedTwin {
  /// The shipped objective's offer in the unit of the other loss.
  fileprivate func offer(_ offer: CurvatureOffer) -> CurvatureOffer {
    guard factor != 1 else { return offer }
    return CurvatureOffer(
      offer.name, formula: "\(factor.short) (\(offer.formula))", purpose: offer.purpose
    ) { scores, rows, _, hessians in
      var gradients = [Double](repeating: 0, count: scores.count)
      var g = gradients.mutableSpan
      objective.derivatives(at: scores, rows, gradients: &g, hessians: &hessians)
      offer.write(scores, rows, gradients.span, &hessians)
      for index in hessians.indices { hessians[index] *= factor }
    }
  }

  /// What the shipped objective writes for a Hessian that says nothing.
  fileprivate var surrogate: CurvatureOffer {
    CurvatureOffer(
      "surrogate", formula: "as '\(objective.name)' writes",
      purpose: "It stands in for the exact Hessian, which is 0."
    ) { scores, rows, _, hessians in
      var gradients = [Double](repeating: 0, count: scores.count)
      var g = gradients.mutableSpan
      objective.derivatives(at: scores, rows, gradients: &g, hessians: &hessians)
      for index in hessians.indices { hessians[index] *= factor }
    }
  }
}

extension CurvatureOffer {
  /// The parabola through each row's slope with its vertex at the row's minimum: `gradient / (score -
  /// minimum)`, the sharpest quadratic upper bound of an even loss (de Leeuw & Lange, "Sharp
  /// quadratic majorization in one dimension", Computational Statistics & Data Analysis 53, 2009), and
  /// of others one whose step ends at the minimum.
  static func vertex(of objective: some Objective, _ minimum: RowMinimum) -> CurvatureOffer {
    CurvatureOffer(
      "upper-bound", formula: "gradient / (score - minimum)",
      purpose: "Its parabola has its vertex at the row's own minimum, so a step never passes it."
    ) { scores, rows, gradients, hessians in
      let searched =
        minimum == .elsewhere
        ? RowSearch.minima(of: objective, at: scores, rows, score: 0, gradients: gradients) : []
      for row in 0..<rows.count {
        let place =
          searched.isEmpty
          ? minimum.score(target: rows.targets[row]) { rows.rowData[row * rows.rowDataCount + $0] }
            ?? .nan
          : searched[row]
        let ratio = gradients[row] / (scores[row] - place)
        // At the minimum, and where none was found, the Hessian itself is left.
        if ratio.isFinite, ratio >= 0 {
          hessians[row] = ratio
        } else {
          hessians[row] = max(hessians[row], 0)
        }
      }
    }
  }

  /// The square of half the jump of the slope from far below a row's target to far above it: for
  /// `w |score - y|` that is `w^2`, as for a parabola of the same weight.
  fileprivate static func jumps(of objective: some Objective) -> CurvatureOffer {
    CurvatureOffer(
      "surrogate", formula: "(jump of the slope / 2)^2",
      purpose: "It stands in for the exact Hessian, which is 0."
    ) { scores, rows, _, hessians in
      let (below, above) = LeafSearch.farGradients(of: objective, at: scores, rows)
      for row in 0..<rows.count {
        let jump = (above[row] - below[row]) / 2
        hessians[row] = jump * jump
      }
    }
  }
}
