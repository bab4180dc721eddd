/// Why a fit ends or is refused.
extension FitData {
  /// Why trees of one leaf each are all there is.
  func halt(
    _ summary: DerivativePass.Summary, columns: Int, _ builder: TreeBuilder
  ) -> GrowthHalt {
    let limits = builder.limits
    let leastChildWeight = builder.leastChildWeight
    if summary.ranges.allSatisfy({ $0.largestMagnitude == 0 }) { return .noGradient }
    if columns == 0 { return .noFeatureVaries }
    if rows.count < 2 * limits.minChildRows {
      return .tooFewRows(rows.count, leastPerLeaf: limits.minChildRows)
    }
    let isFlat = summary.ranges.allSatisfy { $0.sumOfHessians < 2 * leastChildWeight }
    return isFlat ? .tooLittleCurvature : .noGain(leastPerLeaf: limits.minChildRows)
  }

  /// Refuses to train where there are gradients but no Hessian is above 0: no step has a length.
  func requireCurvature(_ first: DerivativePass.Summary) throws(LearningError) {
    guard first.ranges.allSatisfy({ $0.largestHessian == 0 }),
      first.ranges.contains(where: \.isFlat)
    else { return }
    throw LearningError(
      .unsoundObjective,
      "\(train.source): objective '\(objective.name)' cannot be trained on: under the curvature "
        + "policy '\(policy)' its Hessian is 0 in every row, so that there is no "
        + "Newton step; give it a positive Hessian or a leaf solver, or choose a policy such as "
        + "constant(1) (`curvature: 'constant(1)'`)")
  }

  func unsolved(_ leaf: UnsolvedLeaf, round: Int) -> LearningError {
    LearningError(
      .nonFiniteDerivative,
      "\(train.source): the leaf solver of objective '\(objective.name)' gives \(leaf.constant) in "
        + "round \(round) for a leaf of \(leaf.rowCount) rows, the first of them row "
        + "\(train.sourceRow(leaf.firstRow)); it must give a finite number")
  }
}
