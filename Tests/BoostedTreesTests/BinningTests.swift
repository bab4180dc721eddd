import Parallel
import Testing

@testable import BoostedTrees

@Suite struct BinningTests {
  @Test func radixSortSorts() {
    for seed in 0..<5 as Range<UInt64> {
      var generator = RandomGenerator(seed: seed)
      var values: [Float] = [0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, -1, 1]
      for _ in 0..<500 {
        values.append(Float(bitPattern: UInt32(truncatingIfNeeded: generator.next())))
      }
      values.removeAll(where: \.isNaN)
      #expect(radixSorted(values) == values.sorted())
    }
    #expect(radixSorted([]).isEmpty)
  }

  @Test func fewDistinctValuesGetABinEach() {
    let cuts = FeatureCuts(sorted: [1, 1, 2, 4, 4, 4], hasMissing: false, maxBins: 256)
    #expect(cuts.cuts == [1.5, 3])
    #expect(
      [0, 1, 1.5, 1.6, 2, 3.5, 9, .infinity, -.infinity].map(cuts.bin) == [
        0, 0, 0, 1, 1, 2, 2, 2, 0,
      ])
  }

  @Test func cutsLieBetweenNeighbours() {
    let values: [Float] = [
      -.infinity, -.greatestFiniteMagnitude, -1, -.leastNonzeroMagnitude, 0,
      .leastNonzeroMagnitude, 1, Float(1).nextUp, 2, .greatestFiniteMagnitude, .infinity,
    ]
    let cuts = FeatureCuts(sorted: values, hasMissing: false, maxBins: 256)
    // Every value has a bin of its own, neighbours in Float32 and infinities too.
    #expect(values.map(cuts.bin) == Array(values.indices))
    for (cut, (lower, upper)) in zip(cuts.cuts, zip(values, values.dropFirst())) {
      // `<` and `<=` agree unless Float32 has no number between the two.
      #expect(lower < cut && cut < upper || lower.nextUp == upper && cut == lower)
    }
  }

  @Test func manyValuesFillBinsEvenly() {
    for seed in 0..<5 as Range<UInt64> {
      var generator = RandomGenerator(seed: seed)
      let values = (0..<20_000).map { _ in Float(generator.normal()) }
      let cuts = FeatureCuts(sorted: values.sorted(), hasMissing: true, maxBins: 256)
      #expect(cuts.binCount == 256 && cuts.valueBins == 255)
      var counts = [Int](repeating: 0, count: 256)
      for value in values { counts[cuts.bin(of: value)] += 1 }
      // 20,000 / 255 = 78.4.
      #expect(counts.dropLast().allSatisfy { (70...90).contains($0) })
      #expect(counts[255] == 0)
    }
  }

  @Test func aFrequentValueHasABinOfItsOwn() {
    var generator = RandomGenerator(seed: 1)
    let values = (0..<10_000).map { $0 % 2 == 0 ? Float(0) : Float(generator.normal()) }
    let cuts = FeatureCuts(sorted: values.sorted(), hasMissing: false, maxBins: 64)
    let bin = cuts.bin(of: 0)
    #expect(values.filter { cuts.bin(of: $0) == bin }.allSatisfy { $0 == 0 })
    #expect(cuts.valueBins > 32)
  }

  @Test func constantAndMissingColumnsOfferNoSplit() throws {
    let nan = Float.nan
    let table = try Table(
      features: [1, nan, 3, nan, 1, nan, 4, 0, 1, nan, 3, nan], featureNames: ["a", "b", "c", "d"],
      target: [0, 1, 0])
    let binned = BinnedTable(table, maxBins: 256, seed: 0, pool: WorkerPool(threads: 1))
    // `c` has two values; `d` one value and missing ones.
    #expect(binned.sourceColumns == [2, 3])
    #expect(binned.cuts.map(\.binCount) == [2, 2])
  }

  @Test(arguments: [1, 2, 3])
  func bothLayoutsHoldTheBinOfEachValue(threads: Int) throws {
    let table = try TestTables.make(
      seed: 3, .init(rows: 3_000, columns: 19, levels: 0, missing: 0.1))
    let binned = BinnedTable(table, maxBins: 64, seed: 0, pool: WorkerPool(threads: threads))
    #expect(binned.columnCount == 19 && binned.rowStride == 32)
    var wrong = 0
    for row in 0..<3_000 {
      for column in 0..<19 {
        let expected = binned.cuts[column].bin(of: table.features[row * 19 + column])
        wrong += Int(binned.byRow[row * 32 + column]) == expected ? 0 : 1
        wrong += Int(binned.byColumn[column * 3_000 + row]) == expected ? 0 : 1
      }
    }
    #expect(wrong == 0)
  }

  @Test func aSampleStandsForManyRows() throws {
    let rows = BinnedTable.sampleLimit + 50_000
    let features = (0..<rows).map { Float($0 % 1_000) }
    let table = try Table(features: features, featureNames: ["a"])
    let one = BinnedTable(table, maxBins: 11, seed: 5, pool: WorkerPool(threads: 1))
    let two = BinnedTable(table, maxBins: 11, seed: 5, pool: WorkerPool(threads: 2))
    #expect(one.cuts == two.cuts)
    for (cut, expected) in zip(one.cuts[0].cuts, stride(from: 90.9, to: 1_000, by: 90.9)) {
      #expect((Double(cut) - expected).magnitude < 10)
    }
  }

  /// Rows are drawn from the whole table: of 250,000 numbered ones the quantiles of 200,000 drawn
  /// without replacement are off by sqrt(p (1 - p) / 200,000 * 0.2), at most 125 rows, in the mean.
  @Test func aSampleIsDrawnFromAllRows() throws {
    let rows = BinnedTable.sampleLimit + 50_000
    let table = try Table(features: (0..<rows).map { Float($0) }, featureNames: ["row"])
    let cuts = BinnedTable(table, maxBins: 10, seed: 5, pool: WorkerPool(threads: 2)).cuts[0].cuts
    #expect(cuts.count == 9)
    for (place, cut) in cuts.enumerated() {
      #expect((Double(cut) - Double(rows * (place + 1)) / 10).magnitude < 700)
    }
  }
}
