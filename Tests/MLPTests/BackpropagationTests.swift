import Foundation
import Tabular
import Testing

@testable import MLP

@Suite struct BackpropagationTests {
  /// Layer sizes: linear, one hidden layer, several, no inputs at all.
  static let shapes = [[3, 2], [4, 5, 3], [3, 9, 8, 7, 1], [0, 4, 2]]

  @Test("outputs agree with the naive twin", arguments: Activation.allCases, shapes)
  func forward(activation: Activation, sizes: [Int]) {
    for seed in 0..<3 as Range<UInt64> {
      let example = Example(sizes, activation, rows: 5, seed: seed)
      for row in 0..<5 {
        let expected = naiveOutputs(
          example.shape, activation, parameters: example.parameters.map(Double.init),
          inputs: example.inputs(ofRow: row))
        for (k, value) in expected.enumerated() {
          let output = example.outputs[row * expected.count + k]
          #expect(abs(Double(output) - value) < 1e-5 * max(1, abs(value)))
        }
      }
    }
  }

  /// The derivative of `sum(delta * output)` by every parameter, against central differences of the
  /// naive twin in double precision. With h = 1e-5 these are exact to about 1e-9; single precision
  /// sets the tolerance.
  @Test("gradients agree with central differences", arguments: Activation.allCases, shapes)
  func backward(activation: Activation, sizes: [Int]) {
    for seed in 0..<4 as Range<UInt64> {
      let example = Example(sizes, activation, rows: 5, seed: seed)
      let gradients = example.gradients
      var parameters = example.parameters.map(Double.init)
      let h = 1e-5
      for index in parameters.indices {
        let start = parameters[index]
        parameters[index] = start + h
        let above = example.objective(parameters)
        parameters[index] = start - h
        let below = example.objective(parameters)
        parameters[index] = start
        let expected = (above - below) / (2 * h)
        #expect(abs(Double(gradients[index]) - expected) < 2e-5 * max(1, abs(expected)))
      }
    }
  }

  /// A random network, a block of random rows through it, and random deltas at its outputs.
  struct Example {
    let shape: NetworkShape
    let activation: Activation
    let rows: Int
    let parameters: [Float]
    let deltas: [Float]
    private(set) var activations: [Float]
    private(set) var gradients: [Float]

    init(_ sizes: [Int], _ activation: Activation, rows: Int, seed: UInt64) {
      shape = LayerStack.dense(sizes, activation).shape
      self.activation = activation
      self.rows = rows
      var generator = RandomGenerator(seed: seed)
      func numbers(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float(generator.normal() / 2) }
      }
      let layers = LayerStack.dense(sizes, activation)
      var parameters = numbers(shape.parameterCount)
      let deltas = numbers(rows * shape.outputCount)
      var activations = numbers(rows * shape.inputCount)
      activations += [Float](
        repeating: .nan, count: layers.activationCount(rows: rows) - activations.count)
      var block = [Float](repeating: .nan, count: activations.count - deltas.count) + deltas
      var gradients = [Float](repeating: .nan, count: shape.parameterCount)
      withFloats(&parameters) { parameters in
        withFloats(&activations) { activations in
          layers.forward(rows: rows, activations: activations, parameters: parameters)
          withFloats(&block) { block in
            withFloats(&gradients) {
              layers.backward(
                rows: rows, activations: activations, deltas: block, parameters: parameters,
                gradients: $0)
            }
          }
        }
      }
      self.parameters = parameters
      self.deltas = deltas
      self.activations = activations
      self.gradients = gradients
    }

    var outputs: ArraySlice<Float> {
      let outputs = activations.suffix(rows * shape.outputCount)
      return ArraySlice(Array(outputs))
    }

    func inputs(ofRow row: Int) -> [Double] {
      activations[row * shape.inputCount..<(row + 1) * shape.inputCount].map(Double.init)
    }

    func objective(_ parameters: [Double]) -> Double {
      var sum = 0.0
      for row in 0..<rows {
        let outputs = naiveOutputs(
          shape, activation, parameters: parameters, inputs: inputs(ofRow: row))
        for (k, output) in outputs.enumerated() {
          sum += Double(deltas[row * shape.outputCount + k]) * output
        }
      }
      return sum
    }
  }
}
