/// How a column of large numbers was brought into Float32 with its differences kept.
///
/// A Float32 holds whole numbers exactly up to 2^24. The hours of a year written as `2024010105`
/// would become a handful of values; less an offset, all of them stay apart. A model keeps the
/// shifts of its training table, and a table that it predicts must be read with the same ones.
public enum FeatureShift: Sendable, Hashable, Codable {
  /// `(value - offset) / step`, the difference taken in whole numbers. The step is positive.
  case whole(offset: Int, step: Int)
  /// `value - offset`.
  case real(offset: Double)

  /// The shifted value of a whole number.
  public func feature(ofWhole value: Int) -> Float {
    guard case .whole(let offset, let step) = self else { return feature(of: Double(value)) }
    let (difference, overflow) = value.subtractingReportingOverflow(offset)
    return Float(
      (overflow ? Double(value) - Double(offset) : Double(difference)) / Double(step))
  }

  /// The shifted value of a number; NaN stays NaN.
  public func feature(of value: Double) -> Float {
    switch self {
    case .whole(let offset, let step):
      if let whole = Int(exactly: value) { return feature(ofWhole: whole) }
      return Float((value - Double(offset)) / Double(step))
    case .real(let offset): return Float(value - offset)
    }
  }

  /// The number that a shifted value stands for.
  public func value(of feature: Float) -> Double {
    switch self {
    case .whole(let offset, let step): Double(feature) * Double(step) + Double(offset)
    case .real(let offset): Double(feature) + offset
    }
  }

  /// Whether ``feature(of:)`` is defined: a step of 0 or less divides nothing.
  public var isSound: Bool {
    switch self {
    case .whole(_, let step): step > 0
    case .real(let offset): offset.isFinite
    }
  }
}
