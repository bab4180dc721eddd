import Tabular
import Testing

@testable import Harness

struct SizeBucketsTests {
  @Test(arguments: [
    ([2.3, 4800], [2.0, 10, 100, 1000, 5000]),
    ([2, 5000], [2, 10, 100, 1000, 5000]),
    ([3, 8], [2, 5, 10]),
    ([10, 1000], [10, 100, 1000]),
    ([7, 7], [5, 10]),
    ([0.004, 0.3], [0.002, 0.01, 0.1, 0.5]),
    ([5, 5], [5, 10]),
    ([1.1, 190_000], [1, 10, 100, 1000, 10_000, 200_000]),
    ([6, 1500], [5, 100, 2000]),
  ])
  func boundaries(sizes: [Double], expected: [Double]) throws {
    let buckets = try #require(SizeBuckets(covering: sizes))
    #expect(buckets.boundaries == expected)
    #expect(sizes.allSatisfy { buckets.index(of: $0) != nil })
  }

  @Test func noSizesNoBuckets() {
    #expect(SizeBuckets(covering: []) == nil)
    #expect(SizeBuckets(covering: [0, -1, .nan, .infinity]) == nil)
  }

  @Test func theLastBucketIsClosed() {
    let buckets = SizeBuckets(boundaries: [1, 10, 100])
    #expect(buckets.index(of: 1) == 0)
    #expect(buckets.index(of: 9.99) == 0)
    #expect(buckets.index(of: 10) == 1)
    #expect(buckets.index(of: 100) == 1)
    #expect(buckets.index(of: 101) == nil)
    #expect(buckets.index(of: .nan) == nil)
  }

  /// Against the definition, one bucket at a time.
  @Test(arguments: [1, 2, 3, 4] as [UInt64], [false, true])
  func errorsAgreeWithTheDefinition(seed: UInt64, isWeighted: Bool) throws {
    var generator = RandomGenerator(seed: seed)
    let count = 300
    let sizes = (0..<count).map { _ in generator.uniform(in: 1..<2000) }
    let targets = sizes.map { $0 * generator.uniform() }
    let predictions = targets.map { $0 + 5 * generator.normal() }
    let weights = isWeighted ? sizes.map { _ in generator.uniform() } : []
    let groups = sizes.map { _ in generator.index(below: 9) }
    let buckets = try #require(SizeBuckets(covering: sizes))
    let errors = buckets.errors(
      predictions: predictions, targets: targets, sizes: sizes, weights: weights)
    let counted = buckets.counted(sizes: sizes, groups: groups)
    for bucket in 0..<buckets.count {
      let rows = (0..<count).filter {
        sizes[$0] >= buckets.boundaries[bucket] && sizes[$0] < buckets.boundaries[bucket + 1]
      }
      let weight = rows.map { isWeighted ? weights[$0] : 1 }
      let ratios = rows.map { (predictions[$0] - targets[$0]) / sizes[$0] }
      let total = weight.reduce(0, +)
      let square = zip(ratios, weight).map { $0 * $0 * $1 }.reduce(0, +) / total
      let absolute = zip(ratios, weight).map { abs($0) * $1 }.reduce(0, +) / total
      if rows.isEmpty {
        #expect(errors[bucket].rootMeanSquaredPercent.isNaN)
      } else {
        #expect(
          abs(errors[bucket].rootMeanSquaredPercent - 100 * square.squareRoot()) < 1e-9
            * (1 + 100 * square.squareRoot()))
        #expect(
          abs(errors[bucket].meanAbsolutePercent - 100 * absolute) < 1e-9 * (1 + 100 * absolute))
      }
      #expect(counted[bucket].rows == rows.count)
      #expect(counted[bucket].groups == Set(rows.map { groups[$0] }).count)
    }
    #expect(counted.reduce(0) { $0 + $1.rows } == count)
  }
}
