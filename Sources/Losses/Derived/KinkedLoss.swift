import RealModule

/// Losses with a kink at the target, and curvature beside it: `square(r) + abs(r)`, `log1p(abs(r))`.
///
/// Close to the target the slope keeps its size, so that no parabola suits: the one with its vertex
/// there grows without bound as rows come close, and a few of them would hold a whole leaf. So leaves
/// are solved themselves (``LeafSearch``), and the rows' shares in splits are those of the kink:
/// trees are then fitted to the gradients by least squares, as in Friedman, "Greedy function
/// approximation: a gradient boosting machine", Annals of Statistics 29 (2001), algorithm 1.
extension DerivedTraits {
  ///
  /// - Parameter isConcave: whether the loss bends downwards beside the kink, so that a leaf has many
  ///   places where its slope changes from down to up.
  static func kinked(_ objective: some Objective, isConcave: Bool) -> DerivedTraits {
    DerivedTraits(
      curvature: Curvature(
        policy: .named("surrogate"),
        reason:
          "The slope jumps at the target, where no parabola suits; leaves are solved themselves, "
          + "and the jump gives the rows their share in splits.",
        offers: [.kinks(of: objective)]),
      leafSolver: isConcave && objective.hasLoss
        ? LeafSearch.wideSolver(for: objective) : LeafSearch.solver(for: objective))
  }
}

extension LeafSearch {
  /// The leaf solver of a loss at the target with many minima: of 0 and 32 evenly spaced residuals of
  /// the leaf's rows the one with the least loss, refined twice between its neighbors.
  /// O(n log n), and O(n) for each of about 50 evaluations.
  static func wideSolver(for objective: some Objective) -> LeafSolver {
    { scores, rows, weights, score in
      let width = objective.scoresPerRow
      var moved = [Double](capacity: scores.count) { copy in
        for index in scores.indices { copy.append(scores[index]) }
      }
      var losses = [Double](repeating: 0, count: rows.count)
      var residuals: [Double] = []
      for row in 0..<rows.count where weights.isEmpty || weights[row] > 0 {
        residuals.append(rows.targets[row] - scores[row * width + score])
      }
      residuals.sort()
      guard !residuals.isEmpty else { return 0 }
      var places = (0..<32).map { residuals[(2 * $0 + 1) * residuals.count / 64] } + [0]
      var best = (place: 0.0, loss: Double.infinity)
      for round in 0..<3 {
        places.sort()
        for place in places {
          for row in 0..<rows.count {
            moved[row * width + score] = scores[row * width + score] + place
          }
          var span = losses.mutableSpan
          objective.losses(at: moved.span, rows, into: &span)
          var sum = 0.0
          for row in 0..<rows.count {
            let weight = weights.isEmpty ? 1 : weights[row]
            if weight > 0 { sum += weight * losses[row] }
          }
          if sum < best.loss { best = (place, sum) }
        }
        let lower = places.last { $0 < best.place } ?? best.place
        let upper = places.first { $0 > best.place } ?? best.place
        guard round < 2, lower < upper else { break }
        places =
          [lower, best.place, upper] + (1..<8).map { lower + (upper - lower) * Double($0) / 8 }
      }
      return best.place
    }
  }
}

extension LossShape {
  /// Whether slopes keep their size close to the target on both sides, in most rows: of a loss that
  /// grows as `distance^p` beside the target, `p - 1` is within a quarter of 0.
  static func hasKink(_ ladder: ScoreLadder) -> Bool {
    func isSteep(_ near: ScoreLadder.Step, _ far: ScoreLadder.Step, _ target: Double) -> Bool {
      let slopes = far.gradient / near.gradient
      let distances = (far.score - target) / (near.score - target)
      guard slopes > 0, distances > 1 else { return false }
      return (Double.log(slopes) / Double.log(distances)).magnitude < 0.25
    }
    let rows = ladder.steps.indices.filter { !ladder.steps[$0].isEmpty }
    let kinked = rows.count { row in
      let target = ladder.rows.targets[row]
      let below = ladder.steps[row].filter { $0.score < target }.suffix(2)
      let above = ladder.steps[row].filter { $0.score > target }.prefix(2)
      guard below.count == 2, above.count == 2, let low = below.last, let lower = below.first,
        let high = above.first, let higher = above.last
      else { return false }
      return isSteep(low, lower, target) && isSteep(high, higher, target)
        && low.gradient < 0 && high.gradient > 0
    }
    return kinked > 0 && kinked * 5 >= rows.count * 4
  }
}

extension CurvatureOffer {
  /// The square of half the jump of the slope at a row's target.
  fileprivate static func kinks(of objective: some Objective) -> CurvatureOffer {
    CurvatureOffer(
      "surrogate", formula: "(jump of the slope at the target / 2)^2",
      purpose: "It gives rows their share in splits, where leaves are solved themselves."
    ) { scores, rows, _, hessians in
      func gradients(_ direction: Double) -> [Double] {
        let near = [Double](capacity: scores.count) { near in
          for row in 0..<rows.count {
            let target = rows.targets[row]
            near.append(target + direction * 1e-7 * max(1, target.magnitude))
          }
        }
        var gradients = near
        var unused = near
        var g = gradients.mutableSpan
        var h = unused.mutableSpan
        objective.derivatives(at: near.span, rows, gradients: &g, hessians: &h)
        return gradients
      }
      let (below, above) = (gradients(-1), gradients(1))
      for row in 0..<rows.count {
        let jump = (above[row] - below[row]) / 2
        hessians[row] = jump * jump
      }
    }
  }
}
