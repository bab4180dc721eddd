public import Losses

/// A loss with derivatives that were worked out by hand and written as text, to be checked.
///
/// ```swift
/// let sne = try HandDerivedObjective(
///   ExpressionObjective("square((score - y) / size)"),
///   gradient: "2 * (score - y) / size", hessian: "2")
/// print(sne.check())
/// let softmax = try HandDerivedObjective(
///   ExpressionObjective("logsumexp(score) - score[y]", classes: 3),
///   gradient: "softmax(k) - if(k == y, 1, 0)")
/// ```
///
/// The texts are in the language of ``ExpressionObjective``. They may read what the loss reads: its
/// row data, and with several scores per row also `k`, the class that the derivative is by. Settings
/// after `;` belong to the loss.
///
/// What is not given is exact: without a Hessian, it is that of the gradient's text; without a
/// gradient, both are the loss's own. Learners train on it as on any other objective.
public struct HandDerivedObjective: Objective {
  /// The loss, with derivatives of its own.
  public let loss: any Objective
  /// The loss's name with the texts.
  public let name: String
  /// Writes gradients, and Hessians too unless these have a text.
  private let gradientTape: Tape?
  private let hessianTape: Tape?

  /// A loss with its gradient, its Hessian or both as text.
  ///
  /// - Parameters:
  ///   - loss: an objective whose rows stand alone and that gives losses.
  ///   - gradient: the derivative of a row's loss by its score, by score `k` if there are several;
  ///     nil to take the loss's own.
  ///   - hessian: the second derivative, likewise; nil to take the exact derivative of `gradient`.
  /// - Throws: ``ExpressionError`` whose message begins with `gradient: ` or `hessian: `.
  public init(
    _ loss: any Objective, gradient: String? = nil, hessian: String? = nil
  ) throws(ExpressionError) {
    let given = [("gradient", gradient), ("hessian", hessian)]
    for (part, text) in given {
      guard let text, loss.reach != .row || !loss.hasLoss else { continue }
      throw ExpressionError(
        .setting, in: text, at: nil,
        "\(part): "
          + (loss.hasLoss
            ? "objective '\(loss.name)' compares rows with one another, so its derivatives are no "
              + "formula of one row" : "objective '\(loss.name)' has no loss to compare it with"))
    }
    self.loss = loss
    name = given.reduce(loss.name) { name, part in
      part.1.map { "\(name); \(part.0)=\($0)" } ?? name
    }
    gradientTape = try gradient.map { text throws(ExpressionError) in
      let (jets, graph) = try Self.compile(text, "gradient", loss)
      let slopes = jets.enumerated().map { k, jet in
        jet.first.first { $0.key == k }?.value
      }
      return Tape(graph, outputs: jets.map(\.value) + (hessian == nil ? slopes : []))
    }
    hessianTape = try hessian.map { text throws(ExpressionError) in
      let (jets, graph) = try Self.compile(text, "hessian", loss)
      return Tape(graph, outputs: jets.map(\.value))
    }
  }

  /// One value per score, with its derivatives.
  private static func compile(
    _ text: String, _ part: String, _ loss: any Objective
  ) throws(ExpressionError) -> ([FlowJet], FlowGraph) {
    do throws(ExpressionError) {
      let parsed = try ExpressionParser.parse(text)
      guard parsed.classes == nil, parsed.link == nil else {
        throw ExpressionError(
          .setting, in: text, at: nil,
          "settings after ';' belong to the loss, not to its derivative")
      }
      _ = try TypeCheck(
        derivative: parsed.loss, text: text, isSeveral: loss.scoresPerRow > 1,
        rowDataNames: loss.rowDataNames)
      return try ExpressionCompiler.compileDerivative(
        parsed.loss, text: text, rowDataNames: loss.rowDataNames, width: loss.scoresPerRow)
    } catch {
      throw ExpressionError(
        error.code, in: error.text, at: error.position, "\(part): \(error.message)")
    }
  }

  public var scoresPerRow: Int { loss.scoresPerRow }
  public var rowDataNames: [String] { loss.rowDataNames }
  public var link: Link { loss.link }
  public var parameters: [String: Double] { loss.parameters }
  public var scoreAdjustment: ScoreAdjustment? { loss.scoreAdjustment }
  public var defaultMetric: Metric { loss.defaultMetric }

  /// The loss, if its derivatives come from a formula; those of shipped objectives are written by
  /// hand as well, so that differences judge.
  public var lossFormula: (any Objective)? {
    loss is ExpressionObjective || loss is DifferentiableObjective ? loss : loss.lossFormula
  }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) { try loss.validate(rows) }

  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    loss.losses(at: scores, rows, into: &losses)
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    if let gradientTape {
      TapeEvaluator(gradientTape, scoresPerRow: scoresPerRow, rows: rows.count).run(
        scores: scores, rows, stride: scoresPerRow, first: &gradients, second: &hessians)
    } else {
      loss.derivatives(at: scores, rows, gradients: &gradients, hessians: &hessians)
    }
    if let hessianTape {
      var none = MutableSpan<Double>()
      TapeEvaluator(hessianTape, scoresPerRow: scoresPerRow, rows: rows.count).run(
        scores: scores, rows, stride: scoresPerRow, first: &hessians, second: &none)
    }
  }
}
