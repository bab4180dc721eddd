import Formulas
public import Learning
public import Losses
import Tabular

/// A name and a value, in the order they were given.
public struct NamedValue: Sendable, Hashable, Codable {
  /// What the value is called.
  public var name: String
  /// The value, as text.
  public var value: String

  /// A pair.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// One of the learners an ``Experiment`` compares: how to make it, and how to speak of it.
public struct LearnerPlan: Sendable {
  /// What kind of model the learner fits.
  public enum Kind: String, Sendable, Hashable, Codable {
    /// Gradient-boosted trees; their rounds are trees.
    case trees
    /// A multilayer perceptron; its rounds are epochs.
    case mlp
    /// The best constant.
    case constant
    /// A straight line in all features.
    case linear
    /// A feature as it stands.
    case column

    /// Whether it is what learners have to beat, fitted at one stroke and without chance.
    public var isSimple: Bool { self == .constant || self == .linear || self == .column }

    /// What a round is called: `tree`, `epoch`.
    public var roundName: String { self == .trees ? "tree" : "epoch" }
  }

  /// Makes a learner for an objective, adjusted or not, a seed, and a number of threads (nil: one
  /// per core).
  public typealias Maker =
    @Sendable (
      _ objective: any Objective, _ adjustsScores: Bool, _ seed: UInt64, _ threads: Int?
    ) -> any Learner

  /// The learner in words, unique in an experiment: `Boosted trees`.
  public var name: String
  /// What kind of model it fits.
  public var kind: Kind
  /// The options it runs with, for the record.
  public var options: [NamedValue]
  /// The most rounds it may run, for a progress bar.
  public var plannedRounds: Int?
  /// Makes the learner.
  public var make: Maker

  /// A plan from its parts.
  public init(
    name: String, kind: Kind, options: [NamedValue] = [], plannedRounds: Int? = nil,
    make: @escaping Maker
  ) {
    self.name = name
    self.kind = kind
    self.options = options
    self.plannedRounds = plannedRounds
    self.make = make
  }
}

/// How an objective is put before a learner.
public enum ObjectiveForm: String, Sendable, Hashable, Codable, CaseIterable {
  /// The model's output is the score.
  case plain
  /// The objective's ``Objective/scoreAdjustment`` stands between the model's output and the score:
  /// for SNE, the model fits the target per unit of size.
  case adjusted
}

/// One of the objectives an ``Experiment`` compares, and the forms to run it in.
public struct ObjectivePlan: Sendable {
  /// The objective in words, unique in an experiment: `SNE`.
  public var name: String
  /// What is minimised.
  public var objective: any Objective
  /// The forms to run, in order. A form the objective has not (adjusted without a
  /// ``Objective/scoreAdjustment``) is left out.
  public var forms: [ObjectiveForm]
  /// Whether this is what the others are compared with.
  public var isBaseline: Bool

  /// A plan from its parts.
  public init(
    name: String, objective: any Objective, forms: [ObjectiveForm] = [.plain],
    isBaseline: Bool = false
  ) {
    self.name = name
    self.objective = objective
    self.forms = forms
    self.isBaseline = isBaseline
  }

  /// The plan with what can be told of a closure's loss on these rows: its metric and adjustment are
  /// then those of the shipped objective or formula with the same loss.
  func resolved(on table: Table) -> ObjectivePlan {
    guard !(objective is ExpressionObjective), let rows = try? ObjectiveRows(table, for: objective)
    else { return self }
    var plan = self
    plan.objective = objective.resolved(on: rows.rows)
    return plan
  }

  /// The forms that can run.
  var runnableForms: [ObjectiveForm] {
    forms.filter { $0 == .plain || objective.scoreAdjustment != nil }
  }
}

/// What a trial is about, whatever its seed: learner, objective and form.
public struct Combination: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The learner's name.
  public var learner: String
  /// The objective's name.
  public var objective: String
  /// The objective's form.
  public var form: ObjectiveForm

  /// A combination from its parts.
  public init(learner: String, objective: String, form: ObjectiveForm) {
    self.learner = learner
    self.objective = objective
    self.form = form
  }

  public var description: String {
    "\(learner), \(objective)\(form == .adjusted ? " (adjusted)" : "")"
  }
}
