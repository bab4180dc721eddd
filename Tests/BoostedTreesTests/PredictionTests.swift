import Parallel
import Testing

@testable import BoostedTrees

/// Predicting many rows at once against the way of each row through each tree.
@Suite struct PredictionTests {
  /// A tree of random splits over `columns` features, whose thresholds are drawn from `cuts`.
  private func tree(
    _ generator: inout RandomGenerator, columns: Int, splits: Int, cuts: [Float]
  ) -> Tree {
    var tree = Tree(value: 0)
    var leaves = [0]
    for _ in 0..<splits {
      let leaf = leaves.remove(at: generator.index(below: leaves.count))
      let places = tree.split(
        leaf, column: generator.index(below: columns),
        rule: rule(&generator, cuts), gain: 1)
      leaves += [places.left, places.right]
    }
    for leaf in leaves { tree.values[leaf] = generator.normal() }
    return tree
  }

  private func rule(_ generator: inout RandomGenerator, _ cuts: [Float]) -> FeatureRule {
    let threshold = cuts[generator.index(below: cuts.count)]
    return FeatureRule(.upTo(threshold), missingGoesLeft: generator.uniform() < 0.5)
  }

  private func outputs(
    _ trees: [Tree], scoresPerRow: Int, features: [Float], columns: Int, threads: Int
  ) throws -> [Double] {
    let rows = features.count / columns
    let forest = try #require(BinnedForest(trees, columns: columns))
    var outputs = [Double](repeating: 0.1, count: rows * scoresPerRow)
    features.withUnsafeBufferPointer { features in
      outputs.withUnsafeMutableBufferPointer { outputs in
        forest.addOutputs(
          scoresPerRow: scoresPerRow, features: SharedPointer(features), columns: columns,
          rowCount: rows, to: SharedMutablePointer(base: outputs.baseAddress!),
          pool: WorkerPool(threads: threads))
      }
    }
    return outputs
  }

  @Test(
    "eight rows at once reach the leaves each reaches alone", arguments: 0..<12 as Range<UInt64>)
  func binnedForest(seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed)
    let (columns, width) = (1 + generator.index(below: 9), 1 + generator.index(below: 3))
    let rows = [1, 7, 8, 255, 256, 257, 700][generator.index(below: 7)]
    // Up to 255 thresholds, among them neighbours, zeros of both signs and infinities.
    let tiny = Float.leastNonzeroMagnitude
    var cuts: [Float] = [0, -0.0, 1, Float(1).nextUp, .infinity, -.infinity, tiny]
    let count = [8, 100, 255][Int(seed % 3)]
    while Set(cuts).count < count { cuts.append(Float(generator.uniform(in: -3..<3))) }
    let trees = (0..<width * 4).map { _ in
      tree(&generator, columns: columns, splits: generator.index(below: 300), cuts: cuts)
    }
    let odd = cuts + [.nan, .greatestFiniteMagnitude, -.greatestFiniteMagnitude]
    let features = (0..<rows * columns).map { _ in
      generator.uniform() < 0.4
        ? odd[generator.index(below: odd.count)] : Float(generator.uniform(in: -3..<3))
    }
    var expected = [Double](repeating: 0.1, count: rows * width)
    for (place, tree) in trees.enumerated() {
      for row in 0..<rows {
        let leaf = tree.leaf(of: features[row * columns..<(row + 1) * columns])
        expected[row * width + place % width] += tree.values[leaf]
      }
    }
    for threads in [1, 3] {
      let found = try outputs(
        trees, scoresPerRow: width, features: features, columns: columns, threads: threads)
      #expect(found == expected)
    }
  }

  /// A place in a block of 256 rows and twice as many columns has 24 bits: 2^24 / 512 columns are
  /// one too many.
  @Test func moreColumnsThanPlacesCount() throws {
    let most = (1 << 24) / 512
    let stumps = (0..<most).map { column in
      var tree = Tree(value: 0)
      let places = tree.split(0, column: column, rule: .upTo(0), gain: 1)
      (tree.values[places.left], tree.values[places.right]) = (0, 1)
      return tree
    }
    #expect(BinnedForest(stumps, columns: most) == nil)
    // The last columns have places of their own: of each row one column is above its threshold.
    let columns = most - 1
    let places = [0, 1, columns / 2, columns - 2, columns - 1]
    var features = [Float](repeating: -1, count: places.count * columns)
    for (row, place) in places.enumerated() { features[row * columns + place] = 1 }
    let found = try outputs(
      Array(stumps.dropLast()), scoresPerRow: 1, features: features, columns: columns, threads: 1)
    #expect(found == [Double](repeating: 1.1, count: places.count))
  }

  /// 256 thresholds of one feature are one too many for bytes; prediction works all the same.
  @Test func moreThresholdsThanBytesCount() throws {
    var generator = RandomGenerator(seed: 1)
    let trees = (0..<256).map { cut in
      var tree = Tree(value: 0)
      let places = tree.split(
        0, column: 0, rule: .upTo(Float(cut)), gain: 1)
      (tree.values[places.left], tree.values[places.right]) = (0, 1)
      return tree
    }
    #expect(BinnedForest(Array(trees.dropLast()), columns: 1) != nil)
    #expect(BinnedForest(trees, columns: 1) == nil)
    // Each value passes the thresholds below it; missing ones pass all.
    let features = (0..<1_000).map { _ in Float(generator.index(below: 300)) } + [.nan]
    var outputs = [Double](repeating: 0, count: 1_001)
    addOutputs(
      of: trees, scoresPerRow: 1, features: features, columns: 1, to: &outputs,
      pool: WorkerPool(threads: 2))
    #expect(outputs == features.map { $0.isNaN ? 256 : Double(min($0, 256)) })
  }
}

extension FeatureRule {
  /// Numbers up to `threshold` go left, missing ones right.
  fileprivate static func upTo(_ threshold: Float) -> FeatureRule {
    FeatureRule(.upTo(threshold), missingGoesLeft: false)
  }
}
