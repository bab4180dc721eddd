public import Testing

/// Expects `actual` within `absolute + relative * |expected|` of `expected`.
public func expectClose(
  _ actual: Double, _ expected: Double, relative: Double = 1e-9, absolute: Double = 0,
  _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  let isClose =
    actual == expected || (actual - expected).magnitude <= absolute + relative * expected.magnitude
  #expect(
    isClose, "\(actual) is not close to \(expected) \(comment())", sourceLocation: sourceLocation)
}

/// The same 31-bit linear congruential numbers in [0, 1) that the reference scripts draw in Python.
public func referenceNumbers(_ count: Int, seed: UInt64) -> [Double] {
  var state = seed
  return (0..<count).map { _ in
    state = (state &* 1_103_515_245 &+ 12_345) % (1 << 31)
    return Double(state) / Double(1 << 31)
  }
}
