import Formulas
import Losses
import RealModule
import TestSupport
import Testing

/// The catalogue's hand-written derivatives against jets through the textbook formula.
@Suite("Objectives against the jets of their formula")
struct FormulaTwinTests {
  struct Twin: Sendable, CustomStringConvertible {
    let description: String
    let loss: DifferentiableObjective.Loss
    let formula: DifferentiableObjective

    init(
      _ description: String, width: Int = 1, rowData: [String] = [],
      loss: @escaping DifferentiableObjective.Loss
    ) {
      self.description = description
      self.loss = loss
      formula = DifferentiableObjective(
        description, scoresPerRow: width, rowData: rowData, loss: loss)
    }
  }

  static let twins: [Twin] = [
    Twin("absolute") { row in .abs(row.score - row.target) },
    Twin("huber(delta=1.5)") { row in
      let size = Jet.abs(row.score - row.target)
      return size < 1.5 ? size.squared() / 2 : 1.5 * (size - 0.75)
    },
    Twin("pseudo-huber(delta=1.5)") { row in
      2.25 * (.sqrt(1 + ((row.score - row.target) / 1.5).squared()) - 1)
    },
    Twin("log-cosh") { row in .log(.cosh(row.score - row.target)) },
    Twin("quantile(level=0.9)") { row in
      let residual = row.target - row.score
      return .max(0.9 * residual, -0.1 * residual)
    },
    Twin("expectile(level=0.8)") { row in
      let residual = row.target - row.score
      return (residual > 0 ? 0.8 : 0.2) * residual.squared()
    },
    Twin("mape") { row in .abs(row.score - row.target) / .abs(row.target) },
    Twin("smape") { row in
      2 * .abs(row.score - row.target) / (.abs(row.score) + .abs(row.target))
    },
    Twin("poisson") { row in .exp(row.score) - row.target * row.score },
    Twin("gamma") { row in row.score + row.target * .exp(-row.score) },
    Twin("tweedie(power=1.3)") { row in
      .exp(0.7 * row.score) / 0.7 - row.target * .exp(-0.3 * row.score) / -0.3
    },
    Twin("squared-log") { row in
      (.log(onePlus: .exp(row.score)) - .log(onePlus: row.target)).squared()
    },
    Twin("focal(gamma=2.0)") { row in
      let q = Jet.sigmoid(row.target > 0.5 ? row.score : -row.score)
      return -(1 - q).squared() * .log(q)
    },
    Twin("squared-hinge") { row in
      .max(0, 1 - (2 * row.target - 1) * row.score).squared()
    },
    Twin("softmax(smoothing=0.1) x 3", width: 3) { row in
      var loss = Jet(0)
      for k in 0..<3 {
        let share: Jet = row.target == Jet(Double(k)) ? 0.9 + 0.1 / 3 : 0.1 / 3
        loss += share * (row.scores.logSumExp() - row.scores[k])
      }
      return loss
    },
    Twin("softmax(weight0=0.5, weight1=1.0, weight2=2.5) x 3", width: 3) { row in
      let weight: [Jet] = [0.5, 1, 2.5]
      return weight[Int(row.target.value)] * (row.scores.logSumExp() - row.scores[row.target])
    },
    Twin("softmax(p0) x 3", width: 3, rowData: ["p0", "p1", "p2"]) { row in
      var loss = Jet(0)
      for k in 0..<3 { loss += row.data[k] * (row.scores.logSumExp() - row.scores[k]) }
      return loss
    },
    Twin("one-vs-rest x 3", width: 3) { row in
      var loss = Jet(0)
      for k in 0..<3 {
        loss += .softplus(row.scores[k]) - (row.target == Jet(Double(k)) ? row.scores[k] : 0)
      }
      return loss
    },
    Twin("ordinal x 4", width: 4) { row in
      var thresholds = [row.scores[1]]
      for k in 2..<4 { thresholds.append(thresholds[k - 2] + .softplus(row.scores[k])) }
      let own = Int(row.target.value)
      let upper = own == 3 ? Jet(1) : Jet.sigmoid(thresholds[own] - row.scores[0])
      let lower = own == 0 ? Jet(0) : Jet.sigmoid(thresholds[own - 1] - row.scores[0])
      return -.log(upper - lower)
    },
    Twin("probability-cross-entropy(clip=1e-07)") { row in
      let q = Jet.clamp(row.score, 1e-7, 1 - 1e-7)
      return -row.target * .log(q) - (1 - row.target) * .log(1 - q)
    },
    Twin("probability-cross-entropy(clip=1e-07) x 3", width: 3) { row in
      let sum = row.scores[0] + row.scores[1] + row.scores[2]
      return -.log(.clamp(row.scores[row.target] / sum, 1e-7, 1 - 1e-7))
    },
    Twin("quantile(level0=0.1, level1=0.5, level2=0.9) x 3", width: 3) { row in
      var loss = Jet(0)
      for (k, level) in [0.1, 0.5, 0.9].enumerated() {
        let residual = row.target - row.scores[k]
        loss += .max(Jet(level) * residual, Jet(level - 1) * residual)
      }
      return loss
    },
    Twin("quantile(level0=0.1, level1=0.5, level2=0.9, nonCrossing=1.0) x 3", width: 3) { row in
      var loss = Jet(0)
      var quantile = row.scores[0]
      for (k, level) in [0.1, 0.5, 0.9].enumerated() {
        if k > 0 { quantile += .softplus(row.scores[k]) }
        let residual = row.target - quantile
        loss += .max(Jet(level) * residual, Jet(level - 1) * residual)
      }
      return loss
    },
    Twin("gaussian x 2", width: 2) { row in
      let deviation = Jet.exp(row.scores[1])
      return .log(deviation) + 0.5 * Jet(.log(2 * .pi))
        + ((row.target - row.scores[0]) / deviation).squared() / 2
    },
  ]

  @Test("value, gradient and Hessian", arguments: twins)
  func agree(_ twin: Twin) throws {
    let testCase = try #require(ObjectiveCase.all.first { $0.description == twin.description })
    for seed in 0..<10 as Range<UInt64> {
      let sample = testCase.rows(60, scale: 1.5, seed: seed)
      for (a, b) in zip(sample.losses, sample.losses(under: twin.formula)) {
        expectClose(a, b, relative: 1e-9, absolute: 1e-12)
      }
      let ours = sample.derivatives
      let jets = sample.derivatives(under: twin.formula)
      for index in ours.0.indices {
        expectClose(ours.0[index], jets.0[index], relative: 1e-8, absolute: 1e-11)
        guard testCase.objective.curvature.isExact else { continue }
        expectClose(ours.1[index], jets.1[index], relative: 1e-7, absolute: 1e-10)
      }
      guard testCase.objective.hasFullHessian else { continue }
      let full = sample.fullHessians(under: testCase.objective)
      for (a, b) in zip(full, sample.fullHessians(under: twin.formula)) {
        expectClose(a, b, relative: 1e-7, absolute: 1e-10)
      }
    }
  }
}
