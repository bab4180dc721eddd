import Parallel

/// One round's derivatives of all rows: evaluated, weighted, made usable and checked.
final class DerivativePass: Sendable {
  /// Rows that one task handles; fixed, so that sums never depend on threads.
  static let blockSize = 4_096

  let objective: any Objective
  let rows: ObjectiveRows
  let policy: CurvaturePolicy
  /// The mean magnitude of the Hessians at the initial scores; 0 until a policy needs it.
  let meanMagnitude: Double
  /// Weighted derivatives, row-major `[rows x scoresPerRow]`.
  let gradients: AlignedBuffer<Double>
  let hessians: AlignedBuffer<Double>
  private let pool: WorkerPool
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
    let count = rows.count * objective.scoresPerRow
    gradients = AlignedBuffer(repeating: 0, count: count)
    hessians = AlignedBuffer(repeating: 0, count: count)
    let blocks = (rows.count + Self.blockSize - 1) / Self.blockSize
    summaries = AlignedBuffer(repeating: BlockSummary(), count: blocks)
    switch policy {
    case .exact, .absolute: meanMagnitude = 0
    case .floor, .constant:
      meanMagnitude = Self.meanMagnitude(
        objective, rows, scores: scores, gradients: gradients, hessians: hessians)
    }
  }

  private static func meanMagnitude(
    _ objective: any Objective, _ rows: ObjectiveRows, scores: AlignedBuffer<Double>,
    gradients: AlignedBuffer<Double>, hessians: AlignedBuffer<Double>
  ) -> Double {
    evaluate(
      objective, rows, 0..<rows.count, scores: scores, gradients: gradients, hessians: hessians)
    var sum = 0.0
    for index in 0..<hessians.count { sum += hessians[index].magnitude }
    let mean = sum / Double(hessians.count)
    return mean > 0 && mean.isFinite ? mean : 1
  }

  private static func evaluate(
    _ objective: any Objective, _ rows: ObjectiveRows, _ range: Range<Int>,
    scores: AlignedBuffer<Double>, gradients: AlignedBuffer<Double>,
    hessians: AlignedBuffer<Double>
  ) {
    let width = objective.scoresPerRow
    let places = range.lowerBound * width..<range.upperBound * width
    // Safe because: the buffers outlive the spans, and each block of rows is evaluated by one task.
    var g = MutableSpan(_unsafeElements: gradients.span(places))
    var h = MutableSpan(_unsafeElements: hessians.span(places))
    let s = Span(_unsafeElements: UnsafeBufferPointer(scores.span(places)))
    objective.derivatives(at: s, rows.rows.extracting(range), gradients: &g, hessians: &h)
  }

  /// Evaluates the derivatives at `scores` into ``gradients`` and ``hessians``.
  ///
  /// - Throws: ``LearningError`` naming the first row whose derivative is not finite.
  func evaluate(
    at scores: AlignedBuffer<Double>, of table: Table, round: Int
  ) throws(LearningError) -> Summary {
    let width = objective.scoresPerRow
    let blocks = summaries.count
    let ranges = AlignedBuffer(repeating: DerivativeRange(), count: blocks * width)
    pool.forEachBlock(of: rows.count, blockSize: Self.blockSize) { [self] range in
      Self.evaluate(
        objective, rows, range, scores: scores, gradients: gradients, hessians: hessians)
      let block = range.lowerBound / Self.blockSize
      // Safe because: each block writes its own summary and ranges.
      summaries.base[block] = prepare(range, width, ranges: ranges.base + block * width)
    }
    if let bad = (0..<blocks).first(where: { summaries[$0].badRow >= 0 }) {
      throw nonFinite(row: summaries[bad].badRow, of: table, round: round, scores: scores)
    }
    var summary = Summary(ranges: [], adjustedHessians: 0)
    for score in 0..<width {
      summary.ranges.append(
        (0..<blocks).reduce(DerivativeRange()) { $0.joined(with: ranges[$1 * width + score]) })
    }
    for block in 0..<blocks { summary.adjustedHessians += summaries[block].adjusted }
    return summary
  }

  /// Applies policy and weights to a block, checks it and finds its extent.
  private func prepare(
    _ range: Range<Int>, _ width: Int, ranges: UnsafeMutablePointer<DerivativeRange>
  ) -> BlockSummary {
    if width == 1, rows.weights.isEmpty, case .exact = policy,
      let range = plainRange(of: range)
    {
      ranges[0] = range
      return BlockSummary()
    }
    // Safe because: the rows of the range and the `width` ranges belong to this task.
    var summary = BlockSummary()
    let hasWeights = !rows.weights.isEmpty
    for row in range {
      let weight = hasWeights ? rows.weights[row] : 1
      var isAdjusted = false
      for score in 0..<width {
        let place = row &* width &+ score
        let given = hessians.base[place]
        let usable = usable(given)
        isAdjusted = isAdjusted || usable != given
        let g = gradients.base[place] * weight
        let h = usable * weight
        gradients.base[place] = g
        hessians.base[place] = h
        // A sum that is not finite shows a part that is not; overflow alone cannot pass either.
        if !((g + h).isFinite && given.isFinite), summary.badRow < 0 { summary.badRow = row }
        if weight > 0 { ranges[score].include(gradient: g, hessian: h) }
      }
      summary.adjusted &+= isAdjusted ? 1 : 0
    }
    return summary
  }

  /// The extent of a block of rows with one score each and weight 1, in four lanes; nil if a
  /// derivative is not finite or a Hessian negative, which needs the long way.
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

  @inline(__always)
  private func usable(_ hessian: Double) -> Double {
    switch policy {
    case .exact: hessian < 0 ? 0 : hessian
    case .absolute: hessian.magnitude
    case .floor(let multiple):
      hessian < multiple * meanMagnitude ? multiple * meanMagnitude : hessian
    case .constant: meanMagnitude
    }
  }

  private func nonFinite(
    row: Int, of table: Table, round: Int, scores: AlignedBuffer<Double>
  ) -> LearningError {
    let width = objective.scoresPerRow
    let places = row * width..<(row + 1) * width
    return LearningError(
      .nonFiniteDerivative,
      "\(table.source): row \(table.sourceRow(row)): objective '\(objective.name)' gives gradient "
        + "\(places.map { gradients[$0] }) and Hessian \(places.map { hessians[$0] }), times the "
        + "row's weight, at scores \(places.map { scores[$0] }) in round \(round), target "
        + "\(rows.targets[row]); derivatives must be finite numbers")
  }
}

extension DerivativeRange {
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
