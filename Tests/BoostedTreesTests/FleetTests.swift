import OrderedCollections
import Checking
import Foundation
import Testing

@testable import BoostedTrees

/// Plain size-normalised errors of systems whose sizes span decades: curvature spans twice as many.
/// Scores are never per unit of size here, which would hide the span.
@Suite struct FleetTests {
  private func booster(
    rounds: Int, leaves: Int = 31, minChildWeight: Double? = nil, minChildRows: Int? = nil
  ) -> Booster {
    Booster(
      objective: SizeNormalisedSquaredError(), rounds: rounds, leaves: leaves,
      minChildWeight: minChildWeight, minChildRows: minChildRows, adjustsScores: false, threads: 1)
  }

  /// 3,000 systems of sizes from 1 to 10^decades, every fifth one to test.
  private func fleet(decades: Double) throws -> (train: Table, test: Table) {
    func part(_ row: Int, _ step: Double) -> Double {
      (Double(row) * step).truncatingRemainder(dividingBy: 1)
    }
    let rows = 0..<3_000
    let sizes = rows.map { pow(10, decades * part($0, 0.6180339887498949)) }
    let features = rows.flatMap { row in
      [
        Float(log10(sizes[row])), Float(part(row, 0.7548776662466927)),
        Float(part(row, 0.5698402909980532)),
      ]
    }
    let target = rows.map { row in
      let (a, b) = (part(row, 0.7548776662466927), part(row, 0.5698402909980532))
      return sizes[row] * (1 + 0.5 * sin(6 * a) + 0.4 * b * b)
    }
    let table = try Table(
      features: features, featureNames: ["log size", "a", "b"], target: target,
      rowData: ["size": sizes], source: "fleet")
    return (table.subset(rows.filter { $0 % 5 > 0 }), table.subset(rows.filter { $0 % 5 == 0 }))
  }

  /// Whether leaves of single rows, met by rows of other sizes, are far off is the luck of the rows
  /// and of the bins; so the same rows and thresholds are given to doubles, and must fare the same.
  /// Over fewer decades 16 bits are enough, which choose otherwise among splits of nearly the same
  /// gain.
  @Test("the same trees as from sums of doubles", arguments: [3.0, 4, 5, 6, 7, 8], [1, 2])
  func twin(decades: Double, seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed)
    let sizes = (0..<800).map { _ in pow(10, decades * generator.uniform()) }
    var features: [Float] = []
    var target: [Double] = []
    for size in sizes {
      let (hour, cloud) = (Float(generator.index(below: 96)), Float(generator.index(below: 50)))
      features += [Float((200 * log10(size) / decades).rounded()), hour, cloud]
      let noise = exp(0.05 * generator.normal())
      target.append(size * max(0, sin(Double(hour) / 30)) * (1 - 0.01 * Double(cloud)) * noise)
    }
    let table = try Table(
      features: features, featureNames: ["log size", "hour", "cloud"], target: target,
      rowData: ["size": sizes], source: "fleet")
    let (train, test) = (table.subset(Array(0..<400)), table.subset(Array(400..<800)))
    let forest = try booster(rounds: 40, leaves: 15, minChildWeight: 0, minChildRows: 1).fit(train)
    let start = try #require(forest.header.initialScores.first)
    var twin = FleetTwin(train, start: start, rate: 0.1, leaves: 15)
    for _ in 0..<40 { twin.grow() }
    let found = try forest.predictions(for: test)
    var worst = 0.0
    for row in 0..<test.rowCount {
      let expected = twin.trees.reduce(start) {
        $0 + $1.value(of: Array(test.features(ofRow: row)))
      }
      worst = max(worst, (found[row] - expected).magnitude / (test.rowData["size"]?[row] ?? 1))
    }
    #expect(worst < 1e-9, "\(worst)")
  }

  @Test("by default large systems are not starved", arguments: [2.0, 4, 6, 8])
  func defaults(decades: Double) throws {
    let (train, test) = try fleet(decades: decades)
    let found = try #require(
      booster(rounds: 100).fit(train).evaluate(on: test, metrics: [.rmsne])["rmsne"])
    // Leaves of 20 rows; a size that is predicted as nothing would be an error of 1.
    #expect(found < 0.12, "\(found)")
  }

  /// Two sizes, each with one target per size: a function of one feature.
  @Test("two sizes a million apart", arguments: [1e4, 1e6, 1e8])
  func twoSizes(ratio: Double) throws {
    let sizes = (0..<400).map { $0 % 2 == 0 ? 1 : ratio }
    let table = try Table(
      features: sizes.map { Float(log10($0)) }, featureNames: ["log size"],
      target: sizes.map { $0 / 2 }, rowData: ["size": sizes])
    let forest = try booster(rounds: 200).fit(table)
    let found = try #require(forest.evaluate(on: table, metrics: [.rmsne])["rmsne"])
    // 0.9^200 of an error of 1/2 is 4e-10.
    #expect(found < 1e-8, "\(found)")
  }

  /// Rows of tiny weight learn the same function as rows of weight 1, where they are alone.
  @Test("weights over 12 decades", arguments: 0..<3 as Range<UInt64>)
  func weights(seed: UInt64) throws {
    let plain = try TestTables.make(seed: seed, .init(rows: 800, columns: 2))
    let isLight = (0..<800).map { $0 % 2 == 0 }
    var features: [Float] = []
    for row in 0..<800 { features += plain.features(ofRow: row) + [isLight[row] ? 1 : 0] }
    // Noise-free, so that both halves could be learnt to the last digit.
    let target = (0..<800).map { row in
      let x = plain.features(ofRow: row).map(Double.init)
      return (x[0] > 0.3 ? 2.0 : -1) * (isLight[row] ? -1 : 1) + (x[1] > 0 ? 0.5 : 0)
    }
    let table = try Table(
      features: features, featureNames: ["a", "b", "light"], target: target,
      weights: isLight.map { $0 ? 1e-12 : 1 })
    let forest = try Booster(objective: SquaredError(), rounds: 200).fit(table)
    let predictions = try forest.predictions(for: table)
    let worst = zip(predictions, target).map { ($0 - $1).magnitude }.max() ?? 1
    #expect(worst < 1e-6, "\(worst)")
  }

  @Test("gradients of 20 decades and one Hessian")
  func gradients() throws {
    var generator = RandomGenerator(seed: 3)
    let decade = (0..<2_000).map { _ in generator.index(below: 20) }
    let half = (0..<2_000).map { _ in generator.index(below: 2) }
    let target = (0..<2_000).map { pow(10, Double(decade[$0])) * (half[$0] == 0 ? -1 : 1) }
    let table = try Table(
      features: (0..<2_000).flatMap { [Float(decade[$0]), Float(half[$0])] },
      featureNames: ["decade", "half"], target: target)
    let forest = try Booster(objective: SquaredError(), rounds: 400, leaves: 64).fit(table)
    let predictions = try forest.predictions(for: table)
    // A double has 16 digits: what the start, the mean near 10^18, leaves of a target of 1 is not
    // the sums' affair. From 10^8 on every row is right.
    for row in 0..<2_000 where decade[row] >= 8 {
      #expect((predictions[row] - target[row]).magnitude < 1e-6 * target[row].magnitude)
    }
  }

  @Test("sums of 94 bits do not depend on threads")
  func threads() throws {
    let (train, _) = try fleet(decades: 8)
    let many = train.subset((0..<4).flatMap { _ in Array(0..<train.rowCount) })
    var booster = booster(rounds: 3)
    let one = try ModelFile.bytes(of: booster.fit(many))
    for threads in [2, 3, 7] {
      booster.threads = threads
      #expect(try ModelFile.bytes(of: booster.fit(many)) == one)
    }
  }

  /// Every split replayed with sums from both ends, for sizes that no narrower format can hold.
  @Test("splits over 7 decades of size are best", arguments: 0..<6 as Range<UInt64>)
  func replayed(seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed)
    let plain = try TestTables.make(seed: seed, .init(missing: 0.1))
    let sizes = (0..<plain.rowCount).map { _ in pow(10, generator.uniform(in: 0..<7)) }
    var features: [Float] = []
    for row in 0..<plain.rowCount {
      features += plain.features(ofRow: row) + [Float((4 * log10(sizes[row])).rounded())]
    }
    let table = try Table(
      features: features, featureNames: plain.featureNames + ["magnitude"],
      target: zip(plain.target ?? [], sizes).map { ($0 + 3) * $1 }, rowData: ["size": sizes],
      source: "made")
    let booster = booster(rounds: 4, leaves: 8)
    let forest = try booster.fit(table)
    #expect(forest.trees.contains { $0.leafCount > 4 })
    var replay = try NaiveReplay(booster, table)
    replay.tolerance = 1e-9
    replay.check(forest)
  }
}
