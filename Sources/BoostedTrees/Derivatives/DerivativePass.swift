import Parallel

/// One round's derivatives of all rows: evaluated, weighted, made usable and checked.
final class DerivativePass: Sendable {
  /// Rows that one task handles, about; fixed, so that sums never depend on threads.
  static let blockSize = 4_096

  let objective: any Objective
  let rows: ObjectiveRows
  let policy: CurvaturePolicy
  /// The unit of policies that need one; see ``CurvaturePolicy/unit(of:)``.
  let unit: Double
  /// Weighted derivatives, row-major `[rows x scoresPerRow]`.
  let gradients: AlignedBuffer<Double>
  let hessians: AlignedBuffer<Double>
  private let pool: WorkerPool
  /// The sum of the rows' weights.
  let totalWeight: Double
  private let blocks: [Range<Int>]
  private let summaries: AlignedBuffer<BlockSummary>

  /// What a task found in its block.
  struct BlockSummary: BitwiseCopyable, Sendable {
    var adjusted = 0
    /// The first row with a derivative that is not finite; negative if there is none.
    var badRow = -1
  }

  /// What is known of the derivatives after a round's evaluation.
  struct Summary {
    /// One range per score.
    var ranges: [DerivativeRange]
    var adjustedHessians: Int
    /// The first row with a derivative that is not finite.
    var badRow: Int?
  }

  /// - Parameter scores: the initial scores, `[rows x scoresPerRow]`.
  init(
    _ objective: any Objective, _ rows: ObjectiveRows, policy: CurvaturePolicy,
    scores: AlignedBuffer<Double>, pool: WorkerPool
  ) {
    self.objective = objective
    self.rows = rows
    self.policy = policy
    self.pool = pool
    totalWeight = rows.totalWeight
    let count = rows.count * objective.scoresPerRow
    gradients = AlignedBuffer(repeating: 0, count: count)
    hessians = AlignedBuffer(repeating: 0, count: count)
    blocks = rows.blocks(of: Self.blockSize, reach: objective.reach)
    summaries = AlignedBuffer(repeating: BlockSummary(), count: blocks.count)
    var unit = 1.0
    if policy.needsUnit {
      for block in blocks {
        _ = Self.evaluate(
          objective, rows, block, policy: .absolute, unit: 1, scores: scores,
          gradients: gradients, hessians: hessians)
      }
      // Safe because: the buffer outlives the span.
      unit = CurvaturePolicy.unit(
        of: Span(_unsafeElements: UnsafeBufferPointer(hessians.span(0..<count))))
    }
    self.unit = unit
  }

  /// Writes a block's derivatives; returns how many Hessians the policy changed.
  private static func evaluate(
    _ objective: any Objective, _ rows: ObjectiveRows, _ range: Range<Int>,
    policy: CurvaturePolicy, unit: Double, scores: AlignedBuffer<Double>,
    gradients: AlignedBuffer<Double>, hessians: AlignedBuffer<Double>
  ) -> Int {
    let width = objective.scoresPerRow
    let places = range.lowerBound * width..<range.upperBound * width
    // Safe because: the buffers outlive the spans, and each block of rows is evaluated by one task.
    var g = MutableSpan(_unsafeElements: gradients.span(places))
    var h = MutableSpan(_unsafeElements: hessians.span(places))
    let s = Span(_unsafeElements: UnsafeBufferPointer(scores.span(places)))
    return objective.derivatives(
      at: s, rows.rows.extracting(range), policy: policy, unit: unit, gradients: &g, hessians: &h)
  }

  /// Evaluates the derivatives at `scores` into ``gradients`` and ``hessians``.
  func measure(at scores: AlignedBuffer<Double>) -> Summary {
    let width = objective.scoresPerRow
    let ranges = AlignedBuffer(repeating: DerivativeRange(), count: blocks.count * width)
    pool.forEach(blocks.count) { [self] block in
      let adjusted = Self.evaluate(
        objective, rows, blocks[block], policy: policy, unit: unit, scores: scores,
        gradients: gradients, hessians: hessians)
      // Safe because: each block writes its own summary and ranges.
      summaries.base[block] = BlockSummary(
        adjusted: adjusted,
        badRow: weigh(blocks[block], width, ranges: ranges.base + block * width))
    }
    var summary = Summary(ranges: [], adjustedHessians: 0)
    if let bad = blocks.indices.first(where: { summaries[$0].badRow >= 0 }) {
      summary.badRow = summaries[bad].badRow
    }
    for score in 0..<width {
      summary.ranges.append(
        blocks.indices.reduce(DerivativeRange()) { $0.joined(with: ranges[$1 * width + score]) })
    }
    for block in blocks.indices { summary.adjustedHessians += summaries[block].adjusted }
    if objective.leafSolver != nil, summary.badRow == nil {
      for score in 0..<width where summary.ranges[score].isFlat {
        summary.adjustedHessians += countRowsAsCurvature(of: score, &summary.ranges[score])
      }
    }
    return summary
  }

  /// Puts each row's weight in place of Hessians that are all 0: splits of an objective that solves
  /// its own leaves then go by the gradient and the number of rows alone, as they would under the
  /// surrogate 1 that such objectives usually write.
  ///
  /// - Returns: how many there are.
  private func countRowsAsCurvature(of score: Int, _ range: inout DerivativeRange) -> Int {
    range.sumOfHessians = 0
    range.smallestHessian = .infinity
    for row in 0..<rows.count {
      let weight = rows.weights.isEmpty ? 1 : rows.weights[row]
      hessians[row * objective.scoresPerRow + score] = weight
      range.sumOfHessians += weight
      range.largestHessian = max(range.largestHessian, weight)
      range.smallestHessian = min(range.smallestHessian, weight)
    }
    return rows.count
  }

  /// Applies weights to a block and finds its extent; returns the first row with a derivative that
  /// is not finite, or -1.
  private func weigh(
    _ range: Range<Int>, _ width: Int, ranges: UnsafeMutablePointer<DerivativeRange>
  ) -> Int {
    if width == 1, rows.weights.isEmpty, let range = plainRange(of: range) {
      ranges[0] = range
      return -1
    }
    // Safe because: the rows of the range and the `width` ranges belong to this task.
    var badRow = -1
    let hasWeights = !rows.weights.isEmpty
    for row in range {
      let weight = hasWeights ? rows.weights[row] : 1
      for score in 0..<width {
        let place = row &* width &+ score
        let given = hessians.base[place]
        let g = gradients.base[place] * weight
        let h = given * weight
        gradients.base[place] = g
        hessians.base[place] = h
        // A sum that is not finite shows a part that is not; overflow alone cannot pass either.
        if !((g + h).isFinite && given.isFinite), badRow < 0 { badRow = row }
        ranges[score].include(gradient: g, hessian: h)
      }
    }
    return badRow
  }

  /// The extent of a block of rows with one score each and weight 1, in four lanes; nil if a
  /// derivative is not finite, whose row the long way finds.
  private func plainRange(of range: Range<Int>) -> DerivativeRange? {
    // Safe because: the rows of the range belong to this task, one derivative each, and every bit
    // pattern is a number.
    let g = UnsafeRawPointer(gradients.base + range.lowerBound)
    let h = UnsafeRawPointer(hessians.base + range.lowerBound)
    var sumG = SIMD4<Double>.zero
    var largestG = SIMD4<Double>.zero
    var sumH = SIMD4<Double>.zero
    var largestH = SIMD4<Double>.zero
    var smallestH = SIMD4<Double>(repeating: .infinity)
    let signs = SIMD4<UInt64>(repeating: UInt64(Int64.max))
    for quad in 0..<range.count / 4 {
      let gradient = g.loadUnaligned(fromByteOffset: 32 &* quad, as: SIMD4<UInt64>.self) & signs
      let magnitude = unsafeBitCast(gradient, to: SIMD4<Double>.self)
      let hessian = h.loadUnaligned(fromByteOffset: 32 &* quad, as: SIMD4<Double>.self)
      sumG += magnitude
      sumH += hessian
      largestG.replace(with: magnitude, where: magnitude .> largestG)
      largestH.replace(with: hessian, where: hessian .> largestH)
      smallestH.replace(with: hessian, where: hessian .< smallestH)
    }
    var result = DerivativeRange(
      sumOfMagnitudes: sumG.sum(), largestMagnitude: largestG.max(), sumOfHessians: sumH.sum(),
      largestHessian: largestH.max(), smallestHessian: smallestH.min())
    for row in range.upperBound - range.count % 4..<range.upperBound {
      result.include(gradient: gradients.base[row], hessian: hessians.base[row])
    }
    // NaN passes comparisons unseen, but not sums.
    guard (result.sumOfMagnitudes + result.sumOfHessians).isFinite, result.smallestHessian >= 0
    else { return nil }
    return result
  }

  /// Refuses derivatives of which one is not finite.
  ///
  /// - Parameter scores: the scores that ``measure(at:)`` was given.
  /// - Throws: ``LearningError`` naming the first row whose derivative is not finite, and why.
  func requireFinite(
    _ summary: Summary, at scores: AlignedBuffer<Double>, of table: Table, round: Int
  ) throws(LearningError) {
    guard let row = summary.badRow else { return }
    let width = objective.scoresPerRow
    let places = row * width..<(row + 1) * width
    let derivatives = places.flatMap { [gradients[$0], hessians[$0]] }
    let cause =
      if !places.allSatisfy({ scores[$0].isFinite }) {
        "the scores themselves have grown beyond what a Double holds"
      } else if derivatives.contains(where: \.isNaN) {
        "correct the row, or the objective where it divides by 0, takes the logarithm or root of a "
          + "negative number, or subtracts one infinity from another"
      } else {
        "a Double ends at 1.8e308; correct the row if its target or weight is out of proportion, or "
          + "the objective where it overflows, such as an exponential of the score"
      }
    throw LearningError(
      .nonFiniteDerivative,
      "\(table.source): row \(table.sourceRow(row)): objective '\(objective.name)' gives gradient "
        + "\(places.map { gradients[$0] }) and Hessian \(places.map { hessians[$0] }), times the "
        + "row's weight, at scores \(places.map { scores[$0] }) in round \(round), target "
        + "\(rows.targets[row]); derivatives must be finite numbers: \(cause)")
  }
}

extension DerivativeRange {
  /// Whether there are gradients, but no Hessian is above 0.
  var isFlat: Bool { largestHessian == 0 && sumOfMagnitudes > 0 }

  @inline(__always)
  mutating func include(gradient: Double, hessian: Double) {
    sumOfMagnitudes += gradient.magnitude
    largestMagnitude = max(largestMagnitude, gradient.magnitude)
    sumOfHessians += hessian
    largestHessian = max(largestHessian, hessian)
    smallestHessian = min(smallestHessian, hessian)
  }

  func joined(with other: DerivativeRange) -> DerivativeRange {
    DerivativeRange(
      sumOfMagnitudes: sumOfMagnitudes + other.sumOfMagnitudes,
      largestMagnitude: max(largestMagnitude, other.largestMagnitude),
      sumOfHessians: sumOfHessians + other.sumOfHessians,
      largestHessian: max(largestHessian, other.largestHessian),
      smallestHessian: min(smallestHessian, other.smallestHessian))
  }
}
