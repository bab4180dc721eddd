import Foundation
import Tabular
import Testing

@testable import MLP

@Suite struct StandardiserTests {
  private func inputs(_ standardiser: Standardiser, _ row: [Float]) -> [Float] {
    var inputs = [Float](repeating: .nan, count: standardiser.inputCount)
    withFloats(&inputs) { standardiser.apply(row, row: 0, into: $0) }
    return inputs
  }

  private func standardiser(
    _ columns: [[Float]], weights: [Double] = [], standardises: Bool = true
  ) throws -> Standardiser {
    let rows = columns[0].count
    let table = try makeTable(columns: columns, target: [Double](repeating: 0, count: rows))
    return Standardiser(
      features: table.features, columns: columns.count, order: Array(0..<rows), weights: weights,
      standardises: standardises, limit: Network.inputLimit)
  }

  @Test func meanAndDeviationAreThoseOfThePopulation() throws {
    // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, standard deviation 2, the textbook example.
    let standardiser = try standardiser([[2, 4, 4, 4, 5, 5, 7, 9]])
    #expect(inputs(standardiser, [9]) == [2])
    #expect(inputs(standardiser, [5]) == [0])
    #expect(inputs(standardiser, [2]) == [-1.5])
  }

  @Test func aWeightCountsLikeRepeatedRows() throws {
    let weighted = try standardiser([[2, 4, 5, 7, 9]], weights: [1, 3, 2, 1, 1])
    let repeated = try standardiser([[2, 4, 4, 4, 5, 5, 7, 9]])
    #expect(weighted == repeated)
  }

  @Test func missingValuesBecomeTheMeanAndAnIndicator() throws {
    let standardiser = try standardiser([[1, .nan, 3], [1, 2, 3], [.infinity, 0, 2]])
    #expect(standardiser.indicators == [0, 2])
    #expect(inputs(standardiser, [.nan, 2, 0]) == [0, 0, -1, 1, 0])
    #expect(inputs(standardiser, [3, 2, 2]) == [1, 0, 1, 0, 0])
    // Missing only here: the mean, without an indicator. Infinite: like missing.
    #expect(inputs(standardiser, [3, .nan, 2])[1] == 0)
    #expect(inputs(standardiser, [3, 2, -.infinity])[2] == 0)
    #expect(inputs(standardiser, [3, 2, -.infinity])[4] == 1)
  }

  @Test func columnsThatSayNothingGiveNothing() throws {
    let standardiser = try standardiser([
      [0.1, 0.1, 0.1], [.nan, .nan, .nan], [7, .nan, 7], [1, 2, 3],
    ])
    #expect(standardiser.indicators == [2])
    #expect(standardiser.columns == [3])
    #expect(inputs(standardiser, [100, 5, -100, 2]) == [0, 0])
    #expect(inputs(standardiser, [.nan, .nan, .nan, 2]) == [0, 1])
  }

  @Test("columns are found between columns that say nothing", arguments: 0..<5)
  func runs(seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed)
    let columns: [[Float]] = (0..<40).map { _ in
      generator.index(below: 3) == 0 ? [5, 5, 5] : (0..<3).map { _ in Float(generator.normal()) }
    }
    let whole = try standardiser(columns)
    let row = columns.map { $0[1] }
    let kept = columns.indices.filter { columns[$0][0] != 5 }
    #expect(whole.columns == kept.map(Int32.init))
    // Each column alone gives what it gives among the others.
    let alone = try kept.flatMap { column in
      try inputs(standardiser([columns[column]]), [row[column]])
    }
    #expect(inputs(whole, row) == alone)
  }

  @Test func wildValuesAreLimited() throws {
    let standardiser = try standardiser([[1, 2, 3], [-3e38, 0, 3e38]])
    #expect(inputs(standardiser, [3e38, 3e38])[0] == Network.inputLimit)
    #expect(inputs(standardiser, [-3e38, -3e38])[0] == -Network.inputLimit)
    #expect(inputs(standardiser, [2, 3e38])[1].isFinite)
  }

  @Test func withoutStandardisingValuesPassAndGapsAreFilled() throws {
    let standardiser = try standardiser([[1, .nan, 3], [5, 6, 10]], standardises: false)
    #expect(inputs(standardiser, [1e6, -20]) == [1e6, -20, 0])
    #expect(inputs(standardiser, [.nan, .nan]) == [2, 7, 1])
  }
}
