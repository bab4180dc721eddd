import Parallel

/// The constants of the objective's own leaf solver, times the learning rate.
struct SolvedLeaves: LeafModel {
  private let objective: any Objective
  private let rows: ObjectiveRows
  private let solver: LeafSolver
  private let learningRate: Double
  private let pool: WorkerPool

  init(
    _ derivatives: DerivativePass, solver: @escaping LeafSolver, learningRate: Double,
    pool: WorkerPool
  ) {
    objective = derivatives.objective
    rows = derivatives.rows
    self.solver = solver
    self.learningRate = learningRate
    self.pool = pool
  }

  func outputs(
    of leaves: LeafMembers, scores: AlignedBuffer<Double>
  ) throws(UnsolvedLeaf) -> LeafOutputs {
    let members = leaves.rows(of: rows.count)
    let values = AlignedBuffer(repeating: 0.0, count: members.count)
    pool.forEach(members.count) { place in
      // Safe because: each leaf writes its own value.
      values.base[place] = learningRate * constant(of: members[place], leaves.score, scores)
    }
    if let place = members.indices.first(where: { !values[$0].isFinite }) {
      throw UnsolvedLeaf(
        constant: values[place] / learningRate, rowCount: members[place].count,
        firstRow: members[place][0])
    }
    return LeafOutputs(values: values.elements, slopes: [])
  }

  /// What the solver says of some rows, whose current scores are given for all rows.
  private func constant(
    of leaf: [Int], _ score: Int, _ scores: AlignedBuffer<Double>
  ) -> Double {
    let (width, dataCount) = (objective.scoresPerRow, rows.rowDataCount)
    let leafScores = leaf.flatMap { row in (0..<width).map { scores[row * width + $0] } }
    let leafTargets = leaf.map { rows.targets[$0] }
    let leafData = leaf.flatMap { rows.rowData[$0 * dataCount..<($0 + 1) * dataCount] }
    let leafWeights = rows.weights.isEmpty ? [] : leaf.map { rows.weights[$0] }
    let leafGroups = rows.groups.isEmpty ? [] : leaf.map { rows.groups[$0] }
    return solver(
      leafScores.span,
      Rows(
        targets: leafTargets.span, rowData: leafData.span, rowDataCount: dataCount,
        groups: leafGroups.span),
      leafWeights.span, score)
  }
}
