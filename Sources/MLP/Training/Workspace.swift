/// Where everything of a training run stands in its two arrays, allocated once.
///
/// A batch is cut into slices of a fixed number of rows. Each slice has gradients, activations and
/// numbers of its own, and the gradients are added in the order of the slices, so that the result
/// does not depend on which thread runs which slice.
struct Workspace: Sendable {
  /// Rows of a slice that are worth a thread. Products of fewer rows waste time.
  static let slicedRows = 64
  /// Slices of a batch at most: each needs a gradient of its own to be added up.
  static let maximumSlices = 4

  let layers: LayerStack
  /// Rows per slice; the last one of a batch may have fewer.
  let sliceRows: Int
  /// Slices of a full batch.
  let sliceCount: Int
  /// Numbers per parameter that the optimizer remembers.
  let stateCount: Int
  let rowDataCount: Int

  init(layers: LayerStack, batchRows: Int, stateCount: Int, rowDataCount: Int) {
    self.layers = layers
    let wanted = min(Self.maximumSlices, max(1, batchRows / Self.slicedRows))
    sliceRows = (batchRows + wanted - 1) / wanted
    sliceCount = (batchRows + sliceRows - 1) / sliceRows
    self.stateCount = stateCount
    self.rowDataCount = rowDataCount
  }

  private var parameterCount: Int { layers.shape.parameterCount }
  private var activationCount: Int { layers.activationCount(rows: sliceRows) }
  private var deltaCount: Int { layers.deltaCount(rows: sliceRows) }

  // MARK: - Single precision

  var parameters: Range<Int> { 0..<parameterCount }

  /// What the optimizer remembers of all parameters.
  var state: Range<Int> { parameterCount..<(1 + stateCount) * parameterCount }

  /// What the optimizer remembers of a run of parameters, `[stateCount x parameters]`. Runs of one
  /// training are cut in the same way in every step.
  func state(of run: Range<Int>) -> Range<Int> {
    let start = parameterCount + stateCount * run.lowerBound
    return start..<start + stateCount * run.count
  }

  func gradients(_ slice: Int) -> Range<Int> {
    (1 + stateCount + slice) * parameterCount..<(2 + stateCount + slice) * parameterCount
  }

  func activations(_ slice: Int) -> Range<Int> {
    let start =
      (1 + stateCount + sliceCount) * parameterCount + slice * (activationCount + deltaCount)
    return start..<start + activationCount
  }

  func deltas(_ slice: Int) -> Range<Int> {
    let start = activations(slice).upperBound
    return start..<start + deltaCount
  }

  var floatCount: Int {
    (1 + stateCount + sliceCount) * parameterCount + sliceCount * (activationCount + deltaCount)
  }

  // MARK: - Double precision

  /// What the objective reads and writes for one slice of `rows` rows.
  struct ObjectiveParts {
    let scores: Range<Int>
    let gradients: Range<Int>
    let targets: Range<Int>
    let weights: Range<Int>
    let rowData: Range<Int>
  }

  func objectiveParts(_ slice: Int, rows: Int) -> ObjectiveParts {
    let width = layers.shape.outputCount
    var end = slice * sliceRows * (2 * width + 2 + rowDataCount)
    func next(_ count: Int) -> Range<Int> {
      defer { end += count }
      return end..<end + count
    }
    return ObjectiveParts(
      scores: next(rows * width), gradients: next(rows * width),
      targets: next(rows), weights: next(rows), rowData: next(rows * rowDataCount))
  }

  var doubleCount: Int {
    sliceCount * sliceRows * (2 * layers.shape.outputCount + 2 + rowDataCount)
  }
}
