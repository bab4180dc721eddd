import OrderedCollections
import Testing

@testable import BoostedTrees

/// How small a leaf may be by default, and what is told when none can be made.
@Suite struct LeafLimitTests {
  @Test(arguments: [(1, 2), (8, 2), (10, 2), (40, 4), (199, 19), (200, 20), (1_000_000, 20)])
  func leastRows(rows: Int, least: Int) {
    #expect(Booster(objective: SquaredError()).leastLeafRows(of: rows) == least)
    #expect(Booster(objective: SquaredError(), minChildRows: 7).leastLeafRows(of: rows) == 7)
  }

  private func table(_ features: [Float], _ target: [Double]) throws -> Table {
    try Table(features: features, featureNames: ["x"], target: target, source: "few.h5")
  }

  @Test func tenRowsLearn() throws {
    let ten = try table((0..<10).map(Float.init), (0..<10).map { Double($0) * 3 })
    let forest = try Booster(objective: SquaredError(), rounds: 100).fit(ten)
    #expect(forest.log.leastLeafRows == 2 && forest.log.halt == nil)
    #expect(try #require(forest.evaluate(on: ten, metrics: [.rmse])["rmse"]) < 2)
    // An explicit number is kept, and tells why nothing was learnt.
    let kept = try Booster(objective: SquaredError(), rounds: 100, minChildRows: 20).fit(ten)
    #expect(kept.trees.isEmpty && kept.log.halt == .tooFewRows(10, leastPerLeaf: 20))
    #expect(kept.log.halt?.reason.contains("10 training rows cannot make two leaves of 20") == true)
    #expect(kept.log.halt?.reason.contains("`minChildRows`") == true)
  }

  @Test("each reason for no tree is told")
  func halts() throws {
    func halt(
      _ features: [Float], _ target: [Double], _ change: (inout Booster) -> Void = { _ in }
    ) throws -> GrowthHalt? {
      var booster = Booster(objective: SquaredError(), rounds: 3, minChildRows: 1)
      change(&booster)
      let forest = try booster.fit(table(features, target))
      #expect(forest.trees.isEmpty)
      return forest.log.halt
    }
    #expect(try halt([1, 1, 1], [1, 2, 3]) == .noFeatureVaries)
    #expect(try halt([1, 2, 3], [4, 4, 4]) == .noGradient)
    #expect(try halt([0, 0, 1, 1], [0, 1, 0, 1]) == .noGain(leastPerLeaf: 1))
    #expect(
      try halt([1, 2, 3, 4], [1, 2, 3, 4]) { $0.minChildWeight = 2.5 } == .tooLittleCurvature)
    #expect(try halt([1], [2]) == .noGradient)
    for halt in [.noFeatureVaries, .noGradient, .tooLittleCurvature, .noGain(leastPerLeaf: 1)]
      as [GrowthHalt]
    {
      #expect(!halt.reason.isEmpty && !halt.reason.hasSuffix("."))
    }
  }

  /// Rows with a flag begin with twice the Hessian and lose it once their score moves.
  private struct Fading: PointwiseObjective {
    let name = "fading"
    let defaultMetric = Metric.rmse
    let rowDataNames = ["flag"]
    func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? { [0] }
    func loss(_ row: borrowing Row) -> Double {
      0.5 * (row.score - row.target) * (row.score - row.target)
    }
    func derivatives(_ row: borrowing Row) -> Derivatives {
      let isFlagged = row.data[0] == 1
      return .init(
        gradient: row.score - row.target,
        hessian: isFlagged && row.score != 0 ? 1e-9 : isFlagged ? 2 : 1)
    }
  }

  @Test("no leaf is made of rows that lost their curvature")
  func fading() throws {
    var generator = RandomGenerator(seed: 5)
    let flags = (0..<400).map { _ in generator.index(below: 2) }
    let table = try Table(
      features: flags.flatMap { [Float($0), Float(generator.uniform())] },
      featureNames: ["flag", "noise"], target: flags.map { $0 == 1 ? 1 : -1 },
      rowData: ["flag": flags.map(Double.init)])
    func pureLeaves(_ minChildWeight: Double?) throws -> Int {
      let booster = Booster(
        objective: Fading(), rounds: 2, leaves: 4, minChildWeight: minChildWeight,
        checksObjective: false)
      let tree = try #require(booster.fit(table).trees.last)
      let leaves = (0..<400).map { tree.leaf(of: table.features(ofRow: $0)) }
      return Set(leaves).count { leaf in
        (0..<400).allSatisfy { leaves[$0] != leaf || flags[$0] == 1 }
      }
    }
    #expect(try pureLeaves(nil) == 0)
    // Asked for, the limit is what it says.
    #expect(try pureLeaves(0) > 0)
  }

  @Test(
    "the search that counts rows knows what they began with", arguments: 0..<40 as Range<UInt64>)
  func search(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    let bins = 2 + generator.index(below: 12)
    let hasMissing = generator.uniform() < 0.5
    var sums: [SIMD2<Int64>] = []
    var rows: [UInt32] = []
    var starts: [Double] = []
    for _ in 0..<bins + (hasMissing ? 1 : 0) {
      let count = 1 + generator.index(below: 5)
      rows.append(UInt32(count))
      starts.append(Double(count) * generator.uniform(in: 0.5..<2))
      let faded = generator.uniform() < 0.5 ? 1e-5 : 1
      sums.append(
        SIMD2(
          Int64(1_000 * generator.normal() * Double(count)),
          Int64(1 + 1e6 * faded * Double(count))))
    }
    let total = sums.reduce(.zero) { $0 &+ $1 }
    let limits = SplitLimits(l2: 0, leastHessian: 1)
    // A child must have a hundredth of its mean start, in units of 1e6.
    let least = LeastShare(0.01 * 1e6)
    let found = sums.withUnsafeBufferPointer { sums in
      rows.withUnsafeBufferPointer { rows in
        starts.withUnsafeBufferPointer { starts in
          bestSplitCountingRows(
            WideFormat.self, sums: sums, rows: rows, valueBins: bins, total: total, limits: limits,
            leastRows: 3, starts: starts, least: least)
        }
      }
    }
    var best = -1.0
    for missingLeft in hasMissing ? [false, true] : [false] {
      for bin in 0..<(hasMissing ? bins : bins - 1) {
        var left = Set(0...bin)
        if missingLeft { left.insert(bins) }
        let right = Set(sums.indices).subtracting(left)
        func allows(_ side: Set<Int>) -> Bool {
          let count = side.reduce(0) { $0 + Int(rows[$1]) }
          let hessian = side.reduce(0) { $0 + Double(sums[$1].y) }
          let start = side.reduce(0) { $0 + starts[$1] }
          return count >= 3 && hessian >= 0.01 * 1e6 * start / Double(count)
        }
        guard !right.isEmpty, allows(left), allows(right) else { continue }
        best = max(
          best,
          splitGain(
            WideFormat.self, left: left.reduce(.zero) { $0 &+ sums[$1] }, total: total, l2: 0))
      }
    }
    #expect((found.rule == nil) == (best < 0))
    if found.rule != nil { #expect((found.gain - best).magnitude <= 1e-9 * best.magnitude) }
  }
}
