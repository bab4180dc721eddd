import Foundation
import Tabular
import Testing

@testable import MLP

@Suite struct StandardizerTests {
  private func inputs(_ standardizer: Standardizer, _ row: [Float]) -> [Float] {
    var inputs = [Float](repeating: .nan, count: standardizer.inputCount)
    withFloats(&inputs) { standardizer.apply(row, row: 0, into: $0) }
    return inputs
  }

  private func standardizer(
    _ columns: [[Float]], weights: [Double] = [], standardizes: Bool = true
  ) throws -> Standardizer {
    let rows = columns[0].count
    let table = try makeTable(columns: columns, target: [Double](repeating: 0, count: rows))
    return Standardizer(
      features: table.features, columns: columns.count, order: Array(0..<rows), weights: weights,
      standardizes: standardizes, limit: Network.inputLimit)
  }

  @Test func meanAndDeviationAreThoseOfThePopulation() throws {
    // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, standard deviation 2, the textbook example.
    let standardizer = try standardizer([[2, 4, 4, 4, 5, 5, 7, 9]])
    #expect(inputs(standardizer, [9]) == [2])
    #expect(inputs(standardizer, [5]) == [0])
    #expect(inputs(standardizer, [2]) == [-1.5])
  }

  @Test func aWeightCountsLikeRepeatedRows() throws {
    let weighted = try standardizer([[2, 4, 5, 7, 9]], weights: [1, 3, 2, 1, 1])
    let repeated = try standardizer([[2, 4, 4, 4, 5, 5, 7, 9]])
    #expect(weighted == repeated)
  }

  @Test func missingValuesBecomeTheMeanAndAnIndicator() throws {
    let standardizer = try standardizer([[1, .nan, 3], [1, 2, 3], [.infinity, 0, 2]])
    #expect(standardizer.indicators == [0, 2])
    #expect(inputs(standardizer, [.nan, 2, 0]) == [0, 0, -1, 1, 0])
    #expect(inputs(standardizer, [3, 2, 2]) == [1, 0, 1, 0, 0])
    // Missing only here: the mean, without an indicator. Infinite: like missing.
    #expect(inputs(standardizer, [3, .nan, 2])[1] == 0)
    #expect(inputs(standardizer, [3, 2, -.infinity])[2] == 0)
    #expect(inputs(standardizer, [3, 2, -.infinity])[4] == 1)
  }

  @Test func columnsThatSayNothingGiveNothing() throws {
    let standardizer = try standardizer([
      [0.1, 0.1, 0.1], [.nan, .nan, .nan], [7, .nan, 7], [1, 2, 3],
    ])
    #expect(standardizer.indicators == [2])
    #expect(standardizer.columns == [3])
    #expect(inputs(standardizer, [100, 5, -100, 2]) == [0, 0])
    #expect(inputs(standardizer, [.nan, .nan, .nan, 2]) == [0, 1])
  }

  @Test("columns are found between columns that say nothing", arguments: 0..<5)
  func runs(seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed)
    let columns: [[Float]] = (0..<40).map { _ in
      generator.index(below: 3) == 0 ? [5, 5, 5] : (0..<3).map { _ in Float(generator.normal()) }
    }
    let whole = try standardizer(columns)
    let row = columns.map { $0[1] }
    let kept = columns.indices.filter { columns[$0][0] != 5 }
    #expect(whole.columns == kept.map(Int32.init))
    // Each column alone gives what it gives among the others.
    let alone = try kept.flatMap { column in
      try inputs(standardizer([columns[column]]), [row[column]])
    }
    #expect(inputs(whole, row) == alone)
  }

  @Test func wildValuesAreLimited() throws {
    let standardizer = try standardizer([[1, 2, 3], [-3e38, 0, 3e38]])
    #expect(inputs(standardizer, [3e38, 3e38])[0] == Network.inputLimit)
    #expect(inputs(standardizer, [-3e38, -3e38])[0] == -Network.inputLimit)
    #expect(inputs(standardizer, [2, 3e38])[1].isFinite)
  }

  @Test func withoutStandardizingValuesPassAndGapsAreFilled() throws {
    let standardizer = try standardizer([[1, .nan, 3], [5, 6, 10]], standardizes: false)
    #expect(inputs(standardizer, [1e6, -20]) == [1e6, -20, 0])
    #expect(inputs(standardizer, [.nan, .nan]) == [2, 7, 1])
  }
}
