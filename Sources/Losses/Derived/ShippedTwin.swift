/// A shipped objective with the same loss as another, up to a positive factor and a term without
/// scores: what is known of the one then holds for the other.
///
/// It is found by comparing gradients, not by names or texts: `square((score - y) / size)` is SNE,
/// `0.5 * abs(y - score)` the absolute error. See ``find(for:on:literals:)``.
package struct ShippedTwin: Sendable {
  /// The shipped objective.
  package let objective: any Objective
  /// The other's gradient is this many times the shipped one's.
  package let factor: Double
  /// The other's Hessian beside the shipped one's.
  let hessian: Hessian

  /// What an objective writes for a Hessian, beside a shipped one with the same loss.
  enum Hessian: Sendable {
    /// The same, in its unit.
    case same
    /// 0, which is right where the shipped one writes a stand-in.
    case zero
    /// One of its own.
    case own
  }

  /// Rows that are looked at.
  static let rowLimit = 32

  /// The shipped objective with the same loss as `objective`; nil if there is none, or rows are
  /// compared with one another.
  ///
  /// A parameter (a quantile's level, Huber's delta) is read off the gradients, and any number of
  /// `literals` is tried for it. O(shipped objectives of as many scores and the same row data), a
  /// thousand rows each at most.
  ///
  /// - Parameters:
  ///   - rows: rows that the loss is defined for.
  ///   - literals: numbers that stand in the text of the loss, if it has one.
  static func find(
    for objective: some Objective, on rows: ProbeRows, literals: [Double] = []
  ) -> ShippedTwin? {
    guard objective.reach == .row, rows.count > 0 else { return nil }
    var first: ShippedTwin?
    for entry in Catalogue.objectives {
      for candidate in candidates(entry, for: objective, rows, literals) {
        guard let twin = ShippedTwin(candidate, of: objective, on: rows) else { continue }
        // Half the absolute error is the median's pinball loss as it stands.
        if twin.factor == 1 { return twin }
        first = first ?? twin
      }
    }
    return first
  }

  private static func candidates(
    _ entry: Catalogue.Entry, for objective: some Objective, _ rows: ProbeRows,
    _ literals: [Double]
  ) -> [any Objective] {
    let width = objective.scoresPerRow
    let classes = entry.targets == .classes ? max(2, width) : nil
    let plain = try? Catalogue.objective(entry.name, classes: classes)
    let parameters = TwinParameters(objective, rows, literals).choices(of: entry)
    let options = entry.options.map { "\(entry.name)(\($0))" }
    let texts = parameters.map { "\(entry.name)(\($0))" } + options
    let others = texts.lazy.compactMap { try? Catalogue.objective($0, classes: classes) }
    return ([plain].compactMap { $0 } + others).filter {
      $0.scoresPerRow == width && $0.rowDataNames == objective.rowDataNames && $0.reach == .row
    }
  }

  /// The twin if `candidate` is one of `objective`.
  init?(
    _ candidate: any Objective, of objective: some Objective, on rows: ProbeRows
  ) {
    let accepted = rows.accepted(by: candidate)
    guard accepted.count >= min(2, rows.count) else { return nil }
    let places = TwinPlaces.places(for: candidate, accepted)
    let (shipped, shippedHessians) = places.derivatives(of: candidate)
    let (given, givenHessians) = places.derivatives(of: objective)
    // A loss of probabilities without a clip is no number outside 0 to 1, where the clipped one is flat.
    guard !TwinPlaces.areProbabilities(candidate) || given.allSatisfy(\.isFinite) else {
      return nil
    }
    guard let factor = Self.factor(of: given, to: shipped),
      Self.agree(
        given, shipped, factor: factor, slack: Self.slack(shippedHessians, at: places))
    else { return nil }
    self.objective = candidate
    self.factor = factor
    if Self.hessiansAgree(givenHessians, shippedHessians, factor: factor) {
      hessian = .same
    } else {
      hessian = givenHessians.allSatisfy { $0 == 0 } ? .zero : .own
    }
  }

  /// Whether Hessians agree in nine of ten places where both are numbers: `1 - tanh^2` has no digits
  /// where it vanishes, and squares of `cosh` overflow before the rest.
  private static func hessiansAgree(
    _ given: [Double], _ shipped: [Double], factor: Double
  ) -> Bool {
    let largest = shipped.reduce(0) { $1.isFinite ? max($0, $1.magnitude) : $0 }
    var looked = 0
    var agreeing = 0
    for (a, b) in zip(given, shipped) where a.isFinite && b.isFinite {
      looked += 1
      let difference = (a / factor - b).magnitude
      let least = 1e-6 * max((a / factor).magnitude, b.magnitude) + 1e-12 * largest
      if difference <= least { agreeing += 1 }
    }
    return agreeing * 10 >= looked * 9 && looked > 0
  }

  /// What rounding of scores and targets does to gradients: `y / size - score / size` near 0 has lost
  /// digits that `(y - score) / size` has.
  private static func slack(_ hessians: [Double], at places: ProbePlaces) -> [Double] {
    let width = hessians.count / max(1, places.rows.count)
    return hessians.indices.map { index in
      let size = max(places.scores[index].magnitude, places.rows.targets[index / width].magnitude)
      let slack = 1e-14 * size * hessians[index].magnitude
      return slack.isFinite ? slack : 0
    }
  }

  /// The median ratio of two arrays, a positive number; exactly 1 where it nearly is.
  private static func factor(of given: [Double], to shipped: [Double]) -> Double? {
    var ratios: [Double] = []
    for (a, b) in zip(given, shipped) where a != 0 && b != 0 && a.isFinite && b.isFinite {
      ratios.append(a / b)
    }
    guard ratios.count >= 4 else { return nil }
    ratios.sort()
    let median = ratios[ratios.count / 2]
    guard median > 0, median.isFinite else { return nil }
    return (median - 1).magnitude < 1e-9 ? 1 : median
  }

  /// Whether `given` is `factor` times `shipped`, to rounding. Places where either overflows are
  /// passed over, as long as most remain.
  ///
  /// - Parameter slack: what rounding may do besides, place by place.
  private static func agree(
    _ given: [Double], _ shipped: [Double], factor: Double, slack: [Double] = [],
    share: Double = 0.5
  ) -> Bool {
    let magnitudes = shipped.filter { $0.isFinite && $0 != 0 }.map(\.magnitude).sorted()
    guard !magnitudes.isEmpty else { return false }
    // Differences that cancel (p - y) leave rounding of the usual magnitude, not of their own.
    let rounding = 1e-12 * magnitudes[magnitudes.count / 2]
    var looked = 0
    for (place, (a, b)) in zip(given, shipped).enumerated() where a.isFinite && b.isFinite {
      looked += 1
      let difference = (a / factor - b).magnitude
      let least = max(rounding, slack[place])
      guard difference <= 1e-8 * max((a / factor).magnitude, b.magnitude) + least else {
        return false
      }
    }
    return looked * 2 > given.count
  }
}

/// Where two losses are compared.
enum TwinPlaces {
  /// Distances from the target, and scores of their own, of losses in the target's unit: over so
  /// many magnitudes that a far-off bend or a tiny one is seen.
  private static let residuals: [Double] = [
    1e-6, -3e-5, 1e-3, -0.02, 0.1, 0.37, -0.6, 0.98, -1.3, 2.1, -3.4, 5.5, 9, -14, 30, -100, 450,
    -2e3,
    1e5, -3e6, 1e8, -1e10, 1e12, -1e12,
  ]
  /// Scores of losses behind a link, which have no unit.
  private static let scores: [Double] = [
    0, 0.1, -0.3, 0.7, -1, 1.6, -2.2, 3.1, -4.5, 6.3, -8, 11, -15, 19,
  ]

  /// Whether the candidate's scores are probabilities themselves.
  static func areProbabilities(_ candidate: any Objective) -> Bool {
    candidate.name == "probability-cross-entropy"
  }

  /// Each row at scores that suit the candidate.
  static func places(for candidate: any Objective, _ rows: ProbeRows) -> ProbePlaces {
    let width = candidate.scoresPerRow
    let isProbability = areProbabilities(candidate)
    return ProbePlaces(rows, width: width) { row -> [[Double]] in
      let target = rows.targets[row]
      switch candidate.link {
      case _ where isProbability:
        // Inside the clip and on either side of it.
        return (0..<14).map { place in
          (0..<width).map { k -> Double in
            let step = (place * 5 + k * 7) % 14
            return -0.13 + 0.091 * Double(step)
          }
        }
      case .identity:
        return residuals.indices.map { place in
          (0..<width).map { k in target + residuals[(place + 7 * k) % residuals.count] }
        }
      case .locationScale:
        return scores.indices.map { place in
          let scale: Double = scores[(place * 5 + row) % 5]
          return [target + 2 * scores[place], scale]
        }
      default:
        return scores.indices.map { place in
          (0..<width).map { k in scores[(place + 5 * k) % scores.count] }
        }
      }
    }
  }
}
