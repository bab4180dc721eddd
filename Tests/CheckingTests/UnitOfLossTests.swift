import Checking
import Losses
import TestSupport
import Testing

/// An objective in another unit: loss, gradient and Hessian times a number.
private struct Scaled: Objective {
  let base: any Objective
  let factor: Double

  var name: String { base.name }
  var scoresPerRow: Int { base.scoresPerRow }
  var rowDataNames: [String] { base.rowDataNames }
  var link: Link { base.link }
  var defaultMetric: Metric { base.defaultMetric }
  var hasLoss: Bool { base.hasLoss }
  var reach: Reach { base.reach }
  var curvature: Curvature { base.curvature }
  func validate(_ rows: borrowing Rows) throws(ObjectiveError) { try base.validate(rows) }

  func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    base.losses(at: scores, rows, into: &losses)
    for place in losses.indices { losses[place] *= factor }
  }

  func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    base.derivatives(at: scores, rows, gradients: &gradients, hessians: &hessians)
    for place in gradients.indices {
      gradients[place] *= factor
      hessians[place] *= factor
    }
  }
}

@Suite("Checker: the unit of the loss")
struct UnitOfLossTests {
  /// Powers of two change no digit, so that nothing but a number with a unit could notice them.
  @Test(
    "a mistake is the same mistake in any unit", arguments: ObjectiveText.wrong, [-40, 40])
  func wrong(_ text: ObjectiveText, exponent: Int) throws {
    let base = try text.objective()
    let targets = text.drawTargets(120, seed: 3)
    let data = text.drawRowData(base, targets, seed: 3)
    func codes(_ factor: Double) -> [Finding.Code] {
      Scaled(base: base, factor: factor).check(targets: targets, rowData: data, seed: 3)
        .findings.map(\.code)
    }
    let found = codes(.init(sign: .plus, exponent: exponent, significand: 1))
    if Self.givenAwayByNumbers.contains(text.name) {
      #expect(!found.isEmpty)
    } else {
      #expect(found == codes(1))
    }
  }

  /// Mistakes whose name rests on a number in the unit of a loss of probabilities, such as a term of
  /// exactly 1 or the bounds of a sigmoid applied twice. In another unit something else is said.
  private static let givenAwayByNumbers: Set<String> = [
    "sigmoid twice", "Hessian of minus the loss", "log-likelihood", "1 - y", "the class's number",
    "no 1 at the true class", "H of the whole batch", "H zero", "no absolute value",
  ]

  @Test("what is right is right in any unit", arguments: ObjectiveText.sound, [-40, 40])
  func right(_ text: ObjectiveText, exponent: Int) throws {
    let base = try text.objective()
    let targets = text.drawTargets(120, seed: 3)
    let data = text.drawRowData(base, targets, seed: 3)
    let factor = Double(sign: .plus, exponent: exponent, significand: 1)
    let verdict = Scaled(base: base, factor: factor)
      .check(targets: targets, rowData: data, seed: 3)
    #expect(verdict.isSound && verdict.warnings.isEmpty, "\(verdict)")
  }
}
