import CIntrinsics

/// Divides bins at a threshold, by arithmetic, as a branch on data costs more than all the rest.
private struct ThresholdTest {
  private let lastLeft: Int
  private let missing: Int

  /// Bins up to `lastLeft` go left, and the bin of missing values if it is given.
  init(lastLeft: UInt8, missingLeft: Int?) {
    self.lastLeft = Int(lastLeft)
    missing = missingLeft ?? -1
  }

  /// 1 if `bin` goes left, else 0.
  @inline(__always)
  func left(_ bin: UInt8) -> Int {
    let isBelow = (Int(bin) &- lastLeft &- 1) >> 63
    let isMissing = ((Int(bin) ^ missing) &- 1) & ~(Int(bin) ^ missing)
    return (isBelow | (isMissing >> 63)) & 1
  }
}

/// Moves entries that go left to `left` and the others to `right`, each in the order they had.
///
/// `left` may be `entries` itself: it is written no faster than `entries` are read.
/// - Parameter missingBin: the column's bin of missing values, if it has one.
/// - Returns: the number that went left.
@inline(__always)
func partition<Format: GradientFormat>(
  _ format: Format.Type, entries: UnsafePointer<Format.Entry>, count: Int,
  column: UnsafePointer<UInt8>, rule: BinRule, missingBin: Int?,
  left: UnsafeMutablePointer<Format.Entry>, right: UnsafeMutablePointer<Format.Entry>
) -> Int {
  switch rule.left {
  case .upTo(let last):
    let test = ThresholdTest(lastLeft: last, missingLeft: rule.missingGoesLeft ? missingBin : nil)
    return partition(format, entries, count, column, left, right) { test.left($0) }
  case .among:
    return partition(format, entries, count, column, left, right) {
      rule.goesLeft($0, missingBin: missingBin) ? 1 : 0
    }
  }
}

@inline(__always)
private func partition<Format: GradientFormat>(
  _ format: Format.Type, _ entries: UnsafePointer<Format.Entry>, _ count: Int,
  _ column: UnsafePointer<UInt8>, _ left: UnsafeMutablePointer<Format.Entry>,
  _ right: UnsafeMutablePointer<Format.Entry>, goesLeft: (UInt8) -> Int
) -> Int {
  // Safe because: `left` and `right` have room for `count` entries each, and entries hold row
  // numbers of the column.
  let lookahead = 48
  var leftCount = 0
  for index in 0..<count {
    let ahead = Format.row(entries[min(index &+ lookahead, count &- 1)])
    curvature_prefetch(column + ahead)
    let entry = entries[index]
    left[leftCount] = entry
    right[index &- leftCount] = entry
    leftCount &+= goesLeft(column[Format.row(entry)])
  }
  return leftCount
}

/// The number of entries that go left.
func countLeft<Format: GradientFormat>(
  _ format: Format.Type, entries: UnsafePointer<Format.Entry>, count: Int,
  column: UnsafePointer<UInt8>, rule: BinRule, missingBin: Int?
) -> Int {
  switch rule.left {
  case .upTo(let last):
    let test = ThresholdTest(lastLeft: last, missingLeft: rule.missingGoesLeft ? missingBin : nil)
    return countLeft(format, entries, count, column) { test.left($0) }
  case .among:
    return countLeft(format, entries, count, column) {
      rule.goesLeft($0, missingBin: missingBin) ? 1 : 0
    }
  }
}

@inline(__always)
private func countLeft<Format: GradientFormat>(
  _ format: Format.Type, _ entries: UnsafePointer<Format.Entry>, _ count: Int,
  _ column: UnsafePointer<UInt8>, goesLeft: (UInt8) -> Int
) -> Int {
  // Safe because: entries hold row numbers of the column.
  var leftCount = 0
  for index in 0..<count { leftCount &+= goesLeft(column[Format.row(entries[index])]) }
  return leftCount
}
