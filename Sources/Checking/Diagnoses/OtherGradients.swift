import Losses
import RealModule

/// Gradients that are right, but of something else: another class, row, layout or order of
/// arguments.
struct OtherGradients {
  let entries: CheckEntries
  let resolved: [CheckEntry]

  var objective: any Objective { entries.samples[0].objective }
  var width: Int { objective.scoresPerRow }

  func diagnosis() -> Finding? {
    let link = ForgottenLink(entries: entries, resolved: resolved)
    if let finding = link.diagnosis() ?? exchangedWithHessian() { return finding }
    if let finding = missingTarget() ?? numericLabel() ?? byProbabilities() { return finding }
    if let finding = transposed() ?? shifted() ?? otherClass() { return finding }
    if let finding = ComparedRows(entries: entries, resolved: resolved).diagnosis() {
      return finding
    }
    guard isMostlyWrong else { return nil }
    return swapped() ?? swappedMeans() ?? flippedTarget() ?? exchangedRowData()
  }

  /// Symmetric losses stay themselves when arguments are exchanged, so that a gradient that is
  /// mostly right says nothing.
  var isMostlyWrong: Bool {
    let wrong = resolved.count { !$0.slope.agrees(with: $0.gradient, floor: entries.floor) }
    return wrong * 10 > resolved.count * 3
  }

  private func entry(sample: Int, row: Int, k: Int) -> CheckEntry? {
    var start = 0
    for place in 0..<sample { start += entries.samples[place].scores.count }
    guard row >= 0, row < entries.samples[sample].count else { return nil }
    return entries.all[start + row * width + k]
  }

  /// The share of entries whose gradient is the slope that `other` names.
  func matching(_ other: (CheckEntry) -> NumericalDerivative?) -> Double {
    var informative = 0
    var equal = 0
    for entry in resolved {
      guard let slope = other(entry), slope.isResolved(beside: 0) else { continue }
      guard slope.value.magnitude > entries.floor || entry.gradient.magnitude > entries.floor
      else { continue }
      informative += 1
      if slope.agrees(with: entry.gradient, floor: entries.floor) { equal += 1 }
    }
    return informative >= 8 && informative * 4 >= resolved.count
      ? Double(equal) / Double(informative) : 0
  }

  private func transposed() -> Finding? {
    guard width > 1, entries.isComplete else { return nil }
    for sign in [1.0, -1.0] {
      let share = matching { entry in
        let place = entry.row * width + entry.k
        let count = entries.samples[entry.sample].count
        return self.entry(sample: entry.sample, row: place % count, k: place / count)?
          .slope.times(sign)
      }
      if share > 0.95 {
        return Finding(
          .error, .transposed,
          "the gradient matches after transposing: it is laid out [\(width) scores x rows]; write "
            + "element row * \(width) + k, all scores of a row together"
            + (sign < 0 ? "; the sign is flipped, too" : ""))
      }
    }
    return nil
  }

  private func shifted() -> Finding? {
    for shift in [1, -1] {
      let share = matching {
        self.entry(sample: $0.sample, row: $0.row - shift, k: $0.k)?.slope
      }
      if share > 0.95 {
        return Finding(
          .error, .shiftedRow,
          "row i gets the gradient of row i \(shift == 1 ? "-" : "+") 1: the index is shifted by "
            + "one")
      }
    }
    return nil
  }

  /// Only the true class has a gradient: `-y / p`, before the softmax.
  private func byProbabilities() -> Finding? {
    guard width > 1 else { return nil }
    let elsewhere = resolved.filter { Double($0.k) != entries.target($0) }
    let there = resolved.filter { Double($0.k) == entries.target($0) && $0.gradient != 0 }
    guard there.count >= 8, !elsewhere.isEmpty, elsewhere.allSatisfy({ $0.gradient == 0 }),
      elsewhere.contains(where: { $0.slope.value.magnitude > 1e3 * entries.floor })
    else { return nil }
    let right = there.count { $0.slope.agrees(with: $0.gradient, floor: entries.floor) }
    if right * 10 >= there.count * 9 {
      return Finding(
        .error, .gradientMismatch,
        "only the true class has a gradient, and there it is right: those of the other classes are "
          + "missing (softmax(k) is due there), although the loss changes with every score")
    }
    return Finding(
      .error, .missingLinkDerivative,
      "only the true class has a gradient (-y / p?), although the loss changes with every score: "
        + "it is the derivative by the probabilities, and the softmax Jacobian is missing")
  }

  /// Gradient and Hessian each in the place of the other.
  private func exchangedWithHessian() -> Finding? {
    let clear = resolved.filter {
      $0.hessian.isFinite && $0.lossCurvature.isResolved(beside: $0.gradient.magnitude)
    }
    guard clear.count >= 8, clear.count * 2 >= resolved.count, varies(clear.map(\.slope.value))
    else { return nil }
    let both = clear.count {
      $0.slope.isNear($0.hessian, floor: entries.floor)
        && $0.lossCurvature.isNear($0.gradient, floor: entries.floor)
    }
    guard both * 20 >= clear.count * 19 else { return nil }
    return Finding(
      .error, .swappedArguments,
      "gradient and Hessian are exchanged: each is what the other should be")
  }

  /// `softmax(k) - y` with the number of the class in the place of its one.
  private func numericLabel() -> Finding? {
    guard width > 1 else { return nil }
    let informative = resolved.filter { $0.slope.value.magnitude > entries.floor }
    guard informative.count >= 16 else { return nil }
    let near = informative.count { entry in
      let target = entries.target(entry)
      let term = (Double(entry.k) == target ? 1 : 0) - target
      return (entry.gradient - entry.slope.value - term).magnitude < 1e-6
    }
    guard near * 20 >= informative.count * 19 else { return nil }
    return Finding(
      .error, .missingTarget,
      "the number of the class is subtracted from every score (softmax(k) - y): 1 is to be "
        + "subtracted at the true class, and nothing elsewhere")
  }

  /// `p` instead of `p - y`.
  private func missingTarget() -> Finding? {
    guard width > 1 else { return nil }
    let wrong = resolved.filter { !$0.slope.agrees(with: $0.gradient, floor: entries.floor) }
    guard wrong.count >= 8,
      wrong.allSatisfy({ Double($0.k) == entries.target($0) })
    else { return nil }
    let differences = Constancy(wrong.map { $0.gradient - $0.slope.value })
    guard differences.holds, (differences.value - 1).magnitude < 0.01 else { return nil }
    return Finding(
      .error, .missingTarget,
      "gradient is too large by 1 at the true class, and only there: the 1 is not subtracted "
        + "(p instead of p - y)")
  }

  /// The slopes of the loss after changing rows, by sample; `change` is given single rows, and
  /// leaves out those for which it returns nil.
  func slopes(_ change: (CheckSample) -> CheckSample?) -> [[NumericalDerivative?]] {
    entries.samples.map { sample in
      var changed = sample
      var usable = [Bool](repeating: false, count: sample.count)
      let columns = sample.columns
      for row in 0..<sample.count {
        guard let alone = change(sample.picking([row])), alone.refusal == nil else { continue }
        changed.targets[row] = alone.targets[0]
        changed.scores.replaceSubrange(row * width..<(row + 1) * width, with: alone.scores)
        changed.rowData.replaceSubrange(row * columns..<(row + 1) * columns, with: alone.rowData)
        usable[row] = true
      }
      var slopes = [NumericalDerivative?](repeating: nil, count: sample.scores.count)
      if entries.reference == .jets, let exact = changed.formula?.derivatives() {
        for index in slopes.indices where usable[index / width] {
          slopes[index] = .exact(exact.gradients[index], kink: NumericalDerivative())
        }
        return slopes
      }
      for k in 0..<width {
        let first = CheckDrawing.widestSteps(changed, score: k, domain: entries.domain)
        let ladder = StepLadder(changed, score: k, first: first) { $0.losses() }
        for row in 0..<sample.count where usable[row] {
          slopes[row * width + k] = ladder.slope(row)
        }
      }
      return slopes
    }
  }

  private func otherClass() -> Finding? {
    guard width > 1, entries.isComplete, objective.reach == .row else { return nil }
    for shift in [1.0, -1.0] {
      let slopes = slopes { row in
        var row = row
        row.targets[0] += shift
        let target = row.targets[0]
        return target >= 0 && target < Double(width) && target == target.rounded() ? row : nil
      }
      let share = matching { slopes[$0.sample][$0.row * width + $0.k] }
      if share > 0.95 {
        return Finding(
          .error, .classOffByOne,
          "the gradient is that of class y \(shift > 0 ? "+" : "-") 1: the class index is off by "
            + "one (classes are counted from 0)")
      }
    }
    return nil
  }
}
