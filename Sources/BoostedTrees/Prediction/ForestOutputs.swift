import Parallel

extension Forest: TrainedModel {
  /// Model outputs, row-major `[rows x scoresPerRow]`: initial scores plus the leaf values of all
  /// trees, added in the order of the rounds. O(rows x trees x depth).
  public func outputs(features: [Float], rowCount: Int, threads: Int?) -> [Double] {
    let columns = header.featureNames.count
    precondition(
      features.count == rowCount * columns, "features must be row-major [rows x columns]")
    var outputs: [Double] = []
    outputs.reserveCapacity(rowCount * header.initialScores.count)
    for _ in 0..<rowCount { outputs.append(contentsOf: header.initialScores) }
    guard !trees.isEmpty, rowCount > 0 else { return outputs }
    let pool = WorkerPool(threads: min(threads ?? .max, 1 + rowCount / 1_024, coreCount))
    addOutputs(
      of: trees, scoresPerRow: header.initialScores.count, features: features, columns: columns,
      to: &outputs, pool: pool)
    return outputs
  }
}
