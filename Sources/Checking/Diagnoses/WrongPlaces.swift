import Wording
import Losses

/// What the places where a gradient is wrong have in common, and what it is there.
struct WrongPlaces {
  let entries: CheckEntries
  let resolved: [CheckEntry]
  let wrong: [CheckEntry]

  private var objective: any Objective { entries.samples[0].objective }

  /// Part of a sentence: ` where the target is 1, and only there; there it is 5.00 x the slope`;
  /// empty if the places have nothing in common.
  var sentence: String {
    guard let place = named ?? beyondThreshold else { return "" }
    return place + ", and only there" + factor
  }

  private func covers(_ holds: (CheckEntry) -> Bool) -> Bool {
    let inside = resolved.filter(holds)
    return inside.count < resolved.count && inside.count >= 4 && wrong.allSatisfy(holds)
      && wrong.count * 10 >= inside.count * 9
  }

  /// Signs, classes and labels.
  private var named: String? {
    let signs: [(String, (CheckEntry) -> Bool)] = [
      (" where the score is negative", { entries.score($0) < 0 }),
      (" where the score is positive", { entries.score($0) > 0 }),
      (" where the target is 0", { entries.target($0) == 0 }),
      (" where the target is 1", { entries.target($0) == 1 }),
    ]
    let sides: [(String, (CheckEntry) -> Bool)] = [
      (" where the score is above the target", { entries.score($0) > entries.target($0) }),
      (" where the score is below the target", { entries.score($0) < entries.target($0) }),
    ]
    let width = objective.scoresPerRow
    let classes: [(String, (CheckEntry) -> Bool)] =
      width == 1
      ? []
      : [
        (" at the true class", { Double($0.k) == entries.target($0) }),
        (" at all classes but the true one", { Double($0.k) != entries.target($0) }),
      ]
        + (0..<min(width, 20)).flatMap { k -> [(String, (CheckEntry) -> Bool)] in
          let own: (String, (CheckEntry) -> Bool) = (" of score \(k) (class \(k)?)", { $0.k == k })
          return width == 2 ? [own] : [own, (" of all scores but score \(k)", { $0.k != k })]
        }
    let all = classes + signs.suffix(2) + (width == 1 ? sides : []) + signs.prefix(2)
    return all.first { covers($0.1) }?.0
  }

  /// A quantity that separates wrong places from right ones.
  private var beyondThreshold: String? {
    guard wrong.count >= 2, resolved.count - wrong.count >= 4 else { return nil }
    let right = resolved.filter { entry in
      !wrong.contains {
        $0.sample == entry.sample && $0.row == entry.row && $0.k == entry.k
      }
    }
    var quantities: [(String, (CheckEntry) -> Double)] = [
      ("the size of the score", { entries.score($0).magnitude }),
      ("the score", { entries.score($0) }),
      ("the target", { entries.target($0) }),
    ]
    if objective.scoresPerRow == 1 {
      quantities.insert(
        ("|score - target|", { (entries.score($0) - entries.target($0)).magnitude }), at: 0)
    }
    for (column, name) in objective.rowDataNames.enumerated() {
      quantities.append(("'\(name)'", { entries.data($0, column) }))
    }
    for (name, value) in quantities {
      let (inside, outside) = (wrong.map(value).sorted(), right.map(value).sorted())
      if inside[0] > outside[outside.count - 1] {
        return " where \(name) is above \(outside[outside.count - 1].short)"
      }
      if inside[inside.count - 1] < outside[0] {
        return " where \(name) is below \(outside[0].short)"
      }
    }
    return nil
  }

  /// What the gradient is there, if it is the same multiple of the slope.
  private var factor: String {
    let moving = wrong.filter { $0.slope.value.magnitude > entries.floor }
    guard moving.count >= 4 else { return "" }
    let constancy = Constancy(moving.map { $0.gradient / $0.slope.value })
    if constancy.holds { return "; there it is \(constancy.value.short) x the slope" }
    return moving.allSatisfy { $0.gradient == 0 } ? "; there it is 0" : ""
  }

  // MARK: - Hints without a place

  /// Further parts of a sentence about a gradient whose mistake has no name.
  var hints: [String] {
    [ignoredRowData, fewValues, functionOfRowData].compactMap(\.self)
  }

  /// A row data column that changes the loss, but not the gradient.
  private var ignoredRowData: String? {
    guard let sample = entries.samples.first, sample.objective.hasLoss else { return nil }
    let names = objective.rowDataNames.indices.filter { column in
      var moved = sample
      // The column of the next row; by one row, so that about all values change.
      for row in 0..<sample.count {
        moved.rowData[row * sample.columns + column] = sample.data((row + 1) % sample.count, column)
      }
      guard moved.refusal == nil, moved.rowData != sample.rowData else { return false }
      return moved.losses() != sample.losses()
        && moved.derivatives().gradients == sample.derivatives().gradients
    }.map { "'\(objective.rowDataNames[$0])'" }
    return names.isEmpty
      ? nil : "the loss reads \(names.joined(separator: " and ")), the gradient does not"
  }

  /// Labels where probabilities are due.
  private var fewValues: String? {
    let given = Set(resolved.map(\.gradient))
    let due = Set(resolved.map(\.slope.value))
    guard resolved.count >= 24, given.count <= 4, due.count * 2 > resolved.count else { return nil }
    return "the gradient takes only \(given.count) different values (a label or a class in the "
      + "place of a probability?)"
  }

  /// The ratio to the slope follows a row data column, but is no power of it.
  private var functionOfRowData: String? {
    let moving = resolved.filter {
      $0.slope.value.magnitude > entries.floor && $0.gradient * $0.slope.value > 0
    }
    guard moving.count >= 16, moving.count * 10 >= resolved.count * 9 else { return nil }
    for (column, name) in objective.rowDataNames.enumerated() {
      let pairs = moving.map { (entries.data($0, column), $0.gradient / $0.slope.value) }
        .sorted { $0.0 < $1.0 }
      guard varies(pairs.map(\.0)), varies(pairs.map(\.1)) else { continue }
      let rising = zip(pairs, pairs.dropFirst()).count { $0.1 <= $1.1 * (1 + 1e-6) }
      let falling = zip(pairs, pairs.dropFirst()).count { $0.1 >= $1.1 * (1 - 1e-6) }
      guard max(rising, falling) == pairs.count - 1, let first = pairs.first, let last = pairs.last
      else { continue }
      return "the ratio of both depends on '\(name)' alone, \(first.1.short) where it is "
        + "\(first.0.short) and \(last.1.short) where it is \(last.0.short), and is no power of it"
    }
    return nil
  }
}
