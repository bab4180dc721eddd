import Parallel

/// How the training loss changes along a round's steps, for the steps at any length.
///
/// From the loss if it is to be trusted, otherwise from the integral of the gradient. Rows whose
/// loss is not finite to begin with tell nothing and are left out.
final class LossChange {
  /// The change of a part's weighted loss.
  struct PartSum: BitwiseCopyable, Sendable {
    var change = 0.0
    /// The weighted magnitudes of what was subtracted.
    var magnitude = 0.0

    /// What rounding alone can make of the change.
    var rounding: Double { 1e-12 * magnitude }
    /// Whether the loss rises by more than `least`, beyond rounding, or is no number any more.
    func rises(byMoreThan least: Double) -> Bool { !(change <= max(1e-9 * magnitude, least)) }
  }

  /// Leaves if rows have one score and a loss of their own, else 1.
  let parts: Int
  private let objective: any Objective
  private let rows: ObjectiveRows
  private let blocks: [Range<Int>]
  private let pool: WorkerPool
  private let width: Int
  private let leafOfRow: AlignedBuffer<UInt16>
  private let before: AlignedBuffer<Double>
  private let steps: AlignedBuffer<Double>
  /// The losses before; empty if the gradient is integrated.
  private let losses: AlignedBuffer<Double>
  private let usesLoss: Bool

  /// - Parameters:
  ///   - scoresAfter: the scores with the whole steps, `[rows x scoresPerRow]`.
  ///   - before: the scores without them, if they are known.
  ///   - usesLoss: whether to trust the objective's loss, which it must then have.
  init(
    _ objective: any Objective, _ rows: ObjectiveRows, _ round: RoundSteps,
    scoresAfter: AlignedBuffer<Double>, before: [Double]?, usesLoss: Bool, _ blocks: [Range<Int>],
    _ pool: WorkerPool
  ) {
    self.objective = objective
    self.usesLoss = usesLoss
    self.rows = rows
    self.blocks = blocks
    self.pool = pool
    width = round.width
    leafOfRow = round.leafOfRow
    parts = width == 1 && objective.reach == .row ? round.trees[0].leafNodes.count : 1
    let count = rows.count * width
    steps = AlignedBuffer(repeating: 0, count: count)
    self.before = AlignedBuffer(repeating: 0, count: count)
    losses = AlignedBuffer(repeating: 0, count: usesLoss ? rows.count : 0)
    for score in 0..<width {
      round.withLeaves(of: score) { leaves, values in
        // Safe because: there is a leaf for each row, and a score and a step for each of both.
        for row in 0..<rows.count {
          let place = row &* width &+ score
          steps.base[place] = values[Int(leaves[row])]
          self.before.base[place] = scoresAfter.base[place] - steps.base[place]
        }
      }
    }
    if let before { self.before.update(from: before) }
    guard usesLoss else { return }
    let shared = Shared(change: self)
    pool.forEach(blocks.count) { block in
      shared.change.evaluateBefore(shared.change.blocks[block])
    }
  }

  private struct Shared: @unchecked Sendable {
    // Safe because: tasks write the losses and sums of their own block only.
    unowned let change: LossChange
  }

  /// Writes a block's losses before the round into ``losses``.
  private func evaluateBefore(_ range: Range<Int>) {
    // Safe because: the buffers outlive the spans, and each block is evaluated by one task.
    let places = range.lowerBound * width..<range.upperBound * width
    let rows = rows
    var span = MutableSpan(_unsafeElements: losses.span(range))
    objective.losses(
      at: Span(_unsafeElements: UnsafeBufferPointer(before.span(places))),
      rows.rows.extracting(range), into: &span)
  }

  /// The change of each part's loss with its steps multiplied by its factor, `[parts]`.
  /// One evaluation of the loss, or five of the derivatives.
  func sums(factors: [Double]) -> [PartSum] {
    let partial = AlignedBuffer(repeating: PartSum(), count: blocks.count * parts)
    let shared = Shared(change: self)
    pool.forEach(blocks.count) { block in
      let change = shared.change
      // Safe because: each block has sums of its own.
      change.add(change.blocks[block], factors, to: partial.base + block * change.parts)
    }
    return (0..<parts).map { part in
      blocks.indices.reduce(into: PartSum()) { sum, block in
        sum.change += partial[block * parts + part].change
        sum.magnitude += partial[block * parts + part].magnitude
      }
    }
  }

  private func add(
    _ range: Range<Int>, _ factors: [Double], to sums: UnsafeMutablePointer<PartSum>
  ) {
    let places = range.lowerBound * width..<range.upperBound * width
    let after = places.map { place in
      before.base[place] + factors[part(ofRow: place / width)] * steps.base[place]
    }
    var changes = [Double](repeating: 0, count: range.count)
    var span = changes.mutableSpan
    let rows = rows
    if usesLoss {
      objective.losses(at: after.span, rows.rows.extracting(range), into: &span)
    } else {
      // Safe because: the buffer outlives the span.
      IntegratedLoss.changes(
        of: objective, from: Span(_unsafeElements: UnsafeBufferPointer(before.span(places))),
        to: after.span, rows.rows.extracting(range), into: &span)
    }
    for row in range {
      let value = changes[row - range.lowerBound]
      let weight = rows.weights.isEmpty ? 1 : rows.weights[row]
      let old = usesLoss ? losses.base[row] : 0
      guard old.isFinite else { continue }
      let part = part(ofRow: row)
      sums[part].change += weight * (value - old)
      sums[part].magnitude += weight * (value.magnitude + old.magnitude)
    }
  }

  private func part(ofRow row: Int) -> Int { parts == 1 ? 0 : Int(leafOfRow.base[row]) }
}
