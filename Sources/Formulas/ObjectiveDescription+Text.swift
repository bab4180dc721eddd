public import Losses

extension ObjectiveDescription {
  /// Text that ``parseObjective(_:classes:)`` makes the same objective of, adjustment aside:
  /// `quantile(0.1, 0.9, non-crossing)`, `softmax(weights=[1, 2, 0.5], classes=3)`, or the canonical
  /// text of an expression. Nil for an objective of the user's own.
  ///
  /// The text is tried out: it is given only if it makes an objective of this description,
  /// derivatives included.
  public var text: String? {
    let candidates: [String]
    if let entry = Catalogue.objectives.first(where: { $0.name == name }) {
      candidates = catalogueTexts(entry)
    } else {
      candidates = [name]
    }
    return candidates.first { text in
      guard let objective = try? parseObjective(text) else { return false }
      guard let adjustment else { return Self(objective).isLike(self) }
      guard objective.rowDataNames.contains(adjustment.rowDataName) else { return false }
      return Self(AdjustedObjective(objective, adjustment)).isLike(self)
    }
  }

  /// Whether both describe the same objective, whatever metric is shown beside it: that is no part of
  /// its text, and formulas did not always have the one of their loss.
  private func isLike(_ other: Self) -> Bool {
    name == other.name && parameters == other.parameters && scoresPerRow == other.scoresPerRow
      && link == other.link && rowDataNames == other.rowDataNames && adjustment == other.adjustment
      && fingerprint == other.fingerprint
  }

  /// The numbers as they would stand in parentheses, with every choice of options.
  private func catalogueTexts(_ entry: Catalogue.Entry) -> [String] {
    func numbered(_ prefix: String) -> [String] {
      var numbers: [String] = []
      while let number = parameters["\(prefix)\(numbers.count)"] { numbers.append("\(number)") }
      return numbers
    }
    var arguments: [String] = []
    for parameter in entry.parameters {
      if let number = parameters[parameter.name] {
        arguments.append("\(parameter.name)=\(number)")
      } else if entry.takesSeveral {
        arguments += numbered(parameter.name)
      }
    }
    for list in entry.lists {
      // `weights` are parameters weight0, weight1, ...
      let numbers = numbered(String(list.name.dropLast()))
      if !numbers.isEmpty {
        arguments.append("\(list.name)=[\(numbers.joined(separator: ", "))]")
      }
    }
    let ending = entry.targets == .classes ? ["classes=\(max(2, scoresPerRow))"] : []
    var choices: [[String]] = [[]]
    for option in entry.options { choices += choices.map { $0 + [option] } }
    return choices.sorted { $0.count < $1.count }.map { options in
      let all = arguments + options + ending
      return all.isEmpty ? name : "\(name)(\(all.joined(separator: ", ")))"
    }
  }
}
