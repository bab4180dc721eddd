import RealModule

/// Pairs of rows of one group, the first more relevant than the second, and what they weigh.
enum RankingPairs {
  /// How much a pair counts.
  enum Weighting: Sendable {
    /// Every pair counts 1.
    case uniform
    /// A pair counts as much as NDCG changes if the two swap places; places from `limit` on (nil:
    /// none) count nothing.
    case ndcg(limit: Int?)
  }

  /// Calls `body` with each run of rows of the same group; all rows if there are no groups.
  static func forEachGroup(_ rows: borrowing Rows, _ body: (Range<Int>) -> Void) {
    var start = 0
    while start < rows.count {
      var end = rows.groups.isEmpty ? rows.count : start + 1
      while end < rows.count, rows.groups[end] == rows.groups[start] { end += 1 }
      body(start..<end)
      start = end
    }
  }

  /// Calls `body(i, j, weight)` for the pairs of all groups with `target_i > target_j`. Pairs of
  /// weight 0 are left out. O(n^2) for a group of n rows.
  static func forEach(
    _ weighting: Weighting, _ scores: Span<Double>, _ rows: borrowing Rows,
    _ body: (Int, Int, Double) -> Void
  ) {
    var start = 0
    while start < rows.count {
      var end = rows.groups.isEmpty ? rows.count : start + 1
      while end < rows.count, rows.groups[end] == rows.groups[start] { end += 1 }
      let gains: [Double]
      let discounts: [Double]
      switch weighting {
      case .uniform:
        gains = []
        discounts = []
      case .ndcg(let limit):
        (gains, discounts) = normalised(scores, rows, start..<end, limit: limit)
      }
      for i in start..<end {
        for j in start..<end where rows.targets[i] > rows.targets[j] {
          guard !gains.isEmpty else {
            body(i, j, 1)
            continue
          }
          let (a, b) = (i - start, j - start)
          let weight = (gains[a] - gains[b]) * (discounts[a] - discounts[b]).magnitude
          if weight > 0 { body(i, j, weight) }
        }
      }
      start = end
    }
  }

  /// Gains `2^target - 1` divided by the group's best DCG, and the discount of each row's present
  /// place; equal scores stand in the order of the rows.
  private static func normalised(
    _ scores: Span<Double>, _ rows: borrowing Rows, _ group: Range<Int>, limit: Int?
  ) -> (gains: [Double], discounts: [Double]) {
    let gains = [Double](capacity: group.count) { gains in
      for row in group { gains.append(gain(rows.targets[row])) }
    }
    let ideal = gains.sorted(by: >).enumerated().reduce(0) {
      $0 + $1.element * discount($1.offset, limit: limit)
    }
    let order = group.sorted { scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1] }
    var discounts = [Double](repeating: 0, count: group.count)
    for (place, row) in order.enumerated() {
      discounts[row - group.lowerBound] = discount(place, limit: limit)
    }
    return (ideal > 0 ? gains.map { $0 / ideal } : gains.map { _ in 0 }, discounts)
  }

  /// `2^relevance - 1`.
  static func gain(_ relevance: Double) -> Double { .exp2(relevance) - 1 }

  /// `1 / log2(place + 2)`, places counted from 0; 0 from `limit` on.
  static func discount(_ place: Int, limit: Int?) -> Double {
    limit.map { place >= $0 } == true ? 0 : 1 / .log2(Double(place + 2))
  }

  /// The logistic loss of each pair, half of it on either row.
  static func losses(
    _ weighting: Weighting, at scores: Span<Double>, _ rows: borrowing Rows,
    into losses: inout MutableSpan<Double>
  ) {
    var sums = [Double](repeating: 0, count: rows.count)
    forEach(weighting, scores, rows) { i, j, weight in
      let half = weight / 2 * StableMath.softplus(scores[j] - scores[i])
      sums[i] += half
      sums[j] += half
    }
    for row in sums.indices { losses[row] = sums[row] }
  }

  /// Its derivatives by either score; the weights count as constants.
  static func derivatives(
    _ weighting: Weighting, at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    var sums = [Derivatives](repeating: .init(gradient: 0, hessian: 0), count: rows.count)
    forEach(weighting, scores, rows) { i, j, weight in
      let p = StableMath.sigmoid(scores[j] - scores[i])
      let bend = weight * (p * (1 - p))
      sums[i].gradient -= weight * p
      sums[j].gradient += weight * p
      sums[i].hessian += bend
      sums[j].hessian += bend
    }
    for row in sums.indices {
      gradients[row] = sums[row].gradient
      hessians[row] = sums[row].hessian
    }
  }

  /// Refuses rows without groups, and relevances that are negative or beyond 30.
  static func validate(
    _ objective: some Objective, _ rows: borrowing Rows
  ) throws(ObjectiveError) {
    try objective.requireFinite(rows)
    if rows.groups.isEmpty, rows.count > 0 {
      throw ObjectiveError(
        .missingGroups, objective: objective.name, row: 0, value: .nan,
        "compares rows within groups, and the rows have none; name the dataset of groups")
    }
    try objective.requireTargets(rows, "be a relevance between 0 and 30") { (0...30).contains($0) }
  }
}
