/// An objective whose author says nothing of its curvature, with what was derived from its loss
/// (``DerivedTraits``). Values and derivatives are those of the base.
struct DerivedObjective: ForwardingObjective {
  /// The objective as it was given.
  let base: any Objective
  let traits: DerivedTraits
  let adjustment: ScoreAdjustment?

  var scoreAdjustment: ScoreAdjustment? { base.scoreAdjustment ?? adjustment }
  /// The base's, or where its author named none, that of the shipped objective with the same loss.
  var defaultMetric: Metric {
    guard let closures = base as? any ClosureObjective, !closures.namesMetric,
      let twin = traits.twin?.objective, twin.link == link
    else { return base.defaultMetric }
    return twin.defaultMetric
  }
  var leafSolver: LeafSolver? { traits.leafSolver }
  var curvature: Curvature { traits.curvature }

  func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    base.startingScores(rows, weights: weights) ?? traits.start?(rows, weights)
  }
}

extension Objective {
  /// The objective with the curvature policy and leaf solver that suit its loss: its own, where it
  /// declares any, else derived from its loss on a few dozen of `rows` (``Curvature/reason`` says what
  /// was seen). What learners train on.
  ///
  /// Deterministic; about a millisecond. An objective that compares rows, or whose Hessians are not
  /// the slopes of its gradients, is left as it is.
  public func resolved(on rows: borrowing Rows) -> any Objective {
    if let adjusted = self as? AdjustedObjective {
      return AdjustedObjective(adjusted.base.resolved(on: rows), adjusted.adjustment)
    }
    guard reach == .row, leafSolver == nil, curvature.isUnknown, rows.count > 0 else { return self }
    let probes = ProbeRows(rows, limit: ShippedTwin.rowLimit)
    guard let traits = DerivedTraits.found(for: self, on: probes) else { return self }
    return DerivedObjective(
      base: self, traits: traits,
      adjustment: scoreAdjustment ?? traits.twin?.objective.scoreAdjustment
        ?? .derived(for: self, on: probes))
  }

  /// The objective as its author gave it, which model files describe.
  var asGiven: any Objective {
    if let derived = self as? DerivedObjective { return derived.base }
    return (self as? AdjustedObjective)?.base.asGiven ?? self
  }
}

/// An objective made of closures, whose author may have named no metric.
protocol ClosureObjective: Objective {
  /// Whether ``Objective/defaultMetric`` is the author's choice.
  var namesMetric: Bool { get }
}
