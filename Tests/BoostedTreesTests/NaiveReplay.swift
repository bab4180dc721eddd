import BoostedTrees
import Testing

/// Follows a forest's training step by step with exact sums over sorted values, and checks that
/// every split is one of the best there is, and every leaf value the Newton step.
///
/// It shares no code with the engine: it reads raw features and tries every threshold, so it also
/// catches bins, integers or missing values that are handled wrongly. Choices may differ where two
/// gains agree to `tolerance`, as the engine rounds derivatives to integers.
struct NaiveReplay {
  let booster: Booster
  let table: Table
  var tolerance = 2e-3
  let rows: ObjectiveRows
  let leastRows: Int

  init(_ booster: Booster, _ table: Table) throws {
    self.booster = booster
    self.table = table
    rows = try ObjectiveRows(table, for: booster.fittedObjective)
    let active = rows.weights.isEmpty ? rows.count : rows.weights.count { $0 > 0 }
    leastRows = booster.leastLeafRows(of: active)
  }

  struct RowSums {
    var g = 0.0
    var h = 0.0
    var count = 0
    /// The Hessian at the initial scores.
    var start = 0.0

    static func + (a: RowSums, b: RowSums) -> RowSums {
      RowSums(g: a.g + b.g, h: a.h + b.h, count: a.count + b.count, start: a.start + b.start)
    }
  }

  func check(_ forest: Forest) {
    let objective = booster.fittedObjective
    let width = objective.scoresPerRow
    var scores: [Double] = []
    for _ in 0..<rows.count { scores.append(contentsOf: forest.header.initialScores) }
    var unit = 0.0
    var starts: [Double] = []
    for round in 0..<forest.roundCount {
      var gradients = scores
      var hessians = scores
      var g = gradients.mutableSpan
      var h = hessians.mutableSpan
      objective.derivatives(at: scores.span, rows.rows, gradients: &g, hessians: &h)
      for row in 0..<rows.count where !rows.weights.isEmpty {
        for k in 0..<width {
          gradients[row * width + k] *= rows.weights[row]
          hessians[row * width + k] *= rows.weights[row]
        }
      }
      if round == 0 {
        starts = hessians
        let active = rows.weights.isEmpty ? rows.count : rows.weights.count { $0 > 0 }
        unit = hessians.reduce(0, +) / Double(active * width)
      }
      for k in 0..<width {
        let sums = (0..<rows.count).map { row in
          RowSums(
            g: gradients[row * width + k], h: hessians[row * width + k], count: 1,
            start: starts[row * width + k])
        }
        let tree = forest.trees[round * width + k]
        check(tree, sums, unit: booster.regularisation == .scaleFree ? unit : 1)
        for row in 0..<rows.count {
          scores[row * width + k] += tree.values[tree.leaf(of: table.features(ofRow: row))]
        }
      }
    }
  }

  private func check(_ tree: Tree, _ sums: [RowSums], unit: Double) {
    var members: [Int: [Int]] = [
      0: Array(sums.indices).filter { row in
        rows.weights.isEmpty || rows.weights[row] > 0
      }
    ]
    var open: [Int: Double] = [:]
    var depths = [0: 0]
    func bestGain(_ node: Int) -> Double {
      depths[node, default: 0] >= booster.maxDepth ?? .max
        ? 0 : self.bestGain(members[node] ?? [], sums, unit: unit)
    }
    open[0] = bestGain(0)
    // Below this, what the engine's integers tell apart is rounding.
    let negligible = 1e-6 * (open[0] ?? 0) + 1e-12
    // Splits in the order they were made: their children's places increase.
    let splits = tree.nodes.indices.filter { !tree.nodes[$0].isLeaf }
      .sorted { tree.nodes[$0].left < tree.nodes[$1].left }
    for node in splits {
      let split = tree.nodes[node]
      let rowsHere = members[node] ?? []
      let left = rowsHere.filter { row in
        let value = table.features[row * table.columnCount + split.column]
        return value.isNaN ? split.missingGoesLeft : value <= split.threshold
      }
      let isLeft = Set(left)
      let right = rowsHere.filter { !isLeft.contains($0) }
      #expect(left.count >= leastRows && right.count >= leastRows)
      let chosen = gain(total(left, sums), total(right, sums), unit: unit)
      let best = open[node] ?? 0
      #expect(chosen >= best * (1 - tolerance) - negligible, "node \(node): \(chosen) of \(best)")
      if booster.growth == .bestFirst {
        let bestOpen = open.values.max() ?? 0
        #expect(
          chosen >= bestOpen * (1 - tolerance) - negligible,
          "not the best leaf: \(chosen) of \(bestOpen)")
      } else {
        let shallowest =
          open.filter { $0.value > negligible }.keys.map { depths[$0] ?? 0 }.min() ?? 0
        #expect((depths[node] ?? 0) <= shallowest)
      }
      open[node] = nil
      members[node] = nil
      for (child, rows) in [(Int(split.left), left), (Int(split.right), right)] {
        members[child] = rows
        depths[child] = (depths[node] ?? 0) + 1
        open[child] = bestGain(child)
      }
    }
    if tree.leafCount < booster.leaves {
      let largest = tree.gains.max() ?? 0
      // Nothing worth splitting is left.
      #expect(open.values.allSatisfy { $0 <= max(negligible, 1e-3 * largest) })
    }
    for (node, rows) in members {
      let sum = total(rows, sums)
      let expected = -booster.learningRate * sum.g / (sum.h + booster.l2 * unit)
      #expect((tree.values[node] - expected).magnitude <= 1e-9 * max(expected.magnitude, 1e-9))
    }
  }

  private func total(_ members: [Int], _ sums: [RowSums]) -> RowSums {
    members.reduce(RowSums()) { $0 + sums[$1] }
  }

  private func gain(_ left: RowSums, _ right: RowSums, unit: Double) -> Double {
    func term(_ sum: RowSums) -> Double { sum.g * sum.g / (sum.h + booster.l2 * unit) }
    return term(left) + term(right) - term(left + right)
  }

  /// The largest gain over all columns, thresholds and directions of missing values; 0 if none.
  private func bestGain(_ members: [Int], _ sums: [RowSums], unit: Double) -> Double {
    /// The least curvature, of an average row overall if asked for, else of the child's own rows.
    func hasCurvature(_ child: RowSums) -> Bool {
      guard child.h > 0 else { return false }
      if let weight = booster.minChildWeight { return child.h >= weight * unit }
      return child.h * Double(child.count) >= 1e-4 * child.start
    }
    var best = 0.0
    for column in 0..<table.columnCount {
      func value(_ row: Int) -> Float { table.features[row * table.columnCount + column] }
      let missing = total(members.filter { value($0).isNaN }, sums)
      let sorted = members.filter { !value($0).isNaN }.sorted { value($0) < value($1) }
      // Sums from both ends: a difference would leave nothing of a side that is tiny beside the
      // other.
      var tails = [RowSums()]
      for row in sorted.reversed() { tails.append(tails[tails.count - 1] + sums[row]) }
      for missingGoesLeft in missing.count > 0 ? [false, true] : [false] {
        var left = missingGoesLeft ? missing : RowSums()
        for (place, row) in sorted.enumerated() {
          left = left + sums[row]
          let isLast = place + 1 == sorted.count
          guard isLast || value(row) < value(sorted[place + 1]) else { continue }
          let tail = tails[sorted.count - place - 1]
          let right = missingGoesLeft ? tail : tail + missing
          guard left.count >= leastRows, right.count >= leastRows,
            hasCurvature(left), hasCurvature(right)
          else { continue }
          best = max(best, gain(left, right, unit: unit))
        }
      }
    }
    return best
  }
}
