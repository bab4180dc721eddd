/// What the author of closures declares of them, beside values and derivatives; nil where nothing is
/// said, so that it may be derived (``Objective/resolved(on:)``).
@usableFromInline
struct Declarations: Sendable {
  let curvature: Curvature?
  let leafSolver: LeafSolver?
  let start: StartingScores?
  let validation: RowValidation?

  @usableFromInline
  init(
    curvature: Curvature?, leafSolver: LeafSolver?, start: StartingScores?,
    validation: RowValidation?
  ) {
    self.curvature = curvature
    self.leafSolver = leafSolver
    self.start = start
    self.validation = validation
  }

  /// Refuses what the author refuses; where nothing is said, rows that are not finite numbers.
  func validate(_ rows: borrowing Rows, of objective: some Objective) throws(ObjectiveError) {
    guard let validation else { return try objective.requireFinite(rows) }
    try validation(rows)
  }
}

/// The constant scores to start from, `[scoresPerRow]`, or nil to leave them to the derivatives.
///
/// Arguments: the rows and their weights (empty: all 1); see
/// ``Objective/startingScores(_:weights:)``.
public typealias StartingScores = @Sendable (borrowing Rows, Span<Double>) -> [Double]?

/// Throws for the first row that a loss is not defined for; see ``Objective/validate(_:)``.
public typealias RowValidation = @Sendable (borrowing Rows) throws(ObjectiveError) -> Void
