import Losses

/// Which of the user's rows are looked at.
///
/// Rows spread over the whole table, and with them those that a selection by chance may miss: the
/// lowest and highest target, the lowest and highest value of each row data column, and some of each
/// class or flag. O(rows x columns), once.
struct CheckSelection {
  /// The most classes of which each has rows of its own in every selection.
  private static let mostClasses = 16
  /// Row data columns whose extremes are looked for.
  private static let mostColumns = 8

  private let rowCount: Int
  private let seed: UInt64
  /// Rows of the lowest and highest target and row data.
  private var extremes: [Int] = []
  /// The first rows of each of a few different targets, or of the two values of a column.
  private var classes: [[Int]] = []
  /// The rows of each group, if the objective compares those of a group.
  private var groups: [Range<Int>] = []

  init(_ rows: borrowing Rows, of objective: any Objective, seed: UInt64) {
    rowCount = rows.count
    self.seed = seed
    guard rowCount > 0 else { return }
    if objective.reach == .group, !rows.groups.isEmpty {
      var start = 0
      for row in 1...rowCount where row == rowCount || rows.groups[row] != rows.groups[start] {
        groups.append(start..<row)
        start = row
      }
      return
    }
    var (low, high) = (0, 0)
    for row in 0..<rowCount {
      if rows.targets[row] < rows.targets[low] { low = row }
      if rows.targets[row] > rows.targets[high] { high = row }
    }
    extremes = [low, high]
    for column in 0..<min(rows.rowDataCount, Self.mostColumns) {
      (low, high) = (0, 0)
      func value(_ row: Int) -> Double { rows.rowData[row * rows.rowDataCount + column] }
      for row in 0..<rowCount {
        if value(row) < value(low) { low = row }
        if value(row) > value(high) { high = row }
      }
      extremes += [low, high]
    }
    classes = Self.fewValues(rowCount) { rows.targets[$0] }
    // Events, flags: a selection by chance may hold one of two values only.
    for column in 0..<min(rows.rowDataCount, Self.mostColumns) {
      let values = Self.fewValues(rowCount) { rows.rowData[$0 * rows.rowDataCount + column] }
      if values.count == 2 { classes += values }
    }
  }

  /// The first rows of each value, if there are few different ones; else none.
  private static func fewValues(_ count: Int, _ value: (Int) -> Double) -> [[Int]] {
    var values: [Double] = []
    var places: [[Int]] = []
    for row in 0..<count {
      if let place = values.firstIndex(of: value(row)) {
        if places[place].count < 8 { places[place].append(row) }
      } else if values.count == mostClasses {
        return []
      } else {
        values.append(value(row))
        places.append([row])
      }
    }
    return places
  }

  /// Places of up to about `limit` rows, in their order; groups are whole where that is possible.
  func places(_ limit: Int) -> [Int] {
    guard rowCount > limit else { return Array(0..<rowCount) }
    guard groups.isEmpty else { return placesOfGroups(limit) }
    let share = classes.isEmpty ? 0 : max(2, limit / 4 / classes.count)
    var chosen = Set(extremes + classes.flatMap { $0.prefix(share) })
    // One row of each of as many stretches of equal length as there is room for.
    var random = CheckRandom(seed: seed)
    let parts = max(limit / 2, limit - chosen.count)
    for part in 0..<parts {
      let (low, high) = (part * rowCount / parts, (part + 1) * rowCount / parts)
      chosen.insert(low + random.index(below: high - low))
    }
    return chosen.sorted()
  }

  /// Whole groups spread over the table; of a group that is too long, rows spread over it.
  private func placesOfGroups(_ limit: Int) -> [Int] {
    var chosen: Set<Int> = []
    var left = limit
    let tries = min(groups.count, limit)
    for number in 0..<tries where left > 1 {
      let place = number * groups.count / tries
      let group = groups[place]
      guard group.count <= left else { continue }
      chosen.insert(place)
      left -= group.count
    }
    if chosen.isEmpty, let first = groups.first {
      return (0..<limit).map { first.lowerBound + $0 * first.count / limit }
    }
    return chosen.sorted().flatMap { Array(groups[$0]) }
  }

  /// The rows at `places`, with their scores or zeros.
  static func sample(
    _ rows: borrowing Rows, at places: [Int], of objective: any Objective, scores: Span<Double>,
    _ rowNumber: (Int) -> Int
  ) -> CheckSample {
    let width = objective.scoresPerRow
    var sample = CheckSample(
      objective: objective, scores: [], targets: [], rowData: [], groups: [], numbers: [])
    for row in places {
      sample.targets.append(rows.targets[row])
      for column in 0..<rows.rowDataCount {
        sample.rowData.append(rows.rowData[row * rows.rowDataCount + column])
      }
      if !rows.groups.isEmpty { sample.groups.append(rows.groups[row]) }
      for k in 0..<width { sample.scores.append(scores.isEmpty ? 0 : scores[row * width + k]) }
      sample.numbers.append(rowNumber(row))
    }
    return sample
  }
}
