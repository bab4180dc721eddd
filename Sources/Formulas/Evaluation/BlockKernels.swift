import Losses
import RealModule

/// The operations of a ``Tape`` on a block of rows; ``FlowGraph/compute(_:_:_:)`` row by row is
/// the naive twin.
///
/// Safe because registers are disjoint blocks of at least `count` numbers (``TapeEvaluator``), and
/// the destination is never an operand (``Tape``).
enum BlockKernels {
  typealias Block = UnsafeMutablePointer<Double>

  /// Writes `operation` of the operands it has into `destination`, row by row.
  static func run(
    _ operation: FlowGraph.Operation, into destination: Block, _ a: Block, _ b: Block, _ c: Block,
    _ count: Int
  ) {
    switch operation {
    case .constant, .score, .target, .rowData, .scoreAt:
      preconditionFailure("\(operation) is loaded, not computed")
    case .negate: map(destination, a, count) { -$0 }
    case .exp: map(destination, a, count) { .exp($0) }
    case .expMinusOne: map(destination, a, count) { .expMinusOne($0) }
    case .log: map(destination, a, count) { .log($0) }
    case .logOnePlus: map(destination, a, count) { .log(onePlus: $0) }
    case .squareRoot: map(destination, a, count) { $0.squareRoot() }
    case .sin: map(destination, a, count) { .sin($0) }
    case .cos: map(destination, a, count) { .cos($0) }
    case .tan: map(destination, a, count) { .tan($0) }
    case .asin: map(destination, a, count) { .asin($0) }
    case .acos: map(destination, a, count) { .acos($0) }
    case .atan: map(destination, a, count) { .atan($0) }
    case .sinh: map(destination, a, count) { .sinh($0) }
    case .cosh: map(destination, a, count) { .cosh($0) }
    case .tanh: map(destination, a, count) { .tanh($0) }
    case .asinh: map(destination, a, count) { .asinh($0) }
    case .acosh: map(destination, a, count) { .acosh($0) }
    case .atanh: map(destination, a, count) { .atanh($0) }
    case .erf: map(destination, a, count) { .erf($0) }
    case .sigmoid: map(destination, a, count) { StableMath.sigmoid($0) }
    case .softplus: map(destination, a, count) { StableMath.softplus($0) }
    case .magnitude: map(destination, a, count) { $0.magnitude }
    case .sign: map(destination, a, count) { $0 > 0 ? 1 : ($0 < 0 ? -1 : 0) }
    case .not: map(destination, a, count) { $0 == 0 ? 1 : 0 }
    case .add: map(destination, a, b, count) { $0 + $1 }
    case .subtract: map(destination, a, b, count) { $0 - $1 }
    case .multiply: map(destination, a, b, count) { $0 * $1 }
    case .divide: map(destination, a, b, count) { $0 / $1 }
    case .power: map(destination, a, b, count) { .pow($0, $1) }
    case .maximum: map(destination, a, b, count) { .maximum($0, $1) }
    case .less: map(destination, a, b, count) { $0 < $1 ? 1 : 0 }
    case .lessOrEqual: map(destination, a, b, count) { $0 <= $1 ? 1 : 0 }
    case .equal: map(destination, a, b, count) { $0 == $1 ? 1 : 0 }
    case .notEqual: map(destination, a, b, count) { $0 != $1 ? 1 : 0 }
    case .and: map(destination, a, b, count) { $0 != 0 && $1 != 0 ? 1 : 0 }
    case .or: map(destination, a, b, count) { $0 != 0 || $1 != 0 ? 1 : 0 }
    case .select:
      for row in 0..<count { destination[row] = a[row] != 0 ? b[row] : c[row] }
    }
  }

  @inline(__always)
  private static func map(
    _ destination: Block, _ a: Block, _ count: Int, _ function: (Double) -> Double
  ) {
    for row in 0..<count { destination[row] = function(a[row]) }
  }

  @inline(__always)
  private static func map(
    _ destination: Block, _ a: Block, _ b: Block, _ count: Int,
    _ function: (Double, Double) -> Double
  ) {
    for row in 0..<count { destination[row] = function(a[row], b[row]) }
  }
}
