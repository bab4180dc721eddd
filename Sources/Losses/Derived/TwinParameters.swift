import RealModule

/// What the parameters of a shipped objective would have to be for it to have a given loss: read off
/// the gradient at a few places, in the way of each family, and tried by ``ShippedTwin``.
struct TwinParameters {
  private let gradient: (_ scores: [Double], _ target: Double) -> [Double]
  private let width: Int
  private let target: Double
  private let literals: [Double]

  /// - Parameters:
  ///   - rows: rows that the loss is defined for; the first lends its row data.
  ///   - literals: numbers to try besides.
  init(_ objective: some Objective, _ rows: ProbeRows, _ literals: [Double]) {
    let width = objective.scoresPerRow
    self.width = width
    self.literals = literals.count <= 8 ? literals : []
    target = rows.targets[0]
    gradient = { scores, target in
      rows.gathered([0]).mapped(target: { _ in target })
        .derivatives(of: objective, at: scores).gradients
    }
  }

  /// The insides of the parentheses to try for `entry`; none if it has no parameters or another
  /// number of scores.
  func choices(of entry: Catalogue.Entry) -> [String] {
    guard !entry.parameters.isEmpty, entry.targets != .classes else { return [] }
    guard entry.takesSeveral || entry.make(2).scoresPerRow == width else { return [] }
    if entry.name == "quantile", width > 1 { return severalLevels }
    var numbers = literals
    if let estimate = estimate(for: entry.name), estimate.isFinite {
      numbers.insert(contentsOf: [Self.rounded(estimate, 6), estimate], at: 0)
    }
    let rule = entry.parameters[0]
    return numbers.filter { rule.isAllowed($0) && $0 != rule.initial }.map { "\($0)" }
  }

  private func slope(_ score: Double, target: Double) -> Double { gradient([score], target)[0] }

  /// The parameter of a family with one score, if the loss is of that family.
  private func estimate(for name: String) -> Double? {
    switch name {
    case "quantile", "expectile":
      let unit = max(1, target.magnitude)
      let below = -slope(target - unit, target: target)
      return below / (below + slope(target + unit, target: target))
    case "huber", "pseudo-huber":
      // The pull of outliers, in units of the slope at the target.
      let near = 1e-6 * max(1, target.magnitude)
      let far = 1e12 * max(1, target.magnitude)
      return slope(target + far, target: target) / slope(target + near, target: target)
        * (target + near - target)
    case "tweedie":
      return 2 - .log(slope(1, target: 0) / slope(0, target: 0))
    case "negative-binomial":
      return slope(-30, target: 0) * .exp(30) / slope(30, target: 0)
    case "focal":
      return .log(slope(18, target: 1) / slope(19, target: 1)) - 1
    case "student-t":
      let near = gradient([1e-4, 0], 0)[0] / 1e-4
      let far = gradient([1e6, 0], 0)[0] * 1e6
      return far / near
    default:
      return nil
    }
  }

  /// Levels of several quantiles, one per score.
  private var severalLevels: [String] {
    let unit = max(1, target.magnitude)
    let below = gradient([Double](repeating: target - unit, count: width), target)
    let above = gradient([Double](repeating: target + unit, count: width), target)
    let levels = zip(below, above).map { -$0 / ($1 - $0) }
    guard levels.allSatisfy({ $0 > 0 && $0 < 1 }) else { return [] }
    return [levels.map { "\(Self.rounded($0, 6))" }, levels.map { "\($0)" }].map {
      $0.joined(separator: ", ")
    }
  }

  /// `x` with so many digits.
  private static func rounded(_ x: Double, _ digits: Int) -> Double {
    guard x != 0, x.isFinite else { return x }
    let power = Double.pow(10, digits - 1 - Int(Double.log10(x.magnitude).rounded(.down)))
    return (x * power).rounded() / power
  }
}
