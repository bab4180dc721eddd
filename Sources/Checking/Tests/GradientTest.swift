import Wording
import Losses
import RealModule

/// The gradient against the exact slopes of the loss, or its differences.
struct GradientTest {
  private(set) var findings: [Finding] = []
  /// The median relative error over resolved entries.
  private(set) var medianError = 0.0
  /// The median relative error that the slopes compared with have themselves.
  private(set) var medianNoise = 0.0
  /// Distances from the slopes in units in the last place.
  private(set) var lastPlaces = LastPlaces([])
  /// Entries whose slope could be told from noise.
  private(set) var resolvedCount = 0
  /// Whether the gradient is the loss's, so that its own differences say what the Hessian is.
  private(set) var isExact = false

  let entries: CheckEntries
  let objective: any Objective
  let facts: Facts

  /// What other tests know and sentences need.
  struct Facts {
    /// Rows of the user's table; 0 if rows were drawn.
    var tableRows = 0
    /// Whether calls divide by their number of rows.
    var dividesByRows = false
  }

  init(_ entries: CheckEntries, facts: Facts) {
    self.entries = entries
    self.facts = facts
    objective = entries.samples[0].objective
    guard objective.hasLoss else { return }
    let resolved = entries.all.filter {
      $0.gradient.isFinite && $0.slope.isResolved(beside: $0.gradient.magnitude)
    }
    resolvedCount = resolved.count
    let moving = resolved.filter { $0.slope.value.magnitude > entries.floor }
    let given = resolved.filter { $0.gradient.magnitude > entries.floor }
    guard !moving.isEmpty else {
      if !given.isEmpty {
        findings.append(
          Finding(
            .note, .piecewiseConstantLoss,
            "the loss does not change with small steps of the scores (a rank, an accuracy?); the "
              + "gradient, which is not zero, cannot be checked against it"))
      }
      return
    }
    var wrong = resolved.filter { !$0.slope.agrees(with: $0.gradient, floor: entries.floor) }
    let isRounded = entries.reference == .differences && isLossRounded
    medianError = median(moving.map { Self.error($0) })
    // Differences of rounded losses tell no more than this.
    if isRounded, medianError < 0.01 { wrong = [] }
    medianNoise = median(moving.map { $0.slope.error / $0.slope.value.magnitude })
    lastPlaces = LastPlaces(resolved.compactMap { distance($0) })
    let share = Double(wrong.count) / Double(resolved.count)
    if share <= 0.02 {
      if let finding = FlatSideTest(entries.samples[0], domain: entries.domain).finding {
        findings.append(finding)
        return
      }
      isExact = true
      if !wrong.isEmpty, share > 0 {
        findings.append(
          Finding(
            .note, .gradientMismatch,
            "the gradient differs from the loss's slope in \(wrong.count) of \(resolved.count) "
              + "places (a kink, or rounding)",
            rows: rowNumbers(wrong), figures: ["share": share]))
      }
      if let finding = singlePrecision(resolved, isLossRounded: isRounded) ?? imprecision(moving) {
        findings.append(finding)
      }
      return
    }
    findings.append(diagnosis(resolved: resolved, moving: moving, wrong: wrong, share: share))
  }

  /// The line of the table: compared with what, and how far apart.
  var figure: String {
    let error = "median relative error \(medianError.short)"
    let places = "at \(resolvedCount) places"
    switch entries.reference {
    case .jets:
      return "jets: \(error) (\(LastPlaces.text(lastPlaces.median))), largest "
        + "\(LastPlaces.text(lastPlaces.largest)), \(places)"
    case .differences where medianError > 10 * medianNoise:
      return "differences: \(error) (\(LastPlaces.text(lastPlaces.median))), their own "
        + "\(medianNoise.short), \(places)"
    case .differences:
      return "differences: \(error), their own \(medianNoise.short), \(places)"
    }
  }

  /// The distance from the slope in the last place; nil where a kink makes several slopes right.
  private func distance(_ entry: CheckEntry) -> Double? {
    let isApart = !entry.slope.isNear(entry.gradient, floor: entries.floor)
    if isApart, entry.slope.agrees(with: entry.gradient, floor: entries.floor) { return nil }
    let curvature = entry.lossCurvature.isResolved(beside: 0) ? entry.lossCurvature.value : 0
    return LastPlaces.distance(
      entry.gradient, entry.slope.value,
      sensitivity: curvature.magnitude * entries.score(entry).ulp, floor: entries.floor)
  }

  static func error(_ entry: CheckEntry) -> Double {
    (entry.gradient - entry.slope.value).magnitude
      / max(entry.gradient.magnitude, entry.slope.value.magnitude)
  }

  private var isLossRounded: Bool {
    SinglePrecision.holds(for: entries.samples.flatMap { $0.losses() })
  }

  private func singlePrecision(_ resolved: [CheckEntry], isLossRounded: Bool) -> Finding? {
    if isLossRounded {
      return Finding(
        .note, .singlePrecision,
        "the loss has the precision of Float only (every value is one): it was rounded somewhere, "
          + "and the gradient can be compared with its differences only roughly")
    }
    guard SinglePrecision.holds(for: resolved.map(\.gradient)) else { return nil }
    return Finding(
      .note, .singlePrecision,
      "the gradient has the precision of Float only (every value is one): it was rounded somewhere")
  }

  /// Right to some digits, but not to those of double precision.
  private func imprecision(_ moving: [CheckEntry]) -> Finding? {
    guard medianError > 1e-9, medianError > 100 * medianNoise else { return nil }
    let ratios = Constancy(
      moving.map { $0.gradient / $0.slope.value }, tolerance: 1e-3 * medianError)
    let reason =
      ratios.holds
      ? "by the same factor in every row: a constant was rounded?"
      : "a difference quotient, a rounded constant, or an epsilon added somewhere?"
    return Finding(
      .note, .imprecise,
      "the gradient is right to a relative error of \(medianError.short) only (median, "
        + "\(LastPlaces.text(lastPlaces.median))): \(reason)",
      figures: ["error": medianError, "ulp": lastPlaces.median])
  }

  // MARK: - What the mistake is

  private func diagnosis(
    resolved: [CheckEntry], moving: [CheckEntry], wrong: [CheckEntry], share: Double
  ) -> Finding {
    if let finding = vanishing(moving) { return finding }
    let nonZero = moving.filter { $0.gradient != 0 }
    if nonZero.count * 10 >= moving.count * 9, nonZero.count >= 4 {
      let ratios = nonZero.map { $0.gradient / $0.slope.value }
      let constancy = Constancy(ratios)
      let distance = (constancy.value - 1).magnitude
      // A factor near 1 is one only if rows differ from it by less than it does from 1.
      let isOne =
        distance < 2e-3
        && (distance < 1e-9 || !Constancy(ratios, tolerance: 0.2 * distance).holds)
      if constancy.holds, !isOne { return constantFactor(constancy.value) }
      if let finding = rowDataFactor(nonZero, ratios) { return finding }
      if let finding = scoreFactor(nonZero, ratios) { return finding }
    }
    let other = OtherGradients(entries: entries, resolved: resolved)
    if let finding = other.diagnosis() { return finding }
    if let finding = AddedTerm(entries: entries, resolved: resolved).diagnosis()
      ?? (other.isMostlyWrong ? other.targetLeftOut() : nil)
      ?? ErrorShape(entries: entries, resolved: resolved).diagnosis()
      ?? HeldFactor(entries: entries, resolved: resolved).diagnosis()
    {
      return finding
    }
    if let finding = clipping(resolved: resolved, wrong: wrong) { return finding }
    let opposite = moving.filter { $0.gradient * $0.slope.value < 0 }
    let near = moving.filter { Self.error($0) < 0.02 }
    if medianError > 1e-9, medianError < 2e-3, near.count * 10 >= moving.count * 9 {
      return Finding(
        .warning, .imprecise,
        "the gradient is right to a relative error of \(medianError.short) only (median): a "
          + "difference quotient, a rounded constant, or an epsilon added somewhere?",
        figures: ["error": medianError])
    }
    let places = WrongPlaces(entries: entries, resolved: resolved, wrong: wrong)
    var sentence =
      "the gradient does not fit the loss in \(share.percent) of the places\(places.sentence): median "
      + "relative error \(medianError.short), opposite sign in "
      + "\((Double(opposite.count) / Double(moving.count)).percent)"
    for hint in places.hints { sentence += "; \(hint)" }
    if let sums = rowSums() { sentence += "; \(sums)" }
    return Finding(
      .error, .gradientMismatch, sentence, rows: rowNumbers(wrong),
      figures: ["share": share, "error": medianError])
  }

  private func vanishing(_ moving: [CheckEntry]) -> Finding? {
    let given = moving.reduce(0) { max($0, $1.gradient.magnitude) }
    let due = moving.reduce(0) { max($0, $1.slope.value.magnitude) }
    guard given <= 1e-9 * due else { return nil }
    return Finding(
      .error, .zeroGradient,
      "the gradient is zero in every row although the loss changes"
        + (objective.scoresPerRow > 1
          ? ": was the softmax Jacobian summed over one axis (its rows sum to zero) instead of "
            + "multiplied by the gradient?"
          : ": nothing can be learnt"),
      figures: ["largest": given])
  }

  private func constantFactor(_ ratio: Double) -> Finding {
    let size = ratio.magnitude
    func near(_ x: Double) -> Bool { (size / x - 1).magnitude < 2e-3 }
    if near(1), ratio > 0 {
      return Finding(
        .warning, .imprecise,
        "gradient is off by the same \((1e6 * (ratio - 1).magnitude).rounded() / 1e6) of its size "
          + "in every row: a constant was rounded?", figures: ["ratio": ratio])
    }
    if near(1) {
      return Finding(
        .error, .flippedSign,
        "gradient is -1.00 x the numerical gradient: the sign is flipped (y - p instead of p - y?)",
        figures: ["ratio": ratio])
    }
    let sign = ratio < 0 ? ", and the sign is flipped (y - p instead of p - y?)" : ""
    return Finding(
      .error, ratio < 0 ? .flippedSign : .constantFactor,
      "gradient is \(ratio.short) x the numerical gradient in every row: \(origin(ofFactor: size))\(sign)",
      figures: ["ratio": ratio])
  }

  /// What the constant `size` between gradient and slope comes from, as the end of a sentence.
  private func origin(ofFactor size: Double) -> String {
    func near(_ x: Double) -> Bool { (size / x - 1).magnitude < 2e-3 }
    let width = Double(objective.scoresPerRow)
    let rows = Double(facts.tableRows)
    let (log2, log10) = (Double.log(2), Double.log(10))
    if near(log2) || near(1 / log2) {
      return "that is \(near(log2) ? "log 2" : "1 / log 2"): one of both uses the logarithm to "
        + "base 2"
    } else if near(log2 * log2) || near(1 / (log2 * log2)) {
      return "that is \(near(log2 * log2) ? "(log 2)^2" : "1 / (log 2)^2"): the derivative of "
        + "log2(p) is 1 / (p log 2), not log 2 / p"
    } else if near(log10) || near(1 / log10) {
      return "that is \(near(log10) ? "log 10" : "1 / log 10"): one of both uses the logarithm to "
        + "base 10"
    } else if near(180 / Double.pi) || near(Double.pi / 180) {
      return
        "that is \(near(180 / Double.pi) ? "180 / pi" : "pi / 180"): degrees and radians are mixed"
    } else if width > 1, near(1 / width), facts.dividesByRows {
      return "together with the number of rows it is divided by N*K (a mean over rows times "
        + "scores) instead of N, and neither is due"
    } else if rows > 1, near(1 / rows) {
      return "that is 1 / \(facts.tableRows), the number of rows: a mean where a sum is due"
    } else if rows > 1, width > 1, near(1 / (rows * width)) {
      return "that is 1 / (N*K), the number of rows times scores: a mean over all elements where "
        + "the row's own gradient is due"
    } else if width > 1, near(1 / width) {
      return "that is 1 / \(objective.scoresPerRow), the number of scores: a mean over the scores "
        + "where a sum is due"
    } else if near(2) {
      return "the factor 2 of a square: the loss is halved and the gradient is not?"
    } else if near(0.5) {
      return "the factor 2 of a square is missing: the gradient is that of half the loss?"
    } else if (1 / size - (1 / size).rounded()).magnitude < 2e-3, 1 / size > 7 {
      return "1 / \(Int((1 / size).rounded())): the number of rows or the size of a batch?"
    } else if objective.reach == .group, let group = groupSize, near(1 / group) {
      return "that is 1 / \(Int(group)), the number of rows of a group: a mean where a sum is due"
    }
    return "the loss and its derivative differ by a constant"
  }

  /// The number of rows that most groups have.
  private var groupSize: Double? {
    let sizes = entries.samples[0].units.map { Double($0.count) }
    let usual = median(sizes)
    return usual > 1 && sizes.count { $0 == usual } * 2 > sizes.count ? usual : nil
  }

  private func rowDataFactor(_ moving: [CheckEntry], _ ratios: [Double]) -> Finding? {
    guard
      let factor = RowDataFactor.find(entries, moving, ratios, names: objective.rowDataNames)
    else { return nil }
    let constant =
      (factor.constant.magnitude - 1).magnitude < 0.01
      ? "" : ", apart from a constant \(factor.constant.magnitude.short)"
    let sign = factor.constant < 0 ? ", and the sign is flipped" : ""
    var because = ""
    let curvatures = moving.filter { $0.lossCurvature.isResolved(beside: 0) }
    if let loss = RowDataFactor.find(
      entries, curvatures, curvatures.map(\.lossCurvature.value), names: [factor.name],
      columns: [factor.column])
    {
      because =
        ": the loss \(RowDataFactor.operation(loss.power, factor.name)), the gradient "
        + (loss.power + factor.power == 0
          ? "does not" : "only \(RowDataFactor.operation(loss.power + factor.power, factor.name))")
    }
    return Finding(
      .error, .rowDataFactor,
      "gradient \(RowDataFactor.remedy(factor.power, factor.name)) matches the loss\(because)"
        + "\(constant)\(sign)",
      figures: ["power": factor.power, "constant": factor.constant])
  }

  private func scoreFactor(_ moving: [CheckEntry], _ ratios: [Double]) -> Finding? {
    for candidate in ScoreFactor.all where candidate.suits(objective) {
      let factors = moving.map { candidate.value(entries.scores($0), $0.k) }
      let usable = zip(ratios, factors).filter { $0.1.isFinite && $0.1 != 0 }
      guard usable.count * 10 >= moving.count * 9 || candidate.mayVanish, usable.count >= 4,
        varies(usable.map(\.1))
      else { continue }
      let constancy = Constancy(usable.map { $0.0 / $0.1 })
      guard constancy.holds else { continue }
      let constant =
        (constancy.value.magnitude - 1).magnitude < 0.01
        ? "" : " (and a constant \(constancy.value.magnitude.short))"
      let sign = constancy.value < 0 ? "; the sign is flipped, too" : ""
      return Finding(
        .error, candidate.code, candidate.sentence + constant + sign,
        figures: ["constant": constancy.value])
    }
    return nil
  }

  private func clipping(resolved: [CheckEntry], wrong: [CheckEntry]) -> Finding? {
    let bound = wrong.reduce(0) { max($0, $1.gradient.magnitude) }
    let right = resolved.filter { $0.slope.isNear($0.gradient, floor: entries.floor) }
    guard bound > 0, wrong.count >= 3,
      right.allSatisfy({ $0.gradient.magnitude <= bound * (1 + 1e-6) }),
      wrong.allSatisfy({
        ($0.gradient.magnitude - bound).magnitude <= 1e-6 * bound
          && $0.slope.value.magnitude > bound && $0.gradient * $0.slope.value > 0
      })
    else { return nil }
    return Finding(
      .warning, .clipped,
      "gradient is clipped at \(bound.short) in \(wrong.count) of \(resolved.count) places: it is "
        + "no longer the gradient of the loss; if large errors should count less, a Huber loss "
        + "says so",
      rows: rowNumbers(wrong), figures: ["bound": bound])
  }

  /// Whether the slopes of a row sum to zero, as softmax's do, and the gradient does not.
  private func rowSums() -> String? {
    let width = objective.scoresPerRow
    guard width > 1, entries.isComplete else { return nil }
    var due = 0.0
    var given = 0.0
    var size = 0.0
    for start in stride(from: 0, to: entries.all.count - width + 1, by: width) {
      let row = entries.all[start..<start + width]
      due = max(due, row.reduce(0) { $0 + $1.slope.value }.magnitude)
      given = max(given, row.reduce(0) { $0 + $1.gradient }.magnitude)
      size = max(size, row.reduce(0) { $0 + $1.slope.value.magnitude })
    }
    guard due < 1e-6 * size, given > 1e-3 * size else { return nil }
    return "the gradient of a row should sum to zero over its scores (softmax) and does not"
  }
}
