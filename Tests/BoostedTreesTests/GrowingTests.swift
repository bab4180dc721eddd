import Checking
import BoostedTrees
import Testing

/// Whole forests replayed by ``NaiveReplay``.
@Suite struct GrowingTests {
  private func check(
    _ booster: Booster, _ table: Table, tolerance: Double = 2e-3
  ) throws {
    let forest = try booster.fit(table)
    #expect(forest.trees.contains { $0.leafCount > 2 })
    var replay = try NaiveReplay(booster, table)
    replay.tolerance = tolerance
    replay.check(forest)
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func squaredErrorSplitsAreBest(seed: UInt64) throws {
    let table = try TestTables.make(seed: seed)
    try check(Booster(objective: SquaredError(), rounds: 3, leaves: 8), table)
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func missingValuesFindTheirSide(seed: UInt64) throws {
    let table = try TestTables.make(seed: seed, .init(missing: 0.25))
    try check(Booster(objective: SquaredError(), rounds: 3, leaves: 8), table)
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func logisticWithWeightsAndRegularisation(seed: UInt64) throws {
    let table = try TestTables.make(seed: seed, .init(hasWeights: true, classes: 2))
    try check(
      Booster(objective: Logistic(), rounds: 4, leaves: 6, l2: 3, minChildWeight: 5), table)
    try check(
      Booster(
        objective: Logistic(), rounds: 3, leaves: 6, l2: 0.7, minChildWeight: 2,
        regularisation: .absolute), table)
  }

  @Test(arguments: 0..<3 as Range<UInt64>)
  func severalScoresPerRow(seed: UInt64) throws {
    let table = try TestTables.make(seed: seed, .init(missing: 0.1, classes: 4))
    try check(
      Booster(objective: SoftmaxCrossEntropy(classes: 4), rounds: 3, leaves: 5), table)
  }

  /// Sizes from 2 to 4,096: Hessians span six decades, so this goes through the wide format.
  @Test(arguments: 0..<4 as Range<UInt64>)
  func sizeNormalisedErrorSplitsAreBest(seed: UInt64) throws {
    let table = try TestTables.makeSized(seed: seed, .init(missing: 0.1))
    var booster = Booster(
      objective: SizeNormalisedSquaredError(), rounds: 3, leaves: 8, minChildWeight: 0,
      adjustsScores: false)
    try check(booster, table)
    booster.adjustsScores = true
    try check(booster, table)
  }

  @Test(arguments: 0..<3 as Range<UInt64>)
  func levelWiseGrowth(seed: UInt64) throws {
    let table = try TestTables.make(seed: seed, .init(rows: 500, missing: 0.1))
    let booster = Booster(
      objective: SquaredError(), rounds: 2, leaves: 16, maxDepth: 3, growth: .levelWise,
      minChildRows: 10)
    try check(booster, table)
    let forest = try booster.fit(table)
    #expect(forest.trees.allSatisfy { $0.leafCount <= 8 })
  }

  /// So many leaves that the rows of a child are what stops growth: the search that counts rows.
  @Test(arguments: 0..<4 as Range<UInt64>)
  func smallLeavesKeepTheirRows(seed: UInt64) throws {
    let table = try TestTables.make(seed: seed, .init(rows: 200, hasWeights: true, classes: 2))
    try check(
      Booster(objective: Logistic(), rounds: 3, leaves: 60, minChildWeight: 0, minChildRows: 7),
      table, tolerance: 1e-2)
  }

  @Test func moreLeavesThanRowsGiveOneLeafPerValue() throws {
    let table = try Table(
      features: [1, 2, 3, 4], featureNames: ["x"], target: [3, -1, 4, 10])
    let booster = Booster(
      objective: SquaredError(), rounds: 1, learningRate: 1, leaves: 64, minChildRows: 1)
    let forest = try booster.fit(table)
    #expect(forest.trees[0].leafCount == 4)
    // One Newton step of squared error fits every row exactly.
    for (prediction, target) in zip(try forest.predictions(for: table), [3.0, -1, 4, 10]) {
      #expect((prediction - target).magnitude < 1e-12)
    }
  }

  /// A table of one step, whose best split and leaf means are known by hand.
  @Test func aStepIsFoundByHand() throws {
    let table = try Table(
      features: [1, 2, 3, 10, 11, .nan], featureNames: ["x"], target: [0, 0, 0, 6, 6, 6])
    let forest = try Booster(
      objective: SquaredError(), rounds: 1, learningRate: 0.5, leaves: 2, minChildRows: 1
    ).fit(table)
    let root = forest.trees[0].nodes[0]
    #expect(root.threshold == 6.5 && !root.missingGoesLeft)
    // Mean 3; residuals -3 and 3; half of each step.
    #expect(forest.header.initialScores == [3])
    #expect(forest.trees[0].values[1] == -1.5 && forest.trees[0].values[2] == 1.5)
    // G = 2 * 9 on each side and H = 6: 18^2 / 6 twice, and half of it.
    #expect((forest.trees[0].gains[0] - 54).magnitude < 1e-6)
    #expect(forest.gainByFeature == [forest.trees[0].gains[0]])
  }
}
