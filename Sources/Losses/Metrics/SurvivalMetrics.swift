extension Metric {
  /// Harrell's concordance index of risks: the share of pairs of rows, of which it is known that one
  /// had its event first, in which that row has the larger score; equal scores count half.
  ///
  /// The target is a time, row data `event` 1 for an event and 0 for a row only watched until then. A
  /// row that had its event comes before all rows of larger time, and before those only watched until
  /// the same time. A pair weighs the product of its rows' weights. NaN without such pairs. O(rows log
  /// rows).
  ///
  /// Harrell et al., "Evaluating the Yield of Medical Tests", JAMA 247 (1982).
  public static var concordance: Metric { concordance("concordance", "Concordance", sign: 1) }

  /// ``concordance`` for scores that rise with the time, as those of accelerated failure time do.
  public static var timeConcordance: Metric {
    concordance("time-concordance", "Concordance of times", sign: -1)
  }

  private static func concordance(_ name: String, _ title: String, sign: Double) -> Metric {
    Metric(name, title: title, space: .score, direction: .higherIsBetter, rowData: ["event"]) {
      values, width, rows, weights in
      let risks = (0..<rows.count).map { sign * values[$0 * width] }
      func isEvent(_ row: Int) -> Bool { rows.rowData[row * rows.rowDataCount] > 0.5 }
      // Later rows first, and of one time those only watched first: whoever is in the tree when an
      // event is looked up had no event before it.
      let order = (0..<rows.count).sorted { a, b in
        if rows.targets[a] != rows.targets[b] { return rows.targets[a] > rows.targets[b] }
        if isEvent(a) != isEvent(b) { return isEvent(b) }
        return a < b
      }
      var tree = WeightsByRank(risks)
      var (concordant, pairs) = (0.0, 0.0)
      var place = 0
      while place < order.count {
        var end = place
        repeat {
          end += 1
        } while end < order.count && rows.targets[order[end]] == rows.targets[order[place]]
          && isEvent(order[end]) == isEvent(order[place])
        for row in order[place..<end] where isEvent(row) {
          let weight = weights.isEmpty ? 1 : weights[row]
          let (below, equal) = tree.weights(below: row)
          concordant += weight * (below + equal / 2)
          pairs += weight * tree.total
        }
        for row in order[place..<end] { tree.insert(row, weights.isEmpty ? 1 : weights[row]) }
        place = end
      }
      return pairs > 0 ? concordant / pairs : .nan
    }
  }
}

/// Cumulated weights by the rank of a value: a Fenwick tree (Fenwick, "A New Data Structure for
/// Cumulative Frequency Tables", Software: Practice and Experience 24, 1994). O(log n) each.
private struct WeightsByRank {
  private let ranks: [Int]
  private var sums: [Double]
  private(set) var total = 0.0

  init(_ values: [Double]) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Int](repeating: 1, count: values.count)
    for (previous, index) in zip(order, order.dropFirst()) {
      ranks[index] = ranks[previous] + (values[index] > values[previous] ? 1 : 0)
    }
    self.ranks = ranks
    sums = [Double](repeating: 0, count: (ranks.max() ?? 0) + 1)
  }

  mutating func insert(_ index: Int, _ weight: Double) {
    total += weight
    var rank = ranks[index]
    while rank < sums.count {
      sums[rank] += weight
      rank += rank & -rank
    }
  }

  /// The weights of values below that of `index`, and of those equal to it.
  func weights(below index: Int) -> (below: Double, equal: Double) {
    let below = cumulated(ranks[index] - 1)
    return (below, cumulated(ranks[index]) - below)
  }

  private func cumulated(_ rank: Int) -> Double {
    var (sum, rank) = (0.0, rank)
    while rank > 0 {
      sum += sums[rank]
      rank -= rank & -rank
    }
    return sum
  }
}
