import Wording
import Losses

/// What is wrong with a Hessian that is not the second derivative: a stand-in that people use on
/// purpose is a note, everything else an error with the name of the likely mistake.
struct HessianMistakes {
  let places: HessianPlaces

  init(_ places: HessianPlaces) { self.places = places }

  private var entries: CheckEntries { places.entries }
  private var objective: any Objective { places.objective }
  /// What the Hessian is compared with, in words.
  private var reference: String {
    places.isFromLoss ? "the loss's" : "the slope of the gradient"
  }

  func finding(_ random: inout CheckRandom) -> Finding? {
    if places.all.allSatisfy({ $0.given == 0 }) { return nil }  // `usable` says it.
    if let finding = gradientInstead() ?? negativeFactor() { return finding }
    guard !objective.curvature.isExact else { return mistake(&random) }
    let negative = places.all.count { $0.given < 0 }
    return negative * 50 > places.all.count
      ? sign()
      : Finding(
        .note, .surrogateHessian,
        "Hessian is a stand-in, as the objective says, \(places.medianRatio.short) x the slope of "
          + "the gradient in the median", figures: ["ratio": places.medianRatio])
  }

  private func mistake(_ random: inout CheckRandom) -> Finding? {
    let standIn = StandIn(places)
    if places.isMostlyFlat { return sign() ?? standIn.ofStraightLines }
    if let finding = factor() ?? rowDataFactor() ?? sign() { return marked(finding) }
    if let finding = targetFactor() { return marked(finding) }
    if let finding = standIn.finding(&random) { return finding }
    if let finding = scoreFactor() ?? square() { return marked(finding) }
    return marked(unnamed())
  }

  /// Says so if the Hessian is the same number everywhere.
  private func marked(_ finding: Finding) -> Finding {
    guard StandIn(places).isConstant else { return finding }
    return Finding(
      finding.severity, finding.code, finding.message, rows: finding.rows,
      figures: finding.figures.merging(["constantHessian": 1]) { $1 })
  }

  // MARK: - Signs

  private func gradientInstead() -> Finding? {
    let sloping = places.all.filter { $0.entry.gradient != 0 }
    let different = Set(sloping.map(\.entry.gradient))
    // Where every gradient is positive (hinges, rows of one class), their size may be meant.
    guard sloping.count >= 4, different.count >= 4, different.contains(where: { $0 < 0 }) else {
      return nil
    }
    let constancy = Constancy(sloping.map { $0.given / $0.entry.gradient }, tolerance: 1e-9)
    guard constancy.share == 1, constancy.value != 0 else { return nil }
    let factor = constancy.value == 1 ? "equals" : "is \(constancy.value.short) x"
    return Finding(
      .error, .hessianIsGradient,
      "Hessian \(factor) the gradient in every row: the same array or expression was returned twice"
    )
  }

  private func negativeFactor() -> Finding? {
    let constancy = Constancy(places.ratios)
    guard places.isMostlyMoving, constancy.holds, places.moving.count >= 4, constancy.value < 0
    else { return nil }
    let ratio = constancy.value
    if places.moving.count(where: { $0.given > 0 }) * 2 > places.moving.count {
      return Finding(
        .note, .surrogateHessian,
        "Hessian is a positive stand-in, \(ratio.magnitude.short) x the size of the loss's "
          + "curvature, which is negative here")
    }
    return Finding(
      .error, .hessianSign,
      "Hessian is \(ratio.short) x \(reference): the sign is wrong, and a Newton step goes uphill",
      figures: ["ratio": ratio])
  }

  /// Negative where the loss is not concave.
  private func sign() -> Finding? {
    let all = places.all
    let opposite = all.filter {
      $0.given < -places.floor
        && ($0.due.value > 100 * $0.due.error && $0.due.value > 1e-6 * -$0.given
          || $0.due.value.magnitude + 20 * $0.due.error < 1e-6 * -$0.given)
    }
    guard opposite.count * 50 > all.count else { return nil }
    let share = Double(opposite.count) / Double(all.count)
    return Finding(
      .error, .hessianSign,
      "Hessian is negative in \(share.percent) of the places where the loss "
        + (places.isMostlyFlat ? "has no curvature" : "is convex")
        + ": the sign is wrong, and a Newton step goes uphill",
      rows: rowNumbers(opposite.map(\.entry)), figures: ["share": share])
  }

  // MARK: - Factors

  private func factor() -> Finding? {
    let constancy = Constancy(places.ratios)
    guard places.isMostlyMoving, constancy.holds, places.moving.count >= 4,
      (constancy.value - 1).magnitude > 0.01
    else { return nil }
    let ratio = constancy.value
    func near(_ value: Double) -> Bool { (ratio / value - 1).magnitude < 2e-3 }
    if ratio < 1 {
      return Finding(
        .error, .hessianTooSmall,
        "Hessian is \(ratio.short) x \(reference) in every row: Newton steps are "
          + "\((1 / ratio).short) x too long"
          + (near(0.5) ? " (the factor 2 of a square is missing in the Hessian?)" : ""),
        figures: ["ratio": ratio])
    }
    if objective.scoresPerRow == 1, near(2) {
      return Finding(
        .error, .hessianFactor,
        "Hessian is 2.00 x \(reference) in every row: does the factor 2 of a square stand in one of "
          + "both only (the gradient of half the square, the Hessian of the square)?",
        figures: ["ratio": ratio])
    }
    let isBatch = ratio > 10 && near(ratio.rounded())
    return Finding(
      ratio > 10 ? .error : .note, ratio > 10 ? .hessianFactor : .surrogateHessian,
      "Hessian is \(ratio.short) x \(reference) in every row: "
        + (ratio > 10
          ? "steps are \(ratio.short) x too short"
            + (isBatch ? " (the number of rows or the size of a batch?)" : "")
          : "an upper bound, with shorter steps"),
      figures: ["ratio": ratio])
  }

  private func rowDataFactor() -> Finding? {
    guard places.isMostlyMoving,
      let factor = RowDataFactor.find(
        entries, places.moving.map(\.entry), places.ratios, names: objective.rowDataNames)
    else { return nil }
    return Finding(
      .error, .hessianRowDataFactor,
      "Hessian lacks \(RowDataFactor.remedy(factor.power, factor.name)): with it, it matches "
        + reference
        + ((factor.constant - 1).magnitude < 0.01
          ? "" : ", apart from a constant \(factor.constant.short)"),
      figures: ["power": factor.power, "constant": factor.constant])
  }

  /// A function of the scores that a second derivative has once too often or lacks.
  private func scoreFactor() -> Finding? {
    let moving = places.moving
    guard moving.count >= 8, !StandIn(places).isConstant else { return nil }
    for candidate in HessianScoreFactor.all where candidate.suits(objective) {
      let factors = moving.map { candidate.value(entries.scores($0.entry), $0.entry.k) }
      let usable = zip(places.ratios, factors).filter { $0.1.isFinite && $0.1 != 0 }
      guard usable.count * 10 >= moving.count * 9, varies(usable.map(\.1)) else { continue }
      let constancy = Constancy(usable.map { $0.0 / $0.1 })
      guard constancy.holds, constancy.value > 0 else { continue }
      let constant =
        (constancy.value - 1).magnitude < 0.01 ? "" : ", apart from \(constancy.value.short) x"
      return Finding(
        .error, .hessianMismatch, "Hessian \(candidate.sentence)\(constant)",
        figures: ["constant": constancy.value])
    }
    return nil
  }

  /// The square or the root of what is due.
  private func square() -> Finding? {
    let moving = places.moving.filter { $0.due.value > 0 && $0.given > 0 }
    guard moving.count >= 8, moving.count * 10 >= places.all.count * 9,
      varies(moving.map(\.due.value))
    else { return nil }
    let isSquare = Constancy(
      moving.map { $0.given / ($0.due.value * $0.due.value) }, tolerance: 1e-3)
    let isRoot = Constancy(
      moving.map { $0.given * $0.given / $0.due.value }, tolerance: 1e-3)
    guard isSquare.holds || isRoot.holds else { return nil }
    return Finding(
      .error, .hessianMismatch,
      "Hessian is the \(isSquare.holds ? "square" : "square root") of \(reference): "
        + (isSquare.holds
          ? "Newton steps are too long wherever the curvature is small" : "a root too many?"))
  }

  /// The Hessian is off by a factor that depends on the class of the row and on nothing else.
  private func targetFactor() -> Finding? {
    let isClass = objective.scoresPerRow > 1
    let groups: [(String, [HessianPlace])]
    if isClass {
      let there = places.moving.filter { Double($0.entry.k) == entries.target($0.entry) }
      let elsewhere = places.moving.filter { Double($0.entry.k) != entries.target($0.entry) }
      groups = [("at the true class", there), ("at the others", elsewhere)]
    } else {
      let targets = Set(places.moving.map { entries.target($0.entry) }).sorted()
      guard (2...5).contains(targets.count) else { return nil }
      groups = targets.map { target in
        (
          "in rows with target \(target.short)",
          places.moving.filter { entries.target($0.entry) == target }
        )
      }
    }
    var factors: [Double] = []
    for (_, group) in groups {
      let constancy = Constancy(group.map { $0.given / $0.due.value }, tolerance: 1e-4)
      guard group.count >= 4, constancy.holds, constancy.value > 0 else { return nil }
      factors.append(constancy.value)
    }
    guard let least = factors.min(), let most = factors.max(), most > 1.01 * least else {
      return nil
    }
    let parts = zip(factors, groups).map { "\($0.short) x \($1.0)" }
    return Finding(
      .error, least < 0.99 ? .hessianTooSmall : .hessianFactor,
      "Hessian is \(parts.joined(separator: ", ")) \(reference): a weight per class stands in one "
        + "of both only", figures: ["ratio": least])
  }

  // MARK: - No name

  private func unnamed() -> Finding {
    let ratio = places.medianRatio
    let wrong = places.wrong.count
    guard places.all.count >= 16, wrong >= 3, wrong * 20 >= places.all.count else {
      return Finding(
        .note, .surrogateHessian,
        "Hessian differs from \(reference) in \(wrong) of \(places.all.count) places, "
          + "\(ratio.short) x it in the median: too few to say more",
        rows: rowNumbers(places.wrong.map(\.entry)), figures: ["ratio": ratio])
    }
    let range = places.all.map(\.due.value)
    if StandIn(places).isConstant, let value = places.all.first?.given {
      let sentence =
        "Hessian is the constant \(value.short) while \(reference) ranges from "
        + "\((range.min() ?? 0).short) to \((range.max() ?? 0).short)"
      // Plain gradient steps, where the curvature depends on the score.
      return places.isCurved
        ? Finding(.warning, .hessianConstant, sentence, figures: ["ratio": ratio])
        : Finding(
          .error, .hessianMismatch,
          sentence + " by rows: what divides the loss in some rows is "
            + "missing in the Hessian", figures: ["ratio": ratio])
    }
    let small = places.all.filter { $0.due.value > 0 && $0.given < 0.5 * $0.due.value }
    let share = Double(small.count) / Double(places.all.count)
    return Finding(
      .error, share > 0.25 ? .hessianTooSmall : .hessianMismatch,
      "Hessian does not fit \(reference): it is \(ratio.short) x it in the median"
        + (share > 0.25
          ? ", and less than half of it in \(share.percent) of the places, where Newton steps are "
            + "too long" : "")
        + "; if a stand-in is meant, such as an upper bound, let the objective say so "
        + "(Curvature(isExact: false, ...))",
      rows: rowNumbers(places.wrong.map(\.entry)),
      figures: ["ratio": ratio, "share": Double(places.wrong.count) / Double(places.all.count)])
  }
}

extension HessianPlaces {
  /// The median of Hessian / what is due.
  var medianRatio: Double { moving.isEmpty ? 1 : median(ratios) }
  /// Whether something is due in nearly all places.
  var isMostlyMoving: Bool { moving.count * 10 >= all.count * 9 }
  /// Whether next to nothing is due in nearly all places: the loss is made of straight lines.
  var isMostlyFlat: Bool { moving.count * 10 <= all.count }

  /// Whether the curvature of a row changes with its score: the gradient is no straight line.
  var isCurved: Bool {
    let sample = entries.samples[0]
    func gradients(_ steps: Double) -> [Double] {
      var moved = sample
      moved.shift(by: 0.5 * steps)
      return moved.derivatives().gradients
    }
    let (low, centre, high) = (gradients(-1), gradients(0), gradients(1))
    let bent = centre.indices.count { index in
      let size = max(low[index].magnitude, centre[index].magnitude, high[index].magnitude)
      let bend = (low[index] + high[index] - 2 * centre[index]).magnitude
      return bend > 1e-9 * size && bend > 1e-5 * (high[index] - low[index]).magnitude
    }
    return bent * 20 > centre.count
  }
}
