import Losses

/// A value of a ``FlowGraph`` with its derivatives by the scores, as values of the same graph.
///
/// The counterpart of ``Jet`` for whole programs: derivatives that are zero for every row are
/// absent, so what does not depend on a score costs nothing, and neither does what depends on
/// another score only.
struct FlowJet: Sendable {
  /// A derivative, and by what: a score, or a pair of scores.
  struct Term: Sendable {
    let key: Int
    let value: FlowGraph.Value
  }

  let value: FlowGraph.Value
  /// First derivatives in the order of scores.
  var first: [Term] = []
  /// Second derivatives in the order of pairs.
  var second: [Term] = []

  /// Whether it is the same for all scores.
  var isConstant: Bool { first.isEmpty && second.isEmpty }
}

/// Arithmetic on ``FlowJet``s: the rules of ``Jet``, in the same order of operations, so that both
/// give the same bits.
struct FlowJets {
  typealias Value = FlowGraph.Value
  typealias Term = FlowJet.Term

  let graph = FlowGraph()
  /// Scores per row.
  let width: Int
  /// Whether second derivatives by two different scores are wanted.
  let isFull: Bool
  /// Steps taken so far.
  var work = 0

  init(width: Int, isFull: Bool) {
    self.width = width
    self.isFull = isFull
  }

  /// Whether the program became too large to go on.
  var isExhausted: Bool { graph.isFull || work > ExpressionLimits.work }

  // MARK: - Leaves

  mutating func constant(_ number: Double) -> FlowJet { FlowJet(value: graph.constant(number)) }

  mutating func score(_ index: Int) -> FlowJet {
    FlowJet(
      value: graph.leaf(.score, index), first: [Term(key: index, value: graph.constant(1))])
  }

  // MARK: - Terms

  private mutating func negated(_ terms: [Term]) -> [Term] {
    work += terms.count
    return terms.map { Term(key: $0.key, value: graph.unary(.negate, $0.value)) }
  }

  private mutating func scaled(_ terms: [Term], by factor: Value) -> [Term] {
    work += terms.count
    guard graph.number(factor) != 0 else { return [] }
    return terms.map { Term(key: $0.key, value: graph.binary(.multiply, $0.value, factor)) }
  }

  private mutating func divided(_ terms: [Term], by divisor: Value) -> [Term] {
    work += terms.count
    return terms.map { Term(key: $0.key, value: graph.binary(.divide, $0.value, divisor)) }
  }

  /// Terms of `a` and `b` side by side, those of one key combined.
  private mutating func merged(
    _ a: [Term], _ b: [Term],
    _ combine: (FlowGraph, Value?, Value?) -> Value
  ) -> [Term] {
    guard !isExhausted else { return [] }
    work += a.count + b.count
    var result: [Term] = []
    result.reserveCapacity(Swift.max(a.count, b.count))
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
      let key = Swift.min(
        i < a.count ? a[i].key : Int.max, j < b.count ? b[j].key : Int.max)
      let left = i < a.count && a[i].key == key ? a[i].value : nil
      let right = j < b.count && b[j].key == key ? b[j].value : nil
      i += left == nil ? 0 : 1
      j += right == nil ? 0 : 1
      result.append(Term(key: key, value: combine(graph, left, right)))
    }
    return result
  }

  private mutating func sum(_ a: [Term], _ b: [Term]) -> [Term] {
    if a.isEmpty { return b }
    if b.isEmpty { return a }
    return merged(a, b) { graph, left, right in
      guard let left, let right else { return left ?? right! }
      return graph.binary(.add, left, right)
    }
  }

  private mutating func difference(_ a: [Term], _ b: [Term]) -> [Term] {
    if b.isEmpty { return a }
    return merged(a, b) { graph, left, right in
      guard let right else { return left! }
      guard let left else { return graph.unary(.negate, right) }
      return graph.binary(.subtract, left, right)
    }
  }

  /// `a_j b_k + a_k b_j` for each pair of scores; on the diagonal `2 (a_k b_k)`.
  private mutating func products(_ a: [Term], _ b: [Term]) -> [Term] {
    guard !a.isEmpty, !b.isEmpty, !isExhausted else { return [] }
    var result: [Term] = []
    let keys = sum(a, b).map(\.key)
    var (left, right) = ([Int: Value](), [Int: Value]())
    for term in a { left[term.key] = term.value }
    for term in b { right[term.key] = term.value }
    let two = graph.constant(2)
    for (place, j) in keys.enumerated() {
      guard !isExhausted else { return [] }
      let others = isFull ? keys[place...] : keys[place...place]
      work += others.count
      for k in others {
        if j == k {
          guard let x = left[j], let y = right[j] else { continue }
          result.append(pair(j, j, graph.binary(.multiply, two, graph.binary(.multiply, x, y))))
        } else {
          let jk = product(left[j], right[k])
          let kj = product(left[k], right[j])
          if let jk, let kj {
            result.append(pair(j, k, graph.binary(.add, jk, kj)))
          } else if let one = jk ?? kj {
            result.append(pair(j, k, one))
          }
        }
      }
    }
    return result
  }

  private mutating func product(_ a: Value?, _ b: Value?) -> Value? {
    guard let a, let b else { return nil }
    return graph.binary(.multiply, a, b)
  }

  /// `factor a_j a_k` for each pair of scores.
  private mutating func squares(_ a: [Term], times factor: Value) -> [Term] {
    guard graph.number(factor) != 0, !isExhausted else { return [] }
    var result: [Term] = []
    for (place, left) in a.enumerated() {
      guard !isExhausted else { return [] }
      let others = isFull ? a[place...] : a[place...place]
      work += others.count
      let scaled = graph.binary(.multiply, factor, left.value)
      for right in others {
        result.append(
          pair(left.key, right.key, graph.binary(.multiply, scaled, right.value)))
      }
    }
    return result
  }

  private func pair(_ j: Int, _ k: Int, _ value: Value) -> Term {
    Term(key: j * width + k, value: value)
  }

  // MARK: - Arithmetic

  mutating func add(_ a: FlowJet, _ b: FlowJet) -> FlowJet {
    FlowJet(
      value: graph.binary(.add, a.value, b.value), first: sum(a.first, b.first),
      second: sum(a.second, b.second))
  }

  mutating func subtract(_ a: FlowJet, _ b: FlowJet) -> FlowJet {
    FlowJet(
      value: graph.binary(.subtract, a.value, b.value), first: difference(a.first, b.first),
      second: difference(a.second, b.second))
  }

  mutating func negate(_ a: FlowJet) -> FlowJet {
    FlowJet(
      value: graph.unary(.negate, a.value), first: negated(a.first), second: negated(a.second))
  }

  mutating func multiply(_ a: FlowJet, _ b: FlowJet) -> FlowJet {
    let first = sum(scaled(a.first, by: b.value), scaled(b.first, by: a.value))
    let left = sum(scaled(a.second, by: b.value), products(a.first, b.first))
    return FlowJet(
      value: graph.binary(.multiply, a.value, b.value), first: first,
      second: sum(left, scaled(b.second, by: a.value)))
  }

  mutating func divide(_ a: FlowJet, _ b: FlowJet) -> FlowJet {
    let value = graph.binary(.divide, a.value, b.value)
    let first = divided(
      difference(a.first, scaled(b.first, by: value)), by: b.value)
    let left = difference(a.second, products(first, b.first))
    return FlowJet(
      value: value, first: first,
      second: divided(difference(left, scaled(b.second, by: value)), by: b.value))
  }

  /// Faa di Bruno's formula to second order, as in ``Jet/applying(_:slope:curvature:)``.
  mutating func applying(
    _ x: FlowJet, _ value: Value, slope: Value, curvature: Value
  ) -> FlowJet {
    FlowJet(
      value: value, first: scaled(x.first, by: slope),
      second: sum(squares(x.first, times: curvature), scaled(x.second, by: slope)))
  }

  /// `a` where `condition` holds, else `b`: value and derivatives are chosen, never blended, so
  /// what the case not taken comes to is of no consequence.
  mutating func select(_ condition: Value, _ a: FlowJet, _ b: FlowJet) -> FlowJet {
    if let number = graph.number(condition) { return number != 0 ? a : b }
    let zero = graph.constant(0)
    let choose = { (graph: FlowGraph, left: Value?, right: Value?) in
      graph.select(condition, left ?? zero, right ?? zero)
    }
    return FlowJet(
      value: graph.select(condition, a.value, b.value), first: merged(a.first, b.first, choose),
      second: merged(a.second, b.second, choose))
  }

  /// The larger of two, with its derivatives; the first at a tie.
  mutating func max(_ a: FlowJet, _ b: FlowJet) -> FlowJet {
    select(graph.binary(.lessOrEqual, b.value, a.value), a, b)
  }

  /// The smaller of two, with its derivatives; the first at a tie.
  mutating func min(_ a: FlowJet, _ b: FlowJet) -> FlowJet {
    select(graph.binary(.lessOrEqual, a.value, b.value), a, b)
  }
}
