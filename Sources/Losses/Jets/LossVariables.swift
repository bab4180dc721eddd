public import RealModule

/// One row as a loss sees it that is written over any scalar: with ``Jet``s scores carry
/// derivatives, with `Double`s everything is a plain number.
@frozen
public struct LossVariables<Scalar: DifferentiableScalar>: ~Escapable {
  /// The scores, as variables.
  public let scores: Scores
  /// The target, a constant but in derivatives by it.
  public let target: Scalar
  /// The row data in the order the objective named them, constants.
  public let data: Constants

  @inlinable
  @_lifetime(copy row)
  init(_ row: borrowing Row, along direction: ScoreDirection, targetVaries: Bool = false) {
    scores = Scores(row.scores, direction)
    target = targetVaries ? .variable(row.target) : Scalar(row.target)
    data = Constants(row.data)
  }

  /// The first score; the only one of an objective with one score per row.
  @inlinable
  public var score: Scalar { scores[0] }

  /// The scores of a row.
  @frozen
  public struct Scores: ~Escapable {
    @usableFromInline let values: Span<Double>
    @usableFromInline let direction: ScoreDirection

    @inlinable
    @_lifetime(copy values)
    init(_ values: Span<Double>, _ direction: ScoreDirection) {
      self.values = values
      self.direction = direction
    }

    /// The number of scores.
    @inlinable
    public var count: Int { values.count }

    /// The score at `index`.
    @inlinable
    public subscript(index: Int) -> Scalar {
      let varies = index == direction.first || index == direction.second
      return varies ? .variable(values[index]) : Scalar(values[index])
    }

    /// The score at the class index that `target` holds.
    @inlinable
    public subscript(target: Scalar) -> Scalar { self[Int(target.value)] }

    /// `log(sum(exp(scores)))`, without overflow. O(count).
    @inlinable
    public func logSumExp() -> Scalar {
      var largest = -Double.infinity
      for index in values.indices { largest = Double.maximum(largest, values[index]) }
      var sum = Scalar(0)
      for index in values.indices { sum += .exp(self[index] - Scalar(largest)) }
      return Scalar(largest) + .log(sum)
    }
  }

  /// Numbers that do not vary.
  @frozen
  public struct Constants: ~Escapable {
    @usableFromInline let values: Span<Double>

    @inlinable
    @_lifetime(copy values)
    init(_ values: Span<Double>) { self.values = values }

    /// The number at `index`, as a constant.
    @inlinable
    public subscript(index: Int) -> Scalar { Scalar(values[index]) }
  }
}

/// The line along which scores vary: one score, or two at the same rate.
@frozen
@usableFromInline
struct ScoreDirection: Sendable {
  @usableFromInline let first: Int
  @usableFromInline let second: Int

  /// The line along which score `index` varies and nothing else.
  @inlinable
  init(_ index: Int) { self.init(index, index) }

  @inlinable
  init(_ first: Int, _ second: Int) {
    self.first = first
    self.second = second
  }

  /// No score varies.
  @inlinable
  static var none: ScoreDirection { ScoreDirection(-1) }
}
