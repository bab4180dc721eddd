import Losses
import RealModule
import TestSupport
import Testing

@Suite("Jets")
struct JetTests {
  struct Function: Sendable, CustomStringConvertible {
    let description: String
    let points: [Double]
    let f: @Sendable (Jet) -> Jet
  }

  static let functions: [Function] = [
    .init(description: "exp", points: [-2, 0, 1.5]) { .exp($0) },
    .init(description: "log", points: [0.1, 1, 30]) { .log($0) },
    .init(description: "log1p", points: [-0.5, 1e-9, 4]) { .log(onePlus: $0) },
    .init(description: "sqrt", points: [0.2, 1, 9]) { .sqrt($0) },
    .init(description: "pow", points: [0.3, 2, 5]) { .pow($0, 2.7) },
    .init(description: "tanh", points: [-1, 0, 2]) { .tanh($0) },
    .init(description: "abs", points: [-1, 3]) { .abs($0) },
    .init(description: "max", points: [-1, 3]) { .max($0 * $0, 2 * $0) },
    .init(description: "min", points: [-1, 3]) { .min($0 * $0, 2 * $0) },
    .init(description: "sigmoid", points: [-5, 0, 3]) { .sigmoid($0) },
    .init(description: "softplus", points: [-5, 0, 3]) { .softplus($0) },
    .init(description: "quotient", points: [-2, 0.3, 2]) { (1 - $0) / (3 + $0 * $0) },
    .init(description: "reciprocal", points: [-2, 0.3]) { 2 / $0 },
    .init(description: "constants", points: [-2, 5]) { (3 * $0 - 1) / 4 + 2 * (5 - $0) * 0.5 },
    .init(description: "expm1", points: [-2, 1e-8, 1.5]) { .expMinusOne($0) },
    .init(description: "variable power", points: [0.3, 2]) { .pow($0, 1 + $0) },
    .init(description: "integer power", points: [-2, 3]) {
      .pow($0, 3) + .pow($0, 1) + .pow($0, 0)
    },
    .init(description: "root", points: [0.5, 8]) { .root($0, 3) },
    .init(description: "sin", points: [-2, 0.7]) { .sin($0) },
    .init(description: "cos", points: [-2, 0.7]) { .cos($0) },
    .init(description: "tan", points: [-1, 0.7]) { .tan($0) },
    .init(description: "asin", points: [-0.5, 0.7]) { .asin($0) },
    .init(description: "acos", points: [-0.5, 0.7]) { .acos($0) },
    .init(description: "atan", points: [-2, 0.7]) { .atan($0) },
    .init(description: "sinh", points: [-2, 0.7]) { .sinh($0) },
    .init(description: "cosh", points: [-2, 0.7]) { .cosh($0) },
    .init(description: "asinh", points: [-2, 0.7]) { .asinh($0) },
    .init(description: "acosh", points: [1.5, 4]) { .acosh($0) },
    .init(description: "atanh", points: [-0.5, 0.7]) { .atanh($0) },
    .init(description: "erf", points: [-1, 0, 0.7]) { .erf($0) },
    .init(description: "log cosh", points: [-3, 0, 0.7]) { .logCosh($0) },
    .init(description: "log sigmoid", points: [-3, 0, 4]) { .logSigmoid($0) },
    .init(description: "log-sum-exp", points: [-3, 0, 4]) { .logSumExp([$0, 1, 2 * $0]) },
    .init(description: "clamp", points: [-3, 0.2, 4]) { .clamp($0 * $0, 1, 9.5) },
    .init(description: "negation", points: [1]) { -($0.squared()) + 7 },
  ]

  @Test("first and second derivatives against central differences", arguments: functions)
  func differences(_ function: Function) {
    for x in function.points {
      let jet = function.f(.variable(x))
      let step = 1e-4 * max(1, x.magnitude)
      let above = function.f(Jet(x + step)).value
      let here = function.f(Jet(x)).value
      let below = function.f(Jet(x - step)).value
      #expect(jet.value == here)
      expectClose(jet.first, (above - below) / (2 * step), relative: 1e-5, absolute: 1e-7)
      expectClose(
        jet.second, (above - 2 * here + below) / (step * step), relative: 1e-4, absolute: 2e-6)
      #expect(function.f(Jet(x)).first == 0, "a constant has no slope")
    }
  }

  @Test("kinks take the documented side")
  func kinks() {
    #expect(Jet.abs(.variable(0)) == Jet(value: 0, first: 0, second: 0))
    #expect(Jet.max(.variable(0), 0).first == 1)
    #expect(Jet.min(.variable(0), 0).first == 1)
    #expect(Jet(2) < Jet(3))
  }
}
