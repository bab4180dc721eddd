import Checking
import Losses
import RealModule
import TestSupport
import Testing

/// An objective beside a formula of its loss.
struct Paired: Objective {
  let base: any Objective
  var formula: (any Objective)?

  var name: String { base.name }
  var scoresPerRow: Int { base.scoresPerRow }
  var rowDataNames: [String] { base.rowDataNames }
  var link: Link { base.link }
  var defaultMetric: Metric { base.defaultMetric }
  var hasLoss: Bool { base.hasLoss }
  var reach: Reach { base.reach }
  var leafSolver: LeafSolver? { base.leafSolver }
  var hasFullHessian: Bool { base.hasFullHessian }
  var curvature: Curvature { base.curvature }
  var lossFormula: (any Objective)? { formula }
  func validate(_ rows: borrowing Rows) throws(ObjectiveError) { try base.validate(rows) }
  func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) { base.losses(at: scores, rows, into: &losses) }
  func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) { base.derivatives(at: scores, rows, gradients: &gradients, hessians: &hessians) }
  func fullHessians(
    at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
  ) { base.fullHessians(at: scores, rows, into: &matrices) }
}

@Suite("Checker: against exact derivatives")
struct ExactCheckTests {
  static func figure(_ test: String, of verdict: Verdict) -> String {
    verdict.tests.first { $0.name == test }?.figure ?? ""
  }

  /// SNE whose gradient is off by the factor given.
  static func sne(_ change: @escaping @Sendable (Double) -> Double) -> CustomObjective {
    CustomObjective(
      "sne", rowData: ["size"],
      formula: { row in ((row.score - row.target) / row.data[0]).squared() },
      derivatives: { row in
        let size = row.data[0]
        return .init(
          gradient: change(2 * (row.score - row.target) / (size * size)),
          hessian: 2 / (size * size))
      })
  }

  @Test("a formula beside derivatives gives the losses and is what they are compared with")
  func formula() {
    let objective = Self.sne { $0 }
    #expect(objective.hasLoss)
    let sample = ObjectiveSample(objective: objective, scores: [5], targets: [1], rowData: [2])
    #expect(sample.losses == [4])
    let verdict = objective.check()
    #expect(verdict.findings.isEmpty, "\(verdict)")
    for test in ["gradient", "Hessian"] {
      let figure = Self.figure(test, of: verdict)
      #expect(
        figure.hasPrefix("jets: median relative error") && figure.contains(" ulp"), "\(figure)")
    }
    let blind = Self.figure("gradient", of: Paired(base: objective).check())
    #expect(blind.hasPrefix("differences: ") && !blind.contains("ulp"), "\(blind)")
  }

  @Test("distances are counted in units in the last place")
  func lastPlaces() {
    func figure(_ steps: Int) -> String {
      let objective = CustomObjective(
        "weighted absolute", rowData: ["weight"],
        formula: { row in row.data[0] * .abs(row.score - row.target) },
        derivatives: { row in
          // The slope is the weight or minus it; `steps` numbers further.
          var size = row.data[0]
          for _ in 0..<steps { size = size.nextUp }
          return .init(gradient: row.score > row.target ? size : -size, hessian: 1)
        })
      let verdict = objective.check()
      #expect(verdict.isSound, "\(verdict)")
      return Self.figure("gradient", of: verdict)
    }
    #expect(figure(0) == "jets: median relative error 0 (0 ulp), largest 0 ulp, at 64 places")
    #expect(figure(4).hasSuffix("(4 ulp), largest 4 ulp, at 64 places"))
    #expect(figure(100).hasSuffix("(100 ulp), largest 100 ulp, at 64 places"))
  }

  @Test("what is right to some digits only is noted, exact or not")
  func imprecise() {
    expectFinding(
      Self.sne { $0 * (1 + 1e-6) }, .imprecise, "by the same factor in every row", severity: .note)
    expectFinding(
      Self.sne { $0 * 1.0005 }, .imprecise, "off by the same 0.0005 of its size",
      severity: .warning)
    expectFinding(Self.sne { Double(Float($0)) }, .singlePrecision, "Float", severity: .note)
    let quotient = CustomObjective(
      "linex by a quotient", formula: { row in .exp(row.score - row.target) - row.score },
      derivatives: { row in
        func loss(_ s: Double) -> Double { Double.exp(s - row.target) - s }
        return .init(
          gradient: (loss(row.score + 1e-6) - loss(row.score)) / 1e-6,
          hessian: .exp(row.score - row.target))
      })
    expectFinding(quotient, .imprecise, "a difference quotient", severity: .note)
    #expect(Self.sne { $0 * (1 + 1e-12) }.check().findings.isEmpty)
  }

  @Test("the same sentences as with differences")
  func sameSentences() {
    let mistakes: [any Objective] = [
      Self.sne { -$0 }, Self.sne { $0 / 2 }, Self.sne { max(-1e-3, min(1e-3, $0)) },
      Self.sne { $0.magnitude },
      CustomObjective(
        "sne", rowData: ["size"],
        formula: { row in ((row.score - row.target) / row.data[0]).squared() },
        derivatives: { row in
          .init(gradient: 2 * (row.score - row.target) / row.data[0], hessian: 2)
        }),
      CustomObjective(
        "softmax", scoresPerRow: 3, link: .softmax,
        formula: { row in row.scores.logSumExp() - row.scores[row.target] },
        derivatives: { row, g, h in
          let p = Mistakes.probabilities(row.scores)
          for k in 0..<3 {
            g[k] = p[k] - Mistakes.oneHot(Int(row.target) + 1, k)
            h[k] = p[k] * (1 - p[k])
          }
        }),
    ]
    for objective in mistakes {
      for seed in 0..<5 as Range<UInt64> {
        let exact = objective.check(seed: seed)
        let blind = Paired(base: objective).check(seed: seed)
        #expect(!exact.isSound || !exact.warnings.isEmpty)
        #expect(exact.findings.map(\.code) == blind.findings.map(\.code), "\(exact)\n\(blind)")
        // The figures after the colon have the digits of what was compared with.
        func starts(_ verdict: Verdict) -> [Substring?] {
          verdict.findings.map { $0.message.split(separator: ":").first }
        }
        #expect(starts(exact) == starts(blind))
      }
    }
  }

  @Test("shipped objectives beside the textbook formula", arguments: FormulaTwin.all)
  func twins(_ twin: FormulaTwin) throws {
    let testCase = try #require(ObjectiveCase.all.first { $0.description == twin.description })
    let formula = DifferentiableObjective(
      twin.description, scoresPerRow: testCase.objective.scoresPerRow,
      rowData: testCase.objective.rowDataNames, loss: twin.loss)
    let paired = Paired(base: testCase.objective, formula: formula)
    for seed in CheckerSoundnessTests.seeds {
      let verdict = paired.check(seed: seed)
      #expect(verdict.isSound && verdict.warnings.isEmpty, "seed \(seed): \(verdict)")
      #expect(Self.figure("gradient", of: verdict).hasPrefix("jets: "), "\(verdict)")
    }
  }

  @Test("a formula of another loss, or one whose jets are broken, is told and not believed")
  func mismatch() {
    let other = Paired(
      base: SquaredError(),
      formula: DifferentiableObjective("other") { row in .abs(row.score - row.target) })
    expectFinding(
      other, .formulaMismatch, "do not follow the loss", severity: .warning)
    #expect(Self.figure("gradient", of: other.check()).hasPrefix("differences: "))
    let taken = CustomObjective(
      "takes a value", formula: { row in (Jet(row.score.value) - row.target).squared() },
      derivatives: { .init(gradient: 2 * ($0.score - $0.target), hessian: 2) })
    expectFinding(
      taken, .formulaMismatch, "a number taken out of a jet with .value", severity: .warning)
    #expect(taken.check().isSound)
  }

  @Test("an adjusted objective keeps its formula")
  func adjusted() {
    let objective = AdjustedObjective(Self.sne { $0 }, .multiplied(by: "size"))
    let verdict = objective.check()
    #expect(verdict.isSound && verdict.warnings.isEmpty, "\(verdict)")
    #expect(Self.figure("gradient", of: verdict).hasPrefix("jets: "))
  }
}
