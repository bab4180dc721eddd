import Wording
import Losses

/// Gradients that differ from the slope of the loss by a simple term.
struct AddedTerm {
  let entries: CheckEntries
  let resolved: [CheckEntry]

  private var width: Int { entries.samples[0].objective.scoresPerRow }

  func diagnosis() -> Finding? {
    constant() ?? exchangedClasses() ?? target() ?? smoothing() ?? penalty()
  }

  private func difference(_ entry: CheckEntry) -> Double { entry.gradient - entry.slope.value }

  private func finding(_ sentence: String, _ value: Double) -> Finding {
    Finding(.error, .addedTerm, sentence, figures: ["term": value])
  }

  /// The same number in every place.
  private func constant() -> Finding? {
    guard resolved.count >= 8, varies(resolved.map(\.slope.value)) else { return nil }
    let constancy = Constancy(resolved.map(difference), tolerance: 1e-3)
    guard constancy.holds, constancy.share >= 0.95 else { return nil }
    return finding(
      "gradient is the slope of the loss plus \(constancy.value.short) in every place: the "
        + "derivative of a term that the loss does not have, or a constant added by mistake",
      constancy.value)
  }

  /// `p - (1 - y)` instead of `p - y`: too large by 1 for class 1, too small by 1 for class 0.
  private func exchangedClasses() -> Finding? {
    guard width == 1, resolved.count >= 8, Set(resolved.map { entries.target($0) }) == [0, 1]
    else { return nil }
    let near = resolved.count {
      (difference($0) - (2 * entries.target($0) - 1)).magnitude < 1e-6
    }
    guard near * 20 >= resolved.count * 19 else { return nil }
    return Finding(
      .error, .swappedArguments,
      "the gradient is that of the other class: 1 - y stands in the place of y")
  }

  /// A multiple of the target, as large as the slope falls with it: it is not subtracted.
  private func target() -> Finding? {
    guard width == 1 else { return nil }
    let moving = resolved.filter { entries.target($0).magnitude > 1e-3 }
    let others = resolved.filter { entries.target($0) == 0 }
    guard moving.count >= 8,
      others.allSatisfy({ $0.slope.agrees(with: $0.gradient, floor: entries.floor) })
    else { return nil }
    let constancy = Constancy(moving.map { difference($0) / entries.target($0) }, tolerance: 1e-3)
    guard constancy.holds, constancy.share >= 0.95, constancy.value > 0 else { return nil }
    return Finding(
      .error, .missingTarget,
      "gradient is too large by \(constancy.value.short) x target: the target is not subtracted "
        + "(p instead of p - y, score instead of score - y)",
      figures: ["term": constancy.value])
  }

  /// One number at the true class, another elsewhere.
  private func smoothing() -> Finding? {
    let isBinary = width == 1 && resolved.allSatisfy { [0, 1].contains(entries.target($0)) }
    guard width > 1 || isBinary else { return nil }
    func isThere(_ entry: CheckEntry) -> Bool {
      entries.target(entry) == (isBinary ? 1 : Double(entry.k))
    }
    let there = resolved.filter(isThere)
    let elsewhere = resolved.filter { !isThere($0) }
    guard there.count >= 8, elsewhere.count >= 8 else { return nil }
    let (a, b) = (
      Constancy(there.map(difference), tolerance: 1e-3),
      Constancy(elsewhere.map(difference), tolerance: 1e-3)
    )
    guard a.holds, b.holds, a.share >= 0.95, b.share >= 0.95 else { return nil }
    return finding(
      "gradient differs from the slope of the loss by \(a.value.short) "
        + (isBinary ? "in rows with target 1" : "at the true class") + " and by "
        + "\(b.value.short) elsewhere, in every row: is the label smoothed in one of both only?",
      a.value)
  }

  /// A multiple of the score.
  private func penalty() -> Finding? {
    let moving = resolved.filter { entries.score($0).magnitude > 1e-3 }
    guard moving.count >= 8, moving.count * 10 >= resolved.count * 9,
      varies(moving.map { entries.score($0) })
    else { return nil }
    let constancy = Constancy(moving.map { difference($0) / entries.score($0) }, tolerance: 1e-3)
    guard constancy.holds, constancy.share >= 0.95 else { return nil }
    return finding(
      "gradient is the slope of the loss plus \(constancy.value.short) x score: a penalty on the "
        + "score that the loss does not have; learners regularise themselves", constancy.value)
  }
}
