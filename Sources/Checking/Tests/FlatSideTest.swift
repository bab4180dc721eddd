import Wording
import Losses

/// Gradients on the flat side of a loss, where the slope is exactly 0.
///
/// Scores for the other tests are drawn where the loss changes; behind `max(score, 0)` or a clamp
/// this leaves out the other side, and with it the mistake that its derivative is forgotten.
struct FlatSideTest {
  private(set) var finding: Finding?

  /// One score on a flat side.
  private struct Place {
    let row: Int
    let score: Double
    let gradient: Double
    let isAbove: Bool
  }

  /// - Parameter sample: rows at moderate scores within `domain`.
  init(_ sample: CheckSample, domain: ScoreDomain) {
    guard domain != .real, sample.objective.reach == .row, sample.objective.hasLoss else { return }
    var sides = [(low: -4.0, high: -0.5)]
    if domain == .unit { sides.append((low: 1.5, high: 6)) }
    var flat = 0
    var wrong: [Place] = []
    for (place, bounds) in sides.enumerated() {
      for k in 0..<min(sample.width, 8) {
        let look = Self.look(
          sample, score: k, from: bounds.low, to: bounds.high, isAbove: place == 1)
        flat += look.flat
        wrong += look.wrong
      }
    }
    guard wrong.count > 1, wrong.count * 50 > flat, let first = wrong.first else { return }
    let above = wrong.count(where: \.isAbove)
    let side = above == 0 ? "below 0" : above == wrong.count ? "above 1" : "outside (0, 1)"
    var numbers: [Int] = []
    for place in wrong where numbers.count < 8 && !numbers.contains(sample.numbers[place.row]) {
      numbers.append(sample.numbers[place.row])
    }
    finding = Finding(
      .error, .gradientMismatch,
      "the loss does not change for scores \(side), but the gradient is not zero there "
        + "(\(first.gradient.short) at score \(first.score.short)): the derivative of max(score, 0) "
        + "or of a clamp, which is 0 there, is missing; if a straight-through gradient is meant, "
        + "it is not the gradient of this loss",
      rows: numbers, figures: ["share": Double(wrong.count) / Double(flat)])
  }

  /// Moves score `k` of every row to a place of its own between two bounds. A place is flat if the
  /// loss is the very same on both sides of it, near and farther away.
  private static func look(
    _ sample: CheckSample, score k: Int, from low: Double, to high: Double, isAbove: Bool
  ) -> (flat: Int, wrong: [Place]) {
    let width = sample.width
    func moved(by shift: Double) -> CheckSample {
      var moved = sample
      for row in 0..<sample.count {
        // The golden section spreads any number of rows evenly.
        let golden = 0.618_033_988_749_895 * Double(row + 1)
        let fraction = golden - golden.rounded(.down)
        moved.scores[row * width + k] = low + (high - low) * fraction + shift
      }
      return moved
    }
    let centre = moved(by: 0)
    let losses = centre.losses()
    let reach = 0.3
    let others = [-reach, -0.05, 0.05, reach].map { moved(by: $0).losses() }
    let gradients = centre.derivatives().gradients
    var flat = 0
    var wrong: [Place] = []
    for row in 0..<sample.count {
      let gradient = gradients[row * width + k]
      guard losses[row].isFinite, gradient.isFinite, others.allSatisfy({ $0[row] == losses[row] })
      else { continue }
      flat += 1
      // A slope that rounding hides is not 0.
      guard gradient.magnitude * reach > 1e-9 * losses[row].magnitude else { continue }
      wrong.append(
        Place(
          row: row, score: centre.scores[row * width + k], gradient: gradient, isAbove: isAbove))
    }
    return (flat, wrong)
  }
}
