import Losses

/// Rows with scores, owned, and what the objective makes of them.
struct CheckSample {
  let objective: any Objective
  var scores: [Double]
  var targets: [Double]
  var rowData: [Double]
  /// The group of each row; empty if there are none.
  var groups: [Int]
  /// The numbers under which rows are reported.
  var numbers: [Int]
  /// Whether the objective is called for one row at a time.
  var rowByRow = false

  init(
    objective: any Objective, scores: [Double], targets: [Double], rowData: [Double],
    groups: [Int], numbers: [Int]
  ) {
    self.objective = objective
    self.scores = scores
    self.targets = targets
    self.rowData = rowData
    self.groups = groups
    self.numbers = numbers
  }

  var count: Int { targets.count }
  var width: Int { objective.scoresPerRow }
  var columns: Int { objective.rowDataNames.count }

  func data(_ row: Int, _ column: Int) -> Double { rowData[row * columns + column] }
  func scores(of row: Int) -> ArraySlice<Double> { scores[row * width..<(row + 1) * width] }

  /// The rows at `places`, in that order.
  func picking(_ places: [Int]) -> CheckSample {
    var picked = self
    picked.scores = places.flatMap { scores(of: $0) }
    picked.targets = places.map { targets[$0] }
    picked.rowData = places.flatMap { rowData[$0 * columns..<($0 + 1) * columns] }
    picked.groups = groups.isEmpty ? [] : places.map { groups[$0] }
    picked.numbers = places.map { numbers[$0] }
    return picked
  }

  /// The rows whose losses move together: single rows, groups or all rows.
  var units: [Range<Int>] {
    switch objective.reach {
    case .row: return (0..<count).map { $0..<$0 + 1 }
    case .table: return count > 0 ? [0..<count] : []
    case .group:
      guard !groups.isEmpty else { return count > 0 ? [0..<count] : [] }
      var units: [Range<Int>] = []
      var start = 0
      for row in 1...count where row == count || groups[row] != groups[start] {
        units.append(start..<row)
        start = row
      }
      return units
    }
  }

  func withRows<Result>(_ body: (borrowing Rows) throws -> Result) rethrows -> Result {
    try body(
      Rows(
        targets: targets.span, rowData: rowData.span, rowDataCount: columns,
        groups: groups.span))
  }

  /// What the objective says against these rows, if anything.
  var refusal: ObjectiveError? {
    withRows { rows in
      do throws(ObjectiveError) {
        try objective.validate(rows)
        return nil
      } catch { return error }
    }
  }

  /// The loss of each row. `filling` is what the output holds before the call.
  func losses(filling: Double = 0) -> [Double] {
    if rowByRow, count > 1 { return (0..<count).flatMap { picking([$0]).losses() } }
    var losses = [Double](repeating: filling, count: count)
    withRows { rows in
      var span = losses.mutableSpan
      objective.losses(at: scores.span, rows, into: &span)
    }
    return losses
  }

  /// Moves every score by about `step`, or a tenth of its size; the scores of a row by different
  /// amounts, since losses of classes do not change with a common one.
  mutating func shift(by step: Double) {
    for index in scores.indices {
      let share = Double(1 + index % width % 3) / 2
      scores[index] += step * share * max(1, 0.1 * scores[index].magnitude)
    }
  }

  /// The loss of each row with the same score everywhere.
  func losses(at score: Double) -> [Double] {
    var moved = self
    moved.scores = [Double](repeating: score, count: scores.count)
    return moved.losses()
  }

  /// Gradients and Hessians, `[rows x scoresPerRow]`.
  func derivatives(filling: Double = 0) -> (gradients: [Double], hessians: [Double]) {
    var gradients = [Double](repeating: filling, count: scores.count)
    var hessians = gradients
    if rowByRow, count > 1 {
      for row in 0..<count {
        let alone = picking([row]).derivatives()
        gradients.replaceSubrange(row * width..<(row + 1) * width, with: alone.gradients)
        hessians.replaceSubrange(row * width..<(row + 1) * width, with: alone.hessians)
      }
      return (gradients, hessians)
    }
    withRows { rows in
      var g = gradients.mutableSpan
      var h = hessians.mutableSpan
      objective.derivatives(at: scores.span, rows, gradients: &g, hessians: &h)
    }
    return (gradients, hessians)
  }

  /// Hessians as a curvature policy leaves them, `[rows x scoresPerRow]`.
  func hessians(policy: CurvaturePolicy, unit: Double) -> [Double] {
    var gradients = [Double](repeating: 0, count: scores.count)
    var hessians = gradients
    withRows { rows in
      var g = gradients.mutableSpan
      var h = hessians.mutableSpan
      _ = objective.derivatives(
        at: scores.span, rows, policy: policy, unit: unit, gradients: &g, hessians: &h)
    }
    return hessians
  }

  /// Whether the gradient falls with its own score in most places, by a plain difference.
  var isConcave: Bool {
    let here = derivatives().gradients
    var falling = 0
    for k in 0..<width {
      var up = self
      for index in stride(from: k, to: scores.count, by: width) {
        up.scores[index] += 1e-4 * max(1, scores[index].magnitude)
      }
      let there = up.derivatives().gradients
      falling += stride(from: k, to: scores.count, by: width).count { there[$0] < here[$0] }
    }
    return falling * 2 > scores.count
  }

  /// Whether the gradient vanishes where scores equal targets, next to one of this curvature.
  func isLeastAtTargets(_ curvature: Double) -> Bool {
    var there = self
    there.scores = targets
    let due = 1e-9 * curvature
    return zip(there.derivatives().gradients, targets).allSatisfy {
      $0.magnitude <= due * max(1, $1.magnitude)
    }
  }

  /// Whether the Hessian is zero at all scores tried: near the targets, and far and wide.
  var isFlatEverywhere: Bool {
    let steps = [0, 1e-6, -1e-6, 1e-3, -1e-3, 0.1, -0.1, 1, -1, 5, -5]
    for step in steps {
      var moved = self
      for index in moved.scores.indices {
        let target = targets[index / width]
        moved.scores[index] = target + step * max(1, target.magnitude)
      }
      if moved.derivatives().hessians.contains(where: { $0 != 0 }) { return false }
      for index in moved.scores.indices {
        moved.scores[index] = step * Double(1 + index % width)
      }
      if moved.derivatives().hessians.contains(where: { $0 != 0 }) { return false }
    }
    return true
  }

  /// The same rows and scores, seen by the formula of the loss; nil if there is none.
  var formula: CheckSample? {
    guard let formula = objective.lossFormula else { return nil }
    precondition(
      formula.scoresPerRow == objective.scoresPerRow
        && formula.rowDataNames == objective.rowDataNames && formula.reach == objective.reach,
      "the lossFormula of objective '\(objective.name)' must have its scores, row data and reach")
    var sample = CheckSample(
      objective: formula, scores: scores, targets: targets, rowData: rowData, groups: groups,
      numbers: numbers)
    sample.rowByRow = rowByRow
    return sample
  }

  /// What rounding makes of exact derivatives: how far they scatter when scores move by a few units
  /// in the last place, beyond what the curvature explains.
  func scatter(
    around exact: (gradients: [Double], hessians: [Double])
  ) -> (gradients: [Double], hessians: [Double]) {
    var noise = (
      gradients: [Double](repeating: 0, count: scores.count),
      hessians: [Double](repeating: 0, count: scores.count)
    )
    for steps in [-5.0, -2, 3] {
      var moved = self
      for index in moved.scores.indices { moved.scores[index] += steps * scores[index].ulp }
      let there = moved.derivatives()
      for index in scores.indices {
        let due = exact.hessians[index].magnitude * 5 * scores[index].ulp
        let (g, h) = (
          (there.gradients[index] - exact.gradients[index]).magnitude - due,
          (there.hessians[index] - exact.hessians[index]).magnitude
        )
        if g > noise.gradients[index] { noise.gradients[index] = g }
        if h > noise.hessians[index] { noise.hessians[index] = h }
      }
    }
    return noise
  }

  /// Full Hessians, `[rows x scoresPerRow x scoresPerRow]`.
  func fullHessians() -> [Double] {
    var matrices = [Double](repeating: 0, count: scores.count * width)
    withRows { rows in
      var span = matrices.mutableSpan
      objective.fullHessians(at: scores.span, rows, into: &span)
    }
    return matrices
  }
}
