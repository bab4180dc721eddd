import Learning
import Losses
import Parallel

/// Scores and gradients of all rows, for objectives whose rows depend on one another.
///
/// The slices of a batch write the scores of their rows here; the objective is then called on whole
/// runs of rows of the table, and the slices read their gradients. Nothing depends on how a batch
/// is cut into slices, or on threads.
struct JointGradients: Sendable {
  private let objective: any Objective
  private let rows: ObjectiveRows
  /// Where the arrays begin among the doubles of the training run.
  private let start: Int

  /// Arrays for `rows` from place `start` on.
  init(_ objective: any Objective, _ rows: ObjectiveRows, start: Int) {
    self.objective = objective
    self.rows = rows
    self.start = start
  }

  private var width: Int { objective.scoresPerRow }
  private var valueCount: Int { rows.count * width }

  /// The elements it needs.
  var doubleCount: Int { objective.reach == .row ? 0 : 2 * valueCount }

  /// All scores, `[rows x scoresPerRow]`.
  var scores: Range<Int> { start..<start + valueCount }
  /// All gradients, likewise.
  var gradients: Range<Int> { start + valueCount..<start + 2 * valueCount }

  /// Lets the objective write the gradients of the rows in each of `blocks`.
  func evaluate(_ blocks: [Range<Int>], _ doubles: DisjointSlices<Double>, pool: WorkerPool) {
    pool.forEach(blocks.count) { index in
      let block = blocks[index]
      func part(_ whole: Range<Int>) -> Doubles {
        doubles.part(
          whole.lowerBound + block.lowerBound * width..<whole.lowerBound + block.upperBound * width)
      }
      var gradients = MutableSpan(_unsafeElements: part(gradients))
      // Safe because: blocks are disjoint runs of rows, and nobody writes scores during the step.
      objective.gradients(
        at: Span(_unsafeElements: part(scores)), rows.rows.extracting(block), into: &gradients)
    }
  }
}
