extension Metric {
  /// Normalised discounted cumulative gain at `limit`, the mean over groups (rows without groups
  /// are one): gains `2^target - 1`, discounts `1 / log2(place + 1)`, divided by the best possible.
  ///
  /// Rows of equal score share the mean gain of their places, as in scikit-learn's `ndcg_score`. A
  /// group of relevances 0 only counts 1. With weights, a group counts the mean weight of its rows.
  ///
  /// Jarvelin & Kekalainen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20 (2002).
  public static func ndcg(at limit: Int) -> Metric {
    precondition(limit > 0, "NDCG counts at least one place")
    return Metric(
      "ndcg(\(limit))", title: "NDCG@\(limit)", space: .score, direction: .higherIsBetter,
      valuesPerRow: 1
    ) { values, width, rows, weights in
      return meanOverGroups(rows, weights) { group in
        var gains = group.map { RankingPairs.gain(rows.targets[$0]) }
        let ideal = gains.sorted(by: >).enumerated().reduce(0) {
          $0 + $1.element * RankingPairs.discount($1.offset, limit: limit)
        }
        guard ideal > 0 else { return 1 }
        let order = group.sorted { values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1] }
        gains = order.map { RankingPairs.gain(rows.targets[$0]) }
        var sum = 0.0
        var place = 0
        while place < order.count {
          var end = place
          var (tiedGains, tiedDiscounts) = (0.0, 0.0)
          repeat {
            tiedGains += gains[end]
            tiedDiscounts += RankingPairs.discount(end, limit: limit)
            end += 1
          } while end < order.count && values[order[end]] == values[order[place]]
          sum += tiedGains / Double(end - place) * tiedDiscounts
          place = end
        }
        return sum / ideal
      }
    }
  }

  /// Mean average precision: the mean over groups of the average precision of the rows whose target
  /// is above 0; groups without such a row are left out, and NaN is the mean of none. Equal scores
  /// are one threshold, as in ``averagePrecision``.
  public static var meanAveragePrecision: Metric {
    Metric("map", title: "MAP", space: .score, direction: .higherIsBetter, valuesPerRow: 1) {
      values, width, rows, weights in
      return meanOverGroups(rows, weights) { group in
        let order = group.sorted { values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1] }
        var (right, sum) = (0.0, 0.0)
        var place = 0
        while place < order.count {
          let before = right
          let threshold = values[order[place]]
          repeat {
            if rows.targets[order[place]] > 0 { right += 1 }
            place += 1
          } while place < order.count && values[order[place]] == threshold
          sum += (right - before) * right / Double(place)
        }
        return right > 0 ? sum / right : nil
      }
    }
  }

  /// The mean of `term` over the groups of `rows`, each counting the mean weight of its rows;
  /// groups for which it is nil are left out.
  private static func meanOverGroups(
    _ rows: borrowing Rows, _ weights: Span<Double>, _ term: (Range<Int>) -> Double?
  ) -> Double {
    var (sum, total) = (0.0, 0.0)
    RankingPairs.forEachGroup(rows) { group in
      var weight = 1.0
      if !weights.isEmpty {
        weight = group.reduce(0) { $0 + weights[$1] } / Double(group.count)
      }
      guard weight != 0, let value = term(group) else { return }
      sum += weight * value
      total += weight
    }
    return total > 0 ? sum / total : .nan
  }
}
