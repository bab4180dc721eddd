import Wording
public import Losses

extension Objective {
  /// Tells what is wrong with the objective, on rows drawn to suit it.
  ///
  /// Tests that values are finite from score 0 to 1e4, that rows keep their own values however
  /// calls are cut, that the gradient is the slope of the loss and the Hessian that of the
  /// gradient, and names the mistake where they are not. The slopes are extrapolated differences,
  /// or, if there is a ``lossFormula``, exact. Deterministic: the same objective and
  /// seed give the same verdict. Some hundred calls with 64 rows.
  ///
  /// ```swift
  /// print(objective.check())
  /// ```
  ///
  /// Targets suit the link and what ``Objective/validate(_:)`` accepts (class indices, 0 and 1,
  /// counts, real numbers); row data spans four decades. An objective that accepts more than it
  /// can read is better checked on rows of your own.
  public func check(seed: UInt64 = 0) -> Verdict {
    var checker = Checker(self, own: nil, hasScores: false, table: .init(), seed: seed)
    return checker.full()
  }

  /// Tells what is wrong with the objective, on rows of your own.
  ///
  /// All rows are validated and looked at for non-finite values; the derivatives are compared on
  /// up to 64 of them, at the scores given and at scores drawn around the targets.
  ///
  /// - Parameters:
  ///   - rows: targets, row data and groups, as learners hand them over.
  ///   - scores: row-major `[rows x scoresPerRow]`; empty if there are none yet.
  ///   - seed: decides which rows and scores are looked at.
  ///   - rowNumber: the number under which a row is reported; by default its place in `rows`.
  public func check(
    _ rows: borrowing Rows, scores: Span<Double> = Span(), seed: UInt64 = 0,
    rowNumber: (Int) -> Int = { $0 }
  ) -> Verdict {
    var table = tableFacts(rows, scores: scores, rowNumber: rowNumber)
    if table.findings.isEmpty { table.findings = scanFinite(rows, scores, rowNumber) }
    let selection = CheckSelection(rows, of: self, seed: seed)
    var checker = Checker(
      self, own: sample(rows, selection, Checker.rowLimit(self), scores, rowNumber),
      hasScores: !scores.isEmpty, table: table, seed: seed)
    return checker.full()
  }

  /// ``check(_:scores:seed:rowNumber:)`` over arrays.
  ///
  /// - Parameters:
  ///   - targets: one per row.
  ///   - rowData: row-major `[rows x rowDataNames]`.
  ///   - groups: one per row, the rows of a group standing together; empty if there are none.
  ///   - scores: row-major `[rows x scoresPerRow]`; empty if there are none yet.
  public func check(
    targets: [Double], rowData: [Double] = [], groups: [Int] = [], scores: [Double] = [],
    seed: UInt64 = 0
  ) -> Verdict {
    check(
      Rows(
        targets: targets.span, rowData: rowData.span, rowDataCount: rowDataNames.count,
        groups: groups.span),
      scores: scores.span, seed: seed)
  }

  /// What learners ask before round one: errors only, in a millisecond or two.
  ///
  /// Looks at up to 256 of the rows for values that are not finite, a flipped sign, a transposed
  /// layout, rows that do not keep their own values, a gradient that is zero everywhere, and
  /// Hessians that are negative or zero everywhere after the curvature policy. On a few dozen rows,
  /// the extremes of targets and row data among them, it compares the gradient with the slope of
  /// the loss and the Hessian with that of the gradient. If something is amiss there, the full check
  /// on the same table decides, and its errors are the verdict. Silent about everything that merely
  /// slows training down; ``check(_:scores:seed:rowNumber:)`` says that, too.
  ///
  /// - Parameters:
  ///   - rows, scores, seed, rowNumber: as for ``check(_:scores:seed:rowNumber:)``; without scores,
  ///     at score 0.
  ///   - policy: how the learner will make Hessians usable; nil if it takes no Newton steps, so that
  ///     a Hessian of zeros or ones, or a negative one, is as good as another. Hessians that the
  ///     policy replaces are not judged.
  public func quickCheck(
    _ rows: borrowing Rows, scores: Span<Double> = Span(), policy: CurvaturePolicy? = .exact,
    seed: UInt64 = 0, rowNumber: (Int) -> Int = { $0 }
  ) -> Verdict {
    let selection = CheckSelection(rows, of: self, seed: seed)
    var checker = Checker(
      self,
      own: sample(rows, selection, Checker.quickRowLimit(self), scores, rowNumber),
      hasScores: !scores.isEmpty, table: tableFacts(rows, scores: scores, rowNumber: rowNumber),
      seed: seed)
    guard rows.count > 0 else { return checker.quick(policy: policy) }
    let few = CheckSelection.sample(
      rows, at: selection.places(reach == .row ? min(32, Checker.rowLimit(self)) : 16), of: self,
      scores: scores, rowNumber)
    let many = CheckSelection.sample(
      rows, at: selection.places(Checker.rowLimit(self)), of: self, scores: scores, rowNumber)
    return checker.quick(policy: policy, few: few, many: many)
  }

  private func sample(
    _ rows: borrowing Rows, _ selection: CheckSelection, _ limit: Int, _ scores: Span<Double>,
    _ rowNumber: (Int) -> Int
  ) -> CheckSample? {
    guard rows.count > 0 else { return nil }
    return CheckSelection.sample(
      rows, at: selection.places(limit), of: self, scores: scores, rowNumber)
  }

  /// ``quickCheck(_:scores:policy:seed:rowNumber:)`` over arrays.
  public func quickCheck(
    targets: [Double], rowData: [Double] = [], groups: [Int] = [], scores: [Double] = [],
    policy: CurvaturePolicy? = .exact, seed: UInt64 = 0
  ) -> Verdict {
    quickCheck(
      Rows(
        targets: targets.span, rowData: rowData.span, rowDataCount: rowDataNames.count,
        groups: groups.span),
      scores: scores.span, policy: policy, seed: seed)
  }

  // MARK: - Rows of the user's own

  /// What the objective itself says against the rows, and what their targets tell.
  private func tableFacts(
    _ rows: borrowing Rows, scores: Span<Double>, rowNumber: (Int) -> Int
  ) -> Checker.TableFacts {
    precondition(
      scores.isEmpty || scores.count == rows.count * scoresPerRow,
      "scores must hold scoresPerRow values per row, row-major, or be empty")
    precondition(
      rows.rowDataCount == rowDataNames.count,
      "the rows must carry the row data columns that the objective names")
    var facts = Checker.TableFacts()
    facts.rowCount = rows.count
    do throws(ObjectiveError) {
      try validate(rows)
    } catch {
      var located = error
      located.row = rowNumber(error.row)
      facts.findings.append(
        Finding(.error, .refusedRow, "\(located)", rows: [located.row]))
      return facts
    }
    if link == .softmax, scoresPerRow > 1, let finding = classFinding(rows, rowNumber) {
      facts.findings.append(finding)
      return facts
    }
    var mean = 0.0
    for row in rows.targets.indices { mean += rows.targets[row] / Double(rows.count) }
    var variance = 0.0
    for row in rows.targets.indices {
      let difference = rows.targets[row] - mean
      variance += difference * difference / Double(rows.count)
    }
    facts.targetSpread = variance.squareRoot()
    return facts
  }

  /// Targets that are no class indices would make closures that index by them trap.
  private func classFinding(_ rows: borrowing Rows, _ rowNumber: (Int) -> Int) -> Finding? {
    var highest = -Double.infinity
    var lowest = Double.infinity
    for row in rows.targets.indices {
      highest = max(highest, rows.targets[row])
      lowest = min(lowest, rows.targets[row])
    }
    for row in rows.targets.indices {
      let y = rows.targets[row]
      guard y < 0 || y >= Double(scoresPerRow) || y != y.rounded() else { continue }
      let counted =
        lowest == 1 && highest == Double(scoresPerRow)
        ? "; these run from 1 to \(scoresPerRow): subtract 1" : ""
      return Finding(
        .error, .notAClass,
        "the target of row \(rowNumber(row)) is \(y.short), but with \(scoresPerRow) scores classes "
          + "are counted from 0 to \(scoresPerRow - 1)\(counted)", rows: [rowNumber(row)])
    }
    return nil
  }

  /// All rows at the user's scores, in blocks.
  private func scanFinite(
    _ rows: borrowing Rows, _ scores: Span<Double>, _ rowNumber: (Int) -> Int
  ) -> [Finding] {
    guard reach == .row, !scores.isEmpty else { return [] }
    let blockRows = 4096
    var start = 0
    var bad: [Int] = []
    while start < rows.count {
      let end = min(rows.count, start + blockRows)
      let width = scoresPerRow
      var gradients = [Double](repeating: 0, count: (end - start) * width)
      var hessians = gradients
      var g = gradients.mutableSpan
      var h = hessians.mutableSpan
      derivatives(
        at: scores.extracting(start * width..<end * width), rows.extracting(start..<end),
        gradients: &g, hessians: &h)
      for index in gradients.indices
      where !gradients[index].isFinite || !hessians[index].isFinite {
        let row = start + index / width
        if bad.last != row { bad.append(row) }
      }
      start = end
    }
    guard let first = bad.first else { return [] }
    return [
      Finding(
        .error, .notFinite,
        "gradient or Hessian of row \(rowNumber(first)) is not finite at the scores given, as in "
          + "\(bad.count) of \(rows.count) rows", rows: bad.prefix(8).map(rowNumber),
        figures: ["rows": Double(bad.count)])
    ]
  }
}
