/// How quantised derivatives are stored with a row and summed in a histogram's bins.
///
/// Sums are integers, so they do not depend on the order of summation, and with it not on threads.
/// What is asked of a sum, its gradient and its Hessian, is given in double precision: rounded
/// once, from an exact sum.
protocol GradientFormat: Sendable {
  /// A row's number with its quantised gradient and Hessian.
  associatedtype Entry: BitwiseCopyable, Sendable
  /// A sum of gradients and one of Hessians.
  associatedtype Sum: BitwiseCopyable, Sendable, Equatable

  /// The empty sum.
  static var zero: Sum { get }

  /// An entry of a row's derivatives in quantised units, which it rounds.
  static func entry(row: Int, gradient: Double, hessian: Double) -> Entry
  /// What an entry makes of a derivative in quantised units.
  static func rounded(_ value: Double) -> Double
  static func row(_ entry: Entry) -> Int
  static func sum(_ entry: Entry) -> Sum

  static func add(_ a: Sum, _ b: Sum) -> Sum
  static func subtract(_ a: Sum, _ b: Sum) -> Sum
  static func gradient(_ sum: Sum) -> Double
  static func hessian(_ sum: Sum) -> Double

  /// What gradients and Hessians of these magnitudes are multiplied by before rounding, such that
  /// no sum of any rows overflows.
  static func scales(for range: DerivativeRange, rows: Int) -> QuantisationScales

  /// The square of the relative difference below which the steps of two children are one step:
  /// relative to the step of their parent, or to the ratio of the units of the two derivatives.
  static var gainResolution: Double { get }

  /// The best place to divide the bins whose running sums are given; see ``SplitSearch``.
  static func bestPosition(
    prefix: UnsafeMutablePointer<Sum>, positions: Int, total: Sum, limits: SplitLimits
  ) -> SplitPosition?
}

/// The extent of one round's derivatives, for one score.
struct DerivativeRange: Sendable, Hashable {
  var sumOfMagnitudes = 0.0
  var largestMagnitude = 0.0
  var sumOfHessians = 0.0
  var largestHessian = 0.0
  var smallestHessian = Double.infinity
}

/// Factors from derivatives to integers.
struct QuantisationScales: Sendable, Hashable {
  var gradient: Double
  var hessian: Double
}

/// The largest factor with which no value exceeds `limit` and the sum does not exceed `room`.
func quantisationScale(
  largest: Double, limit: Double, sum: Double, room: Double, rows: Int
) -> Double {
  guard largest > 0 else { return 0 }
  let bySum = sum.isFinite ? room / sum : room / Double(rows) / largest
  return min(limit / largest, bySum, 1e300)
}
