import Testing

@testable import HDF5

/// The pieces in which a dataset is read.
@Suite("Slabs") struct SlabPlanTests {
  @Test(
    "they cover everything once and stay within their memory",
    arguments: [nil, [100, 10], [1, 10], [4096, 3], [7, 4], [200_000, 1]] as [[Int]?])
  func boundsAndCover(chunk: [Int]?) {
    let (rows, width, valueBytes) = (300_000, 10, 8)
    let oneChunk = (chunk ?? []).reduce(valueBytes, *)
    var cells = 0
    for slab in SlabPlan(rows: rows, width: width, chunk: chunk, valueBytes: valueBytes) {
      let count = slab.rows.count * slab.columns.count
      #expect(count > 0 && count * valueBytes <= max(SlabPlan.slabBytes, oneChunk))
      cells += count
    }
    #expect(cells == rows * width)
  }
}
