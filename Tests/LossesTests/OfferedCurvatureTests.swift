import Losses
import RealModule
import TestSupport
import Testing

/// The curvatures that objectives offer in place of their Hessians, at places where their closed form
/// is a number that can be written down.
@Suite("Offered curvatures")
struct OfferedCurvatureTests {
  struct Place: Sendable, CustomTestStringConvertible {
    let objective: String
    let policy: CurvaturePolicy
    let score: Double
    let target: Double
    let expected: Double

    init(
      _ objective: String, _ policy: CurvaturePolicy, _ score: Double, _ target: Double,
      _ expected: Double
    ) {
      self.objective = objective
      self.policy = policy
      self.score = score
      self.target = target
      self.expected = expected
    }

    var testDescription: String { "\(objective) \(policy) at \(score)" }
  }

  private static let log3 = Double.log(3)
  static let places: [Place] = [
    // 2 p^2 with p = 1/2 and 3/4.
    Place("squared-log", .fisher, 0, 4, 0.5), Place("squared-log", .fisher, log3, 0, 1.125),
    // m / (1 + a m) with m = 3.
    Place("negative-binomial", .fisher, log3, 7, 0.75),
    Place("negative-binomial(dispersion=2)", .fisher, log3, 0, 3.0 / 7),
    Place("gamma", .fisher, log3, 5, 1), Place("poisson", .fisher, log3, 5, 3),
    // m^(2 - power) with m = 4 and 32.
    Place("tweedie", .fisher, .log(4), 0, 2),
    Place("tweedie(power=1.2)", .fisher, .log(32), 1, 16),
    Place("squared-hinge", .upperBound, 3, 1, 2), Place("squared-hinge", .upperBound, -3, 1, 2),
    // p (1 - p), and (p - 1/2) / score with its limit at 0.
    Place("logistic", .fisher, log3, 0, 0.1875), Place("logistic", .upperBound, 0, 1, 0.25),
    Place("logistic", .upperBound, log3, 1, 0.25 / log3),
    Place("logistic", .upperBound, -log3, 1, 0.25 / log3),
    // min(1, delta / |r|).
    Place("huber", .upperBound, 5, 1, 0.25), Place("huber", .upperBound, 1.5, 1, 1),
    Place("huber", .upperBound, 1, 1, 1), Place("huber(delta=2)", .upperBound, -3, 1, 0.5),
    // 1 / sqrt(1 + (r / delta)^2), and tanh(r) / r.
    Place("pseudo-huber", .upperBound, 1 + Double.sqrt(3), 1, 0.5),
    Place("pseudo-huber", .upperBound, 1, 1, 1),
    Place("log-cosh", .upperBound, 1 - log3, 1, 0.8 / log3),
    Place("log-cosh", .upperBound, 1, 1, 1),
    // 1 / |r|, half of it, and 1 / (|y| |r|).
    Place("absolute", .upperBound, 5, 1, 0.25), Place("quantile(0.9)", .upperBound, -3, 1, 0.125),
    Place("mape", .upperBound, 2, -2, 0.125),
  ]

  @Test("closed forms", arguments: places)
  func values(_ place: Place) throws {
    let sample = ObjectiveSample(
      objective: try Catalogue.objective(place.objective), scores: [place.score],
      targets: [place.target])
    let found = CurvaturePolicyTests.apply(place.policy, to: sample).hessians[0]
    expectClose(found, place.expected, relative: 1e-12)
  }

  /// Thresholds at the logits of cumulated shares; the class without rows counts as half a row of the
  /// average weight.
  @Test("grades start at their shares, one that never occurs at half a row")
  func ordinalStart() throws {
    func thresholds(_ targets: [Double], weights: [Double] = []) -> [Double] {
      let targets = targets
      let none: [Double] = []
      let rows = Rows(targets: targets.span, rowData: none.span, rowDataCount: 0)
      let scores = Ordinal(classes: 4).startingScores(rows, weights: weights.span) ?? []
      // Location, first threshold, and the others as the inverse softplus of their distances.
      return scores.dropFirst(2).reduce(into: [scores[1] - scores[0]]) { found, gap in
        found.append((found.last ?? 0) + StableMath.softplus(gap))
      }
    }
    func logits(_ counts: [Double]) -> [Double] {
      (1...3).map { k in
        let below = counts.prefix(k).reduce(0, +)
        return .log(below / counts.dropFirst(k).reduce(0, +))
      }
    }
    for (targets, weights, counts) in [
      ([0, 0, 1, 1, 2, 3], [], [2, 2, 1, 1]), ([0, 0, 1, 1, 3], [], [2, 2, 0.5, 1]),
      ([3, 1, 1], [], [0.5, 2, 0.5, 1]), ([0, 1, 3, 3], [4, 4, 1, 3], [4, 4, 1.5, 4]),
    ] as [([Double], [Double], [Double])] {
      for (found, expected) in zip(thresholds(targets, weights: weights), logits(counts)) {
        expectClose(found, expected, relative: 1e-9, absolute: 1e-9, "\(targets)")
      }
    }
  }
}
