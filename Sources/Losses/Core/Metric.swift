/// A number that says how good a model is on some rows, and which model output it reads.
///
/// A metric declares the space of the values it wants; whoever evaluates applies the link. Log
/// loss therefore never sees a raw margin.
public struct Metric: Sendable {
  /// Which model output a metric reads.
  public enum Space: String, Sendable, Codable {
    /// Raw scores, `[rows x scoresPerRow]`.
    case score
    /// Predictions, the inverse link of the scores, `[rows x scoresPerRow]`.
    case prediction
    /// The most probable class, `[rows]`.
    case label
  }

  /// Whether small or large values are good.
  public enum Direction: String, Sendable, Codable {
    case lowerIsBetter, higherIsBetter
  }

  /// Computes the metric from values, values per row, rows and weights (empty: all 1).
  public typealias Compute =
    @Sendable (Span<Double>, Int, borrowing Rows, Span<Double>) -> Double

  /// The short name: `rmse`.
  public let name: String
  /// The name in words, with its unit where it has one.
  public let title: String
  /// Which model output it reads.
  public let space: Space
  /// Whether small or large values are good.
  public let direction: Direction
  /// The row data it reads, in the order it reads them.
  public let rowDataNames: [String]
  /// Values per row that it needs; nil if it takes any number.
  public let valuesPerRow: Int?
  /// The value to come near, where neither small nor large is good: the share of targets that an
  /// interval should hold. ``direction`` says nothing then.
  public private(set) var goal: Double?
  /// What to know of the metric on some rows, as a sentence: why it is undefined there.
  private var remark: (@Sendable (borrowing Rows, Span<Double>) -> String?)?
  private let compute: Compute

  /// A metric of your own; the closure's arguments are those of
  /// ``value(of:valuesPerRow:_:weights:)``.
  public init(
    _ name: String, title: String, space: Space, direction: Direction = .lowerIsBetter,
    rowData: [String] = [], valuesPerRow: Int? = nil, compute: @escaping Compute
  ) {
    self.name = name
    self.title = title
    self.space = space
    self.direction = direction
    self.rowDataNames = rowData
    self.valuesPerRow = valuesPerRow
    self.compute = compute
  }

  /// The metric over `rows`. NaN where it is undefined (AUC of one class, R2 of a constant).
  ///
  /// - Parameters:
  ///   - values: model outputs in ``space``, row-major `[rows x valuesPerRow]`.
  ///   - weights: one weight per row; empty if every row weighs 1.
  public func value(
    of values: Span<Double>, valuesPerRow: Int, _ rows: borrowing Rows, weights: Span<Double>
  ) -> Double {
    precondition(
      values.count == rows.count * valuesPerRow, "one value per row and score, row-major")
    precondition(
      self.valuesPerRow == nil || self.valuesPerRow == valuesPerRow,
      "the metric needs another number of values per row")
    precondition(
      weights.isEmpty || weights.count == rows.count, "one weight per row, or none at all")
    return compute(values, valuesPerRow, rows, weights)
  }

  /// This metric with a value to come near.
  func aiming(at goal: Double) -> Metric {
    var metric = self
    metric.goal = goal
    return metric
  }

  /// This metric with something to say of rows.
  func remarking(
    _ remark: @escaping @Sendable (borrowing Rows, Span<Double>) -> String?
  ) -> Metric {
    var metric = self
    metric.remark = remark
    return metric
  }

  /// What to know of the metric on `rows`, as a sentence; nil if there is nothing. Weights are one
  /// per row, or empty.
  public func remark(on rows: borrowing Rows, weights: Span<Double>) -> String? {
    remark?(rows, weights)
  }

  /// Whether `a` is better than `b`: nearer to the goal, if there is one.
  public func isBetter(_ a: Double, than b: Double) -> Bool {
    if let goal { return (a - goal).magnitude < (b - goal).magnitude }
    return direction == .lowerIsBetter ? a < b : a > b
  }

  /// The weighted mean over rows of `term(row)`; O(rows). A row of weight 0 counts for nothing,
  /// whatever its term: 0 times infinity would be NaN.
  static func mean(
    rows: Int, weights: Span<Double>, _ term: (Int) -> Double
  ) -> Double {
    var sum = 0.0
    var total = 0.0
    for row in 0..<rows {
      let weight = weights.isEmpty ? 1 : weights[row]
      // A row of weight 0 has no say, whatever its term is.
      guard weight > 0 else { continue }
      sum += weight * term(row)
      total += weight
    }
    return sum / total
  }
}
