/// The (diagonal) Hessian against exact second derivatives, or the differences of the gradient.
struct HessianTest {
  private(set) var findings: [Finding] = []
  /// The median of Hessian / slope of the gradient.
  private(set) var medianRatio = 1.0
  /// Whether the Hessian is the exact one.
  private(set) var isExact = false

  private let entries: CheckEntries
  private let objective: any Objective
  private let gradientIsExact: Bool
  /// Distances from exact second derivatives in units in the last place.
  private var lastPlaces = LastPlaces([])
  private var medianError = 0.0
  /// Whether the Hessian is wrong as the gradient is, and follows from it.
  private var fitsWrongGradient = false
  private let policy = "a curvature policy (absolute, floor) makes it usable"

  /// Hessian and what it should be, where that can be told.
  private struct Place {
    let entry: CheckEntry
    let due: NumericalDerivative
    var given: Double { entry.hessian }
  }

  init(_ entries: CheckEntries, gradientIsExact: Bool, random: inout CheckRandom) {
    self.entries = entries
    self.gradientIsExact = gradientIsExact
    objective = entries.samples[0].objective
    if entries.all.allSatisfy({ $0.hessian == 0 }) {
      medianRatio = 0
      findings.append(allZero)
      return
    }
    // Without a sound gradient the loss itself says what the curvature is.
    let fromLoss = objective.hasLoss && !gradientIsExact
    let places = entries.all.compactMap { entry -> Place? in
      let due = Self.due(entry, entries.reference, fromLoss: fromLoss)
      guard entry.hessian.isFinite, due.isResolved(beside: entry.hessian.magnitude) else {
        return nil
      }
      return Place(entry: entry, due: due)
    }
    guard places.count >= 2 else { return }
    let typical = median(places.map(\.due.value.magnitude).filter { $0 > 0 })
    let floor = 1e-9 * typical
    let wrong = places.filter { !$0.due.agrees(with: $0.given, floor: floor) }
    let moving = places.filter { $0.due.value.magnitude > floor }
    let ratios = moving.map { $0.given / $0.due.value }
    if !ratios.isEmpty { medianRatio = median(ratios) }
    medianError = median(
      moving.map {
        ($0.given - $0.due.value).magnitude / max($0.given.magnitude, $0.due.value.magnitude)
      })
    lastPlaces = LastPlaces(
      moving.filter { $0.due.isNear($0.given, floor: floor) }.map {
        LastPlaces.distance(
          $0.given, $0.due.value, sensitivity: 0x1p-20 * typical.ulp, floor: floor)
      })
    if wrong.count * 50 <= places.count {
      isExact = true
      findings += usable(places)
      return
    }
    if fromLoss, fitsGivenGradient() {
      fitsWrongGradient = true
      return
    }
    if let finding = diagnosis(places, wrong: wrong, moving: moving, ratios, &random) {
      findings.append(finding)
    }
    if !findings.contains(where: { $0.severity == .error }) { findings += usable(places) }
  }

  /// The line of the table.
  var figure: String {
    if fitsWrongGradient { return "the slope of the gradient as it is given" }
    guard entries.reference == .jets else {
      return "median ratio to the gradient's slope \(medianRatio.short)"
    }
    guard isExact else { return "jets: median ratio to the exact one \(medianRatio.short)" }
    return "jets: median relative error \(medianError.short) "
      + "(\(LastPlaces.text(lastPlaces.median))), largest \(LastPlaces.text(lastPlaces.largest))"
  }

  /// What the Hessian should be. At a kink of a right gradient its sides are known, too.
  private static func due(
    _ entry: CheckEntry, _ reference: DerivativeReference, fromLoss: Bool
  ) -> NumericalDerivative {
    guard !fromLoss else { return entry.lossCurvature }
    guard reference == .jets else { return entry.gradientSlope }
    let (value, error) = (entry.lossCurvature.value, entry.lossCurvature.error)
    return .exact(value, noise: error, kink: entry.gradientSlope)
  }

  /// Whether the Hessian is at least the slope of the wrong gradient; one finding is enough then.
  private func fitsGivenGradient() -> Bool {
    let places = entries.all.filter {
      $0.hessian.isFinite && $0.gradientSlope.isResolved(beside: $0.hessian.magnitude)
    }
    let floor = 1e-9 * median(places.map(\.gradientSlope.value.magnitude))
    let fitting = places.filter { $0.gradientSlope.agrees(with: $0.hessian, floor: floor) }
    return !places.isEmpty && fitting.count * 50 >= places.count * 49
      && places.contains { $0.hessian != 0 }
  }

  // MARK: - Signs

  private var allZero: Finding {
    guard entries.samples[0].isFlatEverywhere else { return Self.zeroHere }
    return zero(
      isFlat: entries.all.allSatisfy { $0.gradient == 0 }, isTelling: entries.all.count >= 16)
  }

  /// What to say if nearly all Hessians of a test are zero: those of `zero`, of `count` in all.
  private func nearlyAllZero(_ zero: [Place], of count: Int) -> Finding {
    let isFlat = zero.allSatisfy { $0.entry.gradient == 0 }
    guard isFlat || entries.samples[0].isFlatEverywhere else { return Self.zeroHere }
    guard isFlat, zero.count < count else {
      return self.zero(isFlat: isFlat, isTelling: count >= 16)
    }
    let share = Double(zero.count) / Double(count)
    return Finding(
      .note, .hessianZero,
      "gradient and Hessian are zero in \(share.percent) of the places: the loss is flat there, and "
        + "such rows teach nothing", figures: ["share": share])
  }

  private func zero(isFlat: Bool, isTelling: Bool) -> Finding {
    Self.zero(isFlat: isFlat, isTelling: isTelling, hasLeafSolver: objective.leafSolver != nil)
  }

  /// What to say if all Hessians looked at are zero, but others are not.
  private static var zeroHere: Finding {
    Finding(
      .note, .hessianZero,
      "Hessian is zero at nearly all scores looked at, and positive at others, as that of Huber's "
        + "loss with a small delta: such rows count for nothing in a Newton step; the policy floor "
        + "counts them in", figures: ["share": 1])
  }

  /// What to say if all Hessians are zero.
  ///
  /// - Parameters:
  ///   - isFlat: whether the gradients are, too.
  ///   - isTelling: whether that is an error; a few rows drawn at one score tell little.
  static func zero(isFlat: Bool, isTelling: Bool, hasLeafSolver: Bool) -> Finding {
    if isFlat {
      return Finding(
        isTelling ? .error : .note, .hessianZero,
        "gradient and Hessian are zero in every row: the loss is flat at these scores (every row "
          + "right already, or targets far outside the range in which the loss tells errors apart?)",
        figures: ["share": 1])
    }
    return hasLeafSolver
      ? Finding(
        .note, .hessianZero,
        "Hessian is zero in every row: trees then split by the gradient and the number of rows, and "
          + "the objective solves the leaves itself", figures: ["share": 1])
      : Finding(
        .error, .hessianZero,
        "Hessian is zero in every row: a Newton step divides by it; use 1 (a constant curvature) or "
          + "the policy floor", figures: ["share": 1])
  }

  /// Zero and negative values of a Hessian that is otherwise right.
  private func usable(_ places: [Place]) -> [Finding] {
    let count = Double(places.count)
    let zero = places.filter { $0.given == 0 }
    let negative = places.filter { $0.given < 0 }
    var findings: [Finding] = []
    let (zeroShare, negativeShare) = (Double(zero.count) / count, Double(negative.count) / count)
    if zeroShare > 0.98 {
      findings.append(nearlyAllZero(zero, of: places.count))
    } else if zeroShare > 0.05 {
      findings.append(
        Finding(
          .note, .hessianZero,
          "Hessian is zero in \(zeroShare.percent) of the places, which then count for nothing "
            + "in a Newton step; the policy floor counts them in",
          rows: rowNumbers(zero.map(\.entry)), figures: ["share": zeroShare]))
    }
    if negativeShare > 0.02 {
      findings.append(
        Finding(
          negativeShare > 0.98 ? .warning : .note, .hessianNegative,
          "Hessian is negative in \(negativeShare.percent) of the places, as the loss is concave "
            + "there: a Newton step would go uphill; \(policy)",
          rows: rowNumbers(negative.map(\.entry)), figures: ["share": negativeShare]))
    }
    return findings
  }

  // MARK: - What the mistake is

  private func diagnosis(
    _ places: [Place], wrong: [Place], moving: [Place], _ ratios: [Double],
    _ random: inout CheckRandom
  ) -> Finding? {
    if places.allSatisfy({ $0.given == 0 }) { return nil }  // `usable` says it.
    if let finding = gradientInstead(places) { return finding }
    if moving.count * 10 <= places.count {
      return flatGradient(places)
    }
    if moving.count * 10 >= places.count * 9, let finding = factor(moving, ratios) {
      return finding
    }
    let opposite = places.filter {
      $0.given < 0 && $0.due.value > 100 * $0.due.error && $0.due.value > 1e-6 * -$0.given
    }
    if opposite.count * 50 > places.count {
      return Finding(
        .error, .hessianSign,
        "Hessian is negative in \((Double(opposite.count) / Double(places.count)).percent) of the "
          + "places where the loss is convex: the sign is wrong, and a Newton step goes uphill",
        rows: rowNumbers(opposite.map(\.entry)),
        figures: ["share": Double(opposite.count) / Double(places.count)])
    }
    return surrogate(places, ratios, &random)
  }

  private func gradientInstead(_ places: [Place]) -> Finding? {
    let sloping = places.filter { $0.entry.gradient != 0 }
    let different = Set(sloping.map(\.entry.gradient))
    guard sloping.count >= 4 else { return nil }
    // Where every gradient is positive (hinges, rows of one class), their size may be meant.
    if different.contains(where: { $0 < 0 }),
      sloping.allSatisfy({ $0.given == $0.entry.gradient })
    {
      return Finding(
        .error, .hessianIsGradient,
        "Hessian equals the gradient in every row: the same array or expression was returned twice")
    }
    if sloping.allSatisfy({ $0.given == $0.entry.gradient.magnitude }) {
      return Finding(
        .note, .surrogateHessian, "Hessian is |gradient|, a stand-in that bounds each step by 1")
    }
    if different.count >= 8,
      sloping.allSatisfy({
        let square = $0.entry.gradient * $0.entry.gradient
        return ($0.given - square).magnitude <= 1e-12 * square
      })
    {
      return Finding(
        .note, .surrogateHessian,
        "Hessian is the square of the gradient: for a log-likelihood that is its curvature on "
          + "average, for other losses it is in another unit")
    }
    return nil
  }

  /// The gradient does not change with the score: absolute errors and quantiles.
  private func flatGradient(_ places: [Place]) -> Finding {
    let negative = places.filter { $0.given < 0 }
    guard negative.isEmpty else {
      return Finding(
        .error, .hessianSign,
        "Hessian is negative in \((Double(negative.count) / Double(places.count)).percent) of the "
          + "places although the gradient does not fall there",
        rows: rowNumbers(negative.map(\.entry)))
    }
    return Finding(
      .note, .surrogateHessian,
      "Hessian is a positive stand-in: the gradient is piecewise constant and has no slope")
  }

  private func factor(_ moving: [Place], _ ratios: [Double]) -> Finding? {
    let of = gradientIsExact || !objective.hasLoss ? "the slope of the gradient" : "the loss's"
    let constancy = Constancy(ratios)
    if constancy.holds, ratios.count >= 4, (constancy.value - 1).magnitude > 0.01 {
      let ratio = constancy.value
      if ratio < 0, moving.count(where: { $0.given > 0 }) * 2 > moving.count {
        return Finding(
          .note, .surrogateHessian,
          "Hessian is a positive stand-in, \(ratio.magnitude.short) x the size of the loss's "
            + "curvature, which is negative here")
      }
      if ratio < 0 {
        return Finding(
          .error, .hessianSign,
          "Hessian is \(ratio.short) x \(of): the sign is wrong, and a Newton step goes uphill",
          figures: ["ratio": ratio])
      }
      if ratio > 1 {
        return Finding(
          ratio > 10 ? .warning : .note, .surrogateHessian,
          "Hessian is \(ratio.short) x \(of) in every row: an upper bound, with shorter steps"
            + ((ratio - 2).magnitude < 0.01
              ? "; if that is not meant, the gradient is that of half the square and the Hessian "
                + "that of the square" : ""),
          figures: ["ratio": ratio])
      }
      return Finding(
        .warning, .hessianTooSmall,
        "Hessian is \(ratio.short) x \(of) in every row: Newton steps are \((1 / ratio).short) x "
          + "too long"
          + ((ratio - 0.5).magnitude < 0.005
            ? " (the factor 2 of a square is missing in the Hessian?)" : ""),
        figures: ["ratio": ratio])
    }
    guard
      let factor = RowDataFactor.find(
        entries, moving.map(\.entry), ratios, names: objective.rowDataNames)
    else { return nil }
    let remedy = RowDataFactor.remedy(factor.power, factor.name)
    return Finding(
      .error, .hessianRowDataFactor,
      "Hessian lacks \(remedy): with it, it matches \(of)"
        + ((factor.constant - 1).magnitude < 0.01
          ? "" : ", apart from a constant \(factor.constant.short)"),
      figures: ["power": factor.power, "constant": factor.constant])
  }

  // MARK: - Usable stand-ins

  private func surrogate(
    _ places: [Place], _ ratios: [Double], _ random: inout CheckRandom
  ) -> Finding {
    let above = places.filter { $0.given >= $0.due.value * (1 - 1e-4) - 20 * $0.due.error }
    let isBound = above.count * 50 >= places.count * 49
    let values = places.map(\.given)
    let isConstant = values.allSatisfy { ($0 - values[0]).magnitude <= 1e-9 * values[0].magnitude }
    let due = places.map(\.due.value)
    if isConstant {
      let range = "\((due.min() ?? 0).short) to \((due.max() ?? 0).short)"
      return isBound
        ? Finding(
          .note, .surrogateHessian,
          "Hessian is the constant \(values[0].short), an upper bound: the slope of the gradient "
            + "ranges from \(range)")
        : Finding(
          .warning, .hessianConstant,
          "Hessian is the constant \(values[0].short) while the slope of the gradient ranges from "
            + "\(range)")
    }
    if isBound {
      return Finding(
        .note, .surrogateHessian,
        "Hessian is an upper bound of the slope of the gradient, \(medianRatio.short) x it in the "
          + "median", figures: ["ratio": medianRatio])
    }
    if let finding = targetFactor(places) { return finding }
    if values.allSatisfy({ $0 >= 0 }), (0.3...3).contains(medianRatio), isExpected(&random) {
      return Finding(
        .note, .surrogateHessian,
        "Hessian does not depend on the target although the slope of the gradient does: an "
          + "expected (Fisher) curvature", figures: ["ratio": medianRatio])
    }
    // A positive Hessian is not too small where the loss is concave.
    let small = places.filter { $0.due.value > 0 && $0.given < 0.5 * $0.due.value }
    let share = places.count < 16 ? 0 : Double(small.count) / Double(places.count)
    let below = Double(places.count - above.count) / Double(places.count)
    return share > 0.25
      ? Finding(
        .warning, .hessianTooSmall,
        "Hessian is less than half the slope of the gradient in \(share.percent) of the places "
          + "(\(medianRatio.short) x it in the median): Newton steps are too long there",
        figures: ["ratio": medianRatio, "share": share])
      : Finding(
        .note, .surrogateHessian,
        "Hessian differs from the slope of the gradient (\(medianRatio.short) x it in the median, "
          + "smaller in \(below.percent) of the places)", figures: ["ratio": medianRatio])
  }

  /// The Hessian is off by a factor that depends on the class of the row and on nothing else.
  private func targetFactor(_ places: [Place]) -> Finding? {
    guard objective.scoresPerRow == 1 else { return nil }
    let targets = Set(places.map { entries.target($0.entry) }).sorted()
    guard (2...5).contains(targets.count) else { return nil }
    var factors: [Double] = []
    for target in targets {
      let ratios = places.filter { entries.target($0.entry) == target && $0.due.value != 0 }
        .map { $0.given / $0.due.value }
      let constancy = Constancy(ratios, tolerance: 1e-4)
      guard ratios.count >= 4, constancy.holds, constancy.value > 0 else { return nil }
      factors.append(constancy.value)
    }
    guard let least = factors.min(), let most = factors.max(), most > 1.01 * least,
      least < 0.99
    else { return nil }
    let parts = zip(factors, targets).map { "\($0.short) x in rows with target \($1.short)" }
    return Finding(
      least < 0.5 ? .warning : .note, .hessianTooSmall,
      "Hessian is \(parts.joined(separator: ", ")) the slope of the gradient: a weight per class "
        + "that the gradient has is missing in it, and steps are up to \((1 / least).short) x too "
        + "long", figures: ["ratio": least])
  }

  /// Whether the Hessian stays, and the slope of the gradient changes, when targets change places.
  private func isExpected(_ random: inout CheckRandom) -> Bool {
    guard objective.reach != .table, let sample = entries.samples.first else { return false }
    var moved = sample
    let order = random.permutation(sample.count)
    for (row, other) in order.enumerated() { moved.targets[row] = sample.targets[other] }
    guard moved.refusal == nil else { return false }
    let stays = zip(sample.derivatives().hessians, moved.derivatives().hessians).allSatisfy {
      ($0 - $1).magnitude <= 1e-9 * $0.magnitude
    }
    guard stays else { return false }
    let there = CheckEntries([moved], domain: entries.domain).all
    return zip(entries.all, there).contains { here, there in
      let (a, b) = (here.gradientSlope, there.gradientSlope)
      return a.isResolved(beside: 0) && b.isResolved(beside: 0)
        && (a.value - b.value).magnitude > 0.01 * max(a.value.magnitude, b.value.magnitude)
          + 10 * (a.error + b.error)
    }
  }
}
