import Curvature

// Size-normalised squared error, `((score - target) / size)^2`, written in each of the three ways.
// The size is row data: a side column that travels with its row. Scores may be fitted per unit of
// size; learners do so unless told not to.

/// 1. Gradient and Hessian, one row at a time. The loss is optional: curves then show it.
let closures = CustomObjective(
  "sne", rowData: ["size"], scoreAdjustment: .multiplied(by: "size"),
  loss: { row in
    let ratio = (row.score - row.target) / row.data[0]
    return ratio * ratio
  },
  derivatives: { row in
    let size = row.data[0]
    return .init(
      gradient: 2 * (row.score - row.target) / (size * size), hessian: 2 / (size * size))
  })

/// 2. The loss alone; derivatives are exact, by second-order jets.
let lossAlone = DifferentiableObjective(
  "sne", rowData: ["size"], scoreAdjustment: .multiplied(by: "size")
) { row in
  ((row.score - row.target) / row.data[0]).squared()
}

/// 3. Whole blocks of rows, for full control over the loop.
let batch = BatchObjective(
  "sne", rowData: ["size"], scoreAdjustment: .multiplied(by: "size"),
  losses: { scores, rows, losses in
    for row in 0..<rows.count {
      let ratio = (scores[row] - rows.targets[row]) / rows.rowData[row]
      losses[row] = ratio * ratio
    }
  },
  derivatives: { scores, rows, gradients, hessians in
    for row in 0..<rows.count {
      let size = rows.rowData[row]
      gradients[row] = 2 * (scores[row] - rows.targets[row]) / (size * size)
      hessians[row] = 2 / (size * size)
    }
  })
