import Tabular

/// Whether a column of large numbers is shifted before it becomes Float32, and by how much.
///
/// A column is shifted if different values of it would become the same Float32, and less so after.
/// O(rows log rows).
struct ShiftChoice {
  /// The shift; nil if the column stays as it is.
  let shift: FeatureShift?
  /// Different values in the column.
  let distinct: Int
  /// Different values left in Float32 without a shift.
  let distinctWithout: Int
  /// Different values left in Float32 with the shift that was chosen, if one was.
  let distinctWith: Int

  /// Whether more than one in a hundred of the values is lost.
  var losesMuch: Bool { 100 * distinctWith < 99 * distinct }

  /// The largest whole number up to which Float32 holds all.
  private static let exact = 1 << 24
  /// A column whose values lie this many steps of Float32 apart loses nothing that a model could use.
  private static let fineLevels = 0x1p16

  private init(shift: FeatureShift?, distinct: Int, without: Int, with: Int) {
    self.shift = shift
    self.distinct = distinct
    distinctWithout = without
    distinctWith = with
  }

  /// For whole numbers: an offset from their middle and the largest step that divides all
  /// differences, where that keeps all apart; else where it keeps clearly more apart than nothing
  /// does.
  init(whole values: [Int]) {
    let sorted = Set(values).sorted()
    let without = Self.count(sorted) { Float($0) }
    guard without < sorted.count else {
      self.init(shift: nil, distinct: sorted.count, without: without, with: without)
      return
    }
    let candidate = FeatureShift.whole(
      offset: sorted[sorted.count / 2], step: Self.step(of: sorted))
    let left = Self.count(sorted) { candidate.feature(ofWhole: $0) }
    let isWorthwhile =
      left == sorted.count || (left > without && 100 * without < 99 * sorted.count)
    self.init(
      shift: isWorthwhile ? candidate : nil, distinct: sorted.count, without: without,
      with: isWorthwhile ? left : without)
  }

  /// For numbers with fractions: an offset from their middle, where Float32 has few steps between
  /// most of them. NaN is left out.
  init(real values: [Double]) {
    let present = values.filter { $0.isFinite }
    let whole = present.compactMap { Int(exactly: $0) }
    if whole.count == present.count {
      self.init(whole: whole)
      return
    }
    let sorted = Set(present).sorted()
    let without = Self.count(sorted) { Float($0) }
    let middle = sorted[sorted.count / 2]
    let spread = Self.spread(of: sorted)
    let candidate = FeatureShift.real(offset: middle)
    let left = Self.count(sorted) { candidate.feature(of: $0) }
    let isWorthwhile =
      left > without && spread < Self.fineLevels * Double(Float(middle).ulp)
    self.init(
      shift: isWorthwhile ? candidate : nil, distinct: sorted.count, without: without,
      with: isWorthwhile ? left : without)
  }

  /// Whether Float32 may have made different numbers of a column the same, judged by what it made
  /// of them: the largest magnitude is beyond what it holds exactly, or most of a sample, if there
  /// is one, lies few of its steps apart.
  static func mayLose(largest: Float, sample: [Float]) -> Bool {
    if largest >= Float(exact) { return true }
    let sorted = sample.filter(\.isFinite).sorted()
    guard !sorted.isEmpty else { return false }
    let middle = sorted[sorted.count / 2]
    return middle != 0
      && spread(of: sorted.map(Double.init)) < fineLevels * Double(middle.ulp)
  }

  /// The distance that the middle four fifths of sorted numbers span.
  private static func spread(of sorted: [Double]) -> Double {
    sorted[sorted.count * 9 / 10] - sorted[sorted.count / 10]
  }

  /// How many of `sorted` stay different under a function that keeps their order.
  private static func count<Value>(_ sorted: [Value], _ feature: (Value) -> Float) -> Int {
    var count = 0
    var last: Float?
    for value in sorted {
      let next = feature(value)
      if next != last { count += 1 }
      last = next
    }
    return count
  }

  /// The greatest common divisor of the differences of sorted numbers.
  private static func step(of sorted: [Int]) -> Int {
    var step: UInt = 0
    for (lower, upper) in zip(sorted, sorted.dropFirst()) {
      // Wrapping gives the right difference even where it is beyond the largest Int.
      var (a, b) = (step, UInt(bitPattern: upper &- lower))
      while b != 0 { (a, b) = (b, a % b) }
      step = a
      if step == 1 { break }
    }
    return Int(clamping: max(1, step))
  }
}
