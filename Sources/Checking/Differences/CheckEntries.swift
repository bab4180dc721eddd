import Losses

/// One score of one row: what the objective says of it and what differences say.
struct CheckEntry {
  let sample: Int
  let row: Int
  let k: Int
  /// The number under which the row is reported.
  let number: Int
  let gradient: Double
  let hessian: Double
  /// The slope of the loss; unresolved if there is no loss.
  var slope = NumericalDerivative()
  /// The second derivative of the loss, from losses alone.
  var lossCurvature = NumericalDerivative()
  /// The slope of the given gradient.
  var gradientSlope = NumericalDerivative()
  /// Whether slopes were looked at; with very many scores per row, those of some are.
  var isLookedAt = false
}

/// What derivatives written by hand are compared with.
enum DerivativeReference: String {
  /// Exact derivatives of a formula of the loss.
  case jets
  /// Extrapolated differences of the loss.
  case differences
}

/// The entries of several samples, with what the tests ask of them.
struct CheckEntries {
  let samples: [CheckSample]
  let domain: ScoreDomain
  private(set) var all: [CheckEntry] = []
  /// A gradient this small is nothing, next to the others.
  private(set) var floor = 0.0
  private let least: Double
  let scoreLimit: Int
  /// Whether every score of every row was looked at.
  var isComplete: Bool { samples.allSatisfy { $0.width <= scoreLimit } }
  /// What gradients and Hessians are compared with.
  private(set) var reference = DerivativeReference.differences
  /// The share of places in which the loss's formula does not fit the differences of the loss, if
  /// that is why there are no jets.
  private(set) var misfitOfFormula = 0.0

  /// Up to so many scores per row, all of them are looked at.
  static let usualScores = 32

  /// - Parameters:
  ///   - least: the least that ``floor`` may be.
  ///   - scoreLimit: how many scores of a row to look at, in turn different ones; entries of
  ///     others have no slope. If nil, all, or a few of more than ``usualScores``.
  init(
    _ samples: [CheckSample], domain: ScoreDomain, least: Double = 0, scoreLimit: Int? = nil
  ) {
    self.samples = samples
    self.domain = domain
    self.least = least
    let isUsual = samples.allSatisfy { $0.width <= Self.usualScores }
    self.scoreLimit = scoreLimit ?? (isUsual ? Self.usualScores : 8)
    for (place, sample) in samples.enumerated() { add(sample, place) }
    setFloor()
    useFormula()
  }

  private mutating func setFloor() {
    let sizes = all.map(\.slope.value.magnitude).filter { $0.isFinite && $0 > 0 }
    floor = max(least, 1e-10 * median(sizes))
  }

  /// Puts the exact derivatives of the loss's formula in the place of differences, provided that
  /// the formula is one of the loss.
  private mutating func useFormula() {
    var (gradients, hessians, noise, hessianNoise) = (
      [Double](), [Double](), [Double](), [Double]()
    )
    for sample in samples {
      guard sample.objective.hasLoss, let formula = sample.formula else { return }
      let exact = formula.derivatives()
      let scatter = formula.scatter(around: exact)
      gradients += exact.gradients
      hessians += exact.hessians
      noise += scatter.gradients
      hessianNoise += scatter.hessians
    }
    let resolved = all.indices.filter {
      gradients[$0].isFinite && all[$0].slope.isResolved(beside: gradients[$0].magnitude)
    }
    let wrong = resolved.filter { !all[$0].slope.agrees(with: gradients[$0], floor: floor) }
    guard wrong.count * 20 <= resolved.count else {
      misfitOfFormula = Double(wrong.count) / Double(resolved.count)
      return
    }
    reference = .jets
    for index in all.indices where all[index].isLookedAt {
      all[index].slope = .exact(
        gradients[index], noise: noise[index], kink: all[index].slope)
      all[index].lossCurvature = .exact(
        hessians[index], noise: hessianNoise[index], kink: all[index].lossCurvature)
    }
    setFloor()
  }

  private mutating func add(_ sample: CheckSample, _ place: Int) {
    let width = sample.width
    let (gradients, hessians) = sample.derivatives()
    let start = all.count
    for row in 0..<sample.count {
      for k in 0..<width {
        all.append(
          CheckEntry(
            sample: place, row: row, k: k, number: sample.numbers[row],
            gradient: gradients[row * width + k], hessian: hessians[row * width + k]))
      }
    }
    let units = sample.units
    let turns = min(width, scoreLimit)
    for turn in 0..<turns {
      // The golden section spreads the scores of few turns over all classes.
      let scores = (0..<sample.count).map { row in
        turns == width ? turn : (turn * width / turns + row * (width * 5 / 8 | 1)) % width
      }
      let first = zip(0..., scores).map { row, k in
        CheckDrawing.widestStep(sample, row: row, score: k, domain: domain)
      }
      if sample.objective.hasLoss {
        let ladder = StepLadder(sample, scores: scores, first: first) { moved in
          let losses = moved.losses()
          var totals = losses
          for unit in units where unit.count > 1 {
            let total = losses[unit].reduce(0, +)
            for row in unit { totals[row] = total }
          }
          return totals
        }
        for (row, k) in scores.enumerated() {
          all[start + row * width + k].slope = ladder.slope(row)
          all[start + row * width + k].lossCurvature = ladder.curvature(row)
        }
      }
      let ladder = StepLadder(sample, scores: scores, first: first) { moved in
        let gradients = moved.derivatives().gradients
        return scores.enumerated().map { gradients[$0 * width + $1] }
      }
      for (row, k) in scores.enumerated() {
        all[start + row * width + k].gradientSlope = ladder.slope(row)
        all[start + row * width + k].isLookedAt = true
      }
    }
  }

  /// The row data of an entry.
  func data(_ entry: CheckEntry, _ column: Int) -> Double {
    samples[entry.sample].data(entry.row, column)
  }
  func target(_ entry: CheckEntry) -> Double { samples[entry.sample].targets[entry.row] }
  func scores(_ entry: CheckEntry) -> ArraySlice<Double> {
    samples[entry.sample].scores(of: entry.row)
  }
  func score(_ entry: CheckEntry) -> Double {
    let scores = scores(entry)
    return scores[scores.startIndex + entry.k]
  }
}

/// Whether numbers are the same constant, up to a few outliers.
struct Constancy {
  let value: Double
  let share: Double

  /// - Parameter tolerance: relative to the median.
  init(_ values: [Double], tolerance: Double = 0.005) {
    let centre = median(values)
    value = centre
    let near = values.filter { ($0 - centre).magnitude <= tolerance * centre.magnitude }
    share = values.isEmpty ? 0 : Double(near.count) / Double(values.count)
  }

  var holds: Bool { value != 0 && share >= 0.9 }
}

/// How often a quantity varies by more than `ratio` between its 10th and 90th percentile.
func varies(_ values: [Double], by ratio: Double = 1.3) -> Bool {
  let sorted = values.map(\.magnitude).sorted()
  guard sorted.count >= 4 else { return false }
  return sorted[sorted.count * 9 / 10] > ratio * sorted[sorted.count / 10]
}

/// Up to eight different row numbers.
func rowNumbers(_ entries: [CheckEntry]) -> [Int] {
  var seen: Set<Int> = []
  var numbers: [Int] = []
  for entry in entries where numbers.count < 8 && seen.insert(entry.number).inserted {
    numbers.append(entry.number)
  }
  return numbers
}
