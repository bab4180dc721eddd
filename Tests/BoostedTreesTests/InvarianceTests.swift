import BoostedTrees
import Foundation
import Testing

/// What must not change a model, bit by bit.
@Suite struct InvarianceTests {
  private func bytes(_ booster: Booster, _ table: Table) throws -> Data {
    try ModelFile.bytes(of: booster.fit(table))
  }

  /// Enough rows that every step is cut for several threads.
  private static func table(_ objective: any Objective, seed: UInt64) throws -> Table {
    var options = TestTables.Options(rows: 9_000, columns: 5, levels: 0, missing: 0.05)
    switch objective.name {
    case "sne": return try TestTables.makeSized(seed: seed, options)
    case "logistic": options.classes = 2
    case "softmax": options.classes = 3
    default: break
    }
    return try TestTables.make(seed: seed, options)
  }

  static let objectives: [any Objective] = [
    SquaredError(), SizeNormalisedSquaredError(), Logistic(), SoftmaxCrossEntropy(classes: 3),
  ]

  @Test(arguments: 0..<4)
  func threadsDoNotMatter(place: Int) throws {
    let objective = Self.objectives[place]
    let table = try Self.table(objective, seed: 11)
    var booster = Booster(objective: objective, rounds: 3, leaves: 12, threads: 1)
    let one = try bytes(booster, table)
    for threads in [2, 3] {
      booster.threads = threads
      #expect(try bytes(booster, table) == one)
    }
  }

  @Test(arguments: 0..<4, [1, 2])
  func aClosureEqualsTheBuiltIn(place: Int, threads: Int) throws {
    let objective = Self.objectives[place]
    let closures: [any Objective] = [
      Closures.squared, Closures.sne, Closures.logistic, Closures.softmax(classes: 3),
    ]
    let table = try Self.table(objective, seed: 12)
    for adjusts in [false, true] {
      var booster = Booster(
        objective: objective, rounds: 3, leaves: 8, adjustsScores: adjusts, threads: threads)
      let builtIn = try bytes(booster, table)
      booster.objective = closures[place]
      #expect(try bytes(booster, table) == builtIn)
    }
  }

  /// `c * loss` grows the same trees: bit by bit for a power of two, but for the gains, which are
  /// in units of the loss.
  @Test(arguments: [0x1p-20, 0x1p12])
  func aScaledLossGivesTheSameTrees(factor: Double) throws {
    func scaled(_ factor: Double) -> CustomObjective {
      CustomObjective("scaled", rowData: ["size"]) { row in
        let size = row.data[0]
        return Derivatives(
          gradient: factor * (2 * (row.score - row.target) / (size * size)),
          hessian: factor * (2 / (size * size)))
      }
    }
    let table = try Self.table(SizeNormalisedSquaredError(), seed: 13)
    let plain = try Booster(objective: scaled(1), rounds: 4, leaves: 10, l2: 0.5).fit(table)
    let other = try Booster(objective: scaled(factor), rounds: 4, leaves: 10, l2: 0.5).fit(table)
    #expect(plain.header.initialScores == other.header.initialScores)
    for (a, b) in zip(plain.trees, other.trees) {
      #expect(a.nodes == b.nodes && a.values == b.values)
      #expect(a.gains.map { $0 * factor } == b.gains)
    }
  }

  @Test func aTinyLossIsLearntAsWell() throws {
    let table = try Self.table(Logistic(), seed: 14)
    func fit(_ factor: Double) throws -> Double {
      let objective = CustomObjective("scaled", link: .logit) { row in
        let p = StableMath.sigmoid(row.score)
        return Derivatives(gradient: factor * (p - row.target), hessian: factor * p * (1 - p))
      }
      let forest = try Booster(objective: objective, rounds: 20, l2: 1).fit(table)
      return try #require(forest.evaluate(on: table, metrics: [.logLoss])["log-loss"])
    }
    let plain = try fit(1)
    #expect(plain < 0.4)
    let tiny = try fit(1e-6)
    #expect((tiny - plain).magnitude < 1e-3)
  }

  /// A row of weight 2 is two rows; a row of weight 0 is none.
  @Test func weightsAreCopiesOfRows() throws {
    let table = try TestTables.make(seed: 15, .init(rows: 400))
    var generator = RandomGenerator(seed: 15)
    let copies = (0..<400).map { _ in generator.index(below: 3) }
    let weighted = try Table(
      features: table.features, featureNames: table.featureNames, target: table.target,
      weights: copies.map(Double.init))
    let copied = table.subset((0..<400).flatMap { Array(repeating: $0, count: copies[$0]) })
    let booster = Booster(
      objective: SquaredError(), rounds: 5, leaves: 8, minChildWeight: 0, minChildRows: 1)
    let a = try booster.fit(weighted).predictions(for: table)
    let b = try booster.fit(copied).predictions(for: table)
    #expect(zip(a, b).allSatisfy { ($0 - $1).magnitude < 1e-6 })
  }

  /// However many rows of weight 0 there are, those that count decide the format of the sums.
  @Test func weightlessRowsDoNotCoarsenTheOthers() throws {
    let table = try TestTables.makeSized(seed: 17, .init(rows: 300))
    func padded(copies: Int) throws -> Table {
      let rows = table.subset((0...copies).flatMap { _ in Array(0..<300) })
      return try Table(
        features: rows.features, featureNames: rows.featureNames, target: rows.target,
        weights: (0..<rows.rowCount).map { $0 < 300 ? 1 : 0 }, rowData: rows.rowData)
    }
    let booster = Booster(
      objective: SizeNormalisedSquaredError(), rounds: 5, minChildRows: 5, adjustsScores: false)
    let alone = try booster.fit(padded(copies: 0))
    #expect(alone.trees.contains { $0.leafCount > 4 })
    #expect(try booster.fit(padded(copies: 99)).trees == alone.trees)
  }

  /// Row data travel with their rows: the order of rows decides nothing.
  @Test func permutedRowsGiveTheSamePredictions() throws {
    let table = try TestTables.makeSized(seed: 16, .init(rows: 2_000, missing: 0.1))
    var order = Array(0..<2_000)
    var generator = RandomGenerator(seed: 99)
    generator.shuffle(&order)
    for adjusts in [false, true] {
      let booster = Booster(
        objective: SizeNormalisedSquaredError(), rounds: 10, adjustsScores: adjusts)
      let a = try booster.fit(table).predictions(for: table)
      let b = try booster.fit(table.subset(order)).predictions(for: table)
      // Sums of doubles in another order differ in the last digits.
      #expect(
        zip(a, b).allSatisfy { ($0 - $1).magnitude <= 1e-9 * $0.magnitude.squareRoot() + 1e-7 })
    }
  }
}
