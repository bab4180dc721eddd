/// The objectives and metrics that ship, by name.
///
/// Parameters stand in parentheses, in order or by name: `quantile(0.9)`, `huber(delta=1.5)`,
/// `quantile(0.1, 0.5, 0.9, non-crossing)`.
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
    /// The loss as a formula.
    public let formula: String
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
    /// Words that change it, as in `poisson(exposure)`.
    public let options: [String]
    let build: @Sendable (Arguments) throws(CatalogueError) -> any Objective

    /// An objective of the catalogue; `build` makes it.
    init(
      name: String, formula: String, rowDataNames: [String] = [], purpose: String,
      targets: Targets = .numbers, parameters: [Parameter] = [], takesSeveral: Bool = false,
      options: [String] = [],
      build: @escaping @Sendable (Arguments) throws(CatalogueError) -> any Objective
    ) {
      self.name = name
      self.formula = formula
      self.rowDataNames = rowDataNames
      self.purpose = purpose
      self.targets = targets
      self.parameters = parameters
      self.takesSeveral = takesSeveral
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
  public static func objective(named text: String, classes: Int = 2) -> (any Objective)? {
    try? objective(text, classes: classes)
  }

  /// The shipped objective that `text` names, with its parameters: `quantile(0.9)`.
  ///
  /// - Throws: ``CatalogueError`` with the nearest name, or with the parameter and its range.
  public static func objective(
    _ text: String, classes: Int = 2
  ) throws(CatalogueError) -> any Objective {
    let call = try CallText(text)
    guard let entry = objectives.first(where: { $0.name == call.name }) else {
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

extension Catalogue {
  /// What stood in the parentheses behind an objective's name, checked.
  struct Arguments: Sendable {
    /// The number of classes, for objectives over classes.
    let classes: Int
    /// The values of a parameter that may be given several times.
    let several: [Double]
    private let values: [String: Double]
    private let options: Set<String>

    /// Nothing stood there.
    init(entry: Entry, classes: Int) throws(CatalogueError) {
      try self.init(CallText(entry.name), entry: entry, classes: classes)
    }

    init(_ call: CallText, entry: Entry, classes: Int) throws(CatalogueError) {
      func wrong(_ sentence: String) -> CatalogueError { CatalogueError(.badParameter, sentence) }
      guard entry.targets != .classes || classes >= 2 else {
        throw wrong(
          "objective '\(entry.name)' is for two or more classes, but there are \(classes)")
      }
      self.classes = classes
      var values: [String: Double] = [:]
      var several: [Double] = []
      var options: Set<String> = []
      let names = entry.parameters.map(\.name)
      var position = 0
      for argument in call.arguments {
        if argument.key == nil, entry.options.contains(argument.value) {
          options.insert(argument.value)
          continue
        }
        if argument.key == nil, Double(argument.value) == nil {
          let known = entry.options + names.map { "\($0)=NUMBER" }
          throw wrong(
            "'\(entry.name)' does not know '\(argument.value)'; "
              + (known.isEmpty ? "it has no parameters" : "it has \(known.joined(separator: ", "))")
          )
        }
        let place = argument.key.map(names.firstIndex) ?? (entry.takesSeveral ? 0 : position)
        guard let place, place < names.count else {
          throw wrong(
            names.isEmpty
              ? "objective '\(entry.name)' has no such parameter: it has no numbers to set"
              : "objective '\(entry.name)' has no parameter '\(argument.key ?? argument.value)'; "
                + "it has \(names.joined(separator: ", "))")
        }
        if argument.key == nil { position += 1 }
        let parameter = entry.parameters[place]
        let number = try argument.number(of: entry.name)
        guard parameter.isAllowed(number) else {
          throw wrong(
            "parameter '\(parameter.name)' of objective '\(entry.name)' is \(number), but it must "
              + "be \(parameter.rule)")
        }
        if entry.takesSeveral {
          several.append(number)
        } else if values.updateValue(number, forKey: parameter.name) != nil {
          throw wrong("parameter '\(parameter.name)' of '\(entry.name)' is given twice")
        }
      }
      for parameter in entry.parameters where values[parameter.name] == nil {
        values[parameter.name] = parameter.initial
      }
      if entry.takesSeveral, several.isEmpty { several = entry.parameters.map(\.initial) }
      self.values = values
      self.several = several
      self.options = options
    }

    /// The value of the parameter called `name`.
    subscript(name: String) -> Double {
      guard let value = values[name] else {
        preconditionFailure("the entry declares no parameter '\(name)'")
      }
      return value
    }

    /// Whether the word `option` was given.
    func has(_ option: String) -> Bool { options.contains(option) }
  }
}
