/// Derivatives by hand beside a loss whose derivatives are exact, so that ``Objective/check(seed:)``
/// compares the two to the last place.
extension CustomObjective {
  /// An objective with one score per row, its loss given as a formula over jets.
  ///
  /// ```swift
  /// let sne = CustomObjective(
  ///   "sne", rowData: ["size"],
  ///   formula: { row in ((row.score - row.target) / row.data[0]).squared() },
  ///   derivatives: { row in
  ///     let size = row.data[0]
  ///     return .init(
  ///       gradient: 2 * (row.score - row.target) / (size * size), hessian: 2 / (size * size))
  ///   })
  /// ```
  ///
  /// Learners use `derivatives`; the formula gives the losses and is what `derivatives` is checked
  /// against.
  ///
  /// - Parameters:
  ///   - formula: the loss, as for ``DifferentiableObjective``.
  ///   - derivatives: gradient and Hessian of a row, not multiplied by its weight.
  @inlinable
  @inline(__always)
  public init(
    _ name: String, rowData: [String] = [], link: Link = .identity,
    parameters: [String: Double] = [:], scoreAdjustment: ScoreAdjustment? = nil,
    metric: Metric? = nil,
    curvature: Curvature? = nil, leafSolver: LeafSolver? = nil,
    startingScores: StartingScores? = nil, validate: RowValidation? = nil,
    formula: @escaping DifferentiableObjective.Loss,
    derivatives: @escaping RowDerivatives
  ) {
    self.init(
      name: name, scoresPerRow: 1, rowData: rowData, link: link, parameters: parameters,
      scoreAdjustment: scoreAdjustment, metric: metric,
      declared: Declarations(
        curvature: curvature, leafSolver: leafSolver, start: startingScores, validation: validate),
      loops: RowLoops(formula: formula, derivatives: derivatives), formula: formula)
  }

  /// An objective with several scores per row, its loss given as a formula over jets.
  ///
  /// `derivatives` writes the gradient into its second argument and the diagonal of the Hessian
  /// into its third, `scoresPerRow` elements each.
  @inlinable
  @inline(__always)
  public init(
    _ name: String, scoresPerRow: Int, rowData: [String] = [], link: Link = .identity,
    parameters: [String: Double] = [:], scoreAdjustment: ScoreAdjustment? = nil,
    metric: Metric? = nil,
    curvature: Curvature? = nil, leafSolver: LeafSolver? = nil,
    startingScores: StartingScores? = nil, validate: RowValidation? = nil,
    formula: @escaping DifferentiableObjective.Loss,
    derivatives: @escaping RowDerivativesOfSeveral
  ) {
    self.init(
      name: name, scoresPerRow: scoresPerRow, rowData: rowData, link: link,
      parameters: parameters, scoreAdjustment: scoreAdjustment, metric: metric,
      declared: Declarations(
        curvature: curvature, leafSolver: leafSolver, start: startingScores, validation: validate),
      loops: RowLoops(formula: formula, derivatives: derivatives), formula: formula)
  }
}
