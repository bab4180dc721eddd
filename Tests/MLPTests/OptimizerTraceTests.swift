import Foundation
import Parallel
import TestSupport
import Testing

@testable import MLP

/// Twelve steps of each optimizer against PyTorch's, under the same gradients.
///
/// The numbers are in `Tests/Fixtures/optimizer-traces.txt`; `Scripts/make_optimizer_traces.py` made
/// them in double precision and says with which version and from which gradients.
@Suite("Optimizers against PyTorch")
struct OptimizerTraceTests {
  /// One optimizer with its settings, and the parameters after each step.
  struct Trace: Sendable, CustomTestStringConvertible {
    let optimizer: any Optimizer
    let weightDecay: Double
    let parameters: [[Double]]

    var testDescription: String { "\(optimizer), weight decay \(weightDecay)" }
  }

  static let traces: [Trace] = {
    let text = fixtureText("optimizer-traces.txt")
    var steps: [(key: String, parameters: [Double])] = []
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let fields = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      steps.append(
        (
          "\(fields[0]) \(fields[3]) \(fields[1])",
          fields[4].split(separator: " ").map { Double($0)! }
        ))
    }
    var keys: [String] = []
    for step in steps where !keys.contains(step.key) { keys.append(step.key) }
    return keys.map { key in
      let words = key.split(separator: " ")
      let numbers = words.dropFirst().map { Double($0)! }
      let optimizer: any Optimizer =
        switch words[0] {
        case "sgd": SGD(learningRate: numbers[1], momentum: numbers[2])
        case "adam":
          Adam(
            learningRate: numbers[1], beta1: numbers[2], beta2: numbers[3], epsilon: numbers[4])
        default:
          AdamW(
            learningRate: numbers[1], beta1: numbers[2], beta2: numbers[3], epsilon: numbers[4])
        }
      return Trace(
        optimizer: optimizer, weightDecay: numbers[0],
        parameters: steps.filter { $0.key == key }.map(\.parameters))
    }
  }()

  @Test("all settings are there") func readsAll() {
    #expect(Self.traces.count == 9)
    #expect(Self.traces.allSatisfy { $0.parameters.count == 12 })
  }

  /// A layer of one input and eleven outputs has as many weights as biases. The gradient comes in
  /// two halves, one per slice of a batch.
  @Test("the same parameters after every step", arguments: traces, [1, 3])
  func agrees(trace: Trace, threads: Int) {
    let workspace = Workspace(
      layers: .dense([1, 11], .relu), batchRows: 128, stateCount: trace.optimizer.stateCount,
      rowDataCount: 0)
    let step = ParameterUpdate(
      workspace: workspace, optimizer: trace.optimizer, weightDecay: trace.weightDecay)
    let pool = WorkerPool(threads: threads)
    var floats = [Float](repeating: 0, count: workspace.floatCount)
    for (k, start) in referenceNumbers(22, seed: 1).enumerated() { floats[k] = Float(start - 0.5) }
    for number in 1...12 {
      let draws = referenceNumbers(22, seed: UInt64(number + 1))
      for k in draws.indices {
        let gradient = (draws[k] - 0.5) * pow(10, Double(k % 5 - 3))
        for slice in 0..<2 {
          floats[workspace.gradients(slice).lowerBound + k] = Float(gradient / 2)
        }
      }
      withDisjointSlices(of: &floats) {
        step.run(number: number, share: 1, slices: 2, floats: $0, pool: pool)
      }
      for (k, expected) in trace.parameters[number - 1].enumerated() {
        // Single precision, and roots good to 5e-6 of steps below 0.02.
        expectClose(
          Double(floats[k]), expected, relative: 2e-6, absolute: 1e-6,
          "parameter \(k) after step \(number)")
      }
    }
  }

  @Test("a share of the learning rate is a smaller learning rate", arguments: traces)
  func shares(trace: Trace) {
    func parameters(_ optimizer: any Optimizer, share: Double) -> [Float] {
      let workspace = Workspace(
        layers: .dense([1, 11], .relu), batchRows: 1, stateCount: optimizer.stateCount,
        rowDataCount: 0)
      var floats = [Float](repeating: 0.25, count: workspace.floatCount)
      withDisjointSlices(of: &floats) {
        ParameterUpdate(
          workspace: workspace, optimizer: optimizer, weightDecay: trace.weightDecay
        ).run(number: 1, share: share, slices: 1, floats: $0, pool: WorkerPool(threads: 1))
      }
      return Array(floats[workspace.parameters])
    }
    let smaller: any Optimizer =
      switch trace.optimizer {
      case let sgd as SGD: SGD(learningRate: sgd.learningRate * 0.25, momentum: sgd.momentum)
      case let adam as Adam:
        Adam(
          learningRate: adam.learningRate * 0.25, beta1: adam.beta1, beta2: adam.beta2,
          epsilon: adam.epsilon)
      case let adamW as AdamW:
        AdamW(
          learningRate: adamW.learningRate * 0.25, beta1: adamW.adam.beta1,
          beta2: adamW.adam.beta2, epsilon: adamW.adam.epsilon)
      default: trace.optimizer
      }
    #expect(parameters(trace.optimizer, share: 0.25) == parameters(smaller, share: 1))
  }
}
