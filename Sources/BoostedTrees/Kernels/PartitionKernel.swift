import CIntrinsics

/// Which bins of a column go left.
struct BinRule: Sendable {
  private let lastLeft: Int
  private let missing: Int

  /// Bins up to `lastLeft` go left, and the bin of missing values if it is given.
  init(lastLeft: Int, missingLeft: Int?) {
    self.lastLeft = lastLeft
    missing = missingLeft ?? -1
  }

  /// 1 if `bin` goes left, else 0; by arithmetic, as a branch on data costs more than all the rest.
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
/// - Returns: the number that went left.
@inline(__always)
func partition<Format: GradientFormat>(
  _ format: Format.Type, entries: UnsafePointer<Format.Entry>, count: Int,
  column: UnsafePointer<UInt8>, rule: BinRule, left: UnsafeMutablePointer<Format.Entry>,
  right: UnsafeMutablePointer<Format.Entry>
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
    leftCount &+= rule.left(column[Format.row(entry)])
  }
  return leftCount
}

/// The number of entries that go left.
@inline(__always)
func countLeft<Format: GradientFormat>(
  _ format: Format.Type, entries: UnsafePointer<Format.Entry>, count: Int,
  column: UnsafePointer<UInt8>, rule: BinRule
) -> Int {
  // Safe because: entries hold row numbers of the column.
  var leftCount = 0
  for index in 0..<count {
    leftCount &+= rule.left(column[Format.row(entries[index])])
  }
  return leftCount
}
