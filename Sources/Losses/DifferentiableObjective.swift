/// An objective written as its loss alone; gradient and Hessian are exact, by second-order jets.
///
/// ```swift
/// let sne = DifferentiableObjective("sne", rowData: ["size"]) { row in
///   ((row.score - row.target) / row.data[0]).squared()
/// }
/// ```
///
/// Score, target and row data are ``Jet`` values, of which only the score varies. One score per row.
public struct DifferentiableObjective: PointwiseObjective {
  /// One row as the loss sees it: the score carries derivatives.
  @frozen
  public struct Variables: ~Escapable {
    /// The score, as a variable.
    public let score: Jet
    /// The target, a constant.
    public let target: Jet
    /// The row data in the order the objective named them, constants.
    public let data: Constants

    @usableFromInline
    @_lifetime(copy data)
    init(score: Jet, target: Double, data: Span<Double>) {
      self.score = score
      self.target = Jet(target)
      self.data = Constants(data)
    }
  }

  /// Numbers read as jets that do not vary.
  @frozen
  public struct Constants: ~Escapable {
    @usableFromInline let values: Span<Double>

    @usableFromInline
    @_lifetime(copy values)
    init(_ values: Span<Double>) { self.values = values }

    /// The number at `index`, as a constant.
    @inlinable
    public subscript(index: Int) -> Jet { Jet(values[index]) }
  }

  /// The loss of a row.
  public typealias Loss = @Sendable (borrowing Variables) -> Jet

  public let name: String
  public let rowDataNames: [String]
  public let link: Link
  public let parameters: [String: Double]
  public let scoreAdjustment: ScoreAdjustment?
  public let defaultMetric: Metric
  private let body: Loss

  /// An objective from its loss; the arguments are those of ``CustomObjective``.
  public init(
    _ name: String, rowData: [String] = [], link: Link = .identity,
    parameters: [String: Double] = [:], scoreAdjustment: ScoreAdjustment? = nil,
    metric: Metric? = nil, loss: @escaping Loss
  ) {
    self.name = name
    self.rowDataNames = rowData
    self.link = link
    self.parameters = parameters
    self.scoreAdjustment = scoreAdjustment
    self.defaultMetric = metric ?? .rmse
    self.body = loss
  }

  public func loss(_ row: borrowing Row) -> Double {
    body(Variables(score: Jet(row.score), target: row.target, data: row.data)).value
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let jet = body(Variables(score: .variable(row.score), target: row.target, data: row.data))
    return Derivatives(gradient: jet.first, hessian: jet.second)
  }
}
