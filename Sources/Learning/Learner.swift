public import Losses
public import Tabular

/// A fit procedure: options and an objective that turn a table into a model.
public protocol Learner: Sendable {
  /// What ``fit(_:validation:progress:)`` gives.
  associatedtype Model: TrainedModel

  /// What is minimised.
  var objective: any Objective { get set }

  /// Whether to fit in the space of the objective's ``Objective/scoreAdjustment``.
  var adjustsScores: Bool { get set }

  /// Whether to look for mistakes in the objective before round one, in about a millisecond.
  var checksObjective: Bool { get set }

  /// Whether to log the training loss of every round, which costs one evaluation of the loss.
  var recordsTrainingLoss: Bool { get set }

  /// Everything chance decides depends on this alone.
  var seed: UInt64 { get set }

  /// Threads to use; nil means one per core. The model does not depend on it.
  var threads: Int? { get set }

  /// Fits a model.
  ///
  /// Trees and networks settle their number of rounds by one rule. A number that is named alone is
  /// run as it stands. Otherwise the rounds with the least loss on `validation` are kept; without
  /// validation rows some of the training rows are held out (``HoldOut``), the number is chosen on
  /// them, and the model is fitted again on all. ``TrainingLog/choice`` tells what was done.
  ///
  /// - Parameters:
  ///   - train: the rows to learn from.
  ///   - validation: rows whose loss is followed; nil to hold out training rows where a number of
  ///     rounds is to be chosen.
  ///   - progress: called after every round, those of a refit too; return false to end training
  ///     there, keeping the model so far (that of the search, where a refit was not finished).
  /// - Throws: ``LearningError``.
  func fit(
    _ train: Table, validation: Table?, progress: ((TrainingRound) -> Bool)?
  ) throws(LearningError) -> Model
}

extension Learner {
  /// Fits a model without following its progress.
  public func fit(_ train: Table, validation: Table? = nil) throws(LearningError) -> Model {
    try fit(train, validation: validation, progress: nil)
  }

  /// The objective as a function of the model's output: adjusted if ``adjustsScores`` is on.
  public var fittedObjective: any Objective {
    adjustsScores ? objective.adjusted() : objective
  }

  /// What is minimised on `table`, with its rows: the objective, what was derived of its loss on
  /// these rows (``Objective/resolved(on:)``), adjusted if ``adjustsScores`` is on.
  ///
  /// - Throws: ``LearningError`` as ``ObjectiveRows/init(_:for:)``, and if ``checksObjective`` is on
  ///   as ``Objective/requireSound(on:of:policy:)``. The objective is checked as its author wrote
  ///   it, before the adjustment, so that a mistake has the name it has for the author.
  public func objectiveAndRows(
    of table: Table, policy: (any Objective) throws(LearningError) -> CurvaturePolicy?
  ) throws(LearningError) -> (objective: any Objective, rows: ObjectiveRows) {
    let rows = try ObjectiveRows(table, for: objective)
    let resolved = objective.resolved(on: rows.rows)
    if checksObjective {
      try resolved.requireSound(on: rows, of: table, policy: policy(resolved))
    }
    guard adjustsScores, resolved.scoreAdjustment != nil else { return (resolved, rows) }
    let adjusted = resolved.adjusted()
    return (adjusted, try ObjectiveRows(table, for: adjusted))
  }
}
