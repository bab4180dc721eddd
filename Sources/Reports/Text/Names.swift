import Harness

/// How reports call learners, objectives, forms and simple models.
struct Names {
  private let objectives: [ResultRecord.ObjectiveEntry]
  private let simpleModels: [ResultRecord.SimpleModelEntry]
  /// Whether simple models were fitted for several objectives, so that they are told apart by them.
  private let simpleObjectives: Int
  private let shortNames: [String: String]

  init(
    objectives: [ResultRecord.ObjectiveEntry], simpleModels: [ResultRecord.SimpleModelEntry],
    combinations: [Combination]
  ) {
    self.objectives = objectives
    self.simpleModels = simpleModels
    let simple = Set(simpleModels.map(\.name))
    simpleObjectives =
      Set(
        combinations.filter { simple.contains($0.learner) }.map(\.objective)
      ).count
    shortNames = Self.shortNames(of: objectives.map(\.name))
  }

  /// The longest name that stays as it is, and what is left of a longer one.
  static let longestName = 28
  static let shortNameLength = 22

  /// Names that are too long with what stands for them, all different.
  static func shortNames(of names: [String]) -> [String: String] {
    var short: [String: String] = [:]
    var used = Set(names.filter { $0.count <= longestName })
    for name in names where name.count > longestName {
      let start = name.prefix(shortNameLength)
      var candidate = "\(start)…"
      var number = 2
      while !used.insert(candidate).inserted {
        candidate = "\(start)… (\(number))"
        number += 1
      }
      short[name] = candidate
    }
    return short
  }

  /// An objective's name as it stands in tables and sentences: a long formula is cut off. Its full
  /// text is given once, under the method.
  func short(_ objective: String) -> String { shortNames[objective] ?? objective }

  /// Whether a name is cut off anywhere.
  var hasShortNames: Bool { !shortNames.isEmpty }

  /// A text with the names of objectives cut off where ``short(_:)`` does.
  func shortened(_ text: String) -> String {
    shortNames.sorted { ($1.key.count, $0.key) < ($0.key.count, $1.key) }
      .reduce(text) { $0.replacing($1.key, with: $1.value) }
  }

  /// The form in words: `plain`, `per unit of size`.
  func form(_ objective: String, _ form: ObjectiveForm) -> String {
    guard form == .adjusted else { return "plain" }
    return objectives.first { $0.name == objective }?.adjustedForm ?? "adjusted"
  }

  /// `SNE per unit of size`, without the learner.
  func objective(_ combination: Combination) -> String {
    let name = short(combination.objective)
    guard combination.form == .adjusted else { return name }
    return "\(name) \(form(combination.objective, .adjusted))"
  }

  /// Whether a combination is a simple model.
  func isSimple(_ combination: Combination) -> Bool {
    simpleModels.contains { $0.name == combination.learner }
  }

  /// `Boosted trees under SNE per unit of size`.
  func full(_ combination: Combination) -> String {
    "\(combination.learner) under \(objective(combination))"
  }

  /// A simple model within a sentence: `a straight line per unit of size`; with its objective where
  /// there are several.
  func simple(_ combination: Combination) -> String {
    let entry = simpleModels.first { $0.name == combination.learner }
    let form =
      combination.form == .adjusted ? " \(form(combination.objective, .adjusted))" : ""
    let under = simpleObjectives > 1 ? " under \(short(combination.objective))" : ""
    return "\(entry?.words ?? combination.learner)\(form)\(under)"
  }

  /// A combination within a sentence, simple or not.
  func inSentence(_ combination: Combination) -> String {
    isSimple(combination) ? simple(combination) : full(combination)
  }
}

/// The sentence that a comparison comes down to.
struct Claim {
  let names: Names
  let comparisons: ComparisonWords
  /// Makes a text from the data safe for where it is shown.
  let shown: (String) -> String

  /// `Boosted trees under SNE: RMSNE 0.09 against 0.106 for a straight line, ...`, or what is true
  /// instead; without a full stop.
  func sentence(_ comparison: ComparisonRecord) -> String {
    let title = shown(comparisons.valued(comparison.metric))
    let a = shown(names.full(comparison.a))
    let isSimple = comparison.question == .simple
    let other = shown(names.inSentence(comparison.b))
    let (aValue, bValue) = (
      NumberText.number(comparison.aValue), NumberText.number(comparison.bValue)
    )
    let phrase = comparisons.phrase(comparison)
    let against = "\(title) \(aValue) against \(bValue) for \(other)"
    switch comparison.verdict {
    case .better where isSimple: return "\(a): \(against), the best simple model: \(phrase)"
    case .better: return "\(a): \(against): \(phrase)"
    case .worse where isSimple:
      return
        "No learner beats \(other), a simple model: the best one, \(a), has \(title) \(aValue) "
        + "against \(bValue): \(phrase)"
    case .worse: return "\(a) does worse: \(against): \(phrase)"
    case .equal:
      return "\(a) does no better than \(other): \(title) \(aValue) against \(bValue), \(phrase)"
    case .undecided:
      return
        "It is open whether \(a) beats \(other): \(title) \(aValue) against \(bValue), \(phrase)"
    }
  }
}

extension Array where Element: Hashable {
  /// Each element once, in order of first appearance.
  var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
