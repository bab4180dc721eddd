import Parallel
import Testing

@testable import BoostedTrees

/// One rule from the search to the model, numbers and categories alike.
@Suite("Split rules") struct SplitRuleTests {
  /// Feature 0 is a weekday from 0, Monday, feature 1 a temperature. By hand: on Sundays and where
  /// the day is missing 1; else up to 20 degrees, or where they are missing, 2; else on Tuesdays and
  /// the 70th day 4, on others 8.
  private func toy() -> Tree {
    var tree = Tree(value: 0)
    let root = tree.split(
      0, column: 0, rule: FeatureRule(.among(CategorySet([6])), missingGoesLeft: true), gain: 1)
    let warm = tree.split(
      root.right, column: 1, rule: FeatureRule(.upTo(20), missingGoesLeft: true), gain: 1)
    let day = tree.split(
      warm.right, column: 0,
      rule: FeatureRule(.among(CategorySet([1, 70])), missingGoesLeft: false),
      gain: 1)
    for (node, value) in [(root.left, 1.0), (warm.left, 2), (day.left, 4), (day.right, 8)] {
      tree.values[node] = value
    }
    return tree
  }

  private let rows: [(day: Float, degrees: Float, value: Double)] = [
    (6, 30, 1), (6, 0, 1), (.nan, 30, 1), (0, 20, 2), (1, .nan, 2), (1, 20.5, 4), (70, 99, 4),
    (69, 99, 8), (71, 99, 8), (0, 99, 8),
    // Codes that nobody has seen, and numbers that are no codes, are in no set.
    (64, 99, 8), (1_000, 99, 8), (-1, 99, 8), (1.5, 99, 8), (6.5, 99, 8), (.infinity, 99, 8),
    (-.infinity, 0, 2), (-0.0, 99, 8), (3e38, 99, 8),
  ]

  @Test func aToyTreePredictsByHand() {
    let tree = toy()
    #expect(tree.fault(columns: 2) == nil)
    for row in rows { #expect(tree.values[tree.leaf(of: [row.day, row.degrees])] == row.value) }
    // Few rows one by one; many rows of many trees in blocks of eight.
    for (copies, trees) in [(1, 1), (40, 8)] {
      let features = (0..<copies).flatMap { _ in rows.flatMap { [$0.day, $0.degrees] } }
      for threads in [1, 3] {
        var outputs = [Double](repeating: 0.5, count: copies * rows.count)
        addOutputs(
          of: Array(repeating: tree, count: trees), scoresPerRow: 1, features: features, columns: 2,
          to: &outputs, pool: WorkerPool(threads: threads))
        let expected = (0..<copies).flatMap { _ in rows.map { 0.5 + Double(trees) * $0.value } }
        #expect(outputs == expected)
      }
    }
    #expect(BinnedForest(Array(repeating: tree, count: 8), columns: 2)?.paysOff == true)
  }

  @Test func theRulesOfATreeAreThoseItWasMadeOf() {
    let tree = toy()
    #expect(tree.rule(of: 0) == FeatureRule(.among(CategorySet([6])), missingGoesLeft: true))
    #expect(tree.rule(of: 1) == nil)
    #expect(tree.rule(of: 2) == FeatureRule(.upTo(20), missingGoesLeft: true))
    #expect(
      tree.rule(of: 4) == FeatureRule(.among(CategorySet([70, 1])), missingGoesLeft: false))
    for row in rows where !row.day.isNaN {
      #expect(tree.rule(of: 0)?.goesLeft(row.day) == (row.day == 6))
    }
    #expect(tree.rule(of: 0)?.goesLeft(.nan) == true)
    var damaged = tree
    damaged.categories.removeLast()
    #expect(damaged.fault(columns: 2)?.contains("set of categories") == true)
  }

  @Test func setsHoldTheirMembers() {
    for members in [[], [0], [63, 64], [5, 255], [300, 2, 1_000]] {
      let set = CategorySet(members)
      #expect(set.members == members.sorted())
      for code in 0..<1_100 { #expect(set.contains(Float(code)) == members.contains(code)) }
      #expect(!set.contains(.nan) && !set.contains(-1) && !set.contains(0.5))
      guard members.allSatisfy({ $0 < 256 }) else { continue }
      let bins = BinSet(members)
      #expect(bins.members == members.sorted())
      for bin in 0..<256 { #expect(bins.contains(UInt8(bin)) == members.contains(bin)) }
    }
    // However a set was built, the same set.
    #expect(CategorySet([1, 2]) == CategorySet([2, 1, 1]))
  }

  @Test func aRuleOverBinsIsTheSameOverValues() {
    let cuts = FeatureCuts(cuts: [-1, 0.5, 7], hasMissing: true)
    let values: [Float] = [-2, -1, 0, 0.5, 0.6, 7, 8, .infinity, -.infinity, .nan]
    for missingGoesLeft in [false, true] {
      for bin in 0..<4 {
        let rule = BinRule.upTo(bin, missingGoesLeft: missingGoesLeft)
        let overValues = cuts.rule(of: rule)
        for value in values {
          let own = UInt8(cuts.bin(of: value))
          #expect(
            overValues.goesLeft(value) == rule.goesLeft(own, missingBin: cuts.missingBin))
        }
      }
    }
    // Bins that are categories: their codes.
    let kinds = FeatureCuts(cuts: [0.5, 1.5, 2.5], hasMissing: false)
    let rule = BinRule(.among(BinSet([0, 3])), missingGoesLeft: true)
    for code in 0..<4 {
      #expect(
        kinds.rule(of: rule).goesLeft(Float(code)) == rule.goesLeft(UInt8(code), missingBin: nil))
    }
  }
}
