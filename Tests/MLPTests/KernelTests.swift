import Foundation
import Tabular
import Testing

@testable import MLP

@Suite struct KernelTests {
  /// Every kernel is tried at lengths around the eight lanes it works on.
  static let lengths = [1, 7, 8, 9, 31]

  @Test("activations agree with Foundation", arguments: Activation.allCases, lengths)
  func activations(activation: Activation, columns: Int) {
    var generator = RandomGenerator(seed: UInt64(columns))
    let sums = (0..<2 * columns).map { _ in Float(6 * generator.normal()) }
    var values = sums
    var bias = (0..<columns).map { _ in Float(generator.normal()) }
    withFloats(&values) { values in
      withFloats(&bias) {
        Kernels.addBias(
          $0, andApply: activation, to: Matrix(values, rows: 2, columns: columns))
      }
    }
    for (index, value) in values.enumerated() {
      let x = Double(sums[index] + bias[index % columns])
      let expected =
        switch activation {
        case .relu: max(x, 0)
        case .sigmoid: 1 / (1 + Foundation.exp(-x))
        case .tanh: Foundation.tanh(x)
        case .identity: x
        }
      #expect(abs(Double(value) - expected) < 3e-7 * max(1, abs(expected)))
    }
  }

  @Test("activations stay in range far out, and NaN stays NaN", arguments: Activation.allCases)
  func activationsFarOut(activation: Activation) {
    let sums: [Float] = [-3e38, -1e4, -88, 0, 88, 1e4, 3e38, .nan, -.nan]
    var values = sums
    var bias = [Float](repeating: 0, count: sums.count)
    withFloats(&values) { values in
      withFloats(&bias) {
        Kernels.addBias(
          $0, andApply: activation, to: Matrix(values, rows: 1, columns: sums.count))
      }
    }
    for value in values[..<7] { #expect(value.isFinite) }
    #expect(values[7].isNaN && values[8].isNaN)
    if activation == .sigmoid { for value in values[..<7] { #expect((0...1).contains(value)) } }
    if activation == .tanh { for value in values[..<7] { #expect((-1...1).contains(value)) } }
  }

  @Test func expIsAccurate() {
    for step in -870...880 {
      let x = Float(step) / 10
      let expected = Foundation.exp(Double(x))
      #expect(abs(Double(Kernels.exp(x)) - expected) <= 2e-7 * expected)
    }
  }

  @Test("the approximate root is one", arguments: 0..<5)
  func roots(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    for _ in 0..<200 {
      var lanes = Lanes()
      for lane in 0..<8 { lanes[lane] = Float(pow(10, generator.uniform(in: -37..<38))) }
      let roots = lanes.approximateRoot()
      for lane in 0..<8 {
        #expect(abs(roots[lane] / lanes[lane].squareRoot() - 1) < 5e-6)
      }
    }
    // Adam's squares start at 0 and may underflow.
    let edges = SIMD8<Float>(
      0, .leastNonzeroMagnitude, 0x1p-133, .leastNormalMagnitude, 1, 4, 1e38, 0
    )
    .approximateRoot()
    #expect(edges[0] == 0)
    for lane in 1..<7 { #expect(edges[lane].isFinite && edges[lane] >= 0) }
  }

  @Test("Adam agrees with its formula in double precision", arguments: lengths)
  func adam(count: Int) {
    var generator = RandomGenerator(seed: UInt64(count))
    func numbers() -> [Float] { (0..<count).map { _ in Float(generator.normal()) } }
    var (weights, means, gradients) = (numbers(), numbers(), numbers())
    var squares = numbers().map { $0 * $0 }
    let (w, m, v, g) = (
      weights.map(Double.init), means.map(Double.init), squares.map(Double.init),
      gradients.map(Double.init)
    )
    let step = Kernels.AdamStep(
      beta1: 0.9, beta2: 0.99, rate: 0.1, rootCorrection: 1.5, epsilon: 1e-3, decay: 0.2,
      shrinkage: 0.05)
    withFloats(&weights) { weights in
      withFloats(&means) { means in
        withFloats(&squares) { squares in
          withFloats(&gradients) {
            Kernels.adam(
              step, weights: weights, means: means, squares: squares, gradients: $0)
          }
        }
      }
    }
    for i in 0..<count {
      let gradient = g[i] + 0.2 * w[i]
      let mean = 0.9 * m[i] + 0.1 * gradient
      let square = 0.99 * v[i] + 0.01 * gradient * gradient
      let expected = w[i] - 0.05 * w[i] - 0.1 * mean / (square.squareRoot() * 1.5 + 1e-3)
      #expect(abs(Double(means[i]) - mean) < 1e-6)
      #expect(abs(Double(squares[i]) - square) < 1e-5)
      #expect(abs(Double(weights[i]) - expected) < 1e-5)
    }
  }

  @Test("momentum agrees with its formula", arguments: lengths)
  func momentum(count: Int) {
    var generator = RandomGenerator(seed: UInt64(count))
    func numbers() -> [Float] { (0..<count).map { _ in Float(generator.normal()) } }
    var (weights, velocities, gradients) = (numbers(), numbers(), numbers())
    let (w, v, g) = (weights, velocities, gradients)
    withFloats(&weights) { weights in
      withFloats(&velocities) { velocities in
        withFloats(&gradients) {
          Kernels.descend(
            rate: 0.1, momentum: 0.9, decay: 0.5, weights: weights, velocities: velocities,
            gradients: $0)
        }
      }
    }
    for i in 0..<count {
      let velocity = 0.9 * v[i] + g[i] + 0.5 * w[i]
      #expect(abs(velocities[i] - velocity) < 1e-6)
      #expect(abs(weights[i] - (w[i] - 0.1 * velocity)) < 1e-6)
    }
  }

  @Test func theCosineScheduleFollowsTheCosine() {
    for epochs in [1, 2, 7, 100] {
      for epoch in 0..<epochs {
        let expected = 0.5 + 0.5 * Foundation.cos(Double.pi * Double(epoch) / Double(epochs))
        let share = LearningRateSchedule.cosine.share(epoch: epoch, of: epochs)
        #expect(abs(share - expected) < 1e-12)
        #expect(LearningRateSchedule.constant.share(epoch: epoch, of: epochs) == 1)
      }
    }
  }
}
