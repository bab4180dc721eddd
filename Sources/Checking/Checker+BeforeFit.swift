import Wording
import Losses

/// What is asked before a fit: errors only, in a millisecond or two.
extension Checker {
  /// Only what makes training senseless, on the user's rows.
  ///
  /// - Parameter policy: how the learner makes Hessians usable; nil if it reads none.
  mutating func quick(
    policy: CurvaturePolicy?, few: CheckSample? = nil, many: CheckSample? = nil
  ) -> Verdict {
    findings = table.findings.filter { $0.severity == .error }
    guard findings.isEmpty, let own, own.count > 0 else {
      if !findings.isEmpty { add("rows", [], "\(table.rowCount) rows") }
      return verdict
    }
    var drawing = CheckDrawing(objective, seed: seed)
    let (domain, isFlat) = ScoreDomain.of(own, random: &random)
    var unfit = FinitenessTest(own: own).findings
    if !unfit.isEmpty, domain != .real, !isFlat {
      unfit = [LinkTest.domainFinding(own, domain, isFlat)] + unfit
    }
    add("finite", unfit, "\(own.count) rows of yours")
    guard findings.isEmpty else { return verdict }
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
    let sign = quickSign(own, moved, domain)
    guard sign.isEmpty else {
      let named = many.map { fullErrors($0, policy) } ?? []
      add("sign", named.isEmpty ? sign : named, "along -gradient")
      return verdict
    }
    add("sign", [], "along -gradient")
    if let policy {
      let found = quickHessian([own, moved], policy)
      add("Hessian", found.map { [$0] } ?? [], "with the policy \(policy)")
    }
    guard findings.isEmpty, let few, let many else { return verdict }
    compare(few, many, policy)
    return verdict
  }

  /// The errors of the full check that concern a learner with this policy.
  private func fullErrors(_ sample: CheckSample, _ policy: CurvaturePolicy?) -> [Finding] {
    var whole = Checker(objective, own: sample, hasScores: hasScores, table: table, seed: seed)
    return whole.full().errors.filter { matters($0, under: policy) }
  }

  /// Compares the gradient with the loss and the Hessian with the gradient on a few rows. A doubt is
  /// settled by the full check on more of them, whose errors count.
  private mutating func compare(
    _ few: CheckSample, _ many: CheckSample, _ policy: CurvaturePolicy?
  ) {
    var drawing = CheckDrawing(objective, seed: seed)
    let domain = ScoreDomain.of(few, random: &random).0
    var sample = few
    sample.scores = drawing.moderateScores(few, domain: domain)
    let entries = CheckEntries([sample], domain: domain, scoreLimit: 4)
    let gradient = GradientTest(entries, facts: .init(tableRows: table.rowCount))
    let hessian = HessianTest(
      entries, gradientIsExact: gradient.isExact, random: &random)
    let isDoubtful =
      (gradient.findings + hessian.findings).contains { $0.severity != .note }
      || domain == .real && SignTest.oneSidedFinding(sample) != nil
      || TargetTest(sample, seed: seed).finding != nil
    add("gradient", [], objective.hasLoss ? gradient.figure : "there is no loss")
    guard isDoubtful else { return }
    add("full", fullErrors(many, policy), "\(many.count) rows of yours")
  }

  /// Whether an error concerns a learner that makes Hessians usable by `policy`.
  private func matters(_ finding: Finding, under policy: CurvaturePolicy?) -> Bool {
    switch finding.code {
    case .fullHessianAsymmetric, .fullHessianIndefinite, .fullHessianMismatch:
      // Learners read the diagonal.
      return false
    case .notFinite, .expectsProbabilities, .hessianZero, .hessianNegative:
      // Judged before: at the scores training starts from, and after the policy.
      return false
    case .hessianSign:
      switch policy {
      case .exact, nil: return true
      default: return false
      }
    case .hessianFactor, .hessianTooSmall, .surrogateHessian, .hessianRowDataFactor,
      .hessianIsGradient, .hessianMismatch:
      switch policy {
      case .exact, .absolute, .floor: return true
      case .fisher, .upperBound, .named, .absoluteGradient, .constant: return false
      case nil:
        // A constant may stand there because something must; but without a loss it is all that the
        // gradient can be compared with.
        guard finding.figures["constantHessian"] != nil else { return true }
        return !objective.hasLoss
          && [.hessianRowDataFactor, .hessianMismatch].contains(finding.code)
      }
    default: return true
    }
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
      let finding = ZeroHessian.finding(
        isFlat: samples.allSatisfy { $0.derivatives().gradients.allSatisfy { $0 == 0 } },
        isTelling: true, isRight: false, hasLeafSolver: false)
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
  var mayMissWhatMatters: Bool {
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
  static func isZero(_ samples: [CheckSample]) -> Bool {
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

  static var zeroGradient: Finding {
    Finding(
      .error, .zeroGradient,
      "the gradient is zero in every row: nothing can be learnt (a Jacobian summed to zero?)")
  }
}
