/// The formats that derivatives are summed in, from the fastest to the one that loses nothing.
enum SumFormat: Int, Sendable, Codable, Comparable {
  case packed, wide, long

  static func < (a: SumFormat, b: SumFormat) -> Bool { a.rawValue < b.rawValue }

  /// The fastest format, from this one on, that carries what a histogram of doubles would carry of
  /// one score's derivatives. Depends on the derivatives alone.
  func needed(for derivatives: DerivativePass, score: Int, range: DerivativeRange) -> SumFormat {
    let rows = derivatives.rows
    if self == .packed, rows.count < 1 << 24 {
      let sample = DerivativeSample(
        derivatives, score, range, scales: PackedFormat.scales(for: range, rows: rows.count),
        rows: 65_536)
      if !sample.losesRows(below: 2) && !sample.losesImportantRows(below: 2)
        && !sample.losesGradients(below: 8)
      {
        return .packed
      }
    }
    if self <= .wide {
      // What is coarse for 16 bits is never coarse for 48 in ordinary data; a look at few rows, and
      // at none where the smallest Hessian has its digits.
      let sample = DerivativeSample(
        derivatives, score, range, scales: WideFormat.scales(for: range, rows: rows.count),
        rows: 4_096)
      if !sample.losesImportantRows(below: 1_024) && !sample.losesGradients(below: 1_024) {
        return .wide
      }
    }
    return .long
  }
}

/// Evenly spaced rows, whose derivatives are looked at in the units of a format.
private struct DerivativeSample {
  let derivatives: DerivativePass
  let score: Int
  let range: DerivativeRange
  let scales: QuantisationScales
  let step: Int

  init(
    _ derivatives: DerivativePass, _ score: Int, _ range: DerivativeRange,
    scales: QuantisationScales, rows: Int
  ) {
    self.derivatives = derivatives
    self.score = score
    self.range = range
    self.scales = scales
    step = max(1, derivatives.rows.count / rows)
  }

  /// The number of rows that `counts` says yes to, given magnitude of gradient and Hessian in units.
  @inline(__always)
  private func count(_ counts: (_ row: Int, _ g: Double, _ h: Double) -> Bool) -> Int {
    // Safe because: there is a derivative for each score of each row.
    let width = derivatives.objective.scoresPerRow
    let gradients = derivatives.gradients.base + score
    let hessians = derivatives.hessians.base + score
    var count = 0
    for row in stride(from: 0, to: derivatives.rows.count, by: step) {
      let g = gradients[row &* width].magnitude * scales.gradient
      let h = hessians[row &* width] * scales.hessian
      count &+= counts(row, g, h) ? 1 : 0
    }
    return count
  }

  private var looked: Int { (derivatives.rows.count + step - 1) / step }

  private func smallestHessianReaches(_ units: Double) -> Bool {
    range.smallestHessian * scales.hessian >= units
  }

  /// Whether one row in 64 or more has a positive Hessian of less than `units` units.
  func losesRows(below units: Double) -> Bool {
    guard !smallestHessianReaches(units) else { return false }
    return count { _, _, h in h > 0 && h < units } * 64 > looked
  }

  /// Whether one row in 1,024 or more has a Hessian of less than `units` units and yet as much to
  /// gain as other rows, or nearly.
  ///
  /// A row alone has `g^2 / h` to gain, per unit of its weight; the mean row has no less than
  /// `(sum of |g|)^2 / (sum of h) / (sum of weights)`, by Cauchy and Schwarz, and a sixteenth of
  /// that is nearly as much. Under a size-normalised loss large systems are such rows: tiny
  /// curvature, and an error as bad as any other's. The rows that a logistic loss is certain of have
  /// tiny curvature as well, but nothing to gain.
  func losesImportantRows(below units: Double) -> Bool {
    guard !smallestHessianReaches(units) else { return false }
    let weights = derivatives.rows.weights
    let g = range.sumOfMagnitudes * scales.gradient
    let mean = g * g / (range.sumOfHessians * scales.hessian * derivatives.totalWeight)
    let least = mean / 16
    if weights.isEmpty {
      return count { _, g, h in h > 0 && h < units && g * g >= least * h } * 1_024 > looked
    }
    return count { row, g, h in
      h > 0 && h < units && g * g >= least * h * weights[row]
    } * 1_024 > looked
  }

  /// Whether more than half of the rows have gradients other than 0 of less than `units` units.
  func losesGradients(below units: Double) -> Bool {
    count { _, g, _ in g > 0 && g < units } * 2 > looked
  }
}
