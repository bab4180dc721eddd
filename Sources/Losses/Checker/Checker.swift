/// Runs the tests in order and collects what they find.
struct Checker {
  let objective: any Objective
  /// The user's rows (a selection), with the user's scores or zeros; nil to draw rows.
  let own: CheckSample?
  /// Whether `own` holds scores that the user gave.
  let hasScores: Bool
  /// Facts about all of the user's rows.
  let table: TableFacts
  private var random: CheckRandom
  private let seed: UInt64
  private var findings: [Finding] = []
  private var tests: [Verdict.Test] = []

  /// What is known of the user's whole table, of which `own` is a selection.
  struct TableFacts {
    var rowCount = 0
    /// The standard deviation of the target, with divisor N.
    var targetSpread = 0.0
    /// Findings of the scan over all rows.
    var findings: [Finding] = []
  }

  init(
    _ objective: any Objective, own: CheckSample?, hasScores: Bool, table: TableFacts,
    seed: UInt64
  ) {
    self.objective = objective
    self.own = own
    self.hasScores = hasScores
    self.table = table
    self.seed = seed
    random = CheckRandom(seed: seed ^ 0x5eed)
  }

  private var verdict: Verdict {
    Verdict(objective: objective.name, findings: findings, tests: tests)
  }

  /// - Parameter failsAnyway: whether the test failed although another's finding says why.
  private mutating func add(
    _ name: String, _ found: [Finding], _ figure: String, failsAnyway: Bool = false
  ) {
    findings += found
    let outcome: Verdict.Test.Outcome =
      failsAnyway || found.contains { $0.severity == .error }
      ? .failed
      : found.contains { $0.severity == .warning }
        ? .warning : found.isEmpty ? .passed : .note
    tests.append(Verdict.Test(name: name, outcome: outcome, figure: figure))
  }

  private mutating func skip(_ name: String, _ reason: String) {
    tests.append(Verdict.Test(name: name, outcome: .skipped, figure: reason))
  }

  // MARK: - Full check

  mutating func full() -> Verdict {
    if !table.findings.isEmpty { add("rows", table.findings, "\(table.rowCount) rows") }
    if table.findings.contains(where: { $0.code == .refusedRow || $0.code == .notAClass }) {
      return verdict
    }
    var drawing = CheckDrawing(objective, seed: seed)
    guard var base = own ?? drawing.rows(objective.reach == .table ? 24 : 64) else {
      add(
        "rows",
        [
          Finding(
            .note, .nothingToCheck,
            "no rows could be drawn that the objective accepts; check it on rows of your own")
        ], "none")
      return verdict
    }
    let (domain, isFlat) = ScoreDomain.of(base, random: &random)
    base.scores = drawing.moderateScores(base, domain: domain)
    var samples = [base]
    if hasScores, let own { samples.append(own) }
    let isDrawn = own == nil ? "drawn" : "of yours"

    let link = LinkTest(base, domain: domain, isFlat: isFlat, own: hasScores ? own : nil)
    if domain == .real || isFlat {
      var found = FinitenessTest(grid: base, isUsers: own != nil).findings
      if found.isEmpty, hasScores, let own { found = FinitenessTest(own: own).findings }
      add(
        "finite", found,
        "\(FinitenessTest.grid.count) scores from -1e4 to 1e4 x \(base.count) rows \(isDrawn)")
    } else {
      skip("finite", "raw scores are outside the loss's domain")
    }

    let purity = purity(base, domain: domain)
    if purity.isHopeless {
      skip("gradient", "rows do not keep their own values")
      add("link", link.findings, objective.link.rawValue)
      return verdict
    }
    for place in samples.indices { samples[place].rowByRow = purity.needsSingleRows }
    testDerivatives(samples, domain, dividesByRows: purity.dividesByRows, link: link)
    return verdict
  }

  private mutating func purity(_ base: CheckSample, domain: ScoreDomain) -> PurityTest {
    var test = PurityTest(base, singles: base.count, random: &random)
    var found = test.findings
    if domain == .real, objective.reach == .row, !test.isHopeless {
      // Rows of very different scores in one call: a maximum over the batch shows here.
      var mixed = base
      for row in 0..<mixed.count {
        let score = FinitenessTest.grid[row % FinitenessTest.grid.count]
        for index in row * mixed.width..<(row + 1) * mixed.width { mixed.scores[index] += score }
      }
      let wide = PurityTest(mixed, singles: base.count, random: &random)
      if test.findings.isEmpty { test = wide }
      found += wide.findings.filter { finding in !found.contains { $0.code == finding.code } }
    }
    let how =
      objective.reach == .row
      ? "two calls, shuffled, one row at a time"
      : objective.reach == .group
        ? "two calls, shuffled, one group at a time" : "two calls, shuffled"
    add("purity", found, how)
    return test
  }

  private mutating func testDerivatives(
    _ samples: [CheckSample], _ domain: ScoreDomain, dividesByRows: Bool, link: LinkTest
  ) {
    let entries = CheckEntries(samples, domain: domain)
    let gradient = GradientTest(
      entries, facts: .init(tableRows: table.rowCount, dividesByRows: dividesByRows))
    let isTwice = link.findings.contains { $0.code == .softmaxTwice }
    if objective.hasLoss {
      // A second softmax spoils the gradient, too; one sentence is enough.
      var found = gradient.findings.filter { !isTwice || $0.severity != .error }
      if let finding = formulaFinding(entries) { found.append(finding) }
      add("gradient", found, gradient.figure)
    } else {
      add(
        "gradient",
        [
          Finding(
            .note, .missingLoss,
            "there is no loss: the gradient cannot be checked against it, only against itself and "
              + "the Hessian; give the loss as well and the check is exact")
        ] + (Self.isZero(samples) && !mayMissWhatMatters ? [Self.zeroGradient] : []),
        "there is no loss")
    }
    if gradient.isExact, domain == .real, let finding = farFinding(samples[0], beside: entries) {
      add("far", [finding], "scores moved by 20 and 88")
    }
    if let finding = TargetTest(samples[0], seed: seed).finding {
      add("target", [finding], "the target is not read")
    }
    // A second softmax leaves a gradient that never vanishes; one sentence is enough.
    if isTwice, !objective.hasLoss {
      skip("sign", "see link")
    } else {
      testSign(samples[0], domain, gradient)
    }
    let hessian = HessianTest(
      entries, gradientIsExact: gradient.isExact, random: &random)
    let runsAway = findings.contains {
      [.flippedSign, .maximised, .unbounded].contains($0.code)
    }
    // The Hessian of a flipped gradient follows from it; it is named in that finding.
    let found = hessian.findings.filter { !(runsAway && $0.code == .hessianNegative) }
    add(
      "Hessian", objective.hasLoss || !runsAway ? found : [],
      hessian.figure)
    if objective.scoresPerRow > 1, objective.scoresPerRow <= 32 {
      testFull(samples[0], domain, gradient)
    }
    add("link", link.findings, objective.link.rawValue)
    if gradient.isExact, domain == .real { testScale(entries) }
  }

  /// What is wrong far from the targets only, where moderate scores do not lead.
  ///
  /// There many slopes vanish, and differences of the loss are mere rounding; only places count
  /// where the slope is still of about the size that it has in `moderate` ones.
  private func farFinding(_ sample: CheckSample, beside moderate: CheckEntries) -> Finding? {
    guard objective.reach == .row, objective.hasLoss else { return nil }
    var far = sample
    for row in 0..<far.count {
      far.scores[row * far.width + row % far.width] += [20.0, -20, 88, -88][row / far.width % 4]
    }
    let entries = CheckEntries([far], domain: .real, least: 1e7 * moderate.floor)
    let test = GradientTest(entries, facts: .init())
    guard let finding = test.findings.first(where: { $0.severity != .note }),
      finding.code != .imprecise
    else { return nil }
    return Finding(
      .warning, finding.code, "far away, with scores moved by 20 and 88: \(finding.message)",
      rows: finding.rows, figures: finding.figures)
  }

  /// What to say if the formula of the loss does not fit the loss.
  private func formulaFinding(_ entries: CheckEntries) -> Finding? {
    guard entries.misfitOfFormula > 0 else { return nil }
    return Finding(
      .warning, .formulaMismatch,
      "the derivatives of the formula do not follow the loss in "
        + "\(entries.misfitOfFormula.percent) of the places (the formula of another loss, a number "
        + "taken out of a jet with .value, or a wrong slope in applying?); the gradient is compared "
        + "with differences of the loss instead",
      figures: ["share": entries.misfitOfFormula])
  }

  private mutating func testSign(
    _ sample: CheckSample, _ domain: ScoreDomain, _ gradient: GradientTest
  ) {
    let sign = SignTest(sample, domain: domain)
    var found: [Finding] = []
    if gradient.isExact || !objective.hasLoss {
      if sign.runawayShare >= 0.9 {
        found.append(sign.runawayFinding(sample))
      } else if domain == .real, let finding = SignTest.oneSidedFinding(sample) {
        found.append(finding)
      }
    }
    let isKnown = gradient.findings.contains { $0.severity == .error }
    let rises = objective.hasLoss && sign.resolved >= 4 && sign.risingShare > 0.2
    if rises, !isKnown {
      found.append(
        Finding(
          .warning, .gradientMismatch,
          "a small step against the gradient raises the loss in \(sign.risingShare.percent) of the "
            + "rows", figures: ["share": sign.risingShare]))
    }
    add(
      "sign", found,
      objective.hasLoss
        ? "a small step along -gradient lowers the loss in "
          + "\((sign.resolved > 0 ? 1 - sign.risingShare : 0).percent) of \(sign.resolved)"
        : "the gradient weakens along -gradient in "
          + "\((sign.followed > 0 ? 1 - Double(sign.runaway) / Double(sign.followed) : 0).percent) "
          + "of \(sign.followed)", failsAnyway: rises && isKnown)
  }

  private mutating func testFull(
    _ sample: CheckSample, _ domain: ScoreDomain, _ gradient: GradientTest
  ) {
    guard !sample.rowByRow, objective.hasFullHessian || !objective.hasLoss else { return }
    let test = FullHessianTest(sample, domain: domain, gradientIsExact: gradient.isExact)
    add(
      objective.hasFullHessian ? "full" : "curl", test.findings,
      objective.hasFullHessian
        ? "largest difference from the Jacobian \(test.largestError.short), \(test.rowCount) rows"
        : "symmetry of the Jacobian, \(test.rowCount) rows")
  }

  /// A curvature that is the same everywhere, but not that of the square or half of it.
  private mutating func testScale(_ entries: CheckEntries) {
    guard objective.scoresPerRow == 1, objective.reach == .row else { return }
    let slopes = entries.all.map(\.gradientSlope).filter { $0.isResolved(beside: 0) }
    let constancy = Constancy(slopes.map(\.value), tolerance: 1e-5)
    guard slopes.count * 10 >= entries.all.count * 9, constancy.share > 0.97, constancy.value > 0
    else { return }
    let curvature = constancy.value
    guard (curvature - 2).magnitude > 1e-4, (curvature - 1).magnitude > 1e-4,
      entries.samples[0].isLeastAtTargets(curvature)
    else { return }
    var sentence =
      "the loss is the squared error times the constant \((curvature / 2).short), the same in every "
      + "row: it changes the unit of the loss, not the fit"
    for halved in [2.0, 1] where table.targetSpread > 0 {
      let scale = (halved / curvature).squareRoot()
      // Divisor N or N - 1.
      if (scale / table.targetSpread - 1).magnitude < 1 / Double(max(20, table.rowCount)) {
        sentence =
          "the error is divided by the constant \(scale.short), the standard deviation of the "
          + "target: a constant scale, the same in every row, changes the unit of the loss, not "
          + "the fit; for a size per row, name a column in rowData"
        break
      }
    }
    add(
      "scale",
      [Finding(.note, .constantScale, sentence, figures: ["curvature": curvature])],
      "curvature \(curvature.short) everywhere")
  }

  // MARK: - Quick check

  /// Only what makes training senseless, on the user's rows.
  ///
  /// - Parameter policy: how the learner makes Hessians usable; nil if it reads none.
  mutating func quick(policy: CurvaturePolicy?) -> Verdict {
    findings = table.findings.filter { $0.severity == .error }
    guard findings.isEmpty, let own, own.count > 0 else {
      if !findings.isEmpty { add("rows", [], "\(table.rowCount) rows") }
      return verdict
    }
    var drawing = CheckDrawing(objective, seed: seed)
    add("finite", FinitenessTest(own: own).findings, "\(own.count) rows of yours")
    guard findings.isEmpty else { return verdict }
    let (domain, _) = ScoreDomain.of(own, random: &random)
    var moved = own
    moved.scores = drawing.moderateScores(own, domain: domain)
    let purity = PurityTest(moved, singles: 16, random: &random)
    add("purity", purity.findings, "two calls, shuffled, one row at a time")
    guard findings.isEmpty else { return verdict }
    if domain == .real, objective.link == .logit || objective.link == .softmax,
      let finding = LinkTest.twiceFinding(moved), finding.severity == .error
    {
      add("link", [finding], objective.link.rawValue)
      return verdict
    }
    add("sign", quickSign(own, moved, domain), "along -gradient")
    guard findings.isEmpty else { return verdict }
    if let policy {
      let found = quickHessian([own, moved], policy)
      add("Hessian", found.map { [$0] } ?? [], "with the policy \(policy)")
    }
    return verdict
  }

  /// Whether a learner that applies `policy` finds no positive Hessian at all.
  private func quickHessian(_ samples: [CheckSample], _ policy: CurvaturePolicy) -> Finding? {
    let given = samples.flatMap { $0.derivatives().hessians }
    let unit = CurvaturePolicy.unit(of: given.span)
    let used = samples.flatMap { $0.hessians(policy: policy, unit: unit) }
    guard used.allSatisfy({ $0 <= 0 }), !mayMissWhatMatters else { return nil }
    guard given.contains(where: { $0 < 0 }) else {
      guard objective.leafSolver == nil, samples.allSatisfy(\.isFlatEverywhere) else {
        return nil
      }
      let finding = HessianTest.zero(
        isFlat: samples.allSatisfy { $0.derivatives().gradients.allSatisfy { $0 == 0 } },
        isTelling: true, hasLeafSolver: false)
      return finding
    }
    return Finding(
      .error, .hessianNegative,
      samples.contains { $0.isConcave }
        ? "Hessian is negative in every row, as the loss is concave there: a Newton step goes "
          + "uphill; a curvature policy (absolute, floor) makes it usable"
        : "Hessian is negative in every row: a Newton step goes uphill; the sign is wrong, or the "
          + "policy absolute is due")
  }

  /// Whether zeros in the rows looked at say nothing about the table: where rows are compared with
  /// one another, a selection may hold no event, or no two rows of different relevance.
  private var mayMissWhatMatters: Bool {
    objective.reach != .row && (own?.count ?? 0) < table.rowCount
  }

  private func quickSign(
    _ own: CheckSample, _ moved: CheckSample, _ domain: ScoreDomain
  ) -> [Finding] {
    let gradients = own.derivatives().gradients + moved.derivatives().gradients
    let losses = objective.hasLoss ? (own.losses(), moved.losses()) : ([], [])
    let lossMoves = zip(losses.0, losses.1).contains { a, b in
      (a - b).magnitude > 1e-6 * max(a.magnitude, b.magnitude)
    }
    let largest = gradients.reduce(0) { max($0, $1.magnitude) }
    if objective.hasLoss
      ? lossMoves && largest == 0 : Self.isZero([own, moved]) && !mayMissWhatMatters
    {
      return [Self.zeroGradient]
    }
    if objective.hasLoss, lossMoves, domain == .real {
      // Gradients that are mere rounding, next to losses that do move.
      let change = zip(losses.0, losses.1).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
      if largest < 1e-9 * change / CheckDrawing.spread(of: own.scores + moved.scores) {
        return [Self.zeroGradient]
      }
    }
    let sign = SignTest(moved, domain: domain)
    if objective.hasLoss, sign.resolved >= 8 || (sign.resolved > 0 && objective.reach == .table) {
      if sign.risingShare >= 0.8 {
        return [
          Finding(
            .error, .flippedSign,
            "a small step against the gradient raises the loss in \(sign.risingShare.percent) of "
              + "the rows: the sign is flipped (y - p instead of p - y?)",
            figures: ["share": sign.risingShare])
        ]
      }
      if sign.risingShare >= 0.3 {
        return [
          Finding(
            .error, .gradientMismatch,
            "a small step against the gradient raises the loss in \(sign.risingShare.percent) of "
              + "the rows: gradient and loss do not belong together; check() says more",
            figures: ["share": sign.risingShare])
        ]
      }
    }
    if sign.runawayShare >= 0.98 {
      return [sign.runawayFinding(moved)]
    }
    return []
  }

  /// Whether gradients are zero, or mere rounding beside the curvature and the range of the scores.
  private static func isZero(_ samples: [CheckSample]) -> Bool {
    var largest = 0.0
    var due = 0.0
    for sample in samples {
      let (gradients, hessians) = sample.derivatives()
      guard gradients.allSatisfy(\.isFinite), hessians.allSatisfy(\.isFinite) else { return false }
      largest = gradients.reduce(largest) { max($0, $1.magnitude) }
      let curvature = hessians.reduce(0) { max($0, $1.magnitude) }
      due = max(due, curvature * CheckDrawing.spread(of: sample.scores))
    }
    return largest <= 1e-7 * due
  }

  private static var zeroGradient: Finding {
    Finding(
      .error, .zeroGradient,
      "the gradient is zero in every row: nothing can be learnt (a Jacobian summed to zero?)")
  }
}
