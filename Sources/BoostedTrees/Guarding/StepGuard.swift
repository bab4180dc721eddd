import Parallel

/// Watches that a round's steps lower the training loss, and shortens those that raise it.
///
/// A Newton step is as good as its Hessian. Where the curvature that an objective states vanishes
/// while the loss goes on rising, as in the tails of many, or is wrong by a factor, steps grow
/// beyond any bound and the numbers that come of it may still be finite. A full evaluation of the
/// loss would tell; it would also cost as much as the derivatives. So a round is looked at closely
/// only on suspicion:
/// * in the first round, the slope along a leaf's step is not about what its Hessian promises;
/// * in a later one, a leaf's step is more than twice the largest before;
/// * the loss of a few hundred rows has risen, or where rows have no loss of their own, its slope
///   along the steps has turned upwards there;
/// * the gradients of all rows together have grown by half;
/// * a derivative is no longer finite after a step longer than those before;
/// * one of the last few rounds had to be shortened.
///
/// Then the change of the training loss is computed, leaf by leaf where rows have one score and a
/// loss of their own, else for the round as a whole. Losses that compare rows may jump where rows
/// change places; for them the integral of the gradient is gone by. Steps whose rows' mean loss rises are halved
/// until it falls as far as the learning rate promises. Rounds whose mean falls are left alone,
/// whatever single rows do. Everything is decided by the data, in a fixed order of sums.
struct StepGuard {
  private let objective: any Objective
  private let rows: ObjectiveRows
  private let learningRate: Double
  private let trustsLoss: Bool
  private let pool: WorkerPool
  private let blocks: [Range<Int>]
  /// Evenly spaced rows, on which slopes or losses are computed.
  private let probes: [Int]
  /// The probes' loss; nil where rows have no loss of their own.
  private var sample: LossSample?
  /// What it keeps from round to round.
  private(set) var memory: Memory
  /// Sums of gradient magnitudes before the round, per score.
  private var magnitudes: [Double] = []
  /// The slope of the probes' loss along the round's steps, at their start.
  private var slopeBefore = 0.0

  /// What a guard keeps of the rounds that went before, beside the scores they led to.
  struct Memory: Sendable, Codable, Hashable {
    /// The largest step of a leaf so far, per score.
    @ExactNumbers var largestSteps: [Double]
    /// About the training loss before the first round, or its change in that round if there is no
    /// loss.
    @ExactNumber var reference = 0.0
    /// The number of rounds to come of which each is to be looked at.
    var wary = 0
  }

  /// Rounds to look at closely after one that was shortened.
  private static var waryRounds: Int { 8 }
  /// The shortest step tried, relative to the Newton step.
  private static var shortest: Double { 0x1p-60 }

  /// - Parameters:
  ///   - trustsLoss: whether the gradient was found to be the slope of the objective's loss;
  ///     otherwise only the gradient's own integral is gone by.
  ///   - scores: the scores before the next round, `[rows x scoresPerRow]`.
  ///   - memory: what a guard of the rounds before kept; nil before the first.
  init(
    _ objective: any Objective, _ rows: ObjectiveRows, of table: Table, learningRate: Double,
    trustsLoss: Bool, scores: AlignedBuffer<Double>, pool: WorkerPool,
    continuing memory: Memory? = nil
  ) throws(LearningError) {
    self.objective = objective
    self.trustsLoss = trustsLoss && objective.hasLoss && objective.reach == .row
    self.rows = rows
    self.learningRate = learningRate
    self.pool = pool
    blocks = rows.blocks(of: DerivativePass.blockSize, reach: objective.reach)
    let step = max(1, rows.count / 256)
    probes = Array(stride(from: 0, to: rows.count, by: step))
    self.memory =
      memory ?? Memory(largestSteps: [Double](repeating: 0, count: objective.scoresPerRow))
    if objective.reach == .row {
      sample = try LossSample(
        objective, table, places: probes, usesLoss: self.trustsLoss, scores: scores)
    }
  }

  /// Whether the exact scores before the next round should be kept, because it may be shortened.
  var isWary: Bool { memory.wary > 0 }

  /// Notes the derivatives that the round's trees were grown on. Call before they are replaced.
  mutating func begin(
    _ round: RoundSteps, derivatives: DerivativePass, ranges: [DerivativeRange]
  ) {
    magnitudes = ranges.map(\.sumOfMagnitudes)
    if sample == nil { slopeBefore = slope(along: round, derivatives) }
  }

  /// Whether the round's steps must be looked at closely, given scores and derivatives after them.
  mutating func isSuspicious(
    _ round: RoundSteps, number: Int, scores: AlignedBuffer<Double>, derivatives: DerivativePass,
    after measured: DerivativePass.Summary
  ) -> Bool {
    let rises = sample?.rises(to: scores)
    if number == 1 {
      guard measured.badRow == nil, keepsPromise(round, derivatives) else { return true }
      memory.reference = trustsLoss ? sample?.extent(of: rows.count) ?? 0 : round.promisedFall
    } else if memory.wary > 0 || isLong(round) {
      return true
    }
    guard measured.badRow == nil else { return false }
    if zip(measured.ranges, magnitudes).contains(where: { $0.sumOfMagnitudes > 1.5 * $1 }) {
      return true
    }
    return rises ?? (slope(along: round, derivatives) > 0.25 * slopeBefore.magnitude)
  }

  /// Whether a step is much longer than all before it.
  func isLong(_ round: RoundSteps) -> Bool {
    zip(round.largestSteps, memory.largestSteps).contains { $0 > 2 * $1 }
  }

  /// Whether the slope of the loss along every leaf's step has become about what it should: a step
  /// of learning rate r towards the minimum of a parabola takes r of its slope away. A slope that
  /// starts so and ends so has not risen on the way by any curvature worth the name. Steps that were
  /// not made from gradients promise nothing, and losses that compare rows may jump.
  private func keepsPromise(_ round: RoundSteps, _ derivatives: DerivativePass) -> Bool {
    guard sample != nil else { return false }
    for score in 0..<round.width {
      let before = round.trees[score].slopes
      guard !before.isEmpty else { return false }
      let after = round.withLeaves(of: score) { leaves, values in
        // Safe because: there is a leaf and a gradient for every row.
        var sums = [Double](repeating: 0, count: values.count)
        let gradients = derivatives.gradients.base + score
        for row in 0..<rows.count {
          let leaf = Int(leaves[row])
          sums[leaf] += gradients[row &* round.width] * values[leaf]
        }
        return sums
      }
      for (before, after) in zip(before, after) where before != 0 || after != 0 {
        let change = (after - (1 - learningRate) * before).magnitude
        guard change <= 0.5 * before.magnitude, before + after < 0 else { return false }
      }
    }
    return true
  }

  /// The slope of the probes' loss along the round's steps.
  private func slope(along round: RoundSteps, _ derivatives: DerivativePass) -> Double {
    var sum = 0.0
    for score in 0..<round.width {
      round.withLeaves(of: score) { leaves, values in
        // Safe because: probes are rows of the table, each with a leaf and derivatives.
        let gradients = derivatives.gradients.base + score
        for row in probes {
          sum += gradients[row &* round.width] * values[Int(leaves[row])]
        }
      }
    }
    return sum
  }

  /// Looks at the round closely and shortens steps that raise the loss.
  ///
  /// - Parameters:
  ///   - number: the round's.
  ///   - scores: the scores after the round, `[rows x scoresPerRow]`; left as they are.
  ///   - before: the scores before the round, if they are known; without them the steps are taken
  ///     back, which loses digits where steps are much larger than scores.
  /// - Returns: the number of leaves whose values were shortened; nil if no step, however short,
  ///   lowers the loss.
  mutating func shorten(
    _ round: inout RoundSteps, number: Int, scores: AlignedBuffer<Double>, before: [Double]?
  ) -> Int? {
    memory.wary = max(0, memory.wary - 1)
    let change = LossChange(
      objective, rows, round, scoresAfter: scores, before: before, usesLoss: trustsLoss, blocks,
      pool)
    let parts = change.parts
    var factors = [Double](repeating: 1, count: parts)
    var sums = change.sums(factors: factors)
    if number == 1 { memory.reference = sums.reduce(0) { $0 + $1.magnitude } }
    // Where next to nothing is left to learn, rounding alone moves what there is.
    var rising = sums.map { $0.rises(byMoreThan: 1e-12 * memory.reference) }
    guard rising.contains(true) else { return 0 }
    // A step of learning rate r towards the minimum of a parabola falls by 1 - r / 2 of what its
    // slope promises; twice that step is accepted, and up to the minimum itself.
    let share = max(0.5, 1 - learningRate)
    while rising.contains(true) {
      for part in 0..<parts where rising[part] { factors[part] *= 0.5 }
      let shorter = change.sums(factors: factors)
      for part in 0..<parts where rising[part] {
        sums[part] = shorter[part]
        let promised = factors[part] * share * (round.slope(ofPart: part, parts) ?? 0).magnitude
        rising[part] =
          factors[part] >= Self.shortest
          && !(sums[part].change <= sums[part].rounding - promised)
        if factors[part] < Self.shortest { factors[part] = 0 }
      }
    }
    memory.wary = Self.waryRounds
    // With gradients that are the slope of the loss, only a kink can be so.
    guard sums.contains(where: { $0.change < -$0.rounding }) else { return nil }
    return round.shorten(by: factors)
  }

  /// Notes the steps of a round as they were taken, and the scores they led to if the round was
  /// shortened.
  mutating func accept(_ round: RoundSteps, shortenedTo scores: AlignedBuffer<Double>?) {
    if let scores { sample?.accept(scores) } else { sample?.accept() }
    memory.largestSteps = zip(memory.largestSteps, round.largestSteps).map { max($0, $1) }
  }
}
