import OrderedCollections
public import Tabular

/// A feature that could be the target's own past, found on training rows alone.
///
/// A feature is a candidate if, taken as the prediction as it stands, it does better than the mean
/// of the target: `share = 1 - sum(w (t - x)^2) / sum(w (t - mean(t))^2) > 0`, over the rows where
/// it is there, at least half of them. `t` is the target, per unit of size if the objective is
/// fitted so; then a feature is tried per unit (`x`) and in the target's own unit (`x / size`).
/// Candidates whose name speaks of the past (``speaksOfThePast(_:)``) come first, the one with the
/// largest share among them is taken. Without any, a feature counts only if its share is at least
/// ``leastShare``.
public struct LaggedColumn: Sendable, Hashable {
  /// What a feature whose name says nothing must explain of the target's variance as it stands.
  public static let leastShare = 0.5

  /// The feature.
  public let name: String
  /// Whether it is per unit of size: predictions are it times the size.
  public let isPerUnit: Bool
  /// The share of the target's variance on the training rows that it explains as it stands.
  public let share: Double
  /// Whether its name speaks of the past.
  public let isNamed: Bool

  /// Finds the best candidate in `train`; nil if there is none. O(rows x columns).
  ///
  /// - Parameters:
  ///   - unit: the row data that the target may be counted per unit of; nil for none.
  ///   - name: a feature that the user named: it is taken whatever its share, unless it is shifted
  ///     (`Table.featureShifts`).
  public static func find(
    in train: Table, unit: String? = nil, name: String? = nil
  ) -> LaggedColumn? {
    guard let target = train.target, train.classNames == nil, train.rowCount > 1 else {
      return nil
    }
    let units = unit.flatMap { train.rowData[$0] }
    if let units, !units.allSatisfy({ $0.isFinite && $0 > 0 }) { return nil }
    let goals = units.map { units in zip(target, units).map { $0 / $1 } } ?? target
    var best: LaggedColumn?
    for (column, feature) in train.featureNames.enumerated() where name == nil || feature == name {
      // Less an offset, a column does not stand for the target.
      guard train.featureShifts[feature] == nil else { continue }
      for isPerUnit in units == nil ? [false] : [true, false] {
        let share = share(train, column, goals, isPerUnit ? nil : units)
        let found = LaggedColumn(
          name: feature, isPerUnit: isPerUnit, share: share, isNamed: speaksOfThePast(feature))
        let counts = name != nil || share >= leastShare || (found.isNamed && share > 0)
        let isBetter =
          best.map { (found.isNamed ? 1 : 0, share) > ($0.isNamed ? 1 : 0, $0.share) } ?? true
        if counts, isBetter { best = found }
      }
    }
    return best
  }

  private static func share(
    _ train: Table, _ column: Int, _ goals: [Double], _ divisors: [Double]?
  ) -> Double {
    var (total, sum) = (0.0, 0.0)
    var rows: [Int] = []
    for row in 0..<train.rowCount {
      let value = train.features[row * train.columnCount + column]
      let weight = train.weights?[row] ?? 1
      guard value.isFinite, weight > 0 else { continue }
      rows.append(row)
      total += weight
      sum += weight * goals[row]
    }
    guard 2 * rows.count >= train.rowCount else { return -.infinity }
    var (errors, squares) = (0.0, 0.0)
    for row in rows {
      let weight = train.weights?[row] ?? 1
      let value = Double(train.features[row * train.columnCount + column])
      let error = goals[row] - value / (divisors?[row] ?? 1)
      let distance = goals[row] - sum / total
      errors += weight * error * error
      squares += weight * distance * distance
    }
    return squares > 0 ? 1 - errors / squares : -.infinity
  }

  /// Whether a name has a word such as `lag`, `last`, `previous`, `yesterday`, `week` or `ago`, or a
  /// span of time such as `24h`, `lag1` or `7d`. Words are divided at what is no letter or digit,
  /// and at a capital after a small letter.
  public static func speaksOfThePast(_ name: String) -> Bool {
    words(name).contains { word in
      if pastWords.contains(word) { return true }
      let letters = word.filter(\.isLetter)
      let digits = word.filter(\.isNumber)
      guard !digits.isEmpty, letters.count + digits.count == word.count else { return false }
      return word.hasPrefix(digits) && spans.contains(letters)
        || word.hasPrefix(letters) && ["lag", "prev", "last", "shift"].contains(letters)
    }
  }

  private static let pastWords: Set<String> = [
    "lag", "lags", "lagged", "last", "prev", "previous", "prior", "past", "yesterday", "ago",
    "persistence", "persisted", "week", "before", "shift", "shifted",
  ]
  private static let spans: Set<String> = [
    "s", "min", "h", "hour", "hours", "d", "day", "days", "w", "week", "weeks", "m", "month",
    "months", "y", "year", "years",
  ]

  private static func words(_ name: String) -> [String] {
    var words: [String] = []
    var word = ""
    var wasSmall = false
    for character in name {
      let isPart = character.isLetter || character.isNumber
      if !isPart || (wasSmall && character.isUppercase) {
        if !word.isEmpty { words.append(word) }
        word = ""
      }
      if isPart { word += character.lowercased() }
      wasSmall = character.isLowercase
    }
    return word.isEmpty ? words : words + [word]
  }
}
