/// What a learner minimises: a loss with its gradient, curvature, link, row data and rules.
///
/// One value is used by every learner. Learners call the batch methods once per round or batch on
/// whole arrays, possibly from several threads on disjoint blocks of rows, so the methods must be
/// pure: the same rows and scores give the same numbers, whatever the block.
///
/// All arrays are row-major: the scores of a row stand together, `[rows x scoresPerRow]`.
/// Values are not multiplied by row weights; learners do that.
///
/// There are three ways to get one without conforming a type of your own: ``CustomObjective``
/// (gradient and Hessian, one row at a time), ``DifferentiableObjective`` (the loss alone) and
/// ``BatchObjective`` (whole arrays). A type of your own with one score per row conforms to
/// ``PointwiseObjective``, as the shipped ones do.
public protocol Objective: Sendable {
  /// The name under which reports and model files mention the objective.
  var name: String { get }

  /// Scores per row: 1 for regression, the number of classes for softmax.
  var scoresPerRow: Int { get }

  /// Names of the per-row side columns the objective reads, in the order it reads them.
  var rowDataNames: [String] { get }

  /// How a score becomes a prediction.
  var link: Link { get }

  /// Numbers that tell two objectives of the same name apart (a quantile's level, ...).
  var parameters: [String: Double] { get }

  /// A per-row scale or offset of the scores that the objective suggests; see
  /// ``ScoreAdjustment``. Learners apply it only when told to.
  var scoreAdjustment: ScoreAdjustment? { get }

  /// The metric shown beside the objective when the user names none.
  var defaultMetric: Metric { get }

  /// Whether ``losses(at:_:into:)`` gives values. An objective known only by its derivatives has
  /// none; learners then follow the integral of the gradient (``IntegratedLoss``).
  var hasLoss: Bool { get }

  /// The same loss with exact derivatives, for an objective whose gradient and Hessian are written
  /// by hand beside a formula of its loss (by jets or as text); nil if there is none.
  ///
  /// Learners do not look at it. ``check(seed:)`` compares derivatives with it, to the last place,
  /// instead of with differences of the loss. It has the same scores, row data and reach as the
  /// objective.
  var lossFormula: (any Objective)? { get }

  /// Which rows one row's loss depends on. Learners hand over blocks that keep such rows together.
  var reach: Reach { get }

  /// A better constant for a leaf of a tree than a Newton step, for losses whose curvature says
  /// nothing about their minimum (absolute error, quantiles); nil to use Newton steps.
  var leafSolver: LeafSolver? { get }

  /// What the Hessian is, which policy makes it usable, and what else the objective offers.
  var curvature: Curvature { get }

  /// Whether ``fullHessians(at:_:into:)`` is available.
  var hasFullHessian: Bool { get }

  /// The constant scores to start from, `scoresPerRow` finite values, where the objective knows
  /// them better than Newton steps on its derivatives find them; nil to leave it to those.
  func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]?

  /// Refuses targets and row data that the loss is not defined for.
  ///
  /// - Throws: ``ObjectiveError`` naming the first offending row, counted from 0 within `rows`.
  func validate(_ rows: borrowing Rows) throws(ObjectiveError)

  /// Writes the loss of each row into `losses`, `[rows]`. O(rows x scoresPerRow).
  func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>)

  /// Writes first and second derivatives by each score, both `[rows x scoresPerRow]`.
  /// For several scores the Hessian is the diagonal. O(rows x scoresPerRow).
  func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>)

  /// Writes first derivatives by each score alone, `[rows x scoresPerRow]`: what a learner of gradient
  /// steps calls once per batch.
  ///
  /// The numbers are those of ``derivatives(at:_:gradients:hessians:)`` to the last bit, which gives
  /// them unless a conformer can save its Hessians. O(rows x scoresPerRow).
  func gradients(
    at scores: Span<Double>, _ rows: borrowing Rows, into gradients: inout MutableSpan<Double>)

  /// Writes the loss of each row, `[rows]`, and its first derivatives, `[rows x scoresPerRow]`.
  ///
  /// The numbers are those of ``losses(at:_:into:)`` and ``gradients(at:_:into:)``, which give them
  /// unless a conformer can compute both at once. O(rows x scoresPerRow).
  ///
  /// - Precondition: the objective has a loss (``hasLoss``).
  func lossesAndGradients(
    at scores: Span<Double>, _ rows: borrowing Rows,
    losses: inout MutableSpan<Double>, gradients: inout MutableSpan<Double>)

  /// Writes the full Hessian of each row by its scores, row-major
  /// `[rows x scoresPerRow x scoresPerRow]`.
  func fullHessians(
    at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>)
}

/// Which rows the loss of one row depends on. Learners refuse different weights of such rows.
public enum Reach: String, Sendable, Codable {
  /// Its own score only: any block of rows will do.
  case row
  /// The scores of its group (``Rows/groups``), whose rows stand together (ranking).
  case group
  /// The scores of all rows (proportional hazards).
  case table
}

/// The constant to add to the scores of the rows of a leaf.
///
/// Arguments: the rows' current scores `[rows x scoresPerRow]`, the rows, their weights (empty: all
/// 1), and the score concerned. Returns the constant that minimises the leaf's loss.
public typealias LeafSolver =
  @Sendable (
    _ scores: Span<Double>, _ rows: borrowing Rows, _ weights: Span<Double>, _ score: Int
  ) -> Double

extension Objective {
  public var scoresPerRow: Int { 1 }
  public var rowDataNames: [String] { [] }
  public var link: Link { .identity }
  public var parameters: [String: Double] { [:] }
  public var scoreAdjustment: ScoreAdjustment? { nil }
  public var hasLoss: Bool { true }
  public var lossFormula: (any Objective)? { nil }
  public var reach: Reach { .row }
  public var leafSolver: LeafSolver? { nil }
  public var hasFullHessian: Bool { false }

  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? { nil }

  public func fullHessians(
    at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) {
    preconditionFailure("objective '\(name)' gives the diagonal of its Hessian only")
  }

  /// Accepts any finite target and finite row data.
  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireFinite(rows)
  }

  /// The check every objective makes first: targets and row data are finite numbers.
  public func requireFinite(_ rows: borrowing Rows) throws(ObjectiveError) {
    for row in rows.targets.indices where !rows.targets[row].isFinite {
      throw ObjectiveError(
        .invalidTarget, objective: name, row: row, value: rows.targets[row],
        "the target must be a finite number")
    }
    for index in rows.rowData.indices where !rows.rowData[index].isFinite {
      throw ObjectiveError(
        .invalidRowData(rowDataNames[index % rows.rowDataCount]), objective: name,
        row: index / rows.rowDataCount, value: rows.rowData[index],
        "row data must be finite numbers")
    }
  }
}

/// A row that an objective cannot use.
public struct ObjectiveError: Error, Sendable, CustomStringConvertible {
  /// What is wrong with the row.
  public enum Code: Sendable, Hashable {
    /// The target lies outside the loss's domain.
    case invalidTarget
    /// The named row data column lies outside the loss's domain.
    case invalidRowData(String)
    /// The loss compares rows within groups, and the rows have none.
    case missingGroups
    /// Arrays given to an objective have lengths that do not fit one another.
    case wrongLength
  }

  /// What is wrong.
  public let code: Code
  /// The objective that refused.
  public let objective: String
  /// The row, counted from 0 within the rows given.
  public var row: Int
  /// The offending value.
  public let value: Double
  /// The rule that the value breaks, and the remedy, as the end of a sentence.
  public let rule: String

  /// An error for one row.
  public init(_ code: Code, objective: String, row: Int, value: Double, _ rule: String) {
    self.code = code
    self.objective = objective
    self.row = row
    self.value = value
    self.rule = rule
  }

  public var description: String {
    let what: String
    switch code {
    case .invalidTarget: what = "target"
    case .invalidRowData(let name): what = "row data '\(name)'"
    case .missingGroups, .wrongLength: return "objective '\(objective)' \(rule)"
    }
    return "row \(row): \(what) is \(value), but for objective '\(objective)' \(rule)"
  }
}
