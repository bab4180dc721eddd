import Losses

/// Numbers that were rounded to Float on their way.
enum SinglePrecision {
  /// Whether nearly all of `numbers` are Floats, although not for being short.
  static func holds(for numbers: [Double]) -> Bool {
    // A few numbers of double precision settle it.
    guard numbers.prefix(64).count(where: { Double(Float($0)) != $0 }) <= 8 else { return false }
    let values = Set(numbers.filter { $0 != 0 && $0.isFinite })
    guard values.count >= 16 else { return false }
    let rounded = values.count { Double(Float($0)) == $0 }
    let short = values.count { $0.significandWidth <= 16 }
    return rounded * 20 >= values.count * 19 && short * 2 < values.count
  }
}
