import Wording
import Losses

/// Gradient, sign, Hessian and scale: what the full check says of derivatives.
extension Checker {
  mutating func testDerivatives(
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
}
