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

  /// Every shipped metric in its usual form.
  public static let metrics: [Metric] =
    regressionMetrics + classificationMetrics + otherMetrics

  /// The shipped objective that `text` names, or nil.
  public static func objective(named text: String, classes: Int? = nil) -> (any Objective)? {
    try? objective(text, classes: classes)
  }

  /// The shipped objective that `text` names, with its parameters: `quantile(0.9)`.
  ///
  /// - Parameter classes: the number of classes, for objectives over classes; if nil, as `text`
  ///   says, else 2.
  /// - Throws: ``CatalogueError`` with the nearest name, or with the parameter and its range.
  public static func objective(
    _ text: String, classes: Int? = nil
  ) throws(CatalogueError) -> any Objective {
    let call = try CallText(text)
    guard let entry = objectives.first(where: { $0.name == call.name }) else {
      if let meant = OtherNames.objective(call.name) {
        throw CatalogueError(.unknownName, "there is no objective '\(call.name)'\(meant)")
      }
      throw unknown("objective", call.name, among: objectives.map(\.name))
    }
    return try entry.build(Arguments(call, entry: entry, classes: classes))
  }

  /// The catalogue's entry that `text` names, with or without parameters; nil if there is none.
  public static func entry(named text: String) -> Entry? {
    guard let name = try? CallText(text).name else { return nil }
    return objectives.first { $0.name == name }
  }

  static func unknown(_ kind: String, _ name: String, among names: [String]) -> CatalogueError {
    let hint =
      nearestName(to: name, in: names).map { "did you mean '\($0)'?" }
      ?? "there are: \(names.joined(separator: ", "))"
    return CatalogueError(.unknownName, "there is no \(kind) '\(name)'; \(hint)")
  }
}
