import Wording
import Losses

/// Whether losses, gradients and Hessians are numbers, from score 0 to the extremes.
struct FinitenessTest {
  /// Scores at which every objective is looked at.
  static let grid: [Double] = [0, 1e-3, -1e-3, 1, -1, 20, -20, 88, -88, 1e4, -1e4]

  private(set) var findings: [Finding] = []

  private struct Trouble {
    var score: Double
    var names: [String]
    var namesOfNaN: [String] = []
    var isNaN: Bool { !namesOfNaN.isEmpty }
    var places: [Int]
    var placesOfNaN: [Int] = []
  }

  /// Puts each grid score into one score of every row; the others keep their moderate values.
  init(grid sample: CheckSample, isUsers: Bool) {
    var troubles: [Trouble] = []
    for score in Self.grid {
      var moved = sample
      for row in 0..<sample.count {
        moved.scores[row * sample.width + row % sample.width] = score
      }
      if let trouble = Self.look(moved, score) { troubles.append(trouble) }
    }
    guard let first = troubles.first else { return }
    if !isUsers, let rest = Self.withinDomain(sample, troubles) {
      findings.append(
        Finding(
          .note, .notFinite,
          "the loss has no value in rows drawn with targets of 0 or less: if it is not meant for "
            + "such targets, nothing is wrong, and data that holds them is refused before training",
          figures: ["score": first.score]))
      findings += FinitenessTest(grid: rest, isUsers: true).findings
      return
    }
    if Self.isOutOfReach(sample, troubles, isUsers: isUsers) {
      findings.append(
        Finding(
          .note, .notFinite,
          "values at scores of \(troubles.map(\.score.short).joined(separator: " and ")) are larger "
            + "than any number, as an exponential of such a score is; no score gets there",
          figures: ["score": first.score]))
      return
    }
    findings.append(Self.finding(sample, troubles, first, isUsers: isUsers))
  }

  /// What is said of values that are no numbers at scores that may be met.
  private static func finding(
    _ sample: CheckSample, _ troubles: [Trouble], _ first: Trouble, isUsers: Bool
  ) -> Finding {
    let rows = isUsers ? first.places.prefix(8).map { sample.numbers[$0] } : []
    let isNaN = troubles.contains(where: \.isNaN)
    let names = ["loss", "gradient", "Hessian"].filter { name in
      troubles.contains { isNaN ? $0.namesOfNaN.contains(name) : $0.names.contains(name) }
    }
    let isFar = troubles.allSatisfy { $0.score.magnitude > 100 }
    let value = isNaN ? "NaN" : "infinite"
    let verb = names.count > 1 ? "are" : "is"
    var sentence =
      "\(names.joined(separator: ", ")) \(verb) \(value) at "
      + "score \(troubles.map(\.score.short).joined(separator: ", "))"
    let places = troubles.flatMap { isNaN ? $0.placesOfNaN : $0.places }
    let targets = Set(places.map { sample.targets[$0] })
    let hasOthers = sample.targets.contains { !targets.contains($0) }
    if targets.count == 1, let target = targets.first, hasOthers {
      sentence += ", in rows with target \(target.short) only"
    }
    if let reason = Self.indexReason(sample, targets, troubles.map(\.score), isNaN: isNaN) {
      return Finding(
        .error, .notFinite, sentence + reason, rows: rows, figures: ["score": first.score])
    }
    // Only exponentials of large positive scores overflow.
    let isHigh = troubles.contains { $0.score > 100 }
    sentence += Self.reason(sample.objective, isFar: isFar, isHigh: isHigh, isNaN: isNaN)
    return Finding(
      isNaN || !isFar ? .error : .warning, .notFinite, sentence, rows: rows,
      figures: ["score": first.score])
  }

  /// Whether values are not finite only at scores where no row gets.
  ///
  /// There they are beyond the largest number: just before that, they are near it. Values that are
  /// lost on the way (infinity / infinity, the logarithm of 0) have an ordinary size until then.
  /// Logarithms, of a mean or a scale, end long before the largest scores looked at; so do scores
  /// in the unit of targets that are all small.
  private static func isOutOfReach(
    _ sample: CheckSample, _ troubles: [Trouble], isUsers: Bool
  ) -> Bool {
    guard troubles.allSatisfy({ $0.score.magnitude > 1 }) else { return false }
    let link = sample.objective.link
    let isFar = troubles.allSatisfy { $0.score.magnitude > 100 }
    if isFar, sample.width <= 2, link == .log { return true }
    if isFar, sample.width == 1, link == .identity, isUsers,
      sample.targets.allSatisfy({ $0.magnitude <= 88 })
    {
      return true
    }
    return troubles.allSatisfy { trouble in
      let isOfScale = isFar && sample.width == 2 && link == .locationScale
      var places = trouble.places.filter { !isOfScale || $0 % sample.width == 0 }
      // 0 x infinity comes of the other rows' infinity.
      let others = places.filter { row in
        sample.targets[row] != 0 && !(0..<sample.columns).contains { sample.data(row, $0) == 0 }
      }
      if !others.isEmpty { places = others }
      return overflows(sample.picking(places), places: places, towards: trouble.score)
    }
  }

  /// Whether each row has a value near the largest number just before it has none; `places` says
  /// which score of a row moves.
  private static func overflows(
    _ sample: CheckSample, places: [Int], towards end: Double
  ) -> Bool {
    guard sample.count > 0 else { return true }
    let width = sample.width
    var low = [Double](repeating: end < 0 ? -1 : 1, count: sample.count)
    var high = [Double](repeating: end, count: sample.count)
    var largest = [Double](repeating: 0, count: sample.count)
    for _ in 0..<44 {
      var moved = sample
      let middle = zip(low, high).map { ($0 + $1) / 2 }
      for (row, place) in places.enumerated() {
        moved.scores[row * width + place % width] = middle[row]
      }
      let (gradients, hessians) = moved.derivatives()
      let losses = sample.objective.hasLoss ? moved.losses() : []
      for row in 0..<sample.count {
        let values =
          gradients[row * width..<(row + 1) * width] + hessians[row * width..<(row + 1) * width]
          + (losses.isEmpty ? [] : [losses[row]])
        if values.allSatisfy(\.isFinite) {
          low[row] = middle[row]
          largest[row] = values.reduce(0) { max($0, $1.magnitude) }
        } else {
          high[row] = middle[row]
        }
      }
    }
    return largest.allSatisfy { $0 > 1e150 }
  }

  /// The rows with positive targets, if the loss has values for them and, at ordinary scores, for no
  /// others. Classes are no such targets.
  private static func withinDomain(_ sample: CheckSample, _ troubles: [Trouble]) -> CheckSample? {
    let link = sample.objective.link
    let isOfNumbers = sample.width == 1 || link == .log || link == .locationScale
    guard isOfNumbers, link != .logit, link != .softmax else { return nil }
    let near = troubles.filter { $0.score.magnitude <= 1 && $0.names.contains("loss") }
    let targets = Set(near.flatMap(\.places).map { sample.targets[$0] })
    let rest = (0..<sample.count).filter { !targets.contains(sample.targets[$0]) }
    guard !targets.isEmpty, targets.allSatisfy({ $0 <= 0 }), rest.count * 4 >= sample.count,
      rest.contains(where: { sample.targets[$0] > 0 })
    else { return nil }
    return sample.picking(rest)
  }

  /// Looks at rows with the user's own scores.
  init(own sample: CheckSample) {
    guard let trouble = Self.look(sample, 0), let row = trouble.places.first else { return }
    let scores = sample.scores(of: row).map(\.short).joined(separator: ", ")
    findings.append(
      Finding(
        .error, .notFinite,
        "\(trouble.names.joined(separator: ", ")) of row \(sample.numbers[row]) "
          + "\(trouble.names.count > 1 ? "are" : "is") \(trouble.isNaN ? "NaN" : "infinite") "
          + "(score \(scores), target \(sample.targets[row].short)); "
          + "\(trouble.places.count) of \(sample.count) rows looked at are like that",
        rows: trouble.places.prefix(8).map { sample.numbers[$0] },
        figures: ["rows": Double(trouble.places.count)]))
  }

  private static func look(_ sample: CheckSample, _ score: Double) -> Trouble? {
    let (gradients, hessians) = sample.derivatives()
    let losses = sample.objective.hasLoss ? sample.losses() : []
    var trouble = Trouble(score: score, names: [], places: [])
    var places: Set<Int> = []
    for (name, values, stride) in [
      ("loss", losses, 1), ("gradient", gradients, sample.width),
      ("Hessian", hessians, sample.width),
    ] {
      let bad = values.indices.filter { !values[$0].isFinite }
      guard !bad.isEmpty else { continue }
      trouble.names.append(name)
      let missing = bad.filter { values[$0].isNaN }
      if !missing.isEmpty { trouble.namesOfNaN.append(name) }
      trouble.placesOfNaN += missing.map { $0 / stride }
      places.formUnion(bad.map { $0 / stride })
    }
    trouble.places = places.sorted()
    return places.isEmpty ? nil : trouble
  }

  /// What to say if rows of the first or the last class alone have no numbers, at ordinary scores
  /// as well as at large ones: a score is read that does not exist.
  private static func indexReason(
    _ sample: CheckSample, _ targets: Set<Double>, _ scores: [Double], isNaN: Bool
  ) -> String? {
    let last = Double(sample.width - 1)
    let link = sample.objective.link
    guard sample.width > 1, link != .log, link != .locationScale, isNaN, targets.count == 1,
      let target = targets.first,
      target == 0 || target == last, Set(sample.targets).count > 1,
      [0, 1, -1].allSatisfy(scores.contains)
    else { return nil }
    return ": an index out of range at the \(target == 0 ? "first" : "last") class (score[y "
      + "\(target == 0 ? "-" : "+") 1] instead of score[y]?); classes are counted from 0 to "
      + "\(sample.width - 1)"
  }

  private static func reason(
    _ objective: any Objective, isFar: Bool, isHigh: Bool, isNaN: Bool
  ) -> String {
    if objective.scoresPerRow > 1, isNaN, isHigh {
      return ": exp overflows (softmax without subtracting the row's maximum first?), or 0 / 0 "
        + "comes about where a gradient vanishes; StableMath.softmax and logSumExp do not overflow"
    }
    if isFar {
      return isNaN
        ? ": exp overflows to infinity / infinity, or 0 x log(0); StableMath.sigmoid, softplus and "
          + "logSumExp do not"
        : ": exp overflows or a probability rounds to 0 before its logarithm is taken; work with "
          + "the score itself (StableMath.softplus, logSumExp)"
    }
    return ": the logarithm of a probability that rounds to 0, a division by 0, or a root of a "
      + "negative number?"
  }
}
