import Learning
import Losses
import Parallel
import Tabular

extension PreparedFit {
  /// Passes over all rows once, in batches. `step` counts the steps of all epochs.
  func runEpoch(
    _ epoch: Int, of most: Int, step: inout Int, _ floats: DisjointSlices<Float>,
    _ doubles: DisjointSlices<Double>
  ) throws(LearningError) {
    var generator = RandomGenerator(seed: learner.seed, stream: UInt64(epoch) + 1)
    let (order, batches) = batches.epoch(&generator)
    if objective.reach == .table { try scoreAllRows(epoch: epoch, floats, doubles) }
    let share = learner.schedule.share(epoch: epoch, of: most)
    for batch in batches {
      let totalWeight =
        slice.rows.weights.isEmpty
        ? Double(batch.places.count)
        : batch.places.reduce(0) { $0 + slice.rows.weights[order[$1]] }
      if let failure = computeGradients(order, batch, totalWeight, floats, doubles) {
        guard !failure.score.isNaN else { throw diverged(epoch: epoch) }
        throw nonFiniteDerivative(
          of: objective, value: failure.derivative, score: failure.score,
          row: failure.row, table: train, time: "in epoch \(epoch + 1)")
      }
      step += 1
      update.run(
        number: step, share: share, slices: sliceCount(of: batch), floats: floats, pool: pool)
    }
  }

  private func sliceCount(of batch: BatchPlan.Batch) -> Int {
    let sliceRows = slice.workspace.sliceRows
    return (batch.places.count + sliceRows - 1) / sliceRows
  }

  /// Computes the gradients of all slices of a batch. Where rows depend on one another, the slices
  /// meet twice: before the objective, to have all scores, and after it.
  private func computeGradients(
    _ order: [Int], _ batch: BatchPlan.Batch, _ totalWeight: Double,
    _ floats: DisjointSlices<Float>, _ doubles: DisjointSlices<Double>
  ) -> BatchSlice.Failure? {
    guard !batch.blocks.isEmpty else {
      return forEachSlice(of: batch, order) { [slice] index, rows in
        slice.run(index, order: rows, totalWeight: totalWeight, floats: floats, doubles: doubles)
      }
    }
    let scoring = forEachSlice(of: batch, order) { [slice, joint] index, rows in
      slice.writeScores(
        index, order: rows, totalWeight: totalWeight, to: joint, floats: floats, doubles: doubles)
    }
    if let scoring { return scoring }
    joint.evaluate(batch.blocks, doubles, pool: pool)
    return forEachSlice(of: batch, order) { [slice, joint] index, rows in
      slice.readGradients(index, order: rows, from: joint, floats: floats, doubles: doubles)
    }
  }

  /// Runs `body` for every slice of a batch; returns the first failure.
  private func forEachSlice(
    of batch: BatchPlan.Batch, _ order: [Int],
    _ body: @Sendable (_ slice: Int, _ rows: ArraySlice<Int>) -> BatchSlice.Failure
  ) -> BatchSlice.Failure? {
    let sliceRows = slice.workspace.sliceRows
    let count = sliceCount(of: batch)
    var failures = [BatchSlice.Failure](repeating: .init(), count: count)
    withDisjointSlices(of: &failures) { failures in
      pool.forEach(count) { index in
        let start = batch.places.lowerBound + index * sliceRows
        let rows = order[start..<min(start + sliceRows, batch.places.upperBound)]
        failures.part(index..<index + 1)[0] = body(index, rows)
      }
    }
    return failures.first { $0.row >= 0 }
  }

  /// Brings the scores of all rows up to date, for an objective that sees them in every step.
  private func scoreAllRows(
    epoch: Int, _ floats: DisjointSlices<Float>, _ doubles: DisjointSlices<Double>
  ) throws(LearningError) {
    let current = network(Array(floats.part(slice.workspace.parameters)))
    let outputs = current.outputs(features: train.features, rowCount: train.rowCount, pool: pool)
    guard outputs.allSatisfy(\.isFinite) else { throw diverged(epoch: epoch) }
    let scores = doubles.part(joint.scores)
    for index in outputs.indices { scores[index] = outputs[index] }
  }
}
