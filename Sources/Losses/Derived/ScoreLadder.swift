import RealModule

/// A walk along one score of each of some rows, the others held fixed: gradients, Hessians, and the
/// slope of the gradient there.
struct ScoreLadder {
  /// One place of the walk.
  struct Step {
    var score: Double
    var gradient: Double
    var hessian: Double
    /// How the gradient changes with the score, by differences.
    var slope: Double
    /// Half the width of those differences.
    var width: Double

    var isFinite: Bool { gradient.isFinite && hessian.isFinite && slope.isFinite }
  }

  /// The rows walked on.
  let rows: ProbeRows
  /// The finite places of each row, by increasing score.
  let steps: [[Step]]

  /// Walks along score `k` of `objective`. About 60 places per row, three evaluations each.
  ///
  /// Scores in the target's unit (identity link, location) are looked at from a thousandth of the
  /// targets' spread to 100 million times it on either side of the target; scores behind a link
  /// within 20 of 0.
  init(_ objective: some Objective, _ rows: ProbeRows, score k: Int) {
    self.rows = rows
    let width = objective.scoresPerRow
    let hasUnit =
      objective.link == .identity || (objective.link == .locationScale && k == 0)
    let offsets = hasUnit ? Self.distances(spread: Self.spread(of: rows.targets)) : Self.scores
    func others(_ row: Int) -> [Double] {
      (0..<width).map { other in
        switch objective.link {
        case .identity: rows.targets[row]
        case .locationScale: other == 0 ? rows.targets[row] : 0
        default: 0.3 * Double(other)
        }
      }
    }
    func places(_ move: @escaping (Double) -> Double) -> ProbePlaces {
      ProbePlaces(rows, width: width) { row in
        let centre = hasUnit ? rows.targets[row] : 0
        return offsets.map { offset in
          var scores = others(row)
          scores[k] = centre + move(offset)
          return scores
        }
      }
    }
    let middle = places { $0 }
    let (gradients, hessians) = middle.derivatives(of: objective)
    let lower = places { $0 * (1 - Self.width) }
    let upper = places { $0 * (1 + Self.width) }
    let before = lower.derivatives(of: objective).gradients
    let after = upper.derivatives(of: objective).gradients
    let count = offsets.count
    steps = (0..<rows.count).map { row in
      (row * count..<(row + 1) * count).compactMap { place in
        let index = place * width + k
        let way = upper.scores[index] - lower.scores[index]
        let step = Step(
          score: middle.scores[index], gradient: gradients[index], hessian: hessians[index],
          slope: (after[index] - before[index]) / way, width: way.magnitude / 2)
        return step.isFinite ? step : nil
      }
    }
  }

  /// Differences are taken over this share of the distance, either way.
  private static let width = 1e-4

  private static let scores: [Double] = {
    let positive = [0.02, 0.1, 0.3, 0.7, 1.2, 2, 3, 4.5, 6.5, 9, 12, 16, 20]
    return positive.reversed().map { -$0 } + positive
  }()

  private static func distances(spread: Double) -> [Double] {
    let least = 1e-3 * min(1, spread)
    let most = 1e8 * max(1, spread)
    let count = 28
    let positive = (0..<count).map { place -> Double in
      least * Double.pow(most / least, Double(place) / Double(count - 1))
    }
    return positive.reversed().map { -$0 } + positive
  }

  /// The mean distance from the median; 1 if that is 0.
  static func spread(of targets: [Double]) -> Double {
    let median = weightedQuantile(targets, weights: [], level: 0.5)
    let spread = targets.reduce(0) { $0 + ($1 - median).magnitude } / Double(targets.count)
    return spread > 0 && spread.isFinite ? spread : 1
  }
}
