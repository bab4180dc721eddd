/// Where a fit has come to between two rounds: all that the rounds to come need beside the tables and
/// the booster, which are the same again.
///
/// The scores stand in it as they are: to add up the trees again would take longer. All that the
/// next rounds depend on keeps every bit in any coder.
struct TrainingState: Codable, Sendable {
  /// The training rows' scores, `[rows x scoresPerRow]`.
  @ExactNumbers var scores: [Double]
  /// The trees of all rounds, those after the best one included.
  @ExactTrees var trees: [Tree]
  var stepGuard: StepGuard.Memory
  var losses: LossMonitor.Memory
  /// The format of sums that the last tree had; the next has no narrower one.
  var format: SumFormat
  /// The rounds so far.
  var log: TrainingLog
  /// Whether no round is to follow.
  var isFinished: Bool

  /// The rounds that were run.
  var roundCount: Int { log.rounds.count }

  /// Refuses a state that was not left by a fit to such tables.
  ///
  /// - Throws: ``LearningError``, saying what the state lacks.
  func requireFit(to fit: FitData) throws(LearningError) {
    let width = fit.objective.scoresPerRow
    func require(
      _ found: Int, _ expected: Int, _ what: String
    ) throws(LearningError) {
      guard found != expected else { return }
      throw LearningError(
        .columnMismatch,
        "\(fit.train.source): the state to continue from holds \(found) \(what), but this fit has "
          + "\(expected); continue with the tables and the objective that the fit began with")
    }
    try require(scores.count, fit.rows.count * width, "scores of training rows")
    try require(
      losses.validationScores.count, (fit.validation?.rows.count ?? 0) * width,
      "scores of validation rows")
    try require(trees.count, roundCount * width, "trees of \(roundCount) rounds")
    try require(stepGuard.largestSteps.count, width, "scores per row")
    try require(losses.integrals.count, 2, "integrals of losses")
    for tree in trees {
      if let fault = tree.fault(columns: fit.train.columnCount) {
        throw LearningError(
          .columnMismatch,
          "\(fit.train.source): the state to continue from does not fit the table: \(fault)")
      }
    }
  }
}
