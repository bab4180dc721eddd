import Parallel

@testable import BoostedTrees

/// Grows one tree of squared error with room for few histograms.
enum HistogramLimitProbe {
  static func tree(of table: Table, _ booster: Booster, histograms: Int) throws -> Tree {
    let rows = try ObjectiveRows(table, for: booster.objective)
    let pool = WorkerPool(threads: 1)
    let binned = BinnedTable(table, maxBins: booster.maxBins, seed: booster.seed, pool: pool)
    let start = initialScores(for: booster.objective, rows.rows, weights: rows.weights.span)
    let scores = AlignedBuffer(repeating: start[0], count: rows.count)
    let pass = DerivativePass(
      booster.objective, rows, policy: .exact, scores: scores, pool: pool)
    let summary = pass.measure(at: scores)
    let limits = GrowthLimits(
      leaves: booster.leaves, maxDepth: .max, growth: .bestFirst,
      minChildRows: booster.leastLeafRows(of: rows.count), l2: 0)
    let builder = TreeBuilder(
      binned, derivatives: pass, limits: limits, start: nil, leastChildWeight: 0,
      learningRate: 0.1, pool: pool,
      histogramBytes: histograms * binned.totalBins * 8)
    return try builder.buildTree(score: 0, range: summary.ranges[0], addingTo: scores).tree
  }
}
