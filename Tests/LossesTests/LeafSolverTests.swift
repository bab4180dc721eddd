import Losses
import RealModule
import TestSupport
import Testing

@Suite("Leaf solvers and starts")
struct LeafSolverTests {
  /// The loss of all rows, weighted, when `constant` is added to score `k` of every row.
  func loss(
    _ sample: ObjectiveSample, _ weights: [Double], adding constant: Double, to k: Int
  ) -> Double {
    var moved = sample
    let width = sample.objective.scoresPerRow
    for row in sample.targets.indices { moved.scores[row * width + k] += constant }
    return zip(moved.losses, weights).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Targets less a score; less each of the quantiles that the first of non-crossing scores moves.
  func residuals(_ sample: ObjectiveSample, of k: Int) -> [Double] {
    let width = sample.objective.scoresPerRow
    var quantiles = sample.scores
    var span = quantiles.mutableSpan
    guard sample.objective.link == .increasing else {
      return sample.targets.indices.map { sample.targets[$0] - quantiles[$0 * width + k] }
    }
    Link.increasing.applyInverse(to: &span, scoresPerRow: width)
    return quantiles.indices.map { sample.targets[$0 / width] - quantiles[$0] }
  }

  @Test(
    "no other constant has a lower loss",
    arguments: ObjectiveCase.all.filter { $0.objective.leafSolver != nil })
  func best(_ testCase: ObjectiveCase) throws {
    let solver = try #require(testCase.objective.leafSolver)
    let width = testCase.objective.scoresPerRow
    for seed in 0..<20 as Range<UInt64> {
      for count in [1, 2, 7, 40] {
        let sample = testCase.rows(count, seed: seed)
        let weights = referenceNumbers(count, seed: seed + 50).map { ($0 * 4).rounded() + 1 }
        // Gaps of quantiles are solved downhill only; see below.
        for k in 0..<(testCase.objective.link == .increasing ? 1 : width) {
          let constant = sample.withRows { solver(sample.scores.span, $0, weights.span, k) }
          let least = loss(sample, weights, adding: constant, to: k)
          // The minimum of a piecewise linear loss lies at a residual.
          for other in residuals(sample, of: k) {
            let there = loss(sample, weights, adding: other, to: k)
            #expect(least <= there + 1e-12 * (1 + there.magnitude))
          }
          // Whole weights are as many rows.
          let repeated = (0..<count).flatMap { [Int](repeating: $0, count: Int(weights[$0])) }
          var longer = sample
          longer.scores = repeated.flatMap { sample.scores[$0 * width..<($0 + 1) * width] }
          longer.targets = repeated.map { sample.targets[$0] }
          let same = longer.withRows { solver(longer.scores.span, $0, [Double]().span, k) }
          expectClose(same, constant, relative: 1e-9, absolute: 1e-12)
        }
      }
    }
  }

  @Test("a gap of quantiles goes downhill to where the loss turns")
  func gaps() throws {
    let objective = Quantiles([0.1, 0.5, 0.9], nonCrossing: true)
    let solver = try #require(objective.leafSolver)
    for seed in 0..<40 as Range<UInt64> {
      for count in [1, 3, 50] {
        let testCase = ObjectiveCase.all.first { $0.objective.link == .increasing }
        var sample = try #require(testCase).rows(count, scale: 1, seed: seed)
        let weights = referenceNumbers(count, seed: seed + 7).map { 0.5 + $0 }
        for k in 1...2 {
          let change = sample.withRows { solver(sample.scores.span, $0, weights.span, k) }
          let here = loss(sample, weights, adding: change, to: k)
          #expect(here <= loss(sample, weights, adding: 0, to: k) + 1e-12)
          // At its end the loss rises on both sides, unless the way ended at gaps of nearly 0.
          let gaps = (0..<count).map { sample.scores[$0 * 3 + k] + change }
          #expect(gaps.contains { $0 >= -8.1 })
          guard change == 0 || gaps.contains(where: { $0 > -7.9 }) else { continue }
          for step in [-0.002, 0.002] {
            let beside = change + step * max(0.01, change.magnitude)
            let there = loss(sample, weights, adding: beside, to: k)
            #expect(here <= there + 0.002 * there.magnitude)
          }
        }
        // Rows with the same scores: the gap itself is what is fitted, and no change does better.
        for row in 0..<count {
          for k in 0..<3 { sample.scores[row * 3 + k] = [-1, 0.5, 1][k] }
        }
        let change = sample.withRows { solver(sample.scores.span, $0, weights.span, 2) }
        let here = loss(sample, weights, adding: change, to: 2)
        for other in stride(from: -8, through: 8, by: 0.05) {
          #expect(here <= loss(sample, weights, adding: other, to: 2) + 0.01 * Double(count))
        }
      }
    }
  }

  @Test("medians by hand")
  func medians() throws {
    let solver = try #require(AbsoluteError().leafSolver)
    func median(_ targets: [Double], _ weights: [Double] = []) -> Double {
      let sample = ObjectiveSample(
        objective: AbsoluteError(), scores: targets.map { _ in 0 }, targets: targets)
      return sample.withRows { solver(sample.scores.span, $0, weights.span, 0) }
    }
    #expect(median([3, 1, 2]) == 2)
    #expect(median([4, 1, 2, 3]) == 2.5)
    #expect(median([1, 2, 3], [1, 1, 5]) == 3)
    #expect(median([1, 2, 3], [1, 0, 1]) == 2)
    #expect(median([1, 2, 3], [0, 0, 0]) == 0)
    #expect(median([]) == 0)
  }

  /// Objectives of which the start is a minimiser of the mean loss over constant scores.
  static let minimised = ObjectiveCase.all.filter {
    !["smape", "lambdamart"].contains($0.objective.name)
  }

  @Test("starts are finite and no neighbour is better", arguments: minimised)
  func starts(_ testCase: ObjectiveCase) {
    let width = testCase.objective.scoresPerRow
    for seed in 0..<3 as Range<UInt64> {
      var sample = testCase.rows(300, seed: seed)
      let weights = referenceNumbers(300, seed: seed + 9).map { 0.5 + $0 }
      let usesWeights = testCase.objective.reach == .row
      let counts = usesWeights ? weights : [Double](repeating: 1, count: 300)
      let start = sample.withRows {
        initialScores(for: testCase.objective, $0, weights: usesWeights ? weights.span : Span())
      }
      #expect(start.count == width && start.allSatisfy { $0.isFinite })
      for row in 0..<300 {
        for k in 0..<width { sample.scores[row * width + k] = start[k] }
      }
      let least = loss(sample, counts, adding: 0, to: 0)
      for k in 0..<width {
        for step in [-0.02, 0.02] {
          // Gaps of equal quantiles cannot close; probabilities must stay within their range.
          #expect(
            least <= loss(sample, counts, adding: step, to: k) + 1e-6 * least.magnitude,
            "score \(k), \(step)")
        }
      }
    }
  }

  @Test("starts are finite for extreme targets", arguments: ObjectiveCase.all)
  func extremeStarts(_ testCase: ObjectiveCase) {
    // Classes and relevances have no scale.
    let isNumeric = testCase.rows(50, seed: 1).targets.contains { $0 != $0.rounded() || $0 > 9 }
    for scale in isNumeric ? [1e-6, 1, 1e6] : [1] {
      for count in [1, 2, 50] {
        var sample = testCase.rows(count, seed: 4)
        sample.targets = sample.targets.map { $0 * scale }
        let start = sample.withRows {
          initialScores(for: testCase.objective, $0, weights: Span())
        }
        #expect(start.allSatisfy { $0.isFinite }, "scale \(scale), \(count) rows")
      }
    }
  }

  @Test("counts start at the logarithm of their mean, per exposure, at any scale")
  func logMeans() {
    for scale in [1e-6, 1e-3, 1, 1e3, 1e6] {
      let targets = referenceNumbers(500, seed: 3).map { scale * $0 }
      let exposure = referenceNumbers(500, seed: 4).map { 0.1 + $0 }
      let mean = targets.reduce(0, +) / 500
      for objective in [Poisson(), Gamma(), Tweedie()] as [any Objective] {
        let sample = ObjectiveSample(
          objective: objective, scores: targets.map { _ in 0 }, targets: targets)
        let start = sample.withRows { initialScores(for: objective, $0, weights: Span()) }
        expectClose(start[0], .log(mean), relative: 1e-6, absolute: 1e-6, "\(objective.name)")
      }
      let rate = ObjectiveSample(
        objective: Poisson(exposure: "exposure").adjusted(), scores: targets.map { _ in 0 },
        targets: targets, rowData: exposure)
      let start = rate.withRows { initialScores(for: rate.objective, $0, weights: Span()) }
      expectClose(
        start[0], .log(targets.reduce(0, +) / exposure.reduce(0, +)), relative: 1e-6, absolute: 1e-6
      )
    }
  }

  @Test("non-crossing quantiles start at the quantiles of the targets")
  func quantileStart() {
    let targets = referenceNumbers(999, seed: 7)
    let objective = Quantiles([0.1, 0.5, 0.9], nonCrossing: true)
    let sample = ObjectiveSample(
      objective: objective, scores: [Double](repeating: 0, count: 3 * 999), targets: targets)
    var start = sample.withRows { initialScores(for: objective, $0, weights: Span()) }
    var span = start.mutableSpan
    Link.increasing.applyInverse(to: &span, scoresPerRow: 3)
    let sorted = targets.sorted()
    for (quantile, place) in zip(start, [99, 499, 899]) {
      expectClose(quantile, sorted[place], relative: 1e-9)
    }
    // Whatever the scores, quantiles do not cross.
    var scores = referenceNumbers(300, seed: 8).map { 2000 * $0 - 1000 }
    var all = scores.mutableSpan
    Link.increasing.applyInverse(to: &all, scoresPerRow: 3)
    for row in 0..<100 {
      #expect(scores[3 * row] <= scores[3 * row + 1] && scores[3 * row + 1] <= scores[3 * row + 2])
    }
  }
}
