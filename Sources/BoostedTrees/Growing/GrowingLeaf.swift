/// A leaf while its tree grows: a run of entries, and how it would best be split.
struct GrowingLeaf<Sum: BitwiseCopyable & Sendable> {
  /// Its place in the tree.
  var node: Int
  /// Its entries.
  var entries: Range<Int>
  var depth: Int
  var total: Sum
  /// Its histogram in the pool, if it has one.
  var histogram: Int?
  /// The binned column of its best split.
  var column = -1
  var split: ColumnSplit<Sum>
}
