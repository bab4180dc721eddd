import Formulas
public import Losses

/// A shipped objective beside its printed formula, typed as it stands.
public struct FormulaCase: Sendable, CustomStringConvertible {
  /// The catalogue's name.
  public let name: String
  /// The objective of that name.
  public let named: any Objective
  /// The objective that the formula gives.
  public let typed: any Objective
  /// A case that draws rows for both.
  public let rows: ObjectiveCase

  public var description: String { name }

  /// Every formula that the catalogue prints, with three classes where it is over classes.
  public static let all: [FormulaCase] = Catalogue.objectives.filter(\.isExpression).map { entry in
    guard
      let rows = ObjectiveCase.all.first(where: {
        $0.objective.name == entry.name
          && (entry.targets != .classes || $0.objective.scoresPerRow == 3)
      }),
      let typed = try? parseObjective(
        entry.formula, classes: entry.targets == .classes ? 3 : nil)
    else { preconditionFailure("no rows for '\(entry.name)'") }
    return FormulaCase(name: entry.name, named: entry.make(3), typed: typed, rows: rows)
  }
}
