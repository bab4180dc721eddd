import HDF5
import Testing

@testable import struct HDF5.SlabPlan

@Suite struct LayoutTests {
  /// 0, 1, 2, ... as Scripts/make_hdf5_fixtures.py writes it.
  let matrix = (0..<230).map(Float.init)

  @Test(
    arguments: [
      "contiguous", "rows", "columns", "tiles", "plain_chunks", "large_chunk", "integers",
      "compact",
    ])
  func everyLayoutGivesTheSameMatrix(name: String) throws {
    let dataset = try File(readingFrom: fixture("layouts.h5")).dataset(name)
    #expect(dataset.shape == [23, 10])
    #expect(try dataset.floats() == matrix)
    #expect(try dataset.doubles() == matrix.map(Double.init))
  }

  @Test func storageIsDescribed() throws {
    let file = try File(readingFrom: fixture("layouts.h5"))
    let columns = try file.dataset("columns").storage
    #expect(columns.layout == .chunked && columns.chunk == [23, 1])
    #expect(columns.filters.map(\.name) == ["shuffle", "deflate"])
    #expect(try file.dataset("tiles").storage.filters.map(\.name) == ["shuffle", "fletcher32"])
    #expect(try file.dataset("compact").storage.layout == .compact)
    #expect(try file.dataset("contiguous").storage.storedBytes == 920)
  }

  @Test func unwrittenValuesAreTheFillValue() throws {
    let dataset = try File(readingFrom: fixture("layouts.h5")).dataset("unwritten")
    #expect(try dataset.floats() == [Float](repeating: 4.5, count: 6))
  }

  @Test func manyThreadsMayReadAtOnce() async throws {
    let file = try File(readingFrom: fixture("layouts.h5"))
    let names = ["contiguous", "rows", "columns", "tiles", "compact", "integers"]
    let matrix = matrix
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for turn in 0..<60 {
        group.addTask {
          // Errors on the way must not disturb the other threads' reading.
          let missing = try file.hasDataset("none")
          let other = try File(readingFrom: fixture("layouts.h5"))
          let source = turn % 2 == 0 ? file : other
          return try source.dataset(names[turn % names.count]).floats() == matrix && !missing
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
  }

  /// Naive twin of the slabs' order: every cell must be covered exactly once, inside one chunk
  /// band, whatever the extents.
  @Test(arguments: 0..<40)
  func slabsCoverEveryCellOnce(seed: Int) {
    var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 | 1
    func next(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
    let rows = 1 + next(60)
    let width = 1 + next(12)
    let chunk = seed % 4 == 0 ? nil : [1 + next(70), 1 + next(14)]
    // Large values make a slab hold only a few rows.
    let plan = SlabPlan(
      rows: rows, width: width, chunk: chunk, valueBytes: [4, 300_000, 9_000_000][seed % 3])
    var seen = [Int](repeating: 0, count: rows * width)
    for slab in plan {
      #expect(!slab.rows.isEmpty && !slab.columns.isEmpty)
      if let chunk, slab.rows.count > chunk[0] {
        #expect(slab.rows.lowerBound % chunk[0] == 0)
      }
      if let chunk { #expect(slab.columns.lowerBound % min(chunk[1], width) == 0) }
      for row in slab.rows {
        for column in slab.columns { seen[row * width + column] += 1 }
      }
    }
    #expect(seen.allSatisfy { $0 == 1 })
  }

  @Test func aSlabStaysSmall() {
    // A million rows of 28 columns in chunks of one column, as h5py chooses them.
    let plan = SlabPlan(rows: 1_000_000, width: 28, chunk: [15_625, 1], valueBytes: 4)
    #expect(plan.columnsPerSlab == 1)
    #expect(plan.rowsPerBand % 15_625 == 0)
    #expect(plan.allSatisfy { $0.rows.count * $0.columns.count * 4 <= SlabPlan.slabBytes })
  }
}
