import Baselines
import Losses
import Tabular

/// A model that learners have to beat, for one of the objectives.
public struct SimpleModelPlan: Sendable {
  /// How to make it, and how to speak of it.
  public var learner: LearnerPlan
  /// Its name within a sentence: `the best constant`.
  public var words: String
  /// The name of the ``ObjectivePlan`` that it is fitted for.
  public var objective: String
  /// The form it is fitted in.
  public var form: ObjectiveForm

  /// A plan from its parts.
  public init(learner: LearnerPlan, words: String, objective: String, form: ObjectiveForm) {
    self.learner = learner
    self.words = words
    self.objective = objective
    self.form = form
  }
}

/// The models that every comparison should include, because a learner that does not beat them has
/// learned nothing that matters: the best constant, a straight line, and a column that is the
/// target's own past.
///
/// There is one of each for every objective that is not the baseline (else for the baseline), in
/// the form that the objective suggests.
public struct SimpleModels: Sendable {
  /// The models, in order.
  public private(set) var plans: [SimpleModelPlan] = []
  /// What was left out and why, and how a column was found, in sentences.
  public private(set) var notes: [String] = []

  /// Chooses the models from the training rows of `data`.
  ///
  /// - Parameter persistence: the feature to take as a prediction as it stands; nil to look for one
  ///   (``LaggedColumn``).
  /// - Throws: ``HarnessError`` if there is no such feature, or it cannot stand for predictions.
  public init(
    for objectives: [ObjectivePlan], data: ExperimentData, persistence: String? = nil
  ) throws(HarnessError) {
    if let persistence, data.train.featureShifts[persistence] != nil {
      throw HarnessError(
        "feature '\(persistence)' cannot stand for predictions: its numbers are too large for 32-bit "
          + "features, so that an offset was subtracted; store it in a larger unit")
    }
    if let persistence, !data.train.featureNames.contains(persistence) {
      let known = data.train.featureNames.prefix(12).joined(separator: ", ")
      throw HarnessError(
        "there is no feature '\(persistence)' to take as a prediction; the features are \(known)")
    }
    let named = objectives.filter { !$0.isBaseline }
    for plan in named.isEmpty ? objectives : named {
      addConstant(plan)
      addLine(plan, data)
      try addColumn(plan, data, persistence)
    }
  }

  private func form(_ plan: ObjectivePlan) -> ObjectiveForm {
    plan.forms.contains(.adjusted) && plan.objective.scoreAdjustment != nil ? .adjusted : .plain
  }

  private mutating func note(_ sentence: String) {
    if !notes.contains(sentence) { notes.append(sentence) }
  }

  private mutating func addConstant(_ plan: ObjectivePlan) {
    let learner = LearnerPlan(name: "Constant", kind: .constant) { objective, adjusts, _, _ in
      ConstantLearner(objective: objective, adjustsScores: adjusts)
    }
    plans.append(
      SimpleModelPlan(
        learner: learner, words: "the best constant", objective: plan.name, form: form(plan)))
  }

  private mutating func addLine(_ plan: ObjectivePlan, _ data: ExperimentData) {
    let isAdjusted = form(plan) == .adjusted
    let fitted = isAdjusted ? plan.objective.adjusted() : plan.objective
    let refusal =
      MetricChoice.Family(plan.objective) == .survival
      ? "it is about times of events" : LinearLearner.refusal(of: fitted, on: data.train)
    if let refusal {
      note("There is no straight line under \(plan.name): \(refusal).")
      return
    }
    let rows = data.train.rowCount
    let used = LinearLearner.rowsFitted(
      of: rows, columns: min(data.train.columnCount, LinearLearner.mostColumns),
      scores: plan.objective.scoresPerRow)
    var options: [NamedValue] = []
    if used < rows { options.append(NamedValue("rows", "\(used) of \(rows), drawn by chance")) }
    if data.train.columnCount > LinearLearner.mostColumns {
      options.append(
        NamedValue(
          "features",
          "the \(LinearLearner.mostColumns) most related to the target of "
            + "\(data.train.columnCount)"))
    }
    options.append(NamedValue("penalty", "chosen on a fifth of the training rows"))
    let learner = LearnerPlan(name: "Linear", kind: .linear, options: options) {
      objective, adjusts, _, _ in
      LinearLearner(objective: objective, adjustsScores: adjusts)
    }
    plans.append(
      SimpleModelPlan(
        learner: learner, words: "a straight line", objective: plan.name, form: form(plan)))
  }

  private mutating func addColumn(
    _ plan: ObjectivePlan, _ data: ExperimentData, _ persistence: String?
  ) throws(HarnessError) {
    if MetricChoice.Family(plan.objective) != .values
      || ColumnLearner.refusal(of: plan.objective, on: data.train) != nil
    {
      guard let persistence else { return }
      let reason = ColumnLearner.refusal(of: plan.objective, on: data.train)
      throw HarnessError(
        "feature '\(persistence)' cannot stand for predictions under \(plan.name): "
          + (reason ?? "its scores only order rows"))
    }
    var unit: String?
    if form(plan) == .adjusted, case .multiplied(let name) = plan.objective.scoreAdjustment {
      unit = name
    }
    guard let found = LaggedColumn.find(in: data.train, unit: unit, name: persistence) else {
      return
    }
    // A column of a sibling form cannot run where that form was not asked for.
    let form: ObjectiveForm = found.isPerUnit ? .adjusted : .plain
    let column = found.name
    let isPast = found.isNamed || persistence != nil
    let learner = LearnerPlan(
      name: isPast ? "Persistence" : "Column as is", kind: .column,
      options: [NamedValue("column", column)]
    ) { objective, adjusts, _, _ in
      ColumnLearner(column: column, objective: objective, adjustsScores: adjusts)
    }
    plans.append(
      SimpleModelPlan(
        learner: learner, words: "the column \(column) as it stands", objective: plan.name,
        form: form))
    let share = ((found.share * 1000).rounded() / 10)
    let source =
      persistence != nil
      ? "was named" : found.isNamed ? "was found by its name" : "was found by its values"
    note(
      "The column \(column)\(found.isPerUnit ? ", per unit of \(unit ?? "size")," : "") \(source): "
        + "as it stands it explains \(share) % of the target's variance on the training rows.")
  }
}
