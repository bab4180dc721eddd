import Formulas
import Checking
import Losses
import TestSupport
import Testing

/// A hundred objectives in which nothing is wrong: no alarm, on drawn rows and on rows of one's own.
@Suite("Checker: a hundred sound objectives")
struct SoundTextTests {
  @Test("a hundred of them, by different names")
  func count() {
    #expect(ObjectiveText.sound.count >= 100)
    #expect(Set(ObjectiveText.sound.map(\.name)).count == ObjectiveText.sound.count)
  }

  @Test("no error and no warning", arguments: ObjectiveText.sound)
  func check(_ text: ObjectiveText) throws {
    let objective = try text.objective()
    for seed in 0..<4 as Range<UInt64> {
      let targets = text.drawTargets(200, seed: seed)
      let data = text.drawRowData(objective, targets, seed: seed)
      for verdict in [
        objective.check(seed: seed), objective.check(targets: targets, rowData: data, seed: seed),
      ] {
        #expect(verdict.isSound && verdict.warnings.isEmpty, "seed \(seed): \(verdict)")
      }
    }
  }

  @Test("nothing to say before a fit, twenty seeds", arguments: ObjectiveText.sound)
  func quick(_ text: ObjectiveText) throws {
    let objective = try text.objective()
    for seed in 0..<20 as Range<UInt64> {
      let targets = text.drawTargets(200, seed: seed)
      let data = text.drawRowData(objective, targets, seed: seed)
      for policy in [CurvaturePolicy.floor(0.01), nil] {
        let verdict = objective.quickCheck(
          targets: targets, rowData: data, policy: policy, seed: seed)
        #expect(verdict.isSound, "seed \(seed): \(verdict)")
      }
    }
  }

  @Test("a gradient rounded to Float is a note, with a loss and without", arguments: [true, false])
  func singlePrecision(hasLoss: Bool) {
    func loss(_ body: @escaping CustomObjective.RowLoss) -> CustomObjective.RowLoss? {
      hasLoss ? body : nil
    }
    @Sendable func rounded(_ gradient: Double, _ hessian: Double) -> Derivatives {
      .init(gradient: Double(Float(gradient)), hessian: Double(Float(hessian)))
    }
    let objectives = [
      CustomObjective(
        "logistic", link: .logit,
        loss: loss { StableMath.softplus($0.score) - $0.target * $0.score }
      ) { row in
        let p = StableMath.sigmoid(row.score)
        return rounded(p - row.target, p * (1 - p))
      },
      CustomObjective("squared", loss: loss { ($0.score - $0.target) * ($0.score - $0.target) }) {
        rounded(2 * ($0.score - $0.target), 2)
      },
      CustomObjective(
        "sne", rowData: ["size"],
        loss: loss { row in
          let ratio = (row.score - row.target) / row.data[0]
          return ratio * ratio
        }
      ) { row in
        let square = row.data[0] * row.data[0]
        return rounded(2 * (row.score - row.target) / square, 2 / square)
      },
    ]
    for objective in objectives {
      for seed in 0..<10 as Range<UInt64> {
        let isClass = objective.link == .logit
        let targets = referenceNumbers(200, seed: seed + 1).map {
          isClass ? $0.rounded() : 1e3 * $0
        }
        let data = objective.rowDataNames.isEmpty ? [] : targets.map { 2 + 5 * $0 }
        for verdict in [
          objective.check(seed: seed), objective.check(targets: targets, rowData: data, seed: seed),
          objective.quickCheck(targets: targets, rowData: data, seed: seed),
        ] {
          #expect(verdict.isSound && verdict.warnings.isEmpty, "seed \(seed): \(verdict)")
        }
      }
    }
  }

  @Test("values beyond the largest number are no mistake; values lost on the way are")
  func overflow() throws {
    for text in [
      "exp(score) - y * score; link=log", "exp(0.1 * score) - 0.1 * y * score; link=log",
      "let z = y - score in z + exp(-z)",
    ] {
      let verdict = try parseObjective(text).check()
      #expect(verdict.isSound && verdict.warnings.isEmpty, "\(verdict)")
    }
    // The logarithm of exp(score) is lost where exp(score) is infinite; the loss is not large there.
    expectFinding(
      try parseObjective("log(1 + exp(score)) - y * score + 1e-3 * score^2; link=logit"),
      .notFinite,
      "at score 10000")
  }
}
