import Foundation
import Learning
import Losses
import TestSupport
import Testing

@testable import Baselines

/// Linear models against scikit-learn 1.9.1 on the same 40 weighted rows of three standardized
/// columns.
struct LinearReferenceTests {
  static let count = 40
  static let weights = (0..<count).map { Double(1 + $0 % 3) }
  static let total = weights.reduce(0, +)
  static let columns: [[Double]] = [
    (0..<count).map { Double(($0 * 37) % 41) / 8 - 2 },
    (0..<count).map { Double(Float(Double(($0 * 23) % 29) / 7)) },
    (0..<count).map { Double(($0 * 11) % 17) - 8 },
  ]

  /// Row-major, standardized by weighted mean and deviation.
  static let matrix: [Float] = {
    let scaled = columns.map { column in
      let mean = zip(column, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
      let square = zip(column, weights).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 }
      return column.map { ($0 - mean) / (square / total).squareRoot() }
    }
    return (0..<count).flatMap { row in scaled.map { Float($0[row]) } }
  }()

  static let numbers = (0..<count).map { row in
    let base = 1.5 * columns[0][row] - 0.5 * columns[1][row] * columns[1][row]
    return base + 0.1 * columns[2][row] + Double((row * 7) % 5) / 5
  }
  static let labels = Array("0122200101012220011102222011110222001210").map { Double("\($0)") ?? 0 }
  static let halves = Array("0111100001011110000001111001010111000110").map { Double("\($0)") ?? 0 }

  /// `Ridge(alpha: penalty * sum(w)).fit(Z, y, sample_weight: w)`. Inputs are Float32, hence 1e-6.
  @Test(arguments: [
    (1e-2, [2.4986415720712816, -2.583688074127119, 0.5527500734931278]),
    (1.0, [1.1670030021020092, -1.240272429155267, 0.24646105903586904]),
  ])
  func ridge(penalty: Double, coefficients: [Double]) {
    let ridge = Ridge(
      inputs: Self.matrix, count: 3, targets: Self.numbers, weights: Self.weights)
    let solution = ridge.solution(penalty: penalty)
    for (found, expected) in zip(solution.coefficients, coefficients) {
      expectClose(found, expected, relative: 1e-6)
    }
    expectClose(solution.intercept, -1.5521151023890685, relative: 1e-6)
  }

  private func fit(
    _ likelihood: Likelihood, _ targets: [Double], width: Int = 1, offsets: [Double] = []
  ) -> [Double] {
    NewtonFit(
      likelihood: likelihood, inputs: Self.matrix, count: 3, targets: targets,
      weights: Self.weights.map { $0 / Self.total }, offsets: offsets, width: width, penalty: 1e-2
    ).parameters(from: [Double](repeating: 0, count: 4 * width))
  }

  /// `LogisticRegression(C: 1 / (penalty * sum(w)))`.
  @Test func logisticRegression() {
    let expected = [
      2.810561540948946, -2.4332592481941906, 0.8278757605854358, -0.09579806522302989,
    ]
    for (found, expected) in zip(fit(.bernoulli, Self.halves), expected) {
      expectClose(found, expected, relative: 1e-6)
    }
  }

  /// The same with three classes; its intercepts add up to 0, ours are compared by differences.
  @Test func softmaxRegression() {
    let found = fit(.softmax, Self.labels, width: 3)
    let coefficients = [
      [-1.7882466944628521, -0.4013540945354836, 2.1896007889983324],
      [2.0253206158042025, -0.0825665470455195, -1.9427540687586844],
      [-0.47401312078304053, -0.025014769612229443, 0.4990278903952699],
    ]
    for (found, expected) in zip(found.prefix(9), coefficients.joined()) {
      expectClose(found, expected, relative: 1e-5)
    }
    let intercepts = [-0.2569651253005493, 0.8665335046289072, -0.6095683793283638]
    for k in 1..<3 {
      expectClose(found[9 + k] - found[9], intercepts[k] - intercepts[0], relative: 1e-5)
    }
  }

  /// `PoissonRegressor(alpha: penalty * sum(w) / sum(w e)).fit(Z, y / e, sample_weight: w e)`, whose
  /// minimum is that of counts with the logarithm of the exposure `e` as offset.
  @Test func poissonRegression() {
    let exposures = (0..<Self.count).map { 1 + Double($0 % 4) * 0.5 }
    let counts = (0..<Self.count).map { Double(($0 * 13) % 7) }
    let expected = [
      -0.0146848875426842, -0.10766507906615025, 0.06376453348961905, 0.5674813002285611,
    ]
    let found = fit(.poisson, counts, offsets: exposures.map { log($0) })
    for (found, expected) in zip(found, expected) { expectClose(found, expected, relative: 1e-5) }
  }
}
