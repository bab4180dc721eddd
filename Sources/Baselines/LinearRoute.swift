import Learning
import Losses
import Tabular

/// Where the fit of a line begins for an objective.
struct LinearRoute {
  /// A line of a usual kind.
  enum Base: Equatable {
    /// One line by least squares, added to the scores of the range.
    case leastSquares(carriers: Range<Int>)
    /// A generalized linear model.
    case likelihood(Likelihood)
    /// No line: the best constants.
    case constants
  }

  /// The line to begin with.
  let base: Base
  /// What a model is judged by: the objective, or the plain one of the task where the objective's
  /// link has no linear scores.
  let objective: any Objective
  /// Whether constants that minimize the objective on residuals are to be added.
  let isShifted: Bool

  init(_ objective: any Objective, _ table: Table) throws(LearningError) {
    var fitted: any Objective = objective
    if objective.link == .ordinal, table.classNames?.count == objective.scoresPerRow {
      fitted = SoftmaxCrossEntropy(classes: objective.scoresPerRow)
    }
    let base = Self.base(of: fitted, table)
    var isShifted = false
    if case .leastSquares(let carriers) = base {
      isShifted = ResidualLoss.isOne(fitted, carriers, table)
    }
    // Several scores that are no locations have no line of least squares.
    self.base =
      if case .leastSquares = base, fitted.scoresPerRow > 1, !isShifted { .constants } else { base }
    guard self.base != .constants || fitted.hasLoss else {
      throw LearningError(
        .objectiveMismatch, "it gives no loss by which a line could be fitted, only derivatives")
    }
    self.objective = fitted
    self.isShifted = isShifted
  }

  private static func base(of objective: any Objective, _ table: Table) -> Base {
    let target = table.target ?? []
    let scores = objective.scoresPerRow
    guard objective.reach != .table else { return .constants }
    switch objective.link {
    case .identity: return .leastSquares(carriers: 0..<scores)
    case .increasing, .locationScale: return .leastSquares(carriers: 0..<1)
    case .log:
      let areMeans = target.allSatisfy { $0 >= 0 } && target.contains { $0 > 0 }
      return scores == 1 && areMeans ? .likelihood(.poisson) : .constants
    case .logit:
      let areInRange =
        scores == 1
        ? target.allSatisfy { $0 >= 0 && $0 <= 1 }
        : target.allSatisfy { $0 >= 0 && $0 < Double(scores) && $0 == $0.rounded() }
      return areInRange ? .likelihood(.bernoulli) : .constants
    case .softmax, .ordinal:
      return scores > 1 && table.classNames?.count == scores ? .likelihood(.softmax) : .constants
    }
  }
}
