import RealModule
import Losses
import TestSupport
import Testing

/// Expected numbers: mpmath with 60 digits; logSumExp: SciPy 1.17.
@Suite("Stable formulas")
struct StableMathTests {
  @Test(
    "softplus and sigmoid",
    arguments: [
      (0, 0.69314718055994530942, 0.5),
      (1e-3, 0.69364730555994010109, 0.50024999997916666876),
      (1, 1.313261687518222834, 0.73105857863000487925),
      (20, 20.00000000206115362, 0.99999999793884638181),
      (88, 88.0, 1.0),
      (-1, 0.31326168751822283405, 0.26894142136999512075),
      (-20, 2.0611536203143807032e-9, 2.0611536181902035814e-9),
      (-88, 6.0546018954011858845e-39, 6.0546018954011858845e-39),
      (1e4, 1e4, 1), (-1e4, 0, 0),
    ] as [(Double, Double, Double)])
  func functions(_ x: Double, _ softplus: Double, _ sigmoid: Double) {
    expectClose(StableMath.softplus(x), softplus, relative: 1e-14)
    expectClose(StableMath.sigmoid(x), sigmoid, relative: 1e-14)
  }

  @Test("softplus keeps its digits with one exponential, and shares it with sigmoid")
  func sharedExponential() {
    var worst = 0.0
    for step in -80_000...80_000 {
      let x = Double(step) * 1.00037e-3
      let both = StableMath.softplusAndSigmoid(x)
      #expect(both.softplus == StableMath.softplus(x) && both.sigmoid == StableMath.sigmoid(x))
      let jet = Jet.softplus(.variable(x))
      #expect(jet.value == both.softplus && jet.first == both.sigmoid)
      let exact = Double.maximum(x, 0) + Double.log(onePlus: .exp(-x.magnitude))
      worst = max(worst, (both.softplus - exact).magnitude / exact.ulp)
    }
    #expect(worst <= 2, "\(worst) ulp from log1p")
    for x in [-Double.infinity, -800, -745, 800, .infinity] {
      #expect(StableMath.softplus(x) == max(x, 0) + (x == -745 ? .exp(x) : 0))
    }
    #expect(StableMath.softplus(.nan).isNaN)
  }

  @Test("log-sum-exp")
  func logSumExp() {
    expectClose(StableMath.logSumExp([1, 2, 3].span), 3.40760596444438, relative: 1e-14)
    expectClose(
      StableMath.logSumExp([1000, 1001, -1000].span), 1001.3132616875182, relative: 1e-15)
    #expect(StableMath.logSumExp([-Double.infinity, -.infinity].span) == -.infinity)
  }

  @Test("softmax sums to one in its range and leaves the rest alone")
  func softmax() {
    var x = [5.0, 1e4, -1e4, 1e4, 7]
    var span = x.mutableSpan
    StableMath.softmax(&span, in: 1..<4)
    #expect(x == [5, 0.5, 0, 0.5, 7])
  }

  @Test("the exponential goes on as its own parabola")
  func exponential() {
    for x in [-1e4, -3, 0, 299.9] {
      let e = StableMath.exponential(x)
      #expect(e == Jet(value: .exp(x), first: .exp(x), second: .exp(x)))
    }
    let (below, above) = (StableMath.exponential(300), StableMath.exponential(300.nextUp))
    for (a, b) in [
      (below.value, above.value), (below.first, above.first), (below.second, above.second),
    ] { expectClose(a, b, relative: 1e-12) }
    let far = StableMath.exponential(1e4)
    #expect(far.value.isFinite && far.first.isFinite && far.second.isFinite)
    // A Newton step from far above lands within a unit of where the exponential ends.
    #expect(abs(1e4 - far.first / far.second - 300) <= 1.001)
    let step = 1e-2
    let difference =
      (StableMath.exponential(1e3 + step).value - StableMath.exponential(1e3 - step).value)
      / (2 * step)
    expectClose(StableMath.exponential(1e3).first, difference, relative: 1e-9)
  }

  @Test("softplus and back")
  func inverseSoftplus() {
    for y in [1e-12, 1e-3, 0.7, 5, 40, 1e6] {
      expectClose(StableMath.softplus(StableMath.inverseSoftplus(y)), y, relative: 1e-12)
    }
  }
}
