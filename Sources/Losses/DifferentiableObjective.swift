/// An objective written as its loss alone; gradient and Hessian are exact, by second-order jets.
///
/// ```swift
/// let sne = DifferentiableObjective("sne", rowData: ["size"]) { row in
///   ((row.score - row.target) / row.data[0]).squared()
/// }
/// ```
///
/// Scores, target and row data are ``Jet`` values, of which only a score varies. With `K` scores
/// per row the loss is evaluated `K` times for gradient and diagonal Hessian, and
/// `K (K + 1) / 2` times for the full Hessian.
public struct DifferentiableObjective: Objective {
  /// One row as the loss sees it: scores carry derivatives.
  @frozen
  public struct Variables: ~Escapable {
    /// The scores, as variables.
    public let scores: Scores
    /// The target, a constant but in derivatives by it.
    public let target: Jet
    /// The row data in the order the objective named them, constants.
    public let data: Constants

    @inlinable
    @_lifetime(copy row)
    init(_ row: borrowing Row, direction: Direction, targetVaries: Bool = false) {
      scores = Scores(row.scores, direction)
      target = targetVaries ? .variable(row.target) : Jet(row.target)
      data = Constants(row.data)
    }

    /// The first score; the only one of an objective with one score per row.
    @inlinable
    public var score: Jet { scores[0] }
  }

  /// The line along which scores vary: one score, or two at the same rate.
  @frozen
  @usableFromInline
  struct Direction {
    @usableFromInline let first: Int
    @usableFromInline let second: Int
    @inlinable
    init(_ first: Int, _ second: Int) {
      self.first = first
      self.second = second
    }
  }

  /// The scores of a row as jets.
  @frozen
  public struct Scores: ~Escapable {
    @usableFromInline let values: Span<Double>
    @usableFromInline let direction: Direction

    @inlinable
    @_lifetime(copy values)
    init(_ values: Span<Double>, _ direction: Direction) {
      self.values = values
      self.direction = direction
    }

    /// The number of scores.
    @inlinable
    public var count: Int { values.count }

    /// The score at `index`.
    @inlinable
    public subscript(index: Int) -> Jet {
      let varies = index == direction.first || index == direction.second
      return Jet(value: values[index], first: varies ? 1 : 0, second: 0)
    }

    /// The score at the class index that `target` holds.
    @inlinable
    public subscript(target: Jet) -> Jet { self[Int(target.value)] }

    /// `log(sum(exp(scores)))`, without overflow.
    @inlinable
    public func logSumExp() -> Jet {
      var largest = -Double.infinity
      for index in values.indices { largest = Double.maximum(largest, values[index]) }
      var sum = Jet(0)
      for index in values.indices { sum += .exp(self[index] - Jet(largest)) }
      return Jet(largest) + .log(sum)
    }
  }

  /// Numbers read as jets that do not vary.
  @frozen
  public struct Constants: ~Escapable {
    @usableFromInline let values: Span<Double>

    @inlinable
    @_lifetime(copy values)
    init(_ values: Span<Double>) { self.values = values }

    /// The number at `index`, as a constant.
    @inlinable
    public subscript(index: Int) -> Jet { Jet(values[index]) }
  }

  /// The loss of a row.
  public typealias Loss = @Sendable (borrowing Variables) -> Jet

  public let name: String
  public let scoresPerRow: Int
  public let rowDataNames: [String]
  public let link: Link
  public let parameters: [String: Double]
  public let scoreAdjustment: ScoreAdjustment?
  public let defaultMetric: Metric
  private let body: Loss

  /// An objective from its loss; the arguments are those of ``CustomObjective``.
  public init(
    _ name: String, scoresPerRow: Int = 1, rowData: [String] = [], link: Link = .identity,
    parameters: [String: Double] = [:], scoreAdjustment: ScoreAdjustment? = nil,
    metric: Metric? = nil, loss: @escaping Loss
  ) {
    precondition(scoresPerRow > 0, "an objective has at least one score per row")
    self.name = name
    self.scoresPerRow = scoresPerRow
    self.rowDataNames = rowData
    self.link = link
    self.parameters = parameters
    self.scoreAdjustment = scoreAdjustment
    self.defaultMetric = metric ?? .rmse
    self.body = loss
  }

  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    for index in 0..<rows.count {
      let row = rows.row(index, scores: scores, scoresPerRow: scoresPerRow)
      losses[index] = body(Variables(row, direction: Direction(-1, -1))).value
    }
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    for index in 0..<rows.count {
      let row = rows.row(index, scores: scores, scoresPerRow: scoresPerRow)
      for k in 0..<scoresPerRow {
        let jet = body(Variables(row, direction: Direction(k, k)))
        gradients[index * scoresPerRow + k] = jet.first
        hessians[index * scoresPerRow + k] = jet.second
      }
    }
  }

  public var hasFullHessian: Bool { true }

  /// Off the diagonal by polarisation: `2 H[j][k] = D2[j + k] - D2[j] - D2[k]`, where `D2` is the
  /// second derivative along a direction.
  public func fullHessians(
    at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) {
    let width = scoresPerRow
    for index in 0..<rows.count {
      let row = rows.row(index, scores: scores, scoresPerRow: width)
      let start = index * width * width
      for k in 0..<width {
        matrices[start + k * width + k] = body(Variables(row, direction: Direction(k, k))).second
      }
      for j in 0..<width {
        for k in 0..<j {
          let both = body(Variables(row, direction: Direction(j, k))).second
          let mixed =
            (both - matrices[start + j * width + j] - matrices[start + k * width + k]) / 2
          matrices[start + j * width + k] = mixed
          matrices[start + k * width + j] = mixed
        }
      }
    }
  }

  /// Writes the derivative of each row's loss by its target, `[rows]`, and the mixed derivatives
  /// by target and score, `[rows x scoresPerRow]`: how the gradient moves with the target.
  ///
  /// Exact, by jets along the target and along target and score together (polarisation).
  /// `2 scoresPerRow + 1` evaluations of the loss per row.
  public func targetDerivatives(
    at scores: Span<Double>, _ rows: borrowing Rows, first: inout MutableSpan<Double>,
    mixed: inout MutableSpan<Double>
  ) {
    for index in 0..<rows.count {
      let row = rows.row(index, scores: scores, scoresPerRow: scoresPerRow)
      let byTarget = body(Variables(row, direction: Direction(-1, -1), targetVaries: true))
      first[index] = byTarget.first
      for k in 0..<scoresPerRow {
        let byScore = body(Variables(row, direction: Direction(k, k))).second
        let both = body(Variables(row, direction: Direction(k, k), targetVaries: true)).second
        mixed[index * scoresPerRow + k] = (both - byTarget.second - byScore) / 2
      }
    }
  }
}
