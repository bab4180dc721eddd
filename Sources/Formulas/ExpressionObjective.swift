public import Losses

/// An objective written as text; gradient and Hessian are exact.
///
/// ```swift
/// let sne = try ExpressionObjective("square((score - y) / size)")
/// let logistic = try ExpressionObjective("softplus(score) - y * score; link=logit")
/// let softmax = try ExpressionObjective("logsumexp(score) - score[y]; link=softmax", classes: 3)
/// let huber = try ExpressionObjective(
///   "let r = abs(score - y) in if(r <= delta, r^2 / 2, delta * (r - delta / 2))")
/// ```
///
/// ## The language
/// - Numbers: `2`, `0.5`, `1e-3`, `pi`. There is no `e`; write `exp(x)`.
/// - `score`, the raw output of the model; `y`, the target. Any other name is a row data column:
///   ``rowDataNames`` is read off the text, in order of first use. A column whose name is not a
///   plain word, or has a meaning here, stands in backquotes: `` `system size` ``. A name that is a
///   slip of `score`, `classes` or a variable of `let` (`scroe`) is refused without them. `weight`
///   is the column of that name, too; learners refuse to multiply by it once more.
/// - `+ - * / ^`, with the usual precedence: `-x^2` is `-(x^2)`, and `^` groups from the right.
///   Literal whole powers up to 64 are products and take negative numbers; other powers of a
///   negative number are not a number.
/// - Conditions: `< <= > >= == !=`, `and`, `or`, `not`. `if(condition, a, b)`, also written
///   `condition ? a : b`, takes value and derivatives of one case; the other may be anything, also
///   NaN. Numbers and conditions are different types.
/// - `let r = score - y in r * r`, also written `let r = score - y; r * r`.
/// - Functions: `exp expm1 log log1p sqrt abs square pow(x, p) sin cos tan asin acos atan sinh cosh
///   tanh asinh acosh atanh sigmoid softplus logsigmoid logcosh erf max(a, b, ...) min(a, b, ...)
///   clamp(x, low, high) logsumexp(a, b, ...)`. At kinks they take the derivatives that
///   ``DifferentiableScalar`` documents.
/// - Several scores per row: `score[k]`, counted from 0, where `k` is a literal, a variable, the
///   target (`score[y]`) or any number; `classes`, how many there are; `sum(k in classes: ...)`,
///   and so `max`, `min` and `logsumexp`, for which `f(score)` is short for
///   `f(k in classes: score[k])`; `softmax(k)`, the probability of class `k`.
/// - Settings at the end: `; link=logit` (any ``Link``; otherwise softmax if the loss reads
///   `score[y]`, else identity), `; classes=3` and `; curvature=absolute` (any ``CurvaturePolicy`` as
///   the command line spells it; otherwise derived from the loss, as the way leaves are solved is).
///
/// Texts are limited to 10,000 bytes, 100 levels of nesting, 1,000 scores and, with loops
/// unrolled, 100,000 operations per row; no text crashes or hangs the parser.
///
/// ## Evaluation
/// The derivatives are worked out once by the rules of ``Jet`` on the whole formula (source
/// transformation; Griewank & Walther, "Evaluating Derivatives", 2nd ed., SIAM 2008, chapters 6 and
/// 13), equal parts are shared and parts without a score are not differentiated. What remains is
/// computed for a block of rows at a time. Values and derivatives are bit for bit those
/// that ``DifferentiableObjective`` gives for the same arithmetic, but for the sign of zeros.
public struct ExpressionObjective: Objective {
  public let name: String
  public let scoresPerRow: Int
  public let rowDataNames: [String]
  public let link: Link
  let givenAdjustment: ScoreAdjustment?
  let givenMetric: Metric?
  /// What the text says of its curvature.
  let givenPolicy: CurvaturePolicy?
  /// The text in its canonical form with its settings: it gives the same objective again.
  public let canonicalText: String

  /// Whether targets are class indices, because the loss reads the score at the target's place.
  public let targetIsClass: Bool
  private let classColumns: [Int]
  private let lossTape: Tape
  private let derivativeTape: Tape
  private let fullHessianTape: Tape?
  /// What is derived from the loss; nil for the copy of the objective that it is derived from.
  var derived: LazyTraits?

  /// An objective from the text of its loss.
  ///
  /// - Parameters:
  ///   - text: the loss, with settings after `;` if any.
  ///   - name: the name for reports and model files; ``canonicalText`` if nil, from which
  ///     ``parseObjective(_:classes:)`` makes the objective again.
  ///   - link: how a score becomes a prediction; as the text says if nil, else identity.
  ///   - classes: the number of scores per row, 2 to 1,000, of a text that reads several. Texts that
  ///     set it, and texts in which every index is a literal, do not need it; texts over one score
  ///     ignore it.
  ///   - scoreAdjustment: a per-row scale or offset by row data that the text reads; if nil, a column
  ///     with which the loss scales, such as `size` in `square((score - y) / size)`.
  ///   - metric: the metric to show by default; if nil, that of the shipped objective with the same
  ///     loss, else the log loss for the links logit and softmax, RMSE for others.
  /// - Throws: ``ExpressionError`` with the place of the mistake.
  public init(
    _ text: String, name: String? = nil, link: Link? = nil, classes: Int? = nil,
    scoreAdjustment: ScoreAdjustment? = nil, metric: Metric? = nil
  ) throws(ExpressionError) {
    let parsed = try ExpressionParser.parse(text)
    let check = try TypeCheck(parsed.loss, text: text)
    let width = try Self.scoresPerRow(parsed, check, classes: classes, text: text)
    // A score taken at the target's index is a class's: probabilities are what is predicted.
    let usualLink: Link = check.isSeveral && check.targetIsClass ? .softmax : .identity
    let link = try Self.link(
      parsed, given: link, usual: usualLink, isSeveral: check.isSeveral, text: text)
    if let scoreAdjustment, !check.rowDataNames.contains(scoreAdjustment.rowDataName) {
      throw ExpressionError(
        .setting, in: text, at: nil,
        "the score is adjusted by '\(scoreAdjustment.rowDataName)', which the loss "
          + "'\(SyntaxPrinter.text(of: parsed.loss))' does not read")
    }
    let (jet, graph) = try ExpressionCompiler.compile(
      parsed.loss, text: text, rowDataNames: check.rowDataNames, width: width, isFull: false)
    lossTape = Tape(graph, outputs: [jet.value])
    derivativeTape = Tape(
      graph,
      outputs: Self.dense(jet.first, count: width) { $0 }
        + Self.dense(jet.second, count: width) { $0 / width })
    fullHessianTape = Self.fullHessianTape(
      parsed.loss, text: text, rowDataNames: check.rowDataNames, width: width)

    scoresPerRow = width
    rowDataNames = check.rowDataNames
    self.link = link
    givenAdjustment = scoreAdjustment
    givenMetric = metric
    givenPolicy = parsed.curvature
    targetIsClass = check.targetIsClass
    classColumns = check.classRowData.compactMap { check.rowDataNames.firstIndex(of: $0) }
    canonicalText =
      SyntaxPrinter.text(of: parsed.loss) + (width > 1 ? "; classes=\(width)" : "")
      + (link == usualLink ? "" : "; link=\(link.rawValue)")
      + (parsed.curvature.map { "; curvature=\($0)" } ?? "")
    self.name = name ?? canonicalText
    let literals = parsed.loss.literals
    let plain = self
    derived = LazyTraits { plain.derive(literals: literals) }
    // One that every objective has needs no look at the loss.
    guard let policy = parsed.curvature, policy != .exact else { return }
    do {
      try policy.check(for: self)
    } catch {
      throw ExpressionError(.setting, in: text, at: nil, error.description)
    }
  }

  public var hasFullHessian: Bool { fullHessianTape != nil }

  /// Accepts finite targets and row data; where they pick a class, only whole numbers from 0 to
  /// `classes - 1`; and of a shipped objective's loss without a link what that accepts.
  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireFinite(rows)
    if link == .identity, let twin, twin.link == link {
      do {
        try twin.validate(rows)
      } catch {
        throw ObjectiveError(
          error.code, objective: name, row: error.row, value: error.value, error.rule)
      }
    }
    let rule = "must be a class index from 0 to \(scoresPerRow - 1)"
    for row in 0..<rows.count {
      if targetIsClass, !isClass(rows.targets[row]) {
        throw ObjectiveError(
          .invalidTarget, objective: name, row: row, value: rows.targets[row],
          "the target \(rule)")
      }
      for column in classColumns {
        let value = rows.rowData[row * rows.rowDataCount + column]
        if !isClass(value) {
          throw ObjectiveError(
            .invalidRowData(rowDataNames[column]), objective: name, row: row, value: value,
            "'\(rowDataNames[column])' \(rule)")
        }
      }
    }
  }

  private func isClass(_ value: Double) -> Bool {
    value >= 0 && value < Double(scoresPerRow) && value == value.rounded()
  }

  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    var none = MutableSpan<Double>()
    TapeEvaluator(lossTape, scoresPerRow: scoresPerRow, rows: rows.count)
      .run(scores: scores, rows, stride: 1, first: &losses, second: &none)
    if !losses.indices.allSatisfy({ losses[$0].isFinite }) { mend(&losses, at: scores, rows) }
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    TapeEvaluator(derivativeTape, scoresPerRow: scoresPerRow, rows: rows.count)
      .run(scores: scores, rows, stride: scoresPerRow, first: &gradients, second: &hessians)
    let isFinite = gradients.indices.allSatisfy { (gradients[$0] + hessians[$0]).isFinite }
    if !isFinite { mend(&gradients, &hessians, at: scores, rows) }
  }

  /// Every pair of scores is differentiated by itself. Available for up to 100 scores, unless the
  /// program would be too large.
  public func fullHessians(
    at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) {
    guard let fullHessianTape else {
      preconditionFailure("objective '\(name)' gives the diagonal of its Hessian only")
    }
    var none = MutableSpan<Double>()
    TapeEvaluator(fullHessianTape, scoresPerRow: scoresPerRow, rows: rows.count).run(
      scores: scores, rows, stride: scoresPerRow * scoresPerRow, first: &matrices, second: &none)
  }
}

// MARK: - Making one

extension ExpressionObjective {
  private static func scoresPerRow(
    _ parsed: ParsedExpression, _ check: TypeCheck, classes: Int?, text: String
  ) throws(ExpressionError) -> Int {
    guard check.isSeveral else {
      if parsed.classes != nil {
        throw ExpressionError(
          .classes, in: text, at: nil,
          "the text sets 'classes', but its loss reads one score per row; score[k] is the score of "
            + "class k")
      }
      return 1
    }
    if let set = parsed.classes, let classes, set != classes {
      throw ExpressionError(
        .classes, in: text, at: nil,
        "the text sets classes=\(set), but the data or the call ask for \(classes)")
    }
    guard
      let count = parsed.classes ?? classes ?? check.largestIndex.map({ max(2, $0 + 1) })
    else {
      throw ExpressionError(
        .classes, in: text, at: nil,
        "the loss reads one score per class, and nothing says how many classes there are; add "
          + "'; classes=NUMBER' to the text")
    }
    guard 2...ExpressionLimits.classes ~= count else {
      throw ExpressionError(
        .classes, in: text, at: nil,
        "a loss over several scores has 2 to \(ExpressionLimits.classes) of them, not \(count)")
    }
    return count
  }

  private static func link(
    _ parsed: ParsedExpression, given: Link?, usual: Link, isSeveral: Bool, text: String
  ) throws(ExpressionError) -> Link {
    if let set = parsed.link, let given, set != given {
      throw ExpressionError(
        .setting, in: text, at: nil,
        "the text sets link=\(set.rawValue), but the call asks for \(given.rawValue)")
    }
    let link = parsed.link ?? given ?? usual
    if link == .softmax, !isSeveral {
      throw ExpressionError(
        .setting, in: text, at: nil,
        "the link 'softmax' needs one score per class, but the loss reads a single score; use "
          + "'logit' for the probability of one class")
    }
    return link
  }

  /// One value per place, nil where there is no term.
  private static func dense(
    _ terms: [FlowJet.Term], count: Int, place: (Int) -> Int
  ) -> [FlowGraph.Value?] {
    var values = [FlowGraph.Value?](repeating: nil, count: count)
    for term in terms { values[place(term.key)] = term.value }
    return values
  }

  private static func fullHessianTape(
    _ loss: Syntax, text: String, rowDataNames: [String], width: Int
  ) -> Tape? {
    guard width <= ExpressionLimits.fullHessianClasses,
      let (jet, graph) = try? ExpressionCompiler.compile(
        loss, text: text, rowDataNames: rowDataNames, width: width, isFull: true)
    else { return nil }
    var matrix = [FlowGraph.Value?](repeating: nil, count: width * width)
    for term in jet.second {
      let (j, k) = term.key.quotientAndRemainder(dividingBy: width)
      matrix[j * width + k] = term.value
      matrix[k * width + j] = term.value
    }
    return Tape(graph, outputs: matrix)
  }
}
