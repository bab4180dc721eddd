import Formulas
import Losses
import RealModule
import TestSupport
import Testing

@Suite("Initial scores")
struct InitialScoreTests {
  func start(
    _ objective: any Objective, _ sample: ObjectiveSample, weights: [Double] = []
  ) -> [Double] {
    sample.withRows { initialScores(for: objective, $0, weights: weights.span) }
  }

  @Test("squared error starts at the weighted mean, for any scale of the target")
  func mean() {
    for scale in [1e-12, 1, 1e12] {
      var sample = ObjectiveCase.all[0].rows(5000, seed: 1)
      sample.targets = sample.targets.map { $0 * scale }
      let weights = referenceNumbers(5000, seed: 9)
      let mean =
        zip(sample.targets, weights).map(*).reduce(0, +) / weights.reduce(0, +)
      expectClose(start(SquaredError(), sample, weights: weights)[0], mean, relative: 1e-9)
    }
  }

  @Test("SNE starts at the mean weighted by 1 / size^2")
  func normalisedMean() {
    let sample = ObjectiveCase.all[1].rows(3000, seed: 2)
    let weights = sample.rowData.map { 1 / ($0 * $0) }
    let mean = zip(sample.targets, weights).map(*).reduce(0, +) / weights.reduce(0, +)
    expectClose(start(SizeNormalisedSquaredError(), sample)[0], mean, relative: 1e-9)
  }

  @Test("logistic starts at the logit of the share of ones", arguments: [1, 10, 500, 990, 999])
  func logit(_ ones: Int) {
    let sample = ObjectiveSample(
      objective: Logistic(), scores: [Double](repeating: 0, count: 1000),
      targets: (0..<1000).map { $0 < ones ? 1 : 0 })
    let share = Double(ones) / 1000
    expectClose(
      start(Logistic(), sample)[0], .log(share / (1 - share)), relative: 1e-8, absolute: 1e-10)
  }

  @Test("softmax starts at the classes' shares", arguments: [2, 3, 10])
  func shares(_ classes: Int) {
    let objective = SoftmaxCrossEntropy(classes: classes)
    let targets = (0..<1100).map { Double(($0 * $0) % 11 % classes) }
    let sample = ObjectiveSample(
      objective: objective, scores: [Double](repeating: 0, count: 1100 * classes),
      targets: targets)
    var p = start(objective, sample)
    var span = p.mutableSpan
    StableMath.softmax(&span, in: 0..<classes)
    for k in 0..<classes {
      let share = Double(targets.count { $0 == Double(k) }) / 1100
      // A class that never occurs approaches 0 from above.
      expectClose(p[k], share, relative: 1e-6, absolute: 1e-9, "class \(k)")
    }
  }

  @Test("a loss times a power of two starts at the same bits")
  func scaleFree() {
    let sample = ObjectiveCase.all[2].rows(500, seed: 4)
    for power in [-40, -3, 5, 60] {
      let c = Double(sign: .plus, exponent: power, significand: 1)
      let scaled = CustomObjective("scaled", link: .logit) { row in
        let p = StableMath.sigmoid(row.score)
        return .init(gradient: c * (p - row.target), hessian: c * (p * (1 - p)))
      }
      #expect(start(scaled, sample)[0].bitPattern == start(Logistic(), sample)[0].bitPattern)
    }
  }

  /// Losses whose Hessian vanishes far from the targets, understates the curvature or is zero.
  @Test(
    "the start is a minimum, wherever the targets are",
    arguments: [0.1, 20, 180, 1e6, 1e12] as [Double], [0.1, 3, 40] as [Double])
  func farTargets(place: Double, spread: Double) throws {
    let targets = referenceNumbers(501, seed: 5).map { place + spread * $0 }
    let median = targets.sorted()[250]
    let range = (targets.min() ?? 0)...(targets.max() ?? 0)
    for text in ["logcosh(score - y)", "sqrt(1 + square(score - y))", "abs(score - y)"] {
      let objective = try ExpressionObjective(text)
      var sample = ObjectiveSample(
        objective: objective, scores: targets.map { _ in 0 }, targets: targets)
      let score = start(objective, sample)[0]
      #expect(range.contains(score), "\(text): \(score)")
      func mean(_ score: Double) -> Double {
        sample.scores = targets.map { _ in score }
        return sample.losses.reduce(0, +)
      }
      // Steps that change the sum by more than its rounding.
      let step = max(0.02 * spread, 1e-14 * place)
      let here = mean(score)
      #expect(here <= mean(score + step) + 1e-9 * here && here <= mean(score - step) + 1e-9 * here)
      if text.hasPrefix("abs") { expectClose(score, median, relative: 1e-12) }
    }
    let flat = CustomObjective("absolute") { row in
      .init(gradient: row.score > row.target ? 1 : -1, hessian: 1)
    }
    let sample = ObjectiveSample(
      objective: flat, scores: targets.map { _ in 0 }, targets: targets)
    expectClose(start(flat, sample)[0], median, relative: 1e-12)
  }

  @Test(
    "an exponential loss starts at the logarithm of the mean", arguments: [1e-9, 0.3, 1e6, 1e15])
  func exponential(scale: Double) throws {
    let targets = referenceNumbers(300, seed: 6).map { $0 * scale }
    let mean = targets.reduce(0, +) / 300
    for text in ["exp(score) - y * score; link=log", "score + y * exp(-score); link=log"] {
      let objective = try ExpressionObjective(text)
      let sample = ObjectiveSample(
        objective: objective, scores: targets.map { _ in 0 }, targets: targets)
      expectClose(start(objective, sample)[0], .log(mean), relative: 1e-9, absolute: 1e-9, text)
    }
  }

  @Test("one class, one row, no curvature: a finite start")
  func degenerate() {
    let ones = ObjectiveSample(objective: Logistic(), scores: [0, 0], targets: [1, 1])
    let score = start(Logistic(), ones)[0]
    #expect(score.isFinite && score > 5)
    let one = ObjectiveSample(objective: SquaredError(), scores: [0], targets: [7])
    #expect(start(SquaredError(), one) == [7])
    let flat = CustomObjective("flat") { _ in .init(gradient: 1, hessian: 0) }
    #expect(start(flat, one) == [0])
  }
}
