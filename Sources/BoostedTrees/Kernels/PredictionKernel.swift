import Foundation
import Parallel

/// The number of cores the process may use.
var coreCount: Int { ProcessInfo.processInfo.activeProcessorCount }

/// Adds the leaf values of `trees` to `outputs`, row-major `[rows x scoresPerRow]`.
func addOutputs(
  of trees: [Tree], scoresPerRow: Int, features: [Float], columns: Int, to outputs: inout [Double],
  pool: WorkerPool
) {
  for row in 0..<outputs.count / scoresPerRow {
    let values = features[row * columns..<(row + 1) * columns]
    for (place, tree) in trees.enumerated() {
      outputs[row * scoresPerRow + place % scoresPerRow] += tree.values[tree.leaf(of: values)]
    }
  }
}
