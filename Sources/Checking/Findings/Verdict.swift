import Losses

/// What ``Objective/check(seed:)`` found: a short table of tests and a sentence per finding.
///
/// ```
/// objective 'mine': not sound (1 error)
///   test      result  figure
///   finite    ok      11 scores from -1e4 to 1e4 x 64 rows drawn
///   purity    ok      ...
///   gradient  ERROR   differences: median relative error 2.00 (9.0e15 ulp), their own ...
/// error: gradient is -1.00 x the numerical gradient: the sign is flipped (y - p instead of ...
/// ```
public struct Verdict: Sendable, Hashable, CustomStringConvertible {
  /// The name of the objective that was checked.
  public let objective: String
  /// What is wrong or worth knowing, gravest first, otherwise in the order of the tests.
  public let findings: [Finding]
  /// The tests that ran and those that could not, in order.
  public let tests: [Test]

  init(objective: String, findings: [Finding], tests: [Test]) {
    self.objective = objective
    self.findings = Finding.Severity.allCases.flatMap { severity in
      findings.filter { $0.severity == severity }
    }
    self.tests = tests
  }

  /// The verdict on rows that could not even be gathered: one error with the reason.
  public init(objective: String, refusing reason: String) {
    self.init(
      objective: objective,
      findings: [Finding(.error, .refusedRow, reason)], tests: [])
  }

  /// Whether nothing was found that makes training senseless: no finding is an error.
  public var isSound: Bool { errors.isEmpty }

  /// The findings that make training senseless.
  public var errors: [Finding] { findings.filter { $0.severity == .error } }
  /// The findings that slow training down or deserve a second look.
  public var warnings: [Finding] { findings.filter { $0.severity == .warning } }
  /// What is worth knowing and not wrong.
  public var notes: [Finding] { findings.filter { $0.severity == .note } }

  /// One line of the table.
  public struct Test: Sendable, Hashable {
    /// How a test ended.
    public enum Outcome: String, Sendable, Hashable {
      case passed = "ok"
      case note
      case warning
      case failed = "ERROR"
      case skipped = "-"
    }
    /// What was tested: `finite`, `purity`, `gradient`, ...
    public let name: String
    /// How it ended.
    public let outcome: Outcome
    /// The figure that says most, in words.
    public let figure: String
  }

  /// The table and the sentences.
  public var description: String {
    func plural(_ count: Int, _ word: String) -> String {
      "\(count) \(word)\(count == 1 ? "" : "s")"
    }
    var counts: [String] = []
    if !errors.isEmpty { counts.append(plural(errors.count, "error")) }
    if !warnings.isEmpty { counts.append(plural(warnings.count, "warning")) }
    if !notes.isEmpty { counts.append(plural(notes.count, "note")) }
    var lines = [
      "objective '\(objective)': \(isSound ? "sound" : "not sound")"
        + (counts.isEmpty ? "" : " (\(counts.joined(separator: ", ")))")
    ]
    func pad(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    let nameWidth = tests.reduce(4) { max($0, $1.name.count) }
    let outcomeWidth = tests.reduce(6) { max($0, $1.outcome.rawValue.count) }
    if !tests.isEmpty {
      lines.append("  \(pad("test", nameWidth))  \(pad("result", outcomeWidth))  figure")
    }
    for test in tests {
      lines.append(
        "  \(pad(test.name, nameWidth))  \(pad(test.outcome.rawValue, outcomeWidth))  \(test.figure)"
      )
    }
    lines += findings.map(\.description)
    return lines.joined(separator: "\n")
  }
}

/// One thing the checker has to say about an objective.
public struct Finding: Sendable, Hashable, CustomStringConvertible {
  /// How grave a finding is.
  public enum Severity: String, Sendable, Hashable, CaseIterable {
    /// Training on this is senseless.
    case error
    /// Training works, but worse than it could, or a mistake is likely.
    case warning
    /// Worth knowing; nothing is wrong.
    case note
  }

  /// What was found, for programs; the sentence is in ``Finding/message``.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// A target or row data value that the objective refuses.
    case refusedRow
    /// Targets are not class indices 0 to K-1, which this link asks for.
    case notAClass
    /// No rows could be drawn that the objective accepts.
    case nothingToCheck
    /// A loss, gradient or Hessian is NaN or infinite.
    case notFinite
    /// The loss is defined for probabilities or positive numbers, not for raw scores.
    case expectsProbabilities
    /// The scores given look like probabilities, the objective expects raw scores.
    case scoresAreProbabilities
    /// Softmax or sigmoid is applied twice.
    case softmaxTwice
    /// Loss and gradient stay the same whatever the target.
    case ignoresTarget
    /// The loss falls without end on one side.
    case unbounded
    /// Two calls with the same arguments disagree.
    case notRepeatable
    /// An element of the output is added to, or never written.
    case outputNotWritten
    /// A row's values depend on its position: an array from outside is indexed by row.
    case dependsOnPosition
    /// A row's values depend on the other rows of the call.
    case dependsOnBatch
    /// Values are divided by the number of rows of the call: a mean where a sum is due.
    case dividedByRows
    /// The gradient is laid out `[scoresPerRow x rows]`.
    case transposed
    /// Each row gets the derivatives of a neighbouring row.
    case shiftedRow
    /// The gradient is minus what it should be.
    case flippedSign
    /// The loss or the gradient's integral is to be maximised.
    case maximised
    /// The gradient is off by the same factor in every row.
    case constantFactor
    /// The gradient is off by a factor that is a power of a row data column.
    case rowDataFactor
    /// An elementwise factor p(1-p) is multiplied in where a Jacobian is due.
    case elementwiseJacobian
    /// The derivative of the link is missing, or the activation stands in its place.
    case missingLinkDerivative
    /// The gradient vanishes although the loss changes.
    case zeroGradient
    /// The gradient is off by a term that the loss does not have.
    case addedTerm
    /// Target and score are exchanged.
    case swappedArguments
    /// The class index is off by one.
    case classOffByOne
    /// The one at the true class is not subtracted.
    case missingTarget
    /// The gradient is clipped.
    case clipped
    /// The gradient has single precision only.
    case singlePrecision
    /// The gradient does not fit the loss, in a way that has no name here.
    case gradientMismatch
    /// The gradient fits the loss, but with fewer digits than double precision gives.
    case imprecise
    /// The formula of the loss is not one of the loss.
    case formulaMismatch
    /// The gradient of several scores is not the gradient of any loss.
    case notAGradient
    /// The loss does not change with small steps; the gradient cannot be checked against it.
    case piecewiseConstantLoss
    /// There is no loss to check the gradient against.
    case missingLoss
    /// The Hessian has the wrong sign.
    case hessianSign
    /// The Hessian is off by the same factor everywhere.
    case hessianFactor
    /// The Hessian is off by a power of a row data column.
    case hessianRowDataFactor
    /// The Hessian does not fit the slope of the gradient, and is no stand-in that is known.
    case hessianMismatch
    /// The Hessian is the gradient.
    case hessianIsGradient
    /// The Hessian is constant, the loss's curvature is not.
    case hessianConstant
    /// The Hessian is zero in many rows.
    case hessianZero
    /// The Hessian is negative in many rows.
    case hessianNegative
    /// The Hessian is an upper bound, expected curvature or another usable stand-in.
    case surrogateHessian
    /// The Hessian is smaller than the slope of the gradient: steps become too long.
    case hessianTooSmall
    /// The full Hessian is not symmetric.
    case fullHessianAsymmetric
    /// The full Hessian has a negative eigenvalue.
    case fullHessianIndefinite
    /// The full Hessian does not fit the gradient.
    case fullHessianMismatch
    /// The loss is written for labels of another coding than those at hand.
    case labelCoding
    /// The link does not belong to the loss.
    case wrongLink
    /// The loss is a usual one times a constant.
    case constantScale
  }

  /// How grave it is.
  public let severity: Severity
  /// What it is.
  public let code: Code
  /// One sentence in the words of the mistake.
  public let message: String
  /// Up to eight rows concerned, in the numbering of the rows given (or drawn, from 0); empty if
  /// every row is.
  public let rows: [Int]
  /// The figures behind the sentence by name (`ratio`, `share`, `error`, ...).
  public let figures: [String: Double]

  init(
    _ severity: Severity, _ code: Code, _ message: String, rows: [Int] = [],
    figures: [String: Double] = [:]
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.rows = rows
    self.figures = figures
  }

  public var description: String {
    let places = rows.isEmpty ? "" : " (rows \(rows.map(String.init).joined(separator: ", ")))"
    return "\(severity.rawValue): \(message)\(places)"
  }
}
