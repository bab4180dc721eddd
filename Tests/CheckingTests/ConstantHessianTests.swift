import Checking
import Formulas
import Losses
import TestSupport
import Testing

/// Hessians that are one number, or none.
@Suite("Checker: constant and vanishing Hessians")
struct ConstantHessianTests {
  private let targets = (0..<200).map { Double(($0 * 37) % 101) / 10 }
  private let sizes = (0..<200).map { 1 + Double(($0 * 53) % 97) }

  private func verdict(_ hessian: String, _ policy: CurvaturePolicy?) throws -> Verdict {
    try HandDerivedTests.objective("square((score - y) / size)", hessian: hessian)
      .quickCheck(targets: targets, rowData: sizes, policy: policy)
  }

  /// Without Newton steps a constant may stand where something must; a Hessian that varies, and
  /// wrongly, was meant to be one.
  @Test("a learner without Newton steps minds a wrong Hessian only if it varies")
  func withoutNewtonSteps() throws {
    #expect(try verdict("2", nil).isSound && verdict("1", nil).isSound)
    #expect(try !verdict("2 / size", nil).isSound && !verdict("2 * size", nil).isSound)
    #expect(try verdict("2 / size^2", nil).isSound)
    for policy in [CurvaturePolicy.exact, .absolute, .floor(0.1)] {
      #expect(try !verdict("2", policy).isSound, "\(policy)")
      #expect(try verdict("2 / size^2", policy).isSound, "\(policy)")
    }
  }

  /// A clamp of every class's score that the gradient forgets.
  @Test("the flat side of several scores")
  func flatSides() throws {
    let loss = "sum(k in classes: square(max(score[k], 0) - if(k == y, 1, 0)))"
    let forgotten = try HandDerivedTests.objective(
      loss, gradient: "2 * (max(score[k], 0) - if(k == y, 1, 0))", classes: 3)
    let right = try HandDerivedTests.objective(
      loss, gradient: "2 * (max(score[k], 0) - if(k == y, 1, 0)) * if(score[k] > 0, 1, 0)",
      classes: 3)
    for seed in 0..<3 as Range<UInt64> {
      let found = forgotten.check(seed: seed)
      #expect(!found.isSound, "\(found)")
      #expect(right.check(seed: seed).errors.isEmpty)
    }
  }

  @Test("up to eight rows are named of a full Hessian that is none")
  func rowsOfFullHessians() {
    let twisted = BatchObjective(
      "twisted", scoresPerRow: 2,
      losses: { scores, rows, losses in
        for row in 0..<rows.count {
          losses[row] =
            scores[2 * row] * scores[2 * row] + scores[2 * row + 1] * scores[2 * row + 1]
        }
      },
      derivatives: { scores, _, gradients, hessians in
        for index in gradients.indices {
          gradients[index] = 2 * scores[index]
          hessians[index] = 2
        }
      },
      fullHessians: { _, rows, hessians in
        for row in 0..<rows.count {
          for (place, value) in [2.0, 1, -1, 2].enumerated() { hessians[4 * row + place] = value }
        }
      })
    let verdict = twisted.check()
    let finding = verdict.findings.first { $0.code == .fullHessianAsymmetric }
    #expect(finding?.rows.count == 8, "\(verdict)")
  }
}
