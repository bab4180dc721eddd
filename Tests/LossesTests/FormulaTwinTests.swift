import Losses
import RealModule
import TestSupport
import Testing

/// The catalogue's hand-written derivatives against jets through the textbook formula.
@Suite("Objectives against the jets of their formula")
struct FormulaTwinTests {

  @Test("value, gradient and Hessian", arguments: FormulaTwin.all)
  func agree(_ twin: FormulaTwin) throws {
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
