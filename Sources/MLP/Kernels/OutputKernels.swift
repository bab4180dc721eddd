// Safe because: see Kernels.swift.

extension Kernels {
  /// `starts + scales * outputs` of each row, in double precision.
  static func scale(
    _ outputs: Floats, by scales: [Double], from starts: [Double], into scores: Doubles
  ) {
    let width = scales.count
    precondition(
      outputs.count == scores.count && starts.count == width && outputs.count % width == 0,
      "outputs are whole rows")
    for first in stride(from: 0, to: outputs.count, by: width) {
      for k in 0..<width {
        scores[first + k] = starts[k] + scales[k] * Double(outputs[first + k])
      }
    }
  }

  /// Gradients per output are near 1 at the start of training. What is so much larger could not be
  /// squared as Float any more, as the optimizer does.
  static let largestDelta = 1e18

  /// Writes `gradients * weight of the row * factor of the score` into `deltas`.
  ///
  /// - Returns: the first row with a gradient that is not finite, or not below ``largestDelta`` by
  ///   then; or nil.
  static func scaleGradients(
    _ gradients: Doubles, byWeights weights: Doubles, factors: [Double], into deltas: Floats
  ) -> Int? {
    let width = factors.count
    precondition(
      gradients.count == deltas.count && weights.count * width == deltas.count,
      "gradients are whole rows, one weight each")
    for row in 0..<weights.count {
      for index in row * width..<(row + 1) * width {
        let delta = gradients[index] * (weights[row] * factors[index - row * width])
        guard delta.magnitude < largestDelta else { return row }
        deltas[index] = Float(delta)
      }
    }
    return nil
  }
}
