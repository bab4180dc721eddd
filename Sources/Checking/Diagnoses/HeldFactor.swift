import Wording
import Losses
import RealModule

/// A loss that is a usual one times a factor of its own, such as the modulating factor of a focal
/// loss, and a gradient that takes this factor for a constant.
struct HeldFactor {
  let entries: CheckEntries
  let resolved: [CheckEntry]

  /// A usual loss with its gradient.
  private struct Base: Sendable {
    let name: String
    let loss: @Sendable (ArraySlice<Double>, Double) -> Double
    let gradient: @Sendable (ArraySlice<Double>, Int, Double) -> Double
  }

  private static let squared = Base(
    name: "the squared error",
    loss: { scores, y in
      let error = scores[scores.startIndex] - y
      return error * error
    }, gradient: { scores, _, y in 2 * (scores[scores.startIndex] - y) })
  private static let absolute = Base(
    name: "the absolute error",
    loss: { scores, y in (scores[scores.startIndex] - y).magnitude },
    gradient: { scores, _, y in scores[scores.startIndex] > y ? 1 : -1 })
  private static let logistic = Base(
    name: "the cross-entropy (the modulating factor (1 - p)^gamma of a focal loss?)",
    loss: { scores, y in
      let score = scores[scores.startIndex]
      return y * StableMath.softplus(-score) + (1 - y) * StableMath.softplus(score)
    }, gradient: { scores, _, y in StableMath.sigmoid(scores[scores.startIndex]) - y })
  private static let softmax = Base(
    name: logistic.name,
    loss: { scores, y in
      guard let class_ = Int(exactly: y), scores.indices.contains(scores.startIndex + class_)
      else { return .nan }
      return logSumExp(scores) - scores[scores.startIndex + class_]
    },
    gradient: { scores, k, y in
      Double.exp(scores[scores.startIndex + k] - logSumExp(scores)) - (Double(k) == y ? 1 : 0)
    })

  private static func logSumExp(_ scores: ArraySlice<Double>) -> Double {
    let largest = scores.reduce(-Double.infinity, Double.maximum)
    return largest + Double.log(scores.reduce(0) { $0 + Double.exp($1 - largest) })
  }

  func diagnosis() -> Finding? {
    let objective = entries.samples[0].objective
    guard objective.reach == .row else { return nil }
    let isBinary = resolved.allSatisfy { (0...1).contains(entries.target($0)) }
    let bases =
      objective.scoresPerRow > 1
      ? [Self.softmax] : (isBinary ? [Self.logistic] : []) + [Self.squared, Self.absolute]
    let losses = entries.samples.map { $0.losses() }
    for base in bases {
      let pairs = resolved.compactMap { entry -> (ofLoss: Double, ofGradient: Double)? in
        let (scores, y) = (entries.scores(entry), entries.target(entry))
        let (loss, slope) = (base.loss(scores, y), base.gradient(scores, entry.k, y))
        guard loss.magnitude > 1e-9, slope.magnitude > 1e-9, entry.gradient != 0 else { return nil }
        return (losses[entry.sample][entry.row] / loss, entry.gradient / slope)
      }
      guard pairs.count >= 16, pairs.count * 10 >= resolved.count * 8, varies(pairs.map(\.ofLoss))
      else { continue }
      let constancy = Constancy(pairs.map { $0.ofGradient / $0.ofLoss }, tolerance: 1e-4)
      guard constancy.holds, constancy.share > 0.97 else { continue }
      return Finding(
        .error, .gradientMismatch,
        "the factor by which the loss multiplies \(base.name) is held constant: its own derivative "
          + "is missing (the product rule)"
          + ((constancy.value - 1).magnitude < 1e-3
            ? "" : "; the rest is off by the factor \(constancy.value.short)"),
        figures: ["constant": constancy.value])
    }
    return nil
  }
}
