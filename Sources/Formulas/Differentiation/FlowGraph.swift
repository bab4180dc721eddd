import Losses
import RealModule

/// Operations on numbers and the values they feed, each different one once.
///
/// A value is known by its index. An operation that is asked for twice gives the same value, and
/// operations on constants are done at once. Conditions are the numbers 1 and 0. Only exact rewrites
/// are made (`x * 1`, `x / 1`, `x - 0`), so values have the bits the text asks for.
///
/// A class, so that its table grows in place however it is passed on.
final class FlowGraph {
  typealias Value = Int32

  /// What is done to up to three operands.
  enum Operation: UInt8, Sendable {
    /// Leaves; `a` is the score or row data column.
    case constant, score, target, rowData
    /// The score of the class that `a` holds; NaN if it holds none.
    case scoreAt
    case negate, exp, expMinusOne, log, logOnePlus, squareRoot
    case sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh
    case erf, sigmoid, softplus, magnitude, sign, not
    case add, subtract, multiply, divide, power, maximum
    case less, lessOrEqual, equal, notEqual, and, or
    /// `b` where `a` holds, else `c`.
    case select

    var isLeaf: Bool { rawValue <= Operation.rowData.rawValue }

    var isSymmetric: Bool {
      switch self {
      case .add, .multiply, .equal, .notEqual, .and, .or: true
      default: false
      }
    }

    var operandCount: Int {
      if isLeaf { return 0 }
      if self == .select { return 3 }
      return rawValue >= Operation.add.rawValue ? 2 : 1
    }
  }

  struct Node: Hashable, Sendable {
    let operation: Operation
    var a: Value = 0
    var b: Value = 0
    var c: Value = 0
    /// The bits of a constant.
    var bits: UInt64 = 0
  }

  /// Every node after its operands.
  private(set) var nodes: [Node] = []
  /// Whether more operations were asked for than ``ExpressionLimits/operations``; the graph is of
  /// no use then.
  private(set) var isFull = false
  private var known: [Node: Value] = [:]

  private func value(of node: Node) -> Value {
    if let value = known[node] { return value }
    guard nodes.count < ExpressionLimits.operations else {
      isFull = true
      return 0
    }
    let value = Value(nodes.count)
    nodes.append(node)
    known[node] = value
    return value
  }

  // MARK: - Leaves

  func constant(_ number: Double) -> Value {
    value(of: Node(operation: .constant, bits: number.bitPattern))
  }

  func leaf(_ operation: Operation, _ index: Int = 0) -> Value {
    value(of: Node(operation: operation, a: Value(index)))
  }

  /// The number that `value` is, if it is the same in every row.
  func number(_ value: Value) -> Double? {
    let node = nodes[Int(value)]
    return node.operation == .constant ? Double(bitPattern: node.bits) : nil
  }

  // MARK: - Operations

  func unary(_ operation: Operation, _ a: Value) -> Value {
    guard !isFull else { return 0 }
    if operation != .scoreAt, let x = number(a) {
      return constant(Self.compute(operation, x))
    }
    return value(of: Node(operation: operation, a: a))
  }

  func binary(_ operation: Operation, _ a: Value, _ b: Value) -> Value {
    guard !isFull else { return 0 }
    let (x, y) = (number(a), number(b))
    if let x, let y { return constant(Self.compute(operation, x, y)) }
    switch operation {
    case .multiply where x == 1: return b
    case .multiply where y == 1, .divide where y == 1: return a
    case .subtract where y == 0 && y?.sign == .plus: return a
    default: break
    }
    let swapped = operation.isSymmetric && a > b
    return value(of: Node(operation: operation, a: swapped ? b : a, b: swapped ? a : b))
  }

  func select(_ condition: Value, _ a: Value, _ b: Value) -> Value {
    guard !isFull else { return 0 }
    if let x = number(condition) { return x != 0 ? a : b }
    if a == b { return a }
    return value(of: Node(operation: .select, a: condition, b: a, c: b))
  }

  /// One operation on single numbers: what the block kernels do to each row.
  static func compute(_ operation: Operation, _ a: Double, _ b: Double = 0) -> Double {
    switch operation {
    case .constant, .score, .target, .rowData, .scoreAt, .select:
      preconditionFailure("\(operation) is not a function of two numbers")
    case .negate: -a
    case .exp: .exp(a)
    case .expMinusOne: .expMinusOne(a)
    case .log: .log(a)
    case .logOnePlus: .log(onePlus: a)
    case .squareRoot: a.squareRoot()
    case .sin: .sin(a)
    case .cos: .cos(a)
    case .tan: .tan(a)
    case .asin: .asin(a)
    case .acos: .acos(a)
    case .atan: .atan(a)
    case .sinh: .sinh(a)
    case .cosh: .cosh(a)
    case .tanh: .tanh(a)
    case .asinh: .asinh(a)
    case .acosh: .acosh(a)
    case .atanh: .atanh(a)
    case .erf: .erf(a)
    case .sigmoid: StableMath.sigmoid(a)
    case .softplus: StableMath.softplus(a)
    case .magnitude: a.magnitude
    case .sign: a > 0 ? 1 : (a < 0 ? -1 : 0)
    case .not: a == 0 ? 1 : 0
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .power: .pow(a, b)
    case .maximum: .maximum(a, b)
    case .less: a < b ? 1 : 0
    case .lessOrEqual: a <= b ? 1 : 0
    case .equal: a == b ? 1 : 0
    case .notEqual: a != b ? 1 : 0
    case .and: a != 0 && b != 0 ? 1 : 0
    case .or: a != 0 || b != 0 ? 1 : 0
    }
  }
}
