import Losses

/// The elementary functions: value, slope and curvature as ``Jet`` computes them.
extension FlowJets {
  private mutating func number(_ number: Double) -> Value { graph.constant(number) }
  private mutating func plus(_ a: Value, _ b: Value) -> Value { graph.binary(.add, a, b) }
  private mutating func minus(_ a: Value, _ b: Value) -> Value { graph.binary(.subtract, a, b) }
  private mutating func times(_ a: Value, _ b: Value) -> Value { graph.binary(.multiply, a, b) }
  private mutating func over(_ a: Value, _ b: Value) -> Value { graph.binary(.divide, a, b) }
  private mutating func negative(_ a: Value) -> Value { graph.unary(.negate, a) }

  /// A function of one number.
  mutating func apply(_ function: ExpressionFunction, _ x: FlowJet) -> FlowJet {
    switch function {
    case .square: return multiply(x, x)
    case .logsigmoid: return negate(apply(.softplus, negate(x)))
    default: break
    }
    let v = x.value
    let one = number(1)
    let value: Value
    let slope: Value
    let curvature: Value
    switch function {
    case .log:
      value = graph.unary(.log, v)
      slope = over(one, v)
      curvature = times(negative(slope), slope)
    case .log1p:
      value = graph.unary(.logOnePlus, v)
      slope = over(one, plus(one, v))
      curvature = times(negative(slope), slope)
    case .sqrt:
      value = graph.unary(.squareRoot, v)
      slope = over(number(0.5), value)
      curvature = over(number(-0.25), times(value, v))
    case .abs:
      value = graph.unary(.magnitude, v)
      slope = graph.unary(.sign, v)
      curvature = number(0)
    case .sin:
      value = graph.unary(.sin, v)
      slope = graph.unary(.cos, v)
      curvature = negative(value)
    case .cos:
      value = graph.unary(.cos, v)
      slope = negative(graph.unary(.sin, v))
      curvature = negative(value)
    case .tan:
      value = graph.unary(.tan, v)
      slope = plus(one, times(value, value))
      curvature = times(times(number(2), value), slope)
    case .asin, .acos:
      value = graph.unary(function == .asin ? .asin : .acos, v)
      let r = minus(one, times(v, v))
      slope = over(number(function == .asin ? 1 : -1), graph.unary(.squareRoot, r))
      curvature = over(times(v, slope), r)
    case .atan:
      value = graph.unary(.atan, v)
      slope = over(one, plus(one, times(v, v)))
      curvature = times(times(times(number(-2), v), slope), slope)
    default: return applyExponential(function, x)
    }
    return applying(x, value, slope: slope, curvature: curvature)
  }

  /// A hyperbolic function, or one made of exponentials.
  private mutating func applyExponential(_ function: ExpressionFunction, _ x: FlowJet) -> FlowJet {
    let v = x.value
    let one = number(1)
    let value: Value
    let slope: Value
    let curvature: Value
    switch function {
    case .exp:
      value = graph.unary(.exp, v)
      (slope, curvature) = (value, value)
    case .expm1:
      value = graph.unary(.expMinusOne, v)
      slope = graph.unary(.exp, v)
      curvature = slope
    case .sinh, .cosh:
      value = graph.unary(function == .sinh ? .sinh : .cosh, v)
      slope = graph.unary(function == .sinh ? .cosh : .sinh, v)
      curvature = value
    case .tanh:
      value = graph.unary(.tanh, v)
      slope = minus(one, times(value, value))
      curvature = times(times(number(-2), value), slope)
    case .asinh, .acosh:
      value = graph.unary(function == .asinh ? .asinh : .acosh, v)
      let square = times(v, v)
      let r = function == .asinh ? plus(one, square) : minus(square, one)
      slope = over(one, graph.unary(.squareRoot, r))
      curvature = over(times(negative(v), slope), r)
    case .atanh:
      value = graph.unary(.atanh, v)
      slope = over(one, minus(one, times(v, v)))
      curvature = times(times(times(number(2), v), slope), slope)
    case .sigmoid:
      value = graph.unary(.sigmoid, v)
      slope = times(value, minus(one, value))
      curvature = times(slope, minus(one, times(number(2), value)))
    case .softplus:
      value = graph.unary(.softplus, v)
      slope = graph.unary(.sigmoid, v)
      curvature = times(slope, minus(one, slope))
    case .logcosh:
      let size = graph.unary(.magnitude, v)
      let tail = graph.unary(
        .logOnePlus, graph.unary(.exp, times(number(-2), size)))
      value = minus(plus(size, tail), graph.unary(.log, number(2)))
      slope = graph.unary(.tanh, v)
      curvature = minus(one, times(slope, slope))
    case .erf:
      value = graph.unary(.erf, v)
      slope = times(
        number(2 / Double.pi.squareRoot()), graph.unary(.exp, times(negative(v), v)))
      curvature = times(times(number(-2), v), slope)
    default: preconditionFailure("'\(function.rawValue)' is no elementary function of one number")
    }
    return applying(x, value, slope: slope, curvature: curvature)
  }

  /// `x` to the power `y`. Literal whole powers up to 64 are products, of any `x`; others follow
  /// `Jet.pow`.
  mutating func power(_ x: FlowJet, _ y: FlowJet) -> FlowJet {
    let p = y.value
    guard y.isConstant else {
      let value = graph.binary(.power, x.value, p)
      return applying(
        multiply(y, apply(.log, x)), value, slope: value, curvature: value)
    }
    if let whole = graph.number(p), whole == whole.rounded(), (1...64).contains(whole.magnitude) {
      let positive = product(x, times: Int(whole.magnitude))
      return whole > 0 ? positive : divide(FlowJet(value: number(1)), positive)
    }
    let (zero, one) = (number(0), number(1))
    let isZero = graph.binary(.equal, p, zero)
    let isLinear = graph.binary(.or, isZero, graph.binary(.equal, p, one))
    let below = minus(p, one)
    let slope = times(p, graph.binary(.power, x.value, below))
    let curvature = times(
      times(p, below), graph.binary(.power, x.value, minus(p, number(2))))
    return applying(
      x, graph.binary(.power, x.value, p), slope: graph.select(isZero, zero, slope),
      curvature: graph.select(isLinear, zero, curvature))
  }

  /// `x` to a whole power of 1 or more, by squaring.
  private mutating func product(_ x: FlowJet, times count: Int) -> FlowJet {
    guard count > 1 else { return x }
    let half = product(x, times: count / 2)
    let square = multiply(half, half)
    return count.isMultiple(of: 2) ? square : multiply(square, x)
  }

  /// `x` kept within `[low, high]`.
  mutating func clamp(_ x: FlowJet, _ low: FlowJet, _ high: FlowJet) -> FlowJet {
    min(max(x, low), high)
  }

  /// The value of the largest, as a constant.
  mutating func largest(_ terms: [FlowJet]) -> FlowJet {
    var largest = terms[0].value
    for term in terms.dropFirst() { largest = graph.binary(.maximum, largest, term.value) }
    return FlowJet(value: largest)
  }

  /// `exp(term - largest)` of each term, their sum in order, and `largest`.
  mutating func exponentials(
    _ terms: [FlowJet]
  ) -> (exponentials: [FlowJet], sum: FlowJet, largest: FlowJet) {
    let largest = largest(terms)
    var exponentials: [FlowJet] = []
    for term in terms {
      exponentials.append(apply(.exp, subtract(term, largest)))
    }
    return (exponentials, sum(exponentials), largest)
  }

  /// `log(sum(exp(terms)))` with the maximum taken out first.
  mutating func logSumExp(_ terms: [FlowJet]) -> FlowJet {
    let parts = exponentials(terms)
    return add(parts.largest, apply(.log, parts.sum))
  }

  /// The terms added from left to right. O(terms and their derivatives).
  mutating func sum(_ terms: [FlowJet]) -> FlowJet {
    var value = terms[0].value
    for term in terms.dropFirst() { value = plus(value, term.value) }
    return FlowJet(
      value: value, first: accumulated(terms.map(\.first)),
      second: accumulated(terms.map(\.second)))
  }

  /// Terms of all lists, those of one key added from left to right.
  private mutating func accumulated(_ lists: [[Term]]) -> [Term] {
    var totals: [Int: Value] = [:]
    var keys: [Int] = []
    for list in lists where !isExhausted {
      work += list.count
      for term in list {
        if let total = totals[term.key] {
          totals[term.key] = plus(total, term.value)
        } else {
          totals[term.key] = term.value
          keys.append(term.key)
        }
      }
    }
    keys.sort()
    return keys.compactMap { key in totals[key].map { Term(key: key, value: $0) } }
  }
}
