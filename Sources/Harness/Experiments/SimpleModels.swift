import OrderedCollections
import Baselines
import Learning
public import Losses
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
  /// That ``ObjectivePlan`` itself, if it is none of the experiment's.
  public var ownObjective: ObjectivePlan?

  /// A plan from its parts.
  public init(
    learner: LearnerPlan, words: String, objective: String, form: ObjectiveForm,
    ownObjective: ObjectivePlan? = nil
  ) {
    self.learner = learner
    self.words = words
    self.objective = objective
    self.form = form
    self.ownObjective = ownObjective
  }
}

/// The models that every comparison should include, because a learner that does not beat them has
/// learned nothing that matters: the best constant, a straight line, and a column that is the
/// target's own past.
///
/// There is one of each for every objective that is not the baseline (else for the baseline), in
/// the form that the objective suggests, whether it has a name, is a formula or a closure. Where the
/// metric that leads measures another loss than any of these (a Huber loss judged by MAE, a formula
/// by RMSE), constant and line are fitted for that loss, too: a line that aims elsewhere is easily
/// beaten. Where rows have sizes that no objective counts by, a line and a column are taken per unit
/// of size as well, under SNE.
public struct SimpleModels: Sendable {
  /// The models, in order.
  public private(set) var plans: [SimpleModelPlan] = []
  /// What was left out and why, and how a column was found, in sentences.
  public private(set) var notes: [String] = []

  /// Chooses the models from the training rows of `data`.
  ///
  /// - Parameters:
  ///   - metrics: the metrics that models are judged by, the most important first.
  ///   - persistence: the feature to take as a prediction as it stands; nil to look for one
  ///     (``LaggedColumn``).
  /// - Throws: ``HarnessError`` if there is no such feature, or it cannot stand for predictions.
  public init(
    for objectives: [ObjectivePlan], data: ExperimentData, metrics: [Metric] = [],
    persistence: String? = nil
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
    let objectives = objectives.map { $0.resolved(on: data.train) }
    let named = objectives.filter { !$0.isBaseline }
    let led = named.isEmpty ? objectives : named
    for plan in led {
      addConstant(plan)
      addLine(plan, data)
      try addColumn(plan, data, persistence)
    }
    if let aim = Self.aim(of: metrics, besides: led, among: objectives, data) {
      let own = objectives.contains { $0.name == aim.name } ? nil : aim
      addConstant(aim, own)
      addLine(aim, data, own)
    }
    if let perUnit = Self.perUnit(besides: led, among: objectives, data) {
      let own = objectives.contains { $0.name == perUnit.name } ? nil : perUnit
      if !plans.contains(where: { $0.objective == perUnit.name && $0.form == .adjusted }) {
        addLine(perUnit, data, own)
      }
      try addColumn(perUnit, data, persistence, own)
    }
  }

  /// SNE, by which lines and columns count per unit of size, if the rows have sizes that no objective
  /// makes use of: on systems of different size, whatever they are judged by, a line that does not
  /// know of it is easily beaten. Nil if simple models are fitted so anyway.
  private static func perUnit(
    besides led: [ObjectivePlan], among objectives: [ObjectivePlan], _ data: ExperimentData
  ) -> ObjectivePlan? {
    guard let sizes = data.train.rowData["size"], data.train.classNames == nil,
      led.allSatisfy({
        MetricChoice.Family($0.objective) == .values && $0.objective.link == .identity
      }),
      led.allSatisfy({ $0.objective.scoreAdjustment == nil || !$0.forms.contains(.adjusted) }),
      (sizes + (data.test.rowData["size"] ?? [])).allSatisfy({ $0 > 0 && $0.isFinite }),
      let least = sizes.min(), let most = sizes.max(), most > 1.5 * least
    else { return nil }
    let sne = SizeNormalisedSquaredError()
    let own = objectives.first { $0.objective.name == sne.name && $0.forms.contains(.adjusted) }
    let isTaken = objectives.contains { $0.name == sne.name }
    return own
      ?? (isTaken
        ? nil : ObjectivePlan(name: sne.name, objective: sne, forms: [.plain, .adjusted]))
  }

  /// The objective that the leading metric measures; nil if one of `led` has its loss.
  private static func aim(
    of metrics: [Metric], besides led: [ObjectivePlan], among objectives: [ObjectivePlan],
    _ data: ExperimentData
  ) -> ObjectivePlan? {
    guard let metric = metrics.first(where: { $0.goal == nil }),
      let aim = MetricChoice.aim(of: metric, on: data.train),
      let rows = try? ObjectiveRows(data.train, for: aim)
    else { return nil }
    func isAim(_ plan: ObjectivePlan) -> Bool {
      plan.objective.rowDataNames == aim.rowDataNames
        && plan.objective.hasSameLoss(as: aim, on: rows.rows)
    }
    guard !led.contains(where: isAim) else { return nil }
    // The baseline, as a rule.
    if let other = objectives.first(where: isAim) { return other }
    guard !objectives.contains(where: { $0.name == aim.name }) else { return nil }
    return ObjectivePlan(name: aim.name, objective: aim, forms: [.plain, .adjusted])
  }

  private func form(_ plan: ObjectivePlan) -> ObjectiveForm {
    plan.forms.contains(.adjusted) && plan.objective.scoreAdjustment != nil ? .adjusted : .plain
  }

  private mutating func note(_ sentence: String) {
    if !notes.contains(sentence) { notes.append(sentence) }
  }

  private mutating func addConstant(_ plan: ObjectivePlan, _ own: ObjectivePlan? = nil) {
    let learner = LearnerPlan(name: "Constant", kind: .constant) { objective, adjusts, _, _ in
      ConstantLearner(objective: objective, adjustsScores: adjusts)
    }
    plans.append(
      SimpleModelPlan(
        learner: learner, words: "the best constant", objective: plan.name, form: form(plan),
        ownObjective: own))
  }

  private mutating func addLine(
    _ plan: ObjectivePlan, _ data: ExperimentData, _ own: ObjectivePlan? = nil
  ) {
    let isAdjusted = form(plan) == .adjusted
    let fitted = isAdjusted ? plan.objective.adjusted() : plan.objective
    if let refusal = LinearLearner.refusal(of: fitted, on: data.train) {
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
        learner: learner, words: "a straight line", objective: plan.name, form: form(plan),
        ownObjective: own))
  }

  private mutating func addColumn(
    _ plan: ObjectivePlan, _ data: ExperimentData, _ persistence: String?,
    _ own: ObjectivePlan? = nil
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
        form: form, ownObjective: own))
    let share = ((found.share * 1000).rounded() / 10)
    let source =
      persistence != nil
      ? "was named" : found.isNamed ? "was found by its name" : "was found by its values"
    note(
      "The column \(column)\(found.isPerUnit ? ", per unit of \(unit ?? "size")," : "") \(source): "
        + "as it stands it explains \(share) % of the target's variance on the training rows.")
  }
}
