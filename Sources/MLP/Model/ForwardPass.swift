import Parallel

/// Computes outputs of many rows, block by block on all threads.
struct ForwardPass: Sendable {
  /// Rows per block. Fixed, so that a row's result does not depend on the number of threads.
  static let blockRows = 256

  let layers: LayerStack
  let standardizer: Standardizer
  let initialScores: [Double]
  let outputScale: [Double]

  /// `initialScores + outputScale * net`, row-major `[rows x scoresPerRow]`.
  func outputs(
    features: [Float], rowCount: Int, parameters: [Float], pool: WorkerPool
  ) -> [Double] {
    precondition(
      features.count == rowCount * standardizer.columnCount,
      "the features are rows of the model's columns")
    let width = outputScale.count
    var outputs = [Double](repeating: 0, count: rowCount * width)
    let blocks = (rowCount + Self.blockRows - 1) / Self.blockRows
    // Neighbouring blocks share a task and its memory; several tasks per thread even out the load.
    let tasks = min(blocks, pool.threadCount * 4)
    withDisjointSlices(of: &outputs) { outputs in
      pool.forEach(tasks) { task in
        var activations = [Float](
          repeating: 0, count: layers.activationCount(rows: min(Self.blockRows, rowCount)))
        var parameters = parameters
        // Safe because: the parameters are only read; the copy is this task's own.
        activations.withUnsafeMutableBufferPointer { activations in
          parameters.withUnsafeMutableBufferPointer { parameters in
            for block in blocks * task / tasks..<blocks * (task + 1) / tasks {
              let rows = block * Self.blockRows..<min((block + 1) * Self.blockRows, rowCount)
              run(
                rows, features: features, activations: activations, parameters: parameters,
                into: outputs.part(rows.lowerBound * width..<rows.upperBound * width))
            }
          }
        }
      }
    }
    return outputs
  }

  private func run(
    _ rows: Range<Int>, features: [Float], activations: Floats, parameters: Floats,
    into outputs: Doubles
  ) {
    let width = layers.shape.inputCount
    for (index, row) in rows.enumerated() {
      standardizer.apply(
        features, row: row,
        into: Floats(rebasing: activations[index * width..<(index + 1) * width]))
    }
    layers.forward(rows: rows.count, activations: activations, parameters: parameters)
    let last = layers.values(layers.shape.layerCount, rows: rows.count)
    Kernels.scale(
      Floats(rebasing: activations[last]), by: outputScale, from: initialScores, into: outputs)
  }
}
