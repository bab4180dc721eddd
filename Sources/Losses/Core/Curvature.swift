/// What an objective's Hessian is, which policy suits it, and what it offers instead.
public struct Curvature: Sendable {
  /// Whether ``Objective/derivatives(at:_:gradients:hessians:)`` writes the exact second
  /// derivative. If not, it writes a surrogate, because the exact one says nothing about the
  /// minimum (it is 0 almost everywhere for the absolute error).
  public let isExact: Bool
  /// The policy that suits the objective.
  public let policy: CurvaturePolicy
  /// Why, as a sentence.
  public let reason: String
  /// Curvatures of its own that the objective can put in place of its Hessian.
  public let offers: [CurvatureOffer]
  /// Whether the author of the objective said nothing, so that it may be derived
  /// (``Objective/resolved(on:)``).
  private(set) var isUnknown = false

  /// Says what a Hessian is and how to use it.
  public init(
    isExact: Bool = true, policy: CurvaturePolicy = .exact, reason: String,
    offers: [CurvatureOffer] = []
  ) {
    self.isExact = isExact
    self.policy = policy
    self.reason = reason
    self.offers = offers
  }

  /// The exact Hessian of a loss that is convex in every score.
  public static let convex = Curvature(
    reason: "The loss is convex in every score, so its exact Hessian is never negative.")

  /// The Hessian as it is given, of which the objective's author says nothing. Learners derive what
  /// suits the loss, where they can (``Objective/resolved(on:)``).
  public static let given: Curvature = {
    var curvature = Curvature(
      reason: "Nothing is known about the Hessian; it is used as it is given.")
    curvature.isUnknown = true
    return curvature
  }()
}

/// A curvature that an objective can put in place of its Hessian.
public struct CurvatureOffer: Sendable {
  /// Arguments: scores `[rows x scoresPerRow]`, rows, gradients, and Hessians, both as the
  /// objective wrote them; the closure replaces the Hessians.
  public typealias Write =
    @Sendable (Span<Double>, borrowing Rows, Span<Double>, inout MutableSpan<Double>) -> Void

  /// The name: `fisher`, `upper-bound`, ...
  public let name: String
  /// The formula.
  public let formula: String
  /// What it is good for, as a sentence.
  public let purpose: String
  let write: Write

  /// A curvature from a function over whole blocks of rows.
  public init(_ name: String, formula: String, purpose: String, write: @escaping Write) {
    self.name = name
    self.formula = formula
    self.purpose = purpose
    self.write = write
  }

  /// A curvature from a function of one row with one score, and its derivatives.
  static func perRow(
    _ name: String, formula: String, purpose: String,
    _ curvature: @escaping @Sendable (borrowing Row, Derivatives) -> Double
  ) -> CurvatureOffer {
    CurvatureOffer(name, formula: formula, purpose: purpose) {
      scores, rows, gradients, hessians in
      for index in 0..<rows.count {
        hessians[index] = curvature(
          rows.row(index, scores: scores, scoresPerRow: 1),
          Derivatives(gradient: gradients[index], hessian: hessians[index]))
      }
    }
  }

  /// The sharpest quadratic upper bound of an even loss whose `gradient / residual` falls with the
  /// residual's size: that ratio itself; `atZero` where the residual is 0.
  ///
  /// De Leeuw & Lange, "Sharp quadratic majorization in one dimension", Computational Statistics &
  /// Data Analysis 53 (2009).
  static func majoriser(formula: String, atZero: Double) -> CurvatureOffer {
    perRow(
      "upper-bound", formula: formula,
      purpose: "Its parabola lies above the loss everywhere, so a full step never overshoots."
    ) { row, derivatives in
      let residual = row.score - row.target
      return residual == 0 ? atZero : derivatives.gradient / residual
    }
  }
}

extension Objective {
  public var curvature: Curvature { .given }

  /// Gradients and Hessians with a curvature policy applied. Who calls it often makes a
  /// ``CurvatureRule`` once. Purposes and shapes are those of ``derivatives(at:_:gradients:hessians:)``.
  ///
  /// - Parameters:
  ///   - policy: one that ``CurvaturePolicy/check(for:)`` accepts.
  ///   - unit: the mean magnitude of the Hessians at the initial scores
  ///     (``CurvaturePolicy/unit(of:)``); only `floor` and `constant` read it.
  /// - Returns: how many Hessians the policy changed.
  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows, policy: CurvaturePolicy, unit: Double,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) -> Int {
    CurvatureRule(policy, of: self).derivatives(
      at: scores, rows, unit: unit, gradients: &gradients, hessians: &hessians)
  }
}
