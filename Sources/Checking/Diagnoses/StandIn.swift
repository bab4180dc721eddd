import Wording
import Losses

/// Hessians that are not the second derivative and are meant: stand-ins that people use on purpose.
///
/// Known are: a constant or another bound that does not depend on the score, an expected curvature
/// (Fisher, Gauss-Newton), the weight of iteratively reweighted least squares `gradient / (score -
/// y)`, the size or the square of the gradient, the exact curvature where the loss is convex with
/// anything positive where it is not, and the exact curvature with a floor or a small number added.
/// Of several scores, each may have its own. All others are to be declared.
struct StandIn {
  let places: HessianPlaces

  init(_ places: HessianPlaces) { self.places = places }

  private var all: [HessianPlace] { places.all }
  private var entries: CheckEntries { places.entries }
  private var objective: any Objective { places.objective }

  /// Whether the Hessian is the same number everywhere.
  var isConstant: Bool {
    guard let first = all.first?.given else { return false }
    return all.allSatisfy { ($0.given - first).magnitude <= 1e-9 * first.magnitude }
  }

  /// Where the gradient is piecewise constant: absolute errors and quantiles.
  var ofStraightLines: Finding {
    note("is a positive stand-in: the gradient is piecewise constant and has no slope")
  }

  func finding(_ random: inout CheckRandom) -> Finding? {
    if let sentence = sentence(&random) {
      return note(sentence, figures: ["ratio": places.medianRatio])
    }
    let width = objective.scoresPerRow
    guard (2...8).contains(width) else { return nil }
    // Each score by itself: a mean and a scale have different stand-ins.
    var sentences: [String] = []
    for k in 0..<width {
      let own = places.ofScore(k)
      guard own.wrong.count * 50 > own.all.count else { continue }
      guard let sentence = StandIn(own).sentenceOfOne(&random) else { return nil }
      sentences.append("of score \(k) \(sentence)")
    }
    return sentences.isEmpty
      ? nil
      : note(sentences.joined(separator: "; Hessian "), figures: ["ratio": places.medianRatio])
  }

  private func note(_ sentence: String, figures: [String: Double] = [:]) -> Finding {
    Finding(.note, .surrogateHessian, "Hessian \(sentence)", figures: figures)
  }

  /// The same for one score of several; a stand-in may also be as uniform as a factor.
  private func sentenceOfOne(_ random: inout CheckRandom) -> String? {
    if let sentence = sentence(&random) { return sentence }
    if isConstant, let value = all.first?.given, value > 0 {
      return "is the constant \(value.short)"
    }
    guard !places.isMostlyFlat else {
      return "is a positive stand-in where the loss has no curvature"
    }
    let constancy = Constancy(places.ratios)
    guard constancy.holds, (1...10).contains(constancy.value) else { return nil }
    return "is \(constancy.value.short) x the slope of the gradient"
  }

  private func sentence(_ random: inout CheckRandom) -> String? {
    guard all.allSatisfy({ $0.given >= 0 || $0.due.agrees(with: $0.given, floor: places.floor) })
    else { return nil }
    return ofGradient ?? whereConvex ?? bound ?? expected(&random)
  }

  /// What makes almost all places agree, but for a floor under the whole.
  private func matches(_ value: (HessianPlace) -> Double?) -> Bool {
    let least = all.reduce(Double.infinity) { min($0, $1.given) }
    var informative = 0
    var equal = 0
    for place in all {
      guard let due = value(place), due.isFinite else { return false }
      if due > least { informative += 1 }
      if (place.given - max(due, least)).magnitude <= 1e-5 * place.given.magnitude { equal += 1 }
    }
    return informative >= 4 && informative * 2 >= all.count && equal * 50 >= all.count * 49
  }

  private var ofGradient: String? {
    if matches({ $0.entry.gradient.magnitude }) {
      return "is |gradient|, a stand-in that bounds each step by 1"
    }
    if Set(all.map(\.entry.gradient)).count >= 8,
      matches({ $0.entry.gradient * $0.entry.gradient })
    {
      return "is the square of the gradient: for a log-likelihood that is its curvature on "
        + "average, for other losses it is in another unit"
    }
    let isOfTarget = objective.link == .identity || objective.scoresPerRow > 1
    if isOfTarget,
      matches({ place in
        let residual = entries.score(place.entry) - entries.target(place.entry)
        return residual == 0 ? place.given : place.entry.gradient / residual
      })
    {
      return "is gradient / (score - y), the weight of iteratively reweighted least squares: its "
        + "parabola bounds a loss that grows slower than a square"
    }
    return nil
  }

  /// The exact curvature where that is positive; else anything positive.
  private var whereConvex: String? {
    let least = all.reduce(Double.infinity) { min($0, $1.given) }
    let convex = places.moving.filter { $0.due.value > 0 }
    func share(_ holds: (HessianPlace) -> Bool) -> Bool {
      convex.count { holds($0) } * 50 >= convex.count * 49
    }
    if convex.count >= 4, share({ $0.due.agrees(with: $0.given, floor: places.floor) }) {
      return "is the slope of the gradient where that is positive, and a stand-in elsewhere"
    }
    if least > 0, convex.count * 2 >= all.count,
      share({ $0.due.agrees(with: $0.given, floor: places.floor) || $0.given <= least * (1 + 1e-9) }
      ),
      all.allSatisfy({ $0.given >= $0.due.value * (1 - 1e-4) - 20 * $0.due.error - places.floor }),
      all.contains(where: { $0.given > 2 * least })
    {
      return "is the slope of the gradient, but at least \(least.short)"
    }
    let added = Constancy(all.map { $0.given - $0.due.value }, tolerance: 1e-3)
    if added.value > 0, added.share >= 0.95, convex.count * 2 >= all.count {
      return "is the slope of the gradient plus \(added.value.short)"
    }
    return nil
  }

  /// A number above every slope that does not depend on the score, where the slopes do.
  private var bound: String? {
    let above = all.count { $0.given >= $0.due.value * (1 - 1e-4) - 20 * $0.due.error }
    guard above * 50 >= all.count * 49, isFreeOfScores, places.isCurved else { return nil }
    let due = all.map(\.due.value)
    let range = "\((due.min() ?? 0).short) to \((due.max() ?? 0).short)"
    if isConstant, let value = all.first?.given {
      return
        "is the constant \(value.short), an upper bound: the slope of the gradient ranges from "
        + range
    }
    return "is an upper bound that does not depend on the score: the slope of the gradient ranges "
      + "from \(range)"
  }

  private var isFreeOfScores: Bool {
    guard let sample = entries.samples.first else { return false }
    var moved = sample
    moved.shift(by: 0.5)
    let looked = Set(
      all.filter { $0.entry.sample == 0 }.map { $0.entry.row * sample.width + $0.entry.k })
    let (here, there) = (sample.derivatives().hessians, moved.derivatives().hessians)
    return looked.allSatisfy { (here[$0] - there[$0]).magnitude <= 1e-9 * here[$0].magnitude }
  }

  /// Whether the Hessian stays, and the slope of the gradient changes, when targets change places.
  private func expected(_ random: inout CheckRandom) -> String? {
    // Where the loss is concave, there is no size to compare with.
    let convex = places.moving.filter { $0.due.value > 0 }.map { $0.given / $0.due.value }
    guard convex.isEmpty || (0.05...20).contains(median(convex)), objective.reach != .table,
      let sample = entries.samples.first
    else { return nil }
    var moved = sample
    let order = random.permutation(sample.count)
    for (row, other) in order.enumerated() { moved.targets[row] = sample.targets[other] }
    guard moved.refusal == nil else { return nil }
    let looked = Set(
      all.filter { $0.entry.sample == 0 }.map { $0.entry.row * sample.width + $0.entry.k })
    let (here, there) = (sample.derivatives().hessians, moved.derivatives().hessians)
    guard looked.allSatisfy({ (here[$0] - there[$0]).magnitude <= 1e-9 * here[$0].magnitude })
    else { return nil }
    let slopes = CheckEntries([moved], domain: entries.domain, scoreLimit: entries.scoreLimit).all
    let changes = zip(entries.all, slopes).contains { here, there in
      let (a, b) = (here.gradientSlope, there.gradientSlope)
      return looked.contains(here.row * sample.width + here.k) && a.isResolved(beside: 0)
        && b.isResolved(beside: 0)
        && (a.value - b.value).magnitude > 0.01 * max(a.value.magnitude, b.value.magnitude)
          + 10 * (a.error + b.error)
    }
    return changes
      ? "does not depend on the target although the slope of the gradient does: an expected "
        + "(Fisher) curvature" : nil
  }
}
