extension Objective {
  /// The loss of each row, `[rows]`: what ``losses(at:_:into:)`` writes, from arrays.
  ///
  /// ```swift
  /// let sne = try ExpressionObjective("square((score - y) / size)")
  /// try sne.losses(scores: [1, 2], targets: [3, 4], rowData: ["size": [8, 1]])  // [0.0625, 4]
  /// ```
  ///
  /// For a look at an objective, or for a training loop of your own; learners use the spans. O(rows x
  /// scoresPerRow).
  ///
  /// - Parameters:
  ///   - scores: raw model outputs in link space, row-major `[rows x scoresPerRow]`.
  ///   - targets: one per row.
  ///   - rowData: a value per row for every name in ``rowDataNames``; others are not looked at.
  ///   - groups: a group per row, the rows of a group standing together, where the objective compares
  ///     the rows of a group.
  /// - Throws: ``ObjectiveError`` if lengths do not fit, row data is missing, or the loss is not
  ///   defined for a row.
  /// - Precondition: the objective has a loss (``hasLoss``).
  public func losses(
    scores: [Double], targets: [Double], rowData: [String: [Double]] = [:], groups: [Int] = []
  ) throws(ObjectiveError) -> [Double] {
    precondition(hasLoss, "objective '\(name)' is known by its derivatives only")
    let arrays = try RowArrays(self, scores, targets, rowData, groups)
    var losses = [Double](repeating: 0, count: targets.count)
    var span = losses.mutableSpan
    self.losses(at: scores.span, arrays.rows, into: &span)
    return losses
  }

  /// First and second derivatives of each row's loss by its scores, both `[rows x scoresPerRow]`:
  /// what ``derivatives(at:_:gradients:hessians:)`` writes, from arrays.
  ///
  /// ```swift
  /// let (gradients, hessians) = try sne.derivatives(
  ///   scores: [1, 2], targets: [3, 4], rowData: ["size": [8, 1]])
  /// // [-0.0625, -4], [0.03125, 2]
  /// ```
  ///
  /// For several scores the Hessian is the diagonal; ``fullHessians(scores:targets:rowData:groups:)``
  /// has all of it. Parameters and errors are those of ``losses(scores:targets:rowData:groups:)``.
  public func derivatives(
    scores: [Double], targets: [Double], rowData: [String: [Double]] = [:], groups: [Int] = []
  ) throws(ObjectiveError) -> (gradients: [Double], hessians: [Double]) {
    let arrays = try RowArrays(self, scores, targets, rowData, groups)
    var gradients = [Double](repeating: 0, count: scores.count)
    var hessians = gradients
    var gradientSpan = gradients.mutableSpan
    var hessianSpan = hessians.mutableSpan
    derivatives(
      at: scores.span, arrays.rows, gradients: &gradientSpan, hessians: &hessianSpan)
    return (gradients, hessians)
  }

  /// The full Hessian of each row's loss by its scores, row-major
  /// `[rows x scoresPerRow x scoresPerRow]`, from arrays.
  ///
  /// Parameters and errors are those of ``losses(scores:targets:rowData:groups:)``.
  ///
  /// - Precondition: the objective gives it (``hasFullHessian``).
  public func fullHessians(
    scores: [Double], targets: [Double], rowData: [String: [Double]] = [:], groups: [Int] = []
  ) throws(ObjectiveError) -> [Double] {
    precondition(
      hasFullHessian, "objective '\(name)' gives the diagonal of its Hessian only")
    let arrays = try RowArrays(self, scores, targets, rowData, groups)
    var matrices = [Double](repeating: 0, count: scores.count * scoresPerRow)
    var span = matrices.mutableSpan
    fullHessians(at: scores.span, arrays.rows, into: &span)
    return matrices
  }
}

/// Arrays that were found to fit an objective and one another.
private struct RowArrays {
  let targets: [Double]
  /// Row-major `[rows x rowDataCount]`.
  let rowData: [Double]
  let rowDataCount: Int
  let groups: [Int]

  var rows: Rows {
    @_lifetime(borrow self)
    get {
      Rows(
        targets: targets.span, rowData: rowData.span, rowDataCount: rowDataCount,
        groups: groups.span)
    }
  }

  init(
    _ objective: some Objective, _ scores: [Double], _ targets: [Double],
    _ rowData: [String: [Double]], _ groups: [Int]
  ) throws(ObjectiveError) {
    func refusal(_ sentence: String) -> ObjectiveError {
      ObjectiveError(.wrongLength, objective: objective.name, row: 0, value: .nan, sentence)
    }
    func counted(_ count: Int, _ word: String) -> String {
      "\(count) \(word)\(count == 1 ? "" : "s")"
    }
    let width = objective.scoresPerRow
    guard scores.count == targets.count * width else {
      throw refusal(
        "needs \(counted(width, "score")) per target, but there are "
          + "\(counted(scores.count, "score")) and \(counted(targets.count, "target"))")
    }
    var columns: [[Double]] = []
    for name in objective.rowDataNames {
      guard let column = rowData[name] else {
        let known = rowData.keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
        throw refusal(
          "reads the row data '\(name)', which is missing; there is \(known.isEmpty ? "none" : known)"
        )
      }
      guard column.count == targets.count else {
        throw refusal(
          "needs one value of '\(name)' per target, but there are "
            + "\(counted(column.count, "value")) and \(counted(targets.count, "target"))")
      }
      columns.append(column)
    }
    guard groups.isEmpty || groups.count == targets.count else {
      throw refusal(
        "needs one group per target, but there are \(counted(groups.count, "group")) and "
          + counted(targets.count, "target"))
    }
    self.targets = targets
    self.groups = groups
    rowDataCount = columns.count
    self.rowData = targets.indices.flatMap { row in columns.map { $0[row] } }
    try objective.validate(rows)
  }
}
