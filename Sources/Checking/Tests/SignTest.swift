import Losses

/// Whether following the gradient downhill leads anywhere.
struct SignTest {
  /// Rows (groups) in which a small step against the gradient raises the loss, of those in which
  /// the change can be told from rounding.
  private(set) var rising = 0
  private(set) var resolved = 0
  /// Rows (groups) in which the gradient never weakens, however far scores move against it.
  private(set) var runaway = 0
  private(set) var followed = 0
  /// Of the rows (groups) that never weaken, those whose gradient ends weaker than it began.
  private(set) var settling = 0

  var risingShare: Double { resolved > 0 ? Double(rising) / Double(resolved) : 0 }
  var runawayShare: Double { followed >= 8 ? Double(runaway) / Double(followed) : 0 }

  init(_ sample: CheckSample, domain: ScoreDomain) {
    let gradients = sample.derivatives().gradients
    let units = sample.units
    let width = sample.width
    let places = units.map { $0.lowerBound * width..<$0.upperBound * width }
    let largest = places.map { place in
      place.reduce(0) { max($0, gradients[$1].magnitude) }
    }
    if sample.objective.hasLoss {
      testStep(sample, places, units, gradients, largest, domain)
    }
    if domain == .real { follow(sample, places, gradients, largest) }
  }

  /// Only follows the gradient, from the scores of `sample`.
  private init(following sample: CheckSample) {
    let gradients = sample.derivatives().gradients
    let width = sample.width
    let places = sample.units.map { $0.lowerBound * width..<$0.upperBound * width }
    let largest = places.map { place in
      place.reduce(0) { max($0, gradients[$1].magnitude) }
    }
    follow(sample, places, gradients, largest)
  }

  /// Follows the gradient from starts below and above the targets, or, where scores and targets
  /// have different units, below and above the scores. A loss with a lower bound cannot keep its
  /// slope from any start.
  static func oneSidedFinding(_ sample: CheckSample) -> Finding? {
    let isSameUnit = sample.width == 1 && sample.objective.link == .identity
    let distance = isSameUnit ? max(1e-3, CheckDrawing.spread(of: sample.targets)) : 4
    for side in [-1.0, 1] {
      var start = sample
      for index in start.scores.indices {
        start.scores[index] =
          (isSameUnit ? sample.targets[index] : sample.scores[index]) + side * distance
      }
      let share = SignTest(following: start).runawayShare
      guard share >= 0.9 else { continue }
      let place =
        isSameUnit
        ? "scores \(side < 0 ? "below" : "above") the target"
        : "\(side < 0 ? "low" : "high") scores"
      return Finding(
        .error, .unbounded,
        (sample.objective.hasLoss ? "the loss falls without end" : "the gradient never weakens")
          + " from \(place), however far they move against the gradient: there is no "
          + "minimum (an odd power of the error, as in (score - y)^3, or an absolute value left "
          + "out?)",
        figures: ["share": share])
    }
    return nil
  }

  private mutating func testStep(
    _ sample: CheckSample, _ places: [Range<Int>], _ units: [Range<Int>], _ gradients: [Double],
    _ largest: [Double], _ domain: ScoreDomain
  ) {
    // A row counts as rising only if a finer step does not lower its loss: a minimum may be near.
    var rises = [Bool?](repeating: nil, count: units.count)
    for fineness in [1e-3, 1e-6, 1e-9] {
      var down = sample
      var up = sample
      for (unit, place) in places.enumerated()
      where rises[unit] != false && largest[unit] > 0 && largest[unit].isFinite {
        let step = fineness * Self.reach(sample, place, domain) / largest[unit]
        for index in place {
          down.scores[index] -= step * gradients[index]
          up.scores[index] += step * gradients[index]
        }
      }
      let (below, above) = (down.losses(), up.losses())
      for (unit, rows) in units.enumerated() where rises[unit] != false && largest[unit] > 0 {
        let (low, high) = (below[rows].reduce(0, +), above[rows].reduce(0, +))
        let size = rows.reduce(0) { $0 + below[$1].magnitude + above[$1].magnitude }
        guard low.isFinite, high.isFinite, (high - low).magnitude > 1e-11 * size else { continue }
        rises[unit] = high < low
      }
      guard rises.contains(true) else { break }
    }
    resolved = rises.count { $0 != nil }
    rising = rises.count { $0 == true }
  }

  /// The unit of a step: the size of the scores, within the domain.
  private static func reach(
    _ sample: CheckSample, _ place: Range<Int>, _ domain: ScoreDomain
  ) -> Double {
    let size = place.reduce(1) { max($0, sample.scores[$1].magnitude) }
    let room = place.reduce(Double.infinity) { least, index in
      let score = sample.scores[index]
      switch domain {
      case .real: return least
      case .positive where score > 0: return min(least, score)
      case .unit where score > 0 && score < 1: return min(least, score, 1 - score)
      case .positive, .unit: return least
      }
    }
    return min(size, room)
  }

  private mutating func follow(
    _ sample: CheckSample, _ places: [Range<Int>], _ gradients: [Double], _ largest: [Double]
  ) {
    let spread = max(1, CheckDrawing.spread(of: sample.targets))
    let starts = zip(places, largest).map { place, largest in
      largest > 0 ? place.reduce(0) { $0 - gradients[$1] * (gradients[$1] / largest) } : 0
    }
    var weakens = [Bool](repeating: false, count: places.count)
    var steps = [Int](repeating: 0, count: places.count)
    var ends = starts
    var distance = 0.1 * spread
    for _ in 0..<20 {
      var moved = sample
      for (place, largest) in zip(places, largest) where largest > 0 && largest.isFinite {
        for index in place { moved.scores[index] -= distance * gradients[index] / largest }
      }
      let there = moved.derivatives().gradients
      for (unit, place) in places.enumerated() where starts[unit] < 0 {
        let slope = place.reduce(0) { $0 - there[$1] * (gradients[$1] / largest[unit]) }
        guard slope.isFinite else { continue }
        steps[unit] += 1
        ends[unit] = slope
        if slope > 0.5 * starts[unit] { weakens[unit] = true }
      }
      distance *= 4
    }
    for unit in places.indices where steps[unit] >= 4 {
      followed += 1
      guard !weakens[unit] else { continue }
      runaway += 1
      if ends[unit] > 0.97 * starts[unit] { settling += 1 }
    }
  }

  /// What to say if the gradient is that of a loss without a minimum.
  func runawayFinding(_ sample: CheckSample) -> Finding {
    let share = runawayShare
    let hessians = sample.derivatives().hessians
    let negative = hessians.filter { $0 < 0 }
    if settling * 10 > runaway * 9 || (sample.objective.hasLoss && Self.levelsOff(sample)) {
      let isProbability = sample.objective.link == .logit || sample.objective.link == .softmax
      return Finding(
        .error, .unbounded,
        "the gradient never vanishes, however far scores move against it"
          + (sample.objective.hasLoss ? ", although the loss levels off" : "")
          + ": no row can ever be right"
          + (isProbability ? " (is softmax or sigmoid applied twice?)" : ""),
        figures: ["share": share])
    }
    if sample.objective.hasLoss {
      return Finding(
        .error, .maximised,
        "the loss falls without end, however far scores move against the gradient: is it a "
          + "likelihood or a score to be maximised (log p instead of -log p)?",
        figures: ["share": share])
    }
    let both =
      negative.count * 10 > hessians.count * 9
      ? "; the Hessian is negative, too: both are those of minus the loss" : ""
    return Finding(
      .error, .flippedSign,
      "the gradient never weakens, however far scores move against it: the sign is flipped "
        + "(y - p instead of p - y?)\(both)",
      figures: ["share": share])
  }

  /// Whether losses stay as they are when scores go from far to farther against the gradient.
  private static func levelsOff(_ sample: CheckSample) -> Bool {
    let gradients = sample.derivatives().gradients
    func losses(_ distance: Double) -> [Double] {
      var moved = sample
      for index in moved.scores.indices where gradients[index] != 0 {
        moved.scores[index] -= distance * (gradients[index] > 0 ? 1 : -1)
      }
      return moved.losses()
    }
    let (here, far, farther) = (sample.losses(), losses(60), losses(120))
    let level = here.indices.count {
      (farther[$0] - far[$0]).magnitude <= 1e-3 * (far[$0] - here[$0]).magnitude + 1e-9
    }
    return level * 10 > here.count * 9
  }
}
