public import Losses
import RealModule

/// The textbook formula of a shipped objective, over jets.
public struct FormulaTwin: Sendable, CustomStringConvertible {
  public let description: String
  public let loss: DifferentiableObjective.Loss
  public let formula: DifferentiableObjective

  public init(
    _ description: String, width: Int = 1, rowData: [String] = [],
    loss: @escaping DifferentiableObjective.Loss
  ) {
    self.description = description
    self.loss = loss
    formula = DifferentiableObjective(
      description, scoresPerRow: width, rowData: rowData, loss: loss)
  }
}

extension FormulaTwin {
  /// As the textbooks write them, by the description of ``ObjectiveCase``.
  public static let all: [FormulaTwin] = [
    FormulaTwin("absolute") { row in .abs(row.score - row.target) },
    FormulaTwin("huber(delta=1.5)") { row in
      let size = Jet.abs(row.score - row.target)
      return size < 1.5 ? size.squared() / 2 : 1.5 * (size - 0.75)
    },
    FormulaTwin("pseudo-huber(delta=1.5)") { row in
      2.25 * (.sqrt(1 + ((row.score - row.target) / 1.5).squared()) - 1)
    },
    FormulaTwin("log-cosh") { row in .log(.cosh(row.score - row.target)) },
    FormulaTwin("quantile(level=0.9)") { row in
      let residual = row.target - row.score
      return .max(0.9 * residual, -0.1 * residual)
    },
    FormulaTwin("expectile(level=0.8)") { row in
      let residual = row.target - row.score
      return (residual > 0 ? 0.8 : 0.2) * residual.squared()
    },
    FormulaTwin("mape") { row in .abs(row.score - row.target) / .abs(row.target) },
    FormulaTwin("smape") { row in
      2 * .abs(row.score - row.target) / (.abs(row.score) + .abs(row.target))
    },
    FormulaTwin("poisson") { row in .exp(row.score) - row.target * row.score },
    FormulaTwin("gamma") { row in row.score + row.target * .exp(-row.score) },
    FormulaTwin("tweedie(power=1.3)") { row in
      .exp(0.7 * row.score) / 0.7 - row.target * .exp(-0.3 * row.score) / -0.3
    },
    FormulaTwin("squared-log") { row in
      (.log(onePlus: .exp(row.score)) - .log(onePlus: row.target)).squared()
    },
    FormulaTwin("focal(gamma=2.0)") { row in
      let q = Jet.sigmoid(row.target > 0.5 ? row.score : -row.score)
      return -(1 - q).squared() * .log(q)
    },
    FormulaTwin("squared-hinge") { row in
      .max(0, 1 - (2 * row.target - 1) * row.score).squared()
    },
    FormulaTwin("softmax(smoothing=0.1) x 3", width: 3) { row in
      var loss = Jet(0)
      for k in 0..<3 {
        let share: Jet = row.target == Jet(Double(k)) ? 0.9 + 0.1 / 3 : 0.1 / 3
        loss += share * (row.scores.logSumExp() - row.scores[k])
      }
      return loss
    },
    FormulaTwin("softmax(weight0=0.5, weight1=1.0, weight2=2.5) x 3", width: 3) { row in
      let weight: [Jet] = [0.5, 1, 2.5]
      return weight[Int(row.target.value)] * (row.scores.logSumExp() - row.scores[row.target])
    },
    FormulaTwin("softmax(p0) x 3", width: 3, rowData: ["p0", "p1", "p2"]) { row in
      var loss = Jet(0)
      for k in 0..<3 { loss += row.data[k] * (row.scores.logSumExp() - row.scores[k]) }
      return loss
    },
    FormulaTwin("one-vs-rest x 3", width: 3) { row in
      var loss = Jet(0)
      for k in 0..<3 {
        loss += .softplus(row.scores[k]) - (row.target == Jet(Double(k)) ? row.scores[k] : 0)
      }
      return loss
    },
    FormulaTwin("ordinal x 4", width: 4) { row in
      var thresholds = [row.scores[1]]
      for k in 2..<4 { thresholds.append(thresholds[k - 2] + .softplus(row.scores[k])) }
      let own = Int(row.target.value)
      let upper = own == 3 ? Jet(1) : Jet.sigmoid(thresholds[own] - row.scores[0])
      let lower = own == 0 ? Jet(0) : Jet.sigmoid(thresholds[own - 1] - row.scores[0])
      return -.log(upper - lower)
    },
    FormulaTwin("probability-cross-entropy(clip=1e-07)") { row in
      let q = Jet.clamp(row.score, 1e-7, 1 - 1e-7)
      return -row.target * .log(q) - (1 - row.target) * .log(1 - q)
    },
    FormulaTwin("probability-cross-entropy(clip=1e-07) x 3", width: 3) { row in
      let sum = row.scores[0] + row.scores[1] + row.scores[2]
      return -.log(.clamp(row.scores[row.target] / sum, 1e-7, 1 - 1e-7))
    },
    FormulaTwin("quantile(level0=0.1, level1=0.5, level2=0.9) x 3", width: 3) { row in
      var loss = Jet(0)
      for (k, level) in [0.1, 0.5, 0.9].enumerated() {
        let residual = row.target - row.scores[k]
        loss += .max(Jet(level) * residual, Jet(level - 1) * residual)
      }
      return loss
    },
    FormulaTwin("quantile(level0=0.1, level1=0.5, level2=0.9, nonCrossing=1.0) x 3", width: 3) {
      row in
      var loss = Jet(0)
      var quantile = row.scores[0]
      for (k, level) in [0.1, 0.5, 0.9].enumerated() {
        if k > 0 { quantile += .softplus(row.scores[k]) }
        let residual = row.target - quantile
        loss += .max(Jet(level) * residual, Jet(level - 1) * residual)
      }
      return loss
    },
    FormulaTwin("gaussian x 2", width: 2) { row in
      let deviation = Jet.exp(row.scores[1])
      return .log(deviation) + 0.5 * Jet(.log(2 * .pi))
        + ((row.target - row.scores[0]) / deviation).squared() / 2
    },
  ]
}
