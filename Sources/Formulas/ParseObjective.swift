import Wording
public import Losses

/// The objective that `text` names or spells out: a shipped objective (``Catalogue``) if it is the
/// name of one, else an ``ExpressionObjective``.
///
/// ```swift
/// let first = try parseObjective("sne")
/// let second = try parseObjective("square((score - y) / size)")
/// ```
///
/// - Parameters:
///   - classes: the number of classes, for objectives over several; if nil, as the text says, and
///     for shipped ones else 2.
/// - Throws: ``ExpressionError`` with the place of the mistake in the text, or the name that was
///   probably meant.
public func parseObjective(
  _ text: String, classes: Int? = nil
) throws(ExpressionError) -> any Objective {
  let scalars = Array(text.unicodeScalars)
  let start = scalars.prefix(while: \.isSpace).count
  let end = scalars.count - scalars.reversed().prefix(while: \.isSpace).count
  guard start < end else {
    throw ExpressionError(
      .syntax, in: text, at: nil,
      "the objective is empty; name a shipped one ("
        + Catalogue.objectives.map(\.name).joined(separator: ", ")
        + ") or write a loss, such as square(score - y)")
  }
  // Names in messages are cut short; those with lists of weights may be long.
  var word = ""
  word.unicodeScalars.append(contentsOf: scalars[start..<min(end, start + 100)])
  var whole = ""
  whole.unicodeScalars.append(
    contentsOf: scalars[start..<min(end, start + ExpressionLimits.textLength)])
  if let classes, classes < 2 {
    throw ExpressionError(
      .classes, in: text, at: nil, "a number of classes is at least 2, not \(classes)")
  }
  if Catalogue.entry(named: whole) != nil {
    do {
      return try Catalogue.objective(whole, classes: classes)
    } catch {
      throw ExpressionError(.setting, in: text, at: start, "\(error)")
    }
  }
  // `mse`, `reg:squarederror` or `huber_loss(1.5)`: the names of other libraries.
  let called = word.prefix { $0 != "(" }
  let isFormula =
    word.dropFirst(called.count).contains("score")
    || called.count < word.count && ExpressionFunction(rawValue: String(called)) != nil
  if !isFormula, isName(called), let meant = OtherNames.objective(String(called)) {
    throw ExpressionError(
      .unknownName, in: text, at: start, "there is no objective '\(called)'\(meant)")
  }
  // 'score-y' is a difference, 'psuedo-huber' a slip: with a hyphen, only what is near a name is one.
  let names = Catalogue.objectives.map(\.name)
  let isPlain = word.unicodeScalars.allSatisfy { $0.isLetter || $0.isDigit || $0 == "_" }
  let isHyphenated = word.unicodeScalars.allSatisfy {
    $0.isLetter || $0.isDigit || $0 == "_" || $0 == "-"
  }
  let hint = isHyphenated ? Spelling.suggestion(for: word, in: names) : ""
  if scalars[start].isLetter, word != "score", isPlain || !hint.isEmpty {
    throw ExpressionError(
      .unknownName, in: text, at: start,
      "there is no objective '\(word)'"
        + (hint.isEmpty ? "; shipped are \(names.joined(separator: ", "))" : hint))
  }
  return try ExpressionObjective(text, classes: classes)
}

/// Whether a text is a name as other libraries have them, with `:` and `-` within: no formula.
private func isName(_ text: Substring) -> Bool {
  text.unicodeScalars.allSatisfy {
    $0.isLetter || $0.isDigit || $0 == "_" || $0 == ":" || $0 == "-"
  }
}
