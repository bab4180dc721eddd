import Wording
import Losses
import RealModule

/// Gradients of the loss with arguments exchanged or left out.
extension OtherGradients {
  func swapped() -> Finding? {
    guard width == 1, objective.reach == .row else { return nil }
    // The target takes the score's place; an objective over classes refuses, and is left out.
    let slopes = slopes { row in
      var row = row
      (row.scores, row.targets) = (row.targets, row.scores)
      return row
    }
    for sign in [1.0, -1.0] {
      let share = matching { entry in
        slopes[entry.sample][entry.row]?.times(sign)
      }
      if share > 0.95, sign < 0, isOfResiduals {
        return Finding(
          .error, .swappedArguments,
          "the weights of the two sides (tau and 1 - tau) are exchanged: the gradient is that of "
            + "the loss with scores above and below the target exchanged")
      }
      if share > 0.95 {
        return Finding(
          .error, .swappedArguments,
          "the gradient is that of the loss with target and score exchanged"
            + (sign < 0 ? ", with the sign flipped" : ""))
      }
    }
    return nil
  }

  /// Whether the loss depends on score - target alone.
  private var isOfResiduals: Bool {
    let sample = entries.samples[0]
    var moved = sample
    for index in moved.scores.indices { moved.scores[index] += 1 }
    for row in moved.targets.indices { moved.targets[row] += 1 }
    guard width == 1, moved.refusal == nil else { return false }
    return zip(sample.losses(), moved.losses()).allSatisfy {
      ($0 - $1).magnitude <= 1e-9 * max(1, $0.magnitude)
    }
  }

  /// `score + y` instead of `score - y`.
  func flippedTarget() -> Finding? {
    guard width == 1, objective.reach == .row,
      resolved.contains(where: { entries.target($0) != 0 })
    else { return nil }
    let slopes = slopes { row in
      var row = row
      row.targets[0] = -row.targets[0]
      return row
    }
    // A target of 0 says nothing of its sign.
    let share = matching { entry in
      entries.target(entry) == 0 ? nil : slopes[entry.sample][entry.row]
    }
    guard share > 0.95 else { return nil }
    return Finding(
      .error, .swappedArguments,
      "the gradient is that of the loss with the target's sign flipped (score + y instead of "
        + "score - y?)")
  }

  /// Columns read in another order than they are named.
  func exchangedRowData() -> Finding? {
    let names = objective.rowDataNames
    guard names.count > 1, names.count <= 8, objective.reach == .row else { return nil }
    for a in names.indices {
      for b in 0..<a {
        let slopes = slopes { row in
          var row = row
          row.rowData.swapAt(a, b)
          return row
        }
        guard matching({ slopes[$0.sample][$0.row * width + $0.k] }) > 0.95 else { continue }
        return Finding(
          .error, .swappedArguments,
          "the gradient is that of the loss with '\(names[b])' and '\(names[a])' exchanged: row "
            + "data come in the order in which they are named (\(names.joined(separator: ", ")))")
      }
    }
    return nil
  }

  /// The target takes the place of the mean exp(score).
  func swappedMeans() -> Finding? {
    guard width == 1, objective.reach == .row, objective.link == .log || objective.link == .identity
    else { return nil }
    let slopes = slopes { row in
      guard row.targets[0] > 0, row.scores[0].magnitude < 300 else { return nil }
      var row = row
      (row.scores[0], row.targets[0]) = (.log(row.targets[0]), .exp(row.scores[0]))
      return row
    }
    for sign in [1.0, -1] {
      let share = matching { slopes[$0.sample][$0.row]?.times(sign) }
      guard share > 0.95 else { continue }
      return Finding(
        .error, .swappedArguments,
        "y and mu = exp(score) are exchanged: the gradient is that of the loss with each in the "
          + "place of the other" + (sign < 0 ? ", with the sign flipped" : ""))
    }
    return nil
  }

  /// The same target in every row.
  func targetLeftOut() -> Finding? {
    guard width == 1, objective.reach == .row, Set(entries.samples[0].targets).count > 2 else {
      return nil
    }
    for target in [1.0, 0] {
      let slopes = slopes { row in
        var row = row
        row.targets[0] = target
        return row
      }
      guard matching({ slopes[$0.sample][$0.row] }) > 0.95 else { continue }
      return Finding(
        .error, .missingTarget,
        "the target is left out: the gradient is that of the loss with target \(target.short) in "
          + "every row")
    }
    return nil
  }
}
