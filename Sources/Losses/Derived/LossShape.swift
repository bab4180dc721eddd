import RealModule

/// What a loss is like along one of its scores, as a walk over many magnitudes shows.
struct LossShape {
  /// Whether Hessians are the slopes of the gradients.
  let hasExactHessian: Bool
  /// Whether gradients are constant but for jumps: the loss consists of straight lines.
  let isPiecewiseLinear: Bool
  /// The share of places with a pull where the Hessian is 0.
  let flatShare: Double
  /// The share of places where the Hessian is below 0.
  let concaveShare: Double
  /// The share of places where the Hessian is above 0.
  let convexShare: Double
  /// Whether Newton steps from far below or above overshoot the minimum at least fourfold.
  let overshoots: (below: Bool, above: Bool)
  /// Where rows have their least loss; nil if most have none that is finite.
  let minimum: RowMinimum?
  /// Whether slopes change at the target only.
  let hasOneKink: Bool
  /// Whether slopes jump at the target, of a loss that is no straight lines beside it.
  let hasKink: Bool

  /// Reads the shape of `objective` along score `k` off a walk over `rows`; nil if there are too few
  /// places where it is a number.
  init?(_ objective: some Objective, _ rows: ProbeRows, score k: Int = 0) {
    let ladder = ScoreLadder(objective, rows, score: k)
    let steps = ladder.steps.flatMap { $0 }
    guard steps.count >= 20 else { return nil }
    let pulling = steps.filter { $0.gradient != 0 }
    guard !pulling.isEmpty else { return nil }
    func share(_ isSuch: (ScoreLadder.Step) -> Bool, of steps: [ScoreLadder.Step]) -> Double {
      steps.isEmpty ? 0 : Double(steps.count(where: isSuch)) / Double(steps.count)
    }
    // The rounding of a difference of gradients, as a slope.
    func rounding(_ step: ScoreLadder.Step) -> Double {
      1e-9 * step.gradient.magnitude / step.width
    }
    hasExactHessian =
      share(
        { step in
          let least = max(step.hessian.magnitude, step.slope.magnitude)
          return (step.hessian - step.slope).magnitude <= 0.02 * least + rounding(step)
        }, of: steps) >= 0.9
    isPiecewiseLinear = share({ $0.slope.magnitude <= rounding($0) }, of: pulling) >= 0.97
    flatShare = share({ $0.hessian == 0 }, of: pulling)
    // Beside the pull, so that the rounding of a Hessian is no sign.
    func bend(_ step: ScoreLadder.Step) -> Double { step.hessian * step.width * 1e4 }
    concaveShare = share({ bend($0) < -1e-6 * $0.gradient.magnitude }, of: steps)
    convexShare = share({ bend($0) > 1e-6 * $0.gradient.magnitude }, of: steps)
    minimum = RowMinimum.found(ladder)
    overshoots = Self.overshoots(ladder, minimum)
    hasKink =
      !isPiecewiseLinear && objective.link == .identity && minimum == .target
      && Self.hasKink(ladder)
    hasOneKink = isPiecewiseLinear && minimum == .target && Self.hasOneKink(ladder)
  }

  /// Whether slopes change at the target only, of a loss of straight lines with its minimum there.
  static func hasOneKink(_ ladder: ScoreLadder) -> Bool {
    ladder.steps.indices.allSatisfy { row in
      let target = ladder.rows.targets[row]
      let steps = ladder.steps[row]
      func isEven(_ side: [ScoreLadder.Step]) -> Bool {
        guard let first = side.first else { return true }
        return side.allSatisfy {
          ($0.gradient - first.gradient).magnitude <= 1e-9 * first.gradient.magnitude
        }
      }
      return isEven(steps.filter { $0.score < target })
        && isEven(steps.filter { $0.score > target })
    }
  }

  /// Where `hessian * distance / gradient`, which is 1 for a parabola, falls below a quarter in most
  /// rows.
  private static func overshoots(
    _ ladder: ScoreLadder, _ minimum: RowMinimum?
  ) -> (below: Bool, above: Bool) {
    guard let minimum else { return (false, false) }
    var rows = (below: 0, above: 0, all: 0)
    for (row, steps) in ladder.steps.enumerated() {
      guard let place = minimum.place(ladder, row: row) else { continue }
      rows.all += 1
      func isShort(_ step: ScoreLadder.Step) -> Bool {
        step.gradient != 0
          && step.hessian * (step.score - place) / step.gradient < 0.25
      }
      if steps.contains(where: { $0.score < place && isShort($0) }) { rows.below += 1 }
      if steps.contains(where: { $0.score > place && isShort($0) }) { rows.above += 1 }
    }
    return (rows.below * 2 > rows.all, rows.above * 2 > rows.all)
  }
}

/// Where a row's loss is least along its score.
enum RowMinimum: Sendable, Equatable {
  /// At the target.
  case target
  /// At the target's logarithm.
  case logarithm
  /// At the target divided by a column of row data.
  case quotient(column: Int)
  /// At the target times a column of row data.
  case product(column: Int)
  /// Somewhere; it has to be looked for, row by row.
  case elsewhere

  /// In words, for reasons.
  var words: String {
    switch self {
    case .target: "the target"
    case .logarithm: "the target's logarithm"
    case .quotient: "the target per row data"
    case .product: "the target times row data"
    case .elsewhere: "a minimum of its own in every row"
    }
  }

  /// The score, from target and row data; nil if it has to be looked for.
  func score(target: Double, data: (Int) -> Double) -> Double? {
    switch self {
    case .target: target
    case .logarithm: .log(target)
    case .quotient(let column): target / data(column)
    case .product(let column): target * data(column)
    case .elsewhere: nil
    }
  }

  /// The weighted median of the minima of rows; nil if they have to be looked for.
  func median(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    var minima: [Double] = []
    var counts: [Double] = []
    for row in 0..<rows.count {
      let minimum = score(target: rows.targets[row]) {
        rows.rowData[row * rows.rowDataCount + $0]
      }
      guard let minimum, minimum.isFinite else { return nil }
      minima.append(minimum)
      counts.append(weights.isEmpty ? 1 : weights[row])
    }
    return [weightedQuantile(minima, weights: counts, level: 0.5)]
  }

  /// The score of a row of a walk; where it has to be looked for, between two places of the walk.
  func place(_ ladder: ScoreLadder, row: Int) -> Double? {
    let data = ladder.rows.data(of: row)
    if self != .elsewhere {
      return score(target: ladder.rows.targets[row]) { data[data.startIndex + $0] }
    }
    let steps = ladder.steps[row]
    guard let last = steps.last(where: { $0.gradient < 0 }),
      let first = steps.first(where: { $0.gradient > 0 }), last.score < first.score
    else { return nil }
    return last.score / 2 + first.score / 2
  }

  /// What holds in nearly all rows of a walk; nil if a fifth of them have no finite minimum.
  static func found(_ ladder: ScoreLadder) -> RowMinimum? {
    let columns = 0..<ladder.rows.columns
    let known =
      [RowMinimum.target, .logarithm] + columns.map { .quotient(column: $0) }
      + columns.map { .product(column: $0) }
    let rows = ladder.steps.indices.filter { !ladder.steps[$0].isEmpty }
    for minimum in known + [.elsewhere] {
      let fitting = rows.filter { row in
        guard let place = minimum.place(ladder, row: row), place.isFinite else { return false }
        // Downhill to it from either side, and from both.
        let steps = ladder.steps[row]
        return steps.allSatisfy { $0.score == place || ($0.gradient * ($0.score - place)) >= 0 }
          && steps.contains { $0.gradient < 0 } && steps.contains { $0.gradient > 0 }
      }
      if fitting.count * 5 >= rows.count * 4 { return minimum }
    }
    return nil
  }
}
