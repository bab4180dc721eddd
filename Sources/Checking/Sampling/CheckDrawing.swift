import Losses
import RealModule

/// Draws rows that an objective accepts, and scores at which it can be looked at.
struct CheckDrawing {
  let objective: any Objective
  var random: CheckRandom

  init(_ objective: any Objective, seed: UInt64) {
    self.objective = objective
    random = CheckRandom(seed: seed)
  }

  // MARK: - Rows

  /// How a row data column is drawn.
  private enum Kind: CaseIterable {
    /// Positive numbers over four decades.
    case decades
    case zeroOrOne
    case unit
    case real
  }

  /// `count` rows with scores 0 that the objective accepts, or nil if none could be found.
  mutating func rows(_ count: Int) -> CheckSample? {
    let kinds = kindsOfRowData()
    for simplex in [false, true] where !simplex || objective.rowDataNames.count > 1 {
      let pool = targetPool(kinds, simplex: simplex)
      guard !pool.isEmpty else { continue }
      var sample = empty
      var tries = 0
      while sample.count < count, tries < 40 * count {
        tries += 1
        let target = random.pick(pool)
        let data = rowData(kinds, simplex: simplex)
        guard accepts(target, data) else { continue }
        sample.targets.append(target)
        sample.rowData += data
        sample.numbers.append(sample.count)
        sample.scores += [Double](repeating: 0, count: objective.scoresPerRow)
        if objective.reach == .group { sample.groups.append((sample.count - 1) / 6) }
      }
      if sample.count == count, sample.refusal == nil { return sample }
    }
    return nil
  }

  private var empty: CheckSample {
    CheckSample(
      objective: objective, scores: [], targets: [], rowData: [], groups: [], numbers: [])
  }

  private func accepts(_ target: Double, _ data: [Double]) -> Bool {
    var sample = empty
    sample.targets = [target]
    sample.rowData = data
    sample.numbers = [0]
    sample.scores = [Double](repeating: 0, count: objective.scoresPerRow)
    if objective.reach == .group { sample.groups = [0] }
    return sample.refusal == nil
  }

  /// Targets worth proposing, those first that suit the link.
  private var candidates: [Double] {
    let isOfNumbers = objective.link == .log || objective.link == .locationScale
    if objective.scoresPerRow > 1 && !isOfNumbers || objective.link == .softmax {
      return (0..<objective.scoresPerRow).map(Double.init)
    }
    if objective.link == .logit || objective.defaultMetric.name == Metric.logLoss.name {
      return [0, 1]
    }
    if objective.link == .log { return [0, 1, 2, 3, 5, 8] }
    return Self.numbers
  }

  private static let numbers = [-7.3, -2.4, -1, -0.6, 0, 0.35, 1, 2, 3, 4.6, 8.7, 12]

  private mutating func targetPool(_ kinds: [Kind], simplex: Bool) -> [Double] {
    for proposals in [candidates, Self.numbers] {
      let accepted = proposals.filter { target in
        (0..<20).contains { _ in accepts(target, rowData(kinds, simplex: simplex)) }
      }
      // Probabilities: the labels at the ends are what every formula is written for.
      if accepted.count > 1, accepted.allSatisfy((0...1).contains) {
        return accepted.filter { $0 == 0 || $0 == 1 }
      }
      if !accepted.isEmpty { return accepted }
    }
    return []
  }

  /// The kind of each row data column with which most rows are accepted.
  private mutating func kindsOfRowData() -> [Kind] {
    let names = objective.rowDataNames
    let likely = names.map { name -> Kind in
      let flags = ["event", "censor", "observed", "indicator", "is_"]
      return flags.contains { name.lowercased().contains($0) } ? .zeroOrOne : .decades
    }
    guard !names.isEmpty, names.count <= 4 else { return likely }
    var best = likely
    var bestShare = -1
    let kinds = Kind.allCases
    var choices = [likely]
    var combinations = 1
    for _ in names { combinations *= kinds.count }
    for number in 0..<combinations {
      var rest = number
      choices.append(
        names.map { _ in
          defer { rest /= kinds.count }
          return kinds[rest % kinds.count]
        })
    }
    for choice in choices {
      let share = (0..<48).reduce(0) { sum, _ in
        sum + (accepts(random.pick(candidates), rowData(choice, simplex: false)) ? 1 : 0)
      }
      if share > bestShare {
        best = choice
        bestShare = share
      }
      if share >= 24 { break }
    }
    return best
  }

  private mutating func rowData(_ kinds: [Kind], simplex: Bool) -> [Double] {
    if simplex {
      let parts = kinds.map { _ in random.uniform(0.05, 1) }
      let sum = parts.reduce(0, +)
      return parts.map { $0 / sum }
    }
    return kinds.map { kind in
      switch kind {
      case .decades: Double.exp(random.uniform(-3.5, 5.8))
      case .zeroOrOne: Double(random.index(below: 2))
      case .unit: random.uniform(0.02, 0.98)
      case .real: 3 * random.normal()
      }
    }
  }

  // MARK: - Scores

  /// Scores at which the derivatives are compared: moderate, on both sides of the targets.
  mutating func moderateScores(_ sample: CheckSample, domain: ScoreDomain) -> [Double] {
    let width = sample.width
    let spread = Self.spread(of: sample.targets)
    return (0..<sample.count).flatMap { row -> [Double] in
      var scores = (0..<width).map { _ -> Double in
        switch domain {
        case .unit: return random.uniform(0.04, 0.96)
        case .positive: return Double.exp(random.normal())
        case .real:
          guard width == 1, objective.link == .identity else { return 1.5 * random.normal() }
          return row % 2 == 0
            ? sample.targets[row] + spread * random.normal()
            : max(1, min(spread, 4)) * random.normal()
        }
      }
      if domain == .unit, width > 1 {
        let sum = scores.reduce(0, +)
        scores = scores.map { $0 / sum }
      }
      return scores
    }
  }

  /// The standard deviation of `values`; 1 if they are all the same.
  static func spread(of values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(max(1, values.count))
    let variance =
      values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count))
    return variance > 0 ? variance.squareRoot() : 1
  }

  /// The widest step of each row that stays within the domain.
  static func widestSteps(_ sample: CheckSample, score k: Int, domain: ScoreDomain) -> [Double] {
    (0..<sample.count).map { widestStep(sample, row: $0, score: k, domain: domain) }
  }

  /// The widest step of one row's score that stays within the domain.
  static func widestStep(
    _ sample: CheckSample, row: Int, score k: Int, domain: ScoreDomain
  ) -> Double {
    let score = sample.scores[row * sample.width + k]
    switch domain {
    case .positive where score > 0: return 0.25 * score
    case .unit where score > 0 && score < 1: return 0.25 * min(score, 1 - score)
    // Scores of the user's may lie outside.
    case .real, .positive, .unit: return 0.1 * max(1, score.magnitude)
    }
  }
}

/// Which scores a loss is defined for.
enum ScoreDomain {
  /// All, as it should be: learners hand over raw scores.
  case real
  /// Positive numbers only.
  case positive
  /// Numbers between 0 and 1.
  case unit

  /// Looks where losses (gradients if there is no loss) are finite and change with the scores.
  static func of(_ sample: CheckSample, random: inout CheckRandom) -> (ScoreDomain, isFlat: Bool) {
    func look(_ low: Double, _ high: Double) -> (usable: Bool, finite: Bool) {
      func draw() -> [Double] {
        var moved = sample
        for index in moved.scores.indices { moved.scores[index] = random.uniform(low, high) }
        guard !sample.objective.hasLoss else { return moved.losses() }
        let gradients = moved.derivatives().gradients
        return (0..<moved.count).map { row in
          moved.scores(of: row).indices.reduce(0) { $0 + gradients[$1] }
        }
      }
      let first = draw()
      let second = draw()
      var finite = 0
      var moving = 0
      for (a, b) in zip(first, second) {
        if a.isFinite, b.isFinite { finite += 1 }
        if a != b { moving += 1 }
      }
      let mostlyFinite = 2 * finite > sample.count
      let isFlat = sample.objective.hasLoss && 20 * moving < sample.count
      return (mostlyFinite && !isFlat, mostlyFinite)
    }
    let negative = look(-4, -0.5)
    let unit = look(0.05, 0.95)
    guard !negative.usable, unit.usable else { return (.real, false) }
    let large = look(1.5, 6)
    return (large.usable ? .positive : .unit, negative.finite)
  }
}
