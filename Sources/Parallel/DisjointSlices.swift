/// A mutable array that tasks of one parallel step write to, each its own part.
///
/// The one place where memory is shared between threads for writing.
public struct DisjointSlices<Element: BitwiseCopyable>: @unchecked Sendable {
  // Safe because: the pointer is only reachable through `slice(_:_:)` within the lifetime of
  // `withDisjointSlices`, and callers promise that no two concurrent slices overlap.
  private let base: UnsafeMutableBufferPointer<Element>

  fileprivate init(_ base: UnsafeMutableBufferPointer<Element>) { self.base = base }

  /// The number of elements in all.
  public var count: Int { base.count }

  /// Gives `body` the elements in `range` to read and write.
  ///
  /// No other task may touch `range` during the call.
  @inlinable
  public func slice<Result, Failure: Error>(
    _ range: Range<Int>, _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = MutableSpan(_unsafeElements: part(range))
    return try body(&span)
  }

  /// The elements in `range` as raw memory, for kernels.
  public func part(_ range: Range<Int>) -> UnsafeMutableBufferPointer<Element> {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= base.count, "a slice lies within the array")
    return UnsafeMutableBufferPointer(rebasing: base[range])
  }
}

/// Lets the tasks of a parallel step write to disjoint parts of `array` during `body`.
public func withDisjointSlices<Element: BitwiseCopyable, Result, Failure: Error>(
  of array: inout [Element], _ body: (DisjointSlices<Element>) throws(Failure) -> Result
) throws(Failure) -> Result {
  try array.withUnsafeMutableBufferPointer { (buffer) throws(Failure) -> Result in
    try body(DisjointSlices(buffer))
  }
}
