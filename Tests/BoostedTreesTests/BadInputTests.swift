import BoostedTrees
import Testing

@Suite struct BadInputTests {
  private func error(_ booster: Booster, _ table: Table) -> LearningError? {
    do {
      _ = try booster.fit(table)
      return nil
    } catch {
      return error
    }
  }

  @Test func optionsOutOfRangeAreNamed() throws {
    let table = try TestTables.make(seed: 1)
    let changes: [(String, (inout Booster) -> Void)] = [
      ("rounds", { $0.rounds = -1 }), ("learningRate", { $0.learningRate = 0 }),
      ("learningRate", { $0.learningRate = .nan }), ("leaves", { $0.leaves = 1 }),
      ("maxDepth", { $0.maxDepth = 0 }), ("maxBins", { $0.maxBins = 257 }),
      ("maxBins", { $0.maxBins = 1 }), ("l2", { $0.l2 = -1 }), ("l2", { $0.l2 = .infinity }),
      ("minChildWeight", { $0.minChildWeight = -0.1 }), ("minChildRows", { $0.minChildRows = 0 }),
      ("threads", { $0.threads = 0 }), ("curvature", { $0.curvature = .floor(-1) }),
    ]
    for (name, change) in changes {
      var booster = Booster(objective: SquaredError())
      change(&booster)
      let found = try #require(error(booster, table), "\(name)")
      #expect(found.code == .invalidOption && found.reason.contains(name))
    }
  }

  @Test func emptyTablesAreRefused() throws {
    let empty = try Table(features: [], featureNames: ["a"], target: [], source: "none.h5")
    let found = try #require(error(Booster(objective: SquaredError()), empty))
    #expect(found.code == .noRows && found.reason.contains("none.h5"))
    let untargeted = try Table(features: [1, 2], featureNames: ["a"])
    #expect(error(Booster(objective: SquaredError()), untargeted)?.code == .noTarget)
    let weightless = try Table(
      features: [1, 2], featureNames: ["a"], target: [1, 2], weights: [0, 0])
    #expect(error(Booster(objective: SquaredError()), weightless)?.code == .noRows)
  }

  /// Nothing to split: the model is its initial scores.
  @Test func withoutSplitsTheModelIsItsStart() throws {
    let nan = Float.nan
    let tables: [(features: [Float], names: [String], target: [Double])] = [
      ([5], ["a"], [2]),  // one row
      ([1, 1, 1, 1], ["a"], [1, 2, 3, 6]),  // a constant column
      ([nan, nan, nan], ["a"], [3, 3, 3]),  // an all-missing column
      ([1, 2, 3], ["a"], [4, 4, 4]),  // a constant target
      ([], [], [1, 5]),  // no columns
    ]
    for (features, names, target) in tables {
      let table = try Table(features: features, featureNames: names, target: target)
      let forest = try Booster(objective: SquaredError(), rounds: 5, minChildRows: 1).fit(table)
      #expect(forest.trees.isEmpty)
      let mean = target.reduce(0, +) / Double(target.count)
      #expect(try forest.predictions(for: table).allSatisfy { ($0 - mean).magnitude < 1e-12 })
    }
  }

  @Test func oneClassIsCertain() throws {
    var options = TestTables.Options()
    options.classes = 1
    let table = try TestTables.make(seed: 2, options)
    let forest = try Booster(objective: Logistic(), rounds: 20).fit(table)
    #expect(try forest.predictions(for: table).allSatisfy { $0 >= 0 && $0 < 0.05 })
    let several = try Booster(objective: SoftmaxCrossEntropy(classes: 10), rounds: 5).fit(table)
    let p = try several.predictions(for: table)
    #expect(stride(from: 0, to: p.count, by: 10).allSatisfy { p[$0] > 0.9 })
  }

  @Test func anAbsentClassStaysImprobable() throws {
    var options = TestTables.Options(rows: 1_000)
    options.classes = 9
    let table = try TestTables.make(seed: 3, options)
    let forest = try Booster(objective: SoftmaxCrossEntropy(classes: 10), rounds: 30).fit(table)
    let p = try forest.predictions(for: table)
    #expect(p.allSatisfy { $0.isFinite })
    #expect((0..<1_000).allSatisfy { p[$0 * 10 + 9] < 0.01 })
    let accuracy = try #require(
      forest.evaluate(on: table, metrics: [.accuracy])["accuracy"])
    #expect(accuracy > 0.7)
  }

  @Test(arguments: [1e-30, 1, 1e30, 1e150])
  func targetsOfAnySizeAreLearnt(scale: Double) throws {
    let plain = try TestTables.make(seed: 4, .init(rows: 800))
    let table = try plain.withTarget((plain.target ?? []).map { $0 * scale })
    let forest = try Booster(objective: SquaredError(), rounds: 40).fit(table)
    let predictions = try forest.predictions(for: table)
    var error = 0.0
    var spread = 0.0
    for (prediction, target) in zip(predictions, table.target ?? []) {
      error += ((prediction - target) / scale) * ((prediction - target) / scale)
      spread += (target / scale) * (target / scale)
    }
    #expect(error < 0.2 * spread)
  }

  /// One huge target must not hide the others from integers.
  @Test func anOutlierDoesNotBlind() throws {
    let plain = try TestTables.make(seed: 5, .init(rows: 2_000))
    var target = plain.target ?? []
    target[7] = 1e9
    // The outlier weighs so little that it decides nothing, but its gradient is the largest.
    var weights = [Double](repeating: 1, count: 2_000)
    weights[7] = 1e-6
    let table = try Table(
      features: plain.features, featureNames: plain.featureNames, target: target,
      weights: weights)
    let forest = try Booster(objective: SquaredError(), rounds: 60).fit(table)
    let predictions = try forest.predictions(for: table)
    let errors = (0..<2_000).filter { $0 != 7 }.map { (predictions[$0] - target[$0]).magnitude }
      .sorted()
    #expect(errors[1_000] < 0.5)
  }

  @Test func aNonFiniteDerivativeNamesItsRow() throws {
    let table = try TestTables.make(seed: 6, .init(rows: 100))
    let subset = table.subset(Array(20..<100))
    let bad = subset.target?[30] ?? 0
    for value in [Double.nan, .infinity] {
      for inHessian in [false, true] {
        let objective = CustomObjective("broken") { row in
          row.target == bad
            ? Derivatives(gradient: inHessian ? 1 : value, hessian: inHessian ? value : 1)
            : Derivatives(gradient: row.score - row.target, hessian: 1)
        }
        let found = try #require(error(Booster(objective: objective), subset))
        #expect(found.code == .nonFiniteDerivative)
        #expect(found.reason.contains("row 50") && found.reason.contains("broken"))
      }
    }
  }

  @Test func aPredictedTableMayLackTheTarget() throws {
    let table = try TestTables.make(seed: 7)
    let forest = try Booster(objective: SquaredError(), rounds: 3).fit(table)
    let bare = try Table(features: table.features, featureNames: table.featureNames)
    #expect(try forest.predictions(for: bare) == forest.predictions(for: table))
    let other = try Table(features: [1], featureNames: ["other"])
    #expect(throws: LearningError.self) { try forest.predictions(for: other) }
    let none = try Table(features: [], featureNames: table.featureNames)
    #expect(try forest.predictions(for: none).isEmpty)
  }
}
