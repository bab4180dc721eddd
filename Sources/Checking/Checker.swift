import Losses

/// Runs the tests in order and collects what they find.
struct Checker {
  let objective: any Objective
  /// The user's rows (a selection), with the user's scores or zeros; nil to draw rows.
  let own: CheckSample?
  /// Whether `own` holds scores that the user gave.
  let hasScores: Bool
  /// Facts about all of the user's rows.
  let table: TableFacts
  var random: CheckRandom
  let seed: UInt64
  var findings: [Finding] = []
  private(set) var tests: [Verdict.Test] = []

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

  var verdict: Verdict {
    Verdict(objective: objective.name, findings: findings, tests: tests)
  }

  /// - Parameter failsAnyway: whether the test failed although another's finding says why.
  mutating func add(
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

  mutating func skip(_ name: String, _ reason: String) {
    tests.append(Verdict.Test(name: name, outcome: .skipped, figure: reason))
  }

  /// The rows on which derivatives are compared: fewer where each costs much.
  static func rowLimit(_ objective: any Objective) -> Int {
    if objective.reach == .table { return 24 }
    return objective.scoresPerRow <= CheckEntries.usualScores
      ? 64 : max(8, 1_024 / objective.scoresPerRow)
  }

  /// The rows at which the check before a fit looks without comparing derivatives.
  static func quickRowLimit(_ objective: any Objective) -> Int {
    objective.reach == .table ? 48 : max(16, min(256, 8_192 / objective.scoresPerRow))
  }

  // MARK: - Full check

  mutating func full() -> Verdict {
    if !table.findings.isEmpty { add("rows", table.findings, "\(table.rowCount) rows") }
    if table.findings.contains(where: { $0.code == .refusedRow || $0.code == .notAClass }) {
      return verdict
    }
    var drawing = CheckDrawing(objective, seed: seed)
    guard var base = own ?? drawing.rows(Self.rowLimit(objective)) else {
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
}
