import CIntrinsics

/// Which bins of a column go left.
struct BinRule: Sendable {
  /// Bins up to and including this go left.
  let lastLeft: UInt8
  /// The bin of missing values if they go left, else a number no bin has.
  let missingLeft: UInt16

  @inline(__always)
  func goesLeft(_ bin: UInt8) -> Bool {
    // Both sides are evaluated, so that no branch depends on the data.
    (bin <= lastLeft) != (UInt16(bin) == missingLeft)
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
  let lookahead = 24
  var leftCount = 0
  for index in 0..<count {
    let ahead = Format.row(entries[min(index &+ lookahead, count &- 1)])
    curvature_prefetch(column + ahead)
    let entry = entries[index]
    let goesLeft = rule.goesLeft(column[Format.row(entry)])
    left[leftCount] = entry
    right[index &- leftCount] = entry
    leftCount &+= goesLeft ? 1 : 0
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
    leftCount &+= rule.goesLeft(column[Format.row(entries[index])]) ? 1 : 0
  }
  return leftCount
}
