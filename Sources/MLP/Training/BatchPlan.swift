import Learning
import Losses
import Tabular

/// How rows are drawn into the batches of an epoch.
///
/// Objectives whose rows stand alone get batches of single rows, those that compare the rows of a
/// group batches of whole groups. Where the loss of a row depends on all rows, batches are single
/// rows again: they say whose derivatives make a step, not what the objective sees.
struct BatchPlan: Sendable {
  /// A step's worth of rows.
  struct Batch {
    /// Its rows, as places in the order of the epoch.
    let places: Range<Int>
    /// The runs of rows of the table that the objective must see for it; empty if rows stand alone.
    let blocks: [Range<Int>]
  }

  private let reach: Reach
  private let rowCount: Int
  private let batchSize: Int
  /// Runs of rows that stay together.
  private let groups: [Range<Int>]

  /// A plan for `rows`; a group of more than `batchSize` rows is a batch of its own.
  init(_ rows: ObjectiveRows, reach: Reach, batchSize: Int) {
    self.reach = reach
    self.batchSize = batchSize
    rowCount = rows.count
    groups = reach == .group ? rows.blocks(of: 1, reach: .group) : []
  }

  /// Rows of the largest batch that may be drawn.
  var largestBatch: Int {
    min(rowCount, max(batchSize, groups.lazy.map(\.count).max() ?? 0))
  }

  /// All rows in the order that `generator` decides, and the batches they make up in turn.
  func epoch(_ generator: inout RandomGenerator) -> (order: [Int], batches: [Batch]) {
    guard reach == .group else {
      var order = Array(0..<rowCount)
      generator.shuffle(&order)
      let batches = stride(from: 0, to: rowCount, by: batchSize).map { first in
        Batch(
          places: first..<min(first + batchSize, rowCount),
          blocks: reach == .table ? [0..<rowCount] : [])
      }
      return (order, batches)
    }
    var shuffled = groups
    generator.shuffle(&shuffled)
    var batches: [Batch] = []
    var first = 0
    var blocks: [Range<Int>] = []
    var end = 0
    for group in shuffled {
      if !blocks.isEmpty, end - first + group.count > batchSize {
        batches.append(Batch(places: first..<end, blocks: blocks))
        (first, blocks) = (end, [])
      }
      blocks.append(group)
      end += group.count
    }
    if !blocks.isEmpty { batches.append(Batch(places: first..<end, blocks: blocks)) }
    return (shuffled.flatMap { Array($0) }, batches)
  }
}
