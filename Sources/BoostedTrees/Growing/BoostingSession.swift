import Foundation
import Parallel

/// One fit: the rounds of boosting over a table.
struct BoostingSession {
  let booster: Booster
  let objective: any Objective
  let train: Table
  let rows: ObjectiveRows
  let pool: WorkerPool
  var validation: (rows: ObjectiveRows, features: [Float])?

  init(_ booster: Booster, _ train: Table, validation: Table?) throws(LearningError) {
    self.booster = booster
    self.train = train
    objective = booster.fittedObjective
    rows = try ObjectiveRows(train, for: objective)
    pool = WorkerPool(threads: booster.threads)
    if let validation {
      let header = ModelHeader(objective: objective, initialScores: [], table: train)
      self.validation = (
        try ObjectiveRows(validation, for: objective), try header.features(of: validation)
      )
    }
  }

  func run(progress: ((TrainingRound) -> Bool)?) throws(LearningError) -> Forest {
    let start = initialScores(for: objective, rows.rows, weights: rows.weights.span)
    let width = objective.scoresPerRow
    var scores: [Double] = []
    for _ in 0..<rows.count { scores.append(contentsOf: start) }
    var gradients = scores
    var hessians = scores
    var trees: [Tree] = []
    for _ in 0..<booster.rounds {
      var g = gradients.mutableSpan
      var h = hessians.mutableSpan
      objective.derivatives(at: scores.span, rows.rows, gradients: &g, hessians: &h)
      for k in 0..<width {
        var tree = Tree(value: 0)
        grow(&tree, 0, Array(0..<rows.count), k, gradients, hessians, depth: 0)
        trees.append(tree)
        for row in 0..<rows.count {
          scores[row * width + k] += tree.values[tree.leaf(of: train.features(ofRow: row))]
        }
      }
    }
    return Forest(
      header: ModelHeader(objective: objective, initialScores: start, table: train), trees: trees,
      log: TrainingLog())
  }

  private func grow(
    _ tree: inout Tree, _ node: Int, _ members: [Int], _ k: Int, _ gradients: [Double],
    _ hessians: [Double], depth: Int
  ) {
    let width = objective.scoresPerRow
    let g = members.reduce(0) { $0 + gradients[$1 * width + k] }
    let h = members.reduce(0) { $0 + hessians[$1 * width + k] }
    tree.values[node] = h > 0 ? -booster.learningRate * g / (h + booster.l2) : 0
    guard depth < 5 else { return }
    var best: (gain: Double, column: Int, threshold: Float)?
    for column in 0..<train.columnCount {
      let sorted = members.sorted {
        train.features[$0 * train.columnCount + column]
          < train.features[$1 * train.columnCount + column]
      }
      var gl = 0.0
      var hl = 0.0
      for place in 0..<sorted.count - 1 {
        gl += gradients[sorted[place] * width + k]
        hl += hessians[sorted[place] * width + k]
        let here = train.features[sorted[place] * train.columnCount + column]
        let next = train.features[sorted[place + 1] * train.columnCount + column]
        guard here < next, place + 1 >= booster.minChildRows,
          sorted.count - place - 1 >= booster.minChildRows, hl > 0, h - hl > 0
        else { continue }
        let gain = gl * gl / hl + (g - gl) * (g - gl) / (h - hl) - g * g / h
        if gain > (best?.gain ?? 0) { best = (gain, column, here / 2 + next / 2) }
      }
    }
    guard let best else { return }
    let (left, right) = tree.split(
      node, column: best.column, threshold: best.threshold, missingGoesLeft: false,
      gain: best.gain)
    tree.values[node] = 0
    let isLeft = { (row: Int) in
      train.features[row * train.columnCount + best.column] <= best.threshold
    }
    grow(&tree, left, members.filter(isLeft), k, gradients, hessians, depth: depth + 1)
    grow(&tree, right, members.filter { !isLeft($0) }, k, gradients, hessians, depth: depth + 1)
  }
}
