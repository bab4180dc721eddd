/// Why a learner or a model cannot use a table, an option or a file, as one sentence.
public struct LearningError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public enum Code: Sendable, Hashable {
    /// No rows, or none with positive weight.
    case noRows
    /// The table has no target.
    case noTarget
    /// A row data column is missing.
    case missingRowData
    /// A row lies outside the objective's domain.
    case invalidRow
    /// An option is out of its range.
    case invalidOption
    /// The objective's derivatives are wrong in a way that makes training senseless.
    case unsoundObjective
    /// A derivative is not a finite number.
    case nonFiniteDerivative
    /// The table's columns do not fit the model.
    case columnMismatch
    /// The model file is not one, or of a version or kind this library does not know.
    case invalidModelFile
    /// The model's objective does not fit what was asked of it.
    case objectiveMismatch
    /// The training was cancelled.
    case cancelled
  }

  /// The kind of failure.
  public let code: Code
  /// What is wrong and what to do.
  public let reason: String

  /// An error with its sentence.
  public init(_ code: Code, _ reason: String) {
    self.code = code
    self.reason = reason
  }

  public var description: String { reason }
}
