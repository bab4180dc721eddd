import Formulas
import Losses
import Testing

@testable import Checking

/// What the checker takes for the same number, a constant or a kink. Expected answers follow from the
/// tolerances its documentation names.
@Suite("Checker: parts of its comparisons")
struct ComparisonPartsTests {
  @Test("a constant is the median, if nine of ten numbers are within the tolerance of it")
  func constancy() {
    let nine = [2.0, 2.009, 1.991, 2, 2, 2, 2, 2, 2]
    #expect(Constancy(nine + [7]).holds && Constancy(nine + [7]).value == 2)
    #expect(Constancy(nine + [7]).share == 0.9)
    #expect(!Constancy(nine + [7, 7]).holds)
    // Half a percent of the median is the most; 0.011 of 2 is more, 0.0099 is not.
    #expect(Constancy([2, 2, 2, 2.0099]).share == 1)
    #expect(Constancy([2, 2, 2, 2.011]).share == 0.75)
    #expect(Constancy([-2, -2, -2, -2.0099, -1.9901]).holds)
    #expect(Constancy([2, 2, 2, 2.011], tolerance: 0.01).holds)
    // Nothing is no constant, and neither is zero.
    #expect(!Constancy([]).holds && Constancy([]).share == 0)
    #expect(!Constancy([0, 0, 0, 0]).holds)
  }

  @Test("numbers vary if the sizes of the middle eight tenths do")
  func variation() {
    #expect(varies([1, 1.1, 1.2, 1.4]) && varies([-1, 1.1, 1.2, -1.4]))
    #expect(!varies([1, 1.1, 1.2, 1.3]) && varies([1, 1.1, 1.2, 1.3], by: 1.2))
    // Fewer than four tell nothing, and one outlier at either end of twenty nothing either.
    #expect(!varies([1, 2, 30]))
    #expect(!varies([100] + [Double](repeating: 1, count: 18) + [0.01]))
  }

  private func entry(_ number: Int) -> CheckEntry {
    CheckEntry(sample: 0, row: number, k: 0, number: number, gradient: 0, hessian: 0)
  }

  @Test("findings name up to eight rows, each once")
  func numbersOfRows() {
    #expect(rowNumbers([4, 4, 2, 4, 9].map(entry)) == [4, 2, 9])
    #expect(rowNumbers((0..<20).map(entry)) == Array(0..<8))
  }

  private func derivative(
    _ value: Double, error: Double = 0, left: Double? = nil, right: Double? = nil
  ) -> NumericalDerivative {
    NumericalDerivative(value: value, error: error, left: left ?? value, right: right ?? value)
  }

  @Test("derivatives agree within a ten-thousandth, twenty errors and the floor")
  func agreement() {
    #expect(derivative(3).agrees(with: 3.000_29, floor: 0))
    #expect(!derivative(3).agrees(with: 3.000_31, floor: 0))
    #expect(derivative(-3).agrees(with: -2.999_71, floor: 0))
    #expect(!derivative(3).agrees(with: -3, floor: 0))
    #expect(derivative(3, error: 0.01).agrees(with: 3.2, floor: 0))
    #expect(!derivative(3, error: 0.01).agrees(with: 3.21, floor: 0))
    #expect(derivative(0).agrees(with: 1e-9, floor: 1e-9))
    #expect(!derivative(0).agrees(with: 1.1e-9, floor: 1e-9))
  }

  @Test("at a kink any number between both sides will do, elsewhere none but the slope")
  func kinks() {
    let kink = derivative(0, left: -1, right: 1)
    for given in [-1.0, -0.3, 0, 0.7, 1] { #expect(kink.agrees(with: given, floor: 0), "\(given)") }
    for given in [-1.001, 1.001] { #expect(!kink.agrees(with: given, floor: 0), "\(given)") }
    let downward = derivative(0, left: 1, right: -1)
    #expect(downward.agrees(with: 0.5, floor: 0) && !downward.agrees(with: 1.5, floor: 0))
    // Sides that differ by less than a hundredth are those of a curve.
    let curve = derivative(1, left: 0.996, right: 1.004)
    #expect(!curve.agrees(with: 1.003, floor: 0))
    let corner = derivative(1, left: 0.99, right: 1.01)
    #expect(corner.agrees(with: 1.005, floor: 0))
    #expect(!derivative(0, left: -.infinity, right: 1).agrees(with: 0.5, floor: 0))
  }

  @Test("a slope is resolved if its error is a hundredth of it or of what it stands beside")
  func resolution() {
    #expect(derivative(2, error: 0.02).isResolved(beside: 0))
    #expect(!derivative(2, error: 0.021).isResolved(beside: 0))
    #expect(derivative(0, error: 0.05).isResolved(beside: 5))
    #expect(!derivative(0, error: 0.051).isResolved(beside: 5))
    #expect(!NumericalDerivative().isResolved(beside: 1))
  }

  @Test("a derivative of a jet is trusted to its last bits, and keeps both sides of a kink")
  func exactDerivatives() {
    let kink = derivative(2.5, error: 0.1, left: 2, right: 3)
    let exact = NumericalDerivative.exact(3, noise: 1e-7, kink: kink)
    #expect(exact.value == 3 && exact.left == 2 && exact.right == 3)
    #expect(exact.error == 3 * 0x1p-50 + 1e-7)
    let unknown = NumericalDerivative.exact(.nan, noise: 1e-7, kink: kink)
    #expect(unknown.value == 2.5 && unknown.error == 0.1)
    let flipped = kink.times(-1)
    #expect(flipped.value == -2.5 && flipped.left == -2 && flipped.right == -3)
    #expect(flipped.error == 0.1)
  }

  /// Of a squared error clipped at 4, 15 of 20 targets are beyond the clip.
  @Test("rows on a flat piece of the loss teach nothing, which is a note")
  func flatPieces() throws {
    let objective = try parseObjective("min(square(score - y), 4)")
    let targets = (0..<20).map { $0 < 15 ? 1e6 : 0.5 }
    let sample = CheckSample(
      objective: objective, scores: targets.map { _ in 0 }, targets: targets, rowData: [],
      groups: [], numbers: Array(0..<20))
    let entries = CheckEntries([sample], domain: .real)
    let zero = entries.all.filter { $0.gradient == 0 }
    #expect(zero.count == 15)
    let found = ZeroHessian(entries).nearlyEverywhere(zero, of: 20, isRight: true)
    #expect(found.severity == .note && found.figures == ["share": 0.75])
    #expect(found.message.hasPrefix("gradient and Hessian are zero in 75 % of the places"))
    let flat = ZeroHessian(entries).nearlyEverywhere(zero, of: 15, isRight: true)
    #expect(flat.message.hasPrefix("gradient and Hessian are zero in every row"))
    #expect(flat.severity == .note)
    let many = ZeroHessian(entries).nearlyEverywhere(zero + zero, of: 30, isRight: true)
    #expect(many.severity == .error)
    // Elsewhere the loss is curved, and these rows have a slope.
    let sloping = ZeroHessian(entries).nearlyEverywhere(entries.all, of: 20, isRight: true)
    #expect(sloping.message.hasPrefix("Hessian is zero at nearly all scores looked at"))
  }
}
