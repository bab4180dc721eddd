/// A curvature policy together with what the objective offers for it: made once per fit, so that no
/// block of rows has to look it up again.
public struct CurvatureRule: Sendable {
  /// The policy.
  public let policy: CurvaturePolicy
  private let objective: any Objective
  private let offer: CurvatureOffer?

  /// The rule of `policy`, one that ``CurvaturePolicy/check(for:)`` accepts for `objective`.
  public init(_ policy: CurvaturePolicy, of objective: some Objective) {
    self.policy = policy
    self.objective = objective
    offer = policy.offerName.map { name in
      guard let offer = objective.curvature.offers.first(where: { $0.name == name }) else {
        preconditionFailure(
          "objective '\(objective.name)' offers no curvature '\(name)'; check(for:) tells in time")
      }
      return offer
    }
  }

  /// Gradients and Hessians with the policy applied: what a learner of Newton steps calls once per
  /// round. Purposes and shapes are those of
  /// ``Objective/derivatives(at:_:gradients:hessians:)``.
  ///
  /// - Parameter unit: the mean magnitude of the Hessians at the initial scores
  ///   (``CurvaturePolicy/unit(of:)``); only `floor` and `constant` read it.
  /// - Returns: how many Hessians the policy changed.
  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows, unit: Double,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) -> Int {
    objective.derivatives(at: scores, rows, gradients: &gradients, hessians: &hessians)
    guard let offer else {
      return policy.apply(gradients: gradients.span, hessians: &hessians, unit: unit)
    }
    let exact = [Double](capacity: hessians.count) { copy in
      for index in hessians.indices { copy.append(hessians[index]) }
    }
    offer.write(scores, rows, gradients.span, &hessians)
    policy.apply(gradients: gradients.span, hessians: &hessians, unit: unit)
    var changed = 0
    for index in hessians.indices where hessians[index] != exact[index] { changed += 1 }
    return changed
  }
}
