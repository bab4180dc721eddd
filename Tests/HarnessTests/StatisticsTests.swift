import Foundation
import Losses
import Tabular
import Testing

@testable import Harness

/// Two models' errors on 200 rows, from formulas that Python can repeat.
private enum Fixture {
  static let count = 200
  static let targets: [Double] = (0..<count).map { 10 * sin(0.7 * Double($0)) }
  static let a: [Double] = (0..<count).map { targets[$0] + cos(1.3 * Double($0)) }
  static let b: [Double] = (0..<count).map { row in
    let x = Double(row)
    let error: Double = 1.2 * cos(2.1 * x) + 0.3 * sin(0.37 * x)
    return targets[row] + error
  }

  static func table(groups: [Int]? = nil, weights: [Double]? = nil) throws -> Table {
    try Table(
      features: [Float](repeating: 0, count: count), featureNames: ["x"], target: targets,
      weights: weights, groups: groups)
  }

  static func trial(_ predictions: [Double], seed: UInt64 = 1) -> TestPredictions.Trial {
    .init(
      combination: .init(learner: "L", objective: "O", form: .plain), seed: seed, width: 1,
      predictions: predictions, scores: predictions)
  }
}

struct StatisticsTests {
  /// Softmax over ten classes on a table of two may predict the third.
  @Test func confusionCountsKnownClassesOnly() {
    let target: [Double] = [0, 1, 1, 0]
    #expect(
      TrialRun.confusion(labels: [0, 1, 0, 0], target: target, classes: 2) == [[2, 0], [1, 1]])
    #expect(TrialRun.confusion(labels: [0, 1, 2, 0], target: target, classes: 2).isEmpty)
  }

  /// Expected: NumPy 2.4 `mean`, `std(ddof=1)`, `quantile` of the same numbers.
  @Test func numbersOfASample() {
    let x = [3.5, -1.25, 8, 0.5, 2.75, 9.125, 4]
    #expect(abs(Statistics.mean(x) - 3.8035714285714284) < 1e-15)
    #expect(abs(Statistics.standardDeviation(x) - 3.7331964792093317) < 1e-14)
    let expected = [0: -1.25, 0.025: -0.9875, 0.3: 2.3, 0.5: 3.5, 0.975: 8.95625, 1: 9.125]
    for (share, value) in expected {
      #expect(abs(Statistics.quantile(x, share) - value) < 1e-12, "quantile \(share)")
    }
  }

  @Test func samplesOfNoneAndOne() {
    #expect(Statistics.mean([]).isNaN)
    #expect(Statistics.quantile([], 0.5).isNaN)
    #expect(Statistics.quantile([1, .nan], 0.5).isNaN)
    #expect(Statistics.standardDeviation([2]) == 0)
    #expect(Statistics.standardDeviation([0.1, 0.1, 0.1]) == 0)
    #expect(Spread([]) == nil)
    #expect(Spread([2, 5])?.greatest == 5)
  }

  /// Expected ends: NumPy 2.4, 200,000 resamples of the same errors, resampling rows. With 4,000
  /// resamples an end is known to about 0.004.
  @Test func intervalOverRows() throws {
    let test = try Fixture.table()
    let bootstrap = PairedBootstrap(test, resamples: 4000, seed: 5)
    #expect(bootstrap.unit == .rows)
    let scores = try bootstrap.scores(
      of: .rmse, trials: [Fixture.trial(Fixture.a), Fixture.trial(Fixture.b)], on: test)
    let outcome = bootstrap.intervals(scores, a: [0], b: [1])
    let (difference, relative) = (outcome.difference, outcome.relative)
    #expect(abs(difference.value - -0.16968918284914492) < 1e-12)
    #expect(abs(difference.low - -0.2305) < 0.006)
    #expect(abs(difference.high - -0.1083) < 0.006)
    #expect(abs(relative.low - -0.2518) < 0.006)
    #expect(abs(relative.high - -0.1296) < 0.006)
    #expect(outcome.pValue < 0.001)
  }

  /// Expected ends: NumPy 2.4, 200,000 resamples of 25 groups of 8 consecutive rows.
  @Test func intervalOverGroups() throws {
    let test = try Fixture.table(groups: (0..<Fixture.count).map { 100 - $0 / 8 })
    let bootstrap = PairedBootstrap(test, resamples: 4000, seed: 5)
    #expect(bootstrap.unit == .groups)
    #expect(bootstrap.unitCount == 25)
    let scores = try bootstrap.scores(
      of: .rmse, trials: [Fixture.trial(Fixture.a), Fixture.trial(Fixture.b)], on: test)
    let difference = bootstrap.intervals(scores, a: [0], b: [1]).difference
    #expect(abs(difference.low - -0.1894) < 0.003)
    #expect(abs(difference.high - -0.1503) < 0.003)
  }

  /// Probabilities are as many per row as there are classes, labels one: of three rows with 0.5 for
  /// their class the log loss is log 2, and two of their labels are right.
  @Test func metricsOfClasses() throws {
    let test = try Table(
      features: [0, 0, 0], featureNames: ["x"], target: [0, 1, 2],
      classNames: ["a", "b", "c"])
    let probabilities = [0.5, 0.3, 0.2, 0.3, 0.5, 0.2, 0.5 + 1e-9, 0, 0.5]
    let trial = TestPredictions.Trial(
      combination: .init(learner: "L", objective: "O", form: .plain), seed: 1, width: 3,
      predictions: probabilities, scores: probabilities.map { log($0 + 1e-300) })
    let bootstrap = PairedBootstrap(test, resamples: 5)
    func observed(_ metric: Metric) throws -> Double {
      try bootstrap.scores(of: metric, trials: [trial], on: test).observed[0]
    }
    #expect(abs(try observed(.logLoss) - log(2)) < 1e-6)
    #expect(abs(try observed(.accuracy) - 2.0 / 3) < 1e-12)
  }

  /// A row of weight 0 with an error beyond all numbers counts for nothing, in sums and in rows.
  @Test(arguments: ["rmse", "mae", "auc"])
  func weightlessRowsCountForNothing(name: String) throws {
    let metric = try #require(Catalogue.metric(named: name))
    var a = Fixture.a
    a[7] = 1e300
    var weights = [Double](repeating: 1, count: Fixture.count)
    weights[7] = 0
    let test = try Fixture.table(weights: weights)
    let bootstrap = PairedBootstrap(test, resamples: 40)
    let scores = try bootstrap.scores(
      of: metric, trials: [Fixture.trial(a), Fixture.trial(Fixture.a)], on: test)
    #expect(scores.observed[0] == scores.observed[1] && scores.observed[0].isFinite)
    #expect(scores.resampled[0] == scores.resampled[1])
    #expect(scores.resampled[0].allSatisfy { $0.isFinite })
  }

  /// An error beyond all numbers makes those resamples infinite that draw its row, and no others.
  @Test func undrawnRowsCountForNothing() throws {
    var a = Fixture.a
    a[7] = 1e300
    let test = try Fixture.table()
    let bootstrap = PairedBootstrap(test, resamples: 60)
    let scores = try bootstrap.scores(of: .rmse, trials: [Fixture.trial(a)], on: test)
    #expect(scores.observed[0] == .infinity)
    #expect(scores.resampled[0].allSatisfy { !$0.isNaN })
    // Each row is left out of (1 - 1/200)^200 = 0.37 of the resamples.
    let finite = scores.resampled[0].count(where: \.isFinite)
    #expect((10...35).contains(finite))
  }

  /// Equal values have themselves as mean: 0.1 + 0.1 + 0.1 is not 0.3.
  @Test func equalValuesHaveThemselvesAsMean() {
    #expect(Spread([0.1, 0.1, 0.1])?.mean == 0.1)
  }

  /// A model compared with itself shows no difference, with an interval of no width.
  @Test func aModelIsNoBetterThanItself() throws {
    let test = try Fixture.table()
    let bootstrap = PairedBootstrap(test, resamples: 50)
    let scores = try bootstrap.scores(
      of: .mae, trials: [Fixture.trial(Fixture.a), Fixture.trial(Fixture.a)], on: test)
    let difference = bootstrap.intervals(scores, a: [0], b: [1]).difference
    #expect(difference == Interval(value: 0, low: 0, high: 0))
    #expect(bootstrap.intervals(scores, a: [0], b: [1]).pValue == 1)
  }

  /// A row of weight 0 has no say, even where its error is infinite.
  @Test(arguments: ["rmse", "mae", "r2", "median-absolute-error"])
  func weightlessRowsSpoilNoInterval(metric name: String) throws {
    let metric = try #require(Catalogue.metric(named: name))
    var weights = [Double](repeating: 1, count: Fixture.count)
    weights[3] = 0
    let test = try Fixture.table(groups: (0..<Fixture.count).map { $0 / 8 }, weights: weights)
    var wild = Fixture.a
    wild[3] = .infinity
    let bootstrap = PairedBootstrap(test, resamples: 50)
    let trials = [Fixture.trial(wild), Fixture.trial(Fixture.a), Fixture.trial(Fixture.b)]
    let scores = try bootstrap.scores(of: metric, trials: trials, on: test)
    #expect(scores.observed[0] == scores.observed[1])
    #expect(scores.resampled[0] == scores.resampled[1])
    let difference = bootstrap.intervals(scores, a: [0], b: [2]).difference
    #expect(difference.low.isFinite && difference.high.isFinite)
  }

  @Test func tooFewGroupsGiveNoInterval() throws {
    let test = try Fixture.table(groups: (0..<Fixture.count).map { $0 % 4 })
    let bootstrap = PairedBootstrap(test, resamples: 50)
    let scores = try bootstrap.scores(
      of: .rmse, trials: [Fixture.trial(Fixture.a), Fixture.trial(Fixture.b)], on: test)
    let difference = bootstrap.intervals(scores, a: [0], b: [1]).difference
    #expect(difference.value < 0 && difference.low.isNaN && difference.high.isNaN)
    #expect(bootstrap.intervals(scores, a: [0], b: [1]).pValue.isNaN)
  }

  @Test func manyRowsAreDrawnInBlocks() throws {
    let count = 2 * PairedBootstrap.mostUnits + 1
    let test = try Table(
      features: [], featureNames: [], target: [Double](repeating: 0, count: count))
    let bootstrap = PairedBootstrap(test)
    #expect(bootstrap.unit == .blocks)
    #expect(bootstrap.unitCount == (count + 2) / 3)
  }

  /// The naive twin: a metric of another name is computed from all rows, weighted by draws.
  @Test(arguments: ["rmse", "mae", "sne", "rmsne", "r2"], [false, true])
  func sumsAgreeWithRows(metric name: String, isWeighted: Bool) throws {
    let shipped = try #require(Catalogue.metric(named: name))
    let twin = Metric(
      "twin", title: "", space: shipped.space, direction: shipped.direction,
      rowData: shipped.rowDataNames
    ) { values, width, rows, weights in
      shipped.value(of: values, valuesPerRow: width, rows, weights: weights)
    }
    for seed in 1...3 as ClosedRange<UInt64> {
      var generator = RandomGenerator(seed: seed)
      let weights = Fixture.targets.map { _ in 0.5 + generator.uniform() }
      let sizes = Fixture.targets.map { _ in 1 + 9 * generator.uniform() }
      let test = try Fixture.table(
        groups: Fixture.targets.map { _ in generator.index(below: 30) },
        weights: isWeighted ? weights : nil
      ).withRowData("size", sizes)
      let rows = seed == 2 ? Array(stride(from: 0, to: Fixture.count, by: 3)) : nil
      let bootstrap = PairedBootstrap(test, rows: rows, resamples: 20, seed: seed)
      let trials = [Fixture.trial(Fixture.a), Fixture.trial(Fixture.b)]
      let fast = try bootstrap.scores(of: shipped, trials: trials, on: test)
      let slow = try bootstrap.scores(of: twin, trials: trials, on: test)
      #expect(fast.observed == slow.observed)
      for (a, b) in zip(fast.resampled.joined(), slow.resampled.joined()) {
        #expect((a - b).magnitude <= 1e-9 * Double.maximum(1, b.magnitude))
      }
    }
  }

  /// Expected: scikit-learn 1.9 `log_loss` and the share of right labels, of the same formulas.
  @Test func termsOfClassificationMetrics() throws {
    let angles = (0..<200).map { 0.9 * Double($0) }
    let predictions = angles.map { 1 / (1 + exp(-2 * sin($0))) }
    let targets = angles.map { sin($0 + 0.4) > 0 ? 1.0 : 0 }
    func value(_ metric: String) throws -> Double {
      let terms = try #require(
        MetricTerms(
          metric: metric, predictions: predictions, width: 1, targets: targets, weights: [],
          sizes: []))
      return terms.finish(terms.terms.map { $0.reduce(0, +) })
    }
    #expect(abs(try value("log-loss") - 0.33015480643850836) < 1e-12)
    #expect(abs(try value("accuracy") - 0.88) < 1e-12)
  }

  /// A metric of the user's own under a shipped name is resampled as the user wrote it.
  @Test func aMetricOfTheUsersOwnKeepsItsMeaning() throws {
    let own = Metric("rmse", title: "not RMSE", space: .prediction) { values, _, rows, _ in
      (0..<rows.count).map { (values[$0] - rows.targets[$0]).magnitude }.max() ?? 0
    }
    let test = try Fixture.table()
    let bootstrap = PairedBootstrap(test, resamples: 5)
    let scores = try bootstrap.scores(of: own, trials: [Fixture.trial(Fixture.a)], on: test)
    #expect(Set(scores.resampled[0]) == [scores.observed[0]])
  }

  /// With several seeds a resample draws seeds too: a spread between seeds widens the interval.
  @Test func seedsWidenTheInterval() throws {
    let test = try Fixture.table()
    let bootstrap = PairedBootstrap(test, resamples: 400, seed: 2)
    let worse = zip(Fixture.targets, Fixture.a).map { y, a in y + 3 * (a - y) }
    let trials = [Fixture.a, worse, Fixture.b, Fixture.b].map { Fixture.trial($0) }
    let scores = try bootstrap.scores(of: .rmse, trials: trials, on: test)
    let one = bootstrap.intervals(scores, a: [0], b: [2]).difference
    let two = bootstrap.intervals(scores, a: [0, 1], b: [2, 3]).difference
    #expect(two.high - two.low > 5 * (one.high - one.low))
  }
}
