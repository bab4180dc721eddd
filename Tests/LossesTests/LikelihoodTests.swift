import Checking
import Losses
import RealModule
import TestSupport
import Testing

/// Likelihoods with two scores per row: their losses are negative log densities, and the curvature
/// they suggest is the Fisher information. Both by numerical integration of the losses alone.
@Suite("Likelihoods with two scores")
struct LikelihoodTests {
  /// What a density says of scores, integrated over all targets.
  struct Moments {
    var mass = 0.0
    /// Expected squares of the gradients, and expected Hessians.
    var squares = [0.0, 0.0]
    var hessians = [0.0, 0.0]
    /// The expected gradients, 0 at the scores that the targets come from.
    var gradients = [0.0, 0.0]
  }

  /// Sums over targets with weights, each times its own density.
  static func moments(
    _ objective: any Objective, _ scores: [Double], over targets: [(y: Double, weight: Double)]
  ) -> Moments {
    let sample = ObjectiveSample(
      objective: objective, scores: targets.flatMap { _ in scores }, targets: targets.map(\.y))
    let losses = sample.losses
    let (gradients, hessians) = sample.derivatives
    var moments = Moments()
    for row in targets.indices {
      let share = targets[row].weight * .exp(-losses[row])
      moments.mass += share
      for k in 0..<2 where share > 0 {
        let gradient = gradients[2 * row + k]
        moments.squares[k] += share * gradient * gradient
        moments.gradients[k] += share * gradient
        moments.hessians[k] += share * hessians[2 * row + k]
      }
    }
    return moments
  }

  static func fisher(_ objective: any Objective, _ scores: [Double], target: Double) -> [Double] {
    let sample = ObjectiveSample(objective: objective, scores: scores, targets: [target])
    var gradients = [0.0, 0.0]
    var hessians = gradients
    sample.withRows { rows in
      var g = gradients.mutableSpan
      var h = hessians.mutableSpan
      _ = objective.derivatives(
        at: sample.scores.span, rows, policy: .fisher, unit: 1, gradients: &g, hessians: &h)
    }
    return hessians
  }

  static let continuous = ObjectiveCase.all.filter {
    $0.objective.scoresPerRow == 2 && $0.objective.curvature.policy == .fisher
      && $0.objective.name != "negative-binomial-dispersion"
  }

  @Test("continuous densities, by the trapezoidal rule", arguments: continuous)
  func densities(_ testCase: ObjectiveCase) {
    #expect(Self.continuous.count == 8)
    let objective = testCase.objective
    for scores in [[0.0, 0], [1.5, -0.7], [-2, 0.9]] {
      // Targets spread by sinh, so that heavy tails are reached; none at the location, where the
      // Laplace density has its kink.
      let step = 0.004
      let targets = (-5000..<5000).compactMap { index -> (y: Double, weight: Double)? in
        let u = (Double(index) + 0.5) * step
        let (z, slope) = (Double.sinh(u), Double.cosh(u) * step)
        let scale = Double.exp(scores[1])
        guard objective.link == .log else {
          return (scores[0] + scale * z, scale * slope)
        }
        let y = Double.exp(scores[0] + scale * z)
        return y > 1e-250 && y < 1e250 ? (y, y * scale * slope) : nil
      }
      let moments = Self.moments(objective, scores, over: targets)
      expectClose(moments.mass, 1, relative: 1e-6)
      let fisher = Self.fisher(objective, scores, target: 1)
      for k in 0..<2 {
        expectClose(moments.gradients[k], 0, absolute: 1e-5 * fisher[k].squareRoot())
        expectClose(moments.squares[k], fisher[k], relative: 1e-5, "score \(k) of \(scores)")
        // The median's curvature sits in its kink.
        guard objective.name != "laplace" || k == 1 else { continue }
        expectClose(moments.hessians[k], fisher[k], relative: 1e-5, "score \(k) of \(scores)")
      }
    }
  }

  @Test(
    "negative binomial counts, by summation",
    arguments: [
      [0.0, 0.0], [2.5, -3], [1, 1.5], [3, 0.8], [-3, -1], [0.5, -12], [2, 2.5], [-2, 3],
      [4, -0.1],
    ])
  func counts(_ scores: [Double]) {
    let objective = NegativeBinomialDispersion()
    let targets = (0..<60_000).map { (y: Double($0), weight: 1.0) }
    let moments = Self.moments(objective, scores, over: targets)
    expectClose(moments.mass, 1, relative: 1e-9)
    let fisher = Self.fisher(objective, scores, target: 1)
    for k in 0..<2 {
      expectClose(moments.squares[k], fisher[k], relative: 1e-6, "score \(k) of \(scores)")
      expectClose(moments.hessians[k], fisher[k], relative: 1e-6, "score \(k) of \(scores)")
    }
  }

  @Test("curvatures are positive and finite wherever scores are")
  func farCurvatures() {
    for testCase in Self.continuous {
      for s in [-1e4, -300, -40, 0, 40, 300, 1e4] {
        for curvature in Self.fisher(testCase.objective, [0.3, s], target: 1) {
          #expect(curvature.isFinite && curvature >= 0)
        }
      }
    }
    for m in [-1e4, -30, 0, 3, 50, 1e4] {
      for s in [-1e4, -300, -30, -2.4, -2.2, 0, 3, 40, 300, 1e4] {
        let fisher = Self.fisher(NegativeBinomialDispersion(), [m, s], target: 1)
        #expect(fisher.allSatisfy { $0.isFinite && $0 >= 0 } && fisher[1] <= 1 + 1e-6)
      }
    }
    // Many counts: the information of a gamma shape, trigamma(1) - 1 = pi^2 / 6 - 1.
    let many = Self.fisher(NegativeBinomialDispersion(), [60, 0], target: 1)
    expectClose(many[1], .pi * .pi / 6 - 1, relative: 1e-7)
  }

  @Test("a family of one's own needs its density only")
  func ownFamily() throws {
    /// The hyperbolic secant distribution; its information by the integrals above.
    struct Secant: LocationScaleObjective {
      var name: String { "secant" }
      var defaultMetric: Metric { .rmse }
      var information: (location: Double, scale: Double) { (.pi * .pi / 8, 1.2337) }
      func surprisal(_ z: Double) -> Jet {
        let t = Double.tanh(.pi / 2 * z)
        let size = .pi / 2 * z.magnitude
        return Jet(
          value: size + .log(onePlus: .exp(-2 * size)), first: .pi / 2 * t,
          second: .pi * .pi / 4 * (1 - t * t))
      }
    }
    let verdict = Secant().check()
    #expect(verdict.isSound && verdict.warnings.isEmpty, "\(verdict)")
    let targets = referenceNumbers(500, seed: 3).map { 10 + 4 * $0 }
    let sample = ObjectiveSample(
      objective: Secant(), scores: [Double](repeating: 0, count: 1000), targets: targets)
    let start = sample.withRows { initialScores(for: Secant(), $0, weights: Span()) }
    #expect((start[0] - 12).magnitude < 0.2 && start[1] < 1)
  }

  @Test("a mean of many counts tends to Poisson's loss as the dispersion vanishes")
  func poissonLimit() {
    let counts = referenceNumbers(50, seed: 5).map { (9 * $0).rounded(.down) }
    let scores = referenceNumbers(50, seed: 6).map { 3 * $0 - 1 }
    let poisson = ObjectiveSample(objective: Poisson(), scores: scores, targets: counts)
    let nearly = poisson.derivatives(under: NegativeBinomial(dispersion: 1e-9))
    for (a, b) in zip(nearly.gradients, poisson.derivatives.gradients) {
      expectClose(a, b, relative: 1e-7, absolute: 1e-7)
    }
    for (a, b) in zip(nearly.hessians, poisson.derivatives.hessians) {
      expectClose(a, b, relative: 1e-7)
    }
  }
}
