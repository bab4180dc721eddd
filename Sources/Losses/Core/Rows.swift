/// What an objective reads of a block of rows: targets and row data, in row order.
///
/// Scores are passed beside it, because they change from round to round and these do not.
@frozen
public struct Rows: ~Escapable {
  /// The targets, `[rows]`.
  public let targets: Span<Double>
  /// The row data the objective asked for, row-major `[rows x rowDataCount]`, columns in the
  /// order of ``Objective/rowDataNames``.
  public let rowData: Span<Double>
  /// Columns of row data per row.
  public let rowDataCount: Int

  /// The group of each row, `[rows]`, the rows of a group standing together; empty if the rows
  /// have no groups.
  public let groups: Span<Int>

  /// Pairs targets with row data; `rowData.count` is `targets.count * rowDataCount`.
  @inlinable
  @_lifetime(copy targets, copy rowData)
  public init(targets: Span<Double>, rowData: Span<Double>, rowDataCount: Int) {
    self.init(targets: targets, rowData: rowData, rowDataCount: rowDataCount, groups: Span())
  }

  /// Pairs targets with row data and groups.
  @inlinable
  @_lifetime(copy targets, copy rowData, copy groups)
  public init(
    targets: Span<Double>, rowData: Span<Double>, rowDataCount: Int, groups: Span<Int>
  ) {
    precondition(groups.isEmpty || groups.count == targets.count, "one group per row, or none")
    precondition(
      rowData.count == targets.count * rowDataCount,
      "row data must hold one value per row and column, row-major")
    self.targets = targets
    self.rowData = rowData
    self.rowDataCount = rowDataCount
    self.groups = groups
  }

  /// The number of rows.
  @inlinable
  public var count: Int { targets.count }

  /// One row, with its `scoresPerRow` scores taken from row-major `scores`.
  @inlinable
  @_lifetime(copy self, copy scores)
  public func row(_ index: Int, scores: Span<Double>, scoresPerRow: Int) -> Row {
    Row(
      scores: scores.extracting(index &* scoresPerRow..<(index &+ 1) &* scoresPerRow),
      target: targets[index],
      data: rowData.extracting(index &* rowDataCount..<(index &+ 1) &* rowDataCount))
  }

  /// The rows in `range`, as a block of their own.
  @inlinable
  @_lifetime(copy self)
  public func extracting(_ range: Range<Int>) -> Rows {
    Rows(
      targets: targets.extracting(range),
      rowData: rowData.extracting(
        range.lowerBound * rowDataCount..<range.upperBound * rowDataCount),
      rowDataCount: rowDataCount,
      groups: groups.isEmpty ? groups : groups.extracting(range))
  }
}

/// One row as an objective's closure sees it.
@frozen
public struct Row: ~Escapable {
  /// The raw model outputs (link space) of this row, one per score.
  public let scores: Span<Double>
  /// The target of this row.
  public let target: Double
  /// The row data in the order the objective named them.
  public let data: Span<Double>

  /// A row made of its parts.
  @inlinable
  @_lifetime(copy scores, copy data)
  public init(scores: Span<Double>, target: Double, data: Span<Double>) {
    self.scores = scores
    self.target = target
    self.data = data
  }

  /// The first score; the only one of an objective with one score per row.
  @inlinable
  public var score: Double { scores[0] }
}

/// First and second derivative of a row's loss with respect to its score.
@frozen
public struct Derivatives: Sendable, Hashable {
  /// dLoss / dScore.
  public var gradient: Double
  /// d2Loss / dScore2, or the curvature used in its place.
  public var hessian: Double

  /// A pair of derivatives.
  @inlinable
  public init(gradient: Double, hessian: Double) {
    self.gradient = gradient
    self.hessian = hessian
  }
}
