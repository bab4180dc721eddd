import Wording

/// The objectives and metrics that ship, by name.
///
/// Parameters stand in parentheses, in order or by name: `quantile(0.9)`, `huber(delta=1.5)`,
/// `quantile(0.1, 0.5, 0.9, non-crossing)`. Lists stand in brackets:
/// `softmax(weights=[1, 2, 0.5])`. Objectives over classes may say how many there are:
/// `softmax(classes=3)`.
public enum Catalogue {
  /// What the targets of an objective are.
  public enum Targets: String, Sendable, Codable {
    /// Numbers.
    case numbers
    /// Two classes, targets 0 and 1.
    case twoClasses
    /// Classes, targets 0 to K-1.
    case classes
  }

  /// A number that an objective is made with.
  public struct Parameter: Sendable {
    /// The name, as in `huber(delta=1.5)`.
    public let name: String
    /// The value if none is given.
    public let initial: Double
    /// What it must be, as the end of a sentence.
    public let rule: String
    let isAllowed: @Sendable (Double) -> Bool

    /// A parameter with its range.
    public init(
      _ name: String, _ initial: Double, _ rule: String,
      isAllowed: @escaping @Sendable (Double) -> Bool
    ) {
      self.name = name
      self.initial = initial
      self.rule = rule
      self.isAllowed = isAllowed
    }
  }

  /// What a shipped objective is for, without the number of classes some need.
  public struct Entry: Sendable {
    /// The name on the command line and in model files.
    public let name: String
    /// The loss as a formula: with usual parameters, as `parseObjective` reads it, if
    /// ``isExpression``; else in mathematical notation.
    public let formula: String
    /// Whether ``formula`` is an expression with the same loss as the objective.
    public let isExpression: Bool
    /// The row data it needs when made without options.
    public let rowDataNames: [String]
    /// When to use it, in one sentence.
    public let purpose: String
    /// What its targets are.
    public let targets: Targets
    /// The numbers it can be made with.
    public let parameters: [Parameter]
    /// Whether its only parameter may be given several times, as in `quantile(0.1, 0.9)`.
    public let takesSeveral: Bool
    /// Lists of numbers it can be given, as in `softmax(weights=[1, 2, 0.5])`; the rule is that of
    /// each number.
    public let lists: [Parameter]
    /// Words that change it, as in `poisson(exposure)`.
    public let options: [String]
    let build: @Sendable (Arguments) throws(CatalogueError) -> any Objective

    /// An objective of the catalogue; `build` makes it. It has an `expression` with the same loss, or
    /// else a `formula` in mathematical notation.
    init(
      name: String, expression: String? = nil, formula: String = "", rowDataNames: [String] = [],
      purpose: String, targets: Targets = .numbers, parameters: [Parameter] = [],
      takesSeveral: Bool = false, lists: [Parameter] = [], options: [String] = [],
      build: @escaping @Sendable (Arguments) throws(CatalogueError) -> any Objective
    ) {
      self.name = name
      self.formula = expression ?? formula
      self.isExpression = expression != nil
      self.rowDataNames = rowDataNames
      self.purpose = purpose
      self.targets = targets
      self.parameters = parameters
      self.takesSeveral = takesSeveral
      self.lists = lists
      self.options = options
      self.build = build
    }

    /// Makes the objective with its usual parameters; only objectives over classes look at the
    /// number of classes.
    public func make(_ classes: Int) -> any Objective {
      do {
        return try build(Arguments(entry: self, classes: classes))
      } catch {
        preconditionFailure("objective '\(name)' cannot be made without parameters: \(error)")
      }
    }
  }

  static func unknown(_ kind: String, _ name: String, among names: [String]) -> CatalogueError {
    let hint =
      Spelling.nearest(to: name, in: names).map { "did you mean '\($0)'?" }
      ?? "there are: \(names.joined(separator: ", "))"
    return CatalogueError(.unknownName, "there is no \(kind) '\(name)'; \(hint)")
  }
}
