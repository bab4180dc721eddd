import Foundation
import Learning
import Losses
import MLP
import Tabular
import Testing

/// An optimizer and layers from outside, with nothing but what the module makes public.
@Suite("Optimizers and layers of one's own") struct OwnPartsTests {
  /// Steps by the gradient's sign, of a size that doubles while the sign stays and halves where it
  /// turns (Riedmiller & Braun's Rprop, 1993, without its taking back).
  struct SignDescent: Optimizer {
    var learningRate = 1e-3
    var name: String { "sign descent" }
    /// The last sign and the size of the step.
    var stateCount: Int { 2 }

    func initialize(_ state: inout MutableSpan<Float>, parameters: Span<Float>) {
      for index in parameters.indices { state[parameters.count + index] = 1 }
    }

    func update(
      _ parameters: inout MutableSpan<Float>, gradients: Span<Float>,
      state: inout MutableSpan<Float>, step: OptimizerStep
    ) {
      let count = parameters.count
      for index in parameters.indices {
        let gradient = gradients[index] + Float(step.weightDecay) * parameters[index]
        let sign: Float = gradient > 0 ? 1 : gradient < 0 ? -1 : 0
        let size = state[count + index] * (sign * state[index] < 0 ? 0.5 : 1.1)
        state[index] = sign
        state[count + index] = min(max(size, 1e-3), 20)
        parameters[index] -= Float(step.learningRate) * state[count + index] * sign
      }
    }
  }

  /// `outputs = weights * inputs^2 + biases`, value by value. Keeps the squares.
  struct SquareLayer: Layer {
    var name: String { "square" }

    func shape(inputs: Int) -> LayerShape {
      LayerShape(
        inputs: inputs, outputs: inputs, weights: inputs, biases: inputs, scratchPerRow: inputs)
    }

    func initialize(
      _ shape: LayerShape, weights: inout MutableSpan<Float>, biases: inout MutableSpan<Float>,
      using generator: inout RandomGenerator
    ) {
      for index in weights.indices { weights[index] = Float(0.5 + generator.uniform()) }
    }

    func forward(
      _ block: borrowing LayerBlock, outputs: inout MutableSpan<Float>,
      scratch: inout MutableSpan<Float>
    ) {
      let width = block.shape.inputs
      for index in outputs.indices {
        scratch[index] = block.inputs[index] * block.inputs[index]
        outputs[index] = block.weights[index % width] * scratch[index] + block.biases[index % width]
      }
    }

    func backward(
      _ block: borrowing LayerBlock, outputs: Span<Float>, scratch: inout MutableSpan<Float>,
      deltas: inout MutableSpan<Float>, weights: inout MutableSpan<Float>,
      biases: inout MutableSpan<Float>, inputDeltas: inout MutableSpan<Float>
    ) {
      let width = block.shape.inputs
      for k in 0..<width { (weights[k], biases[k]) = (0, 0) }
      for index in deltas.indices {
        weights[index % width] += deltas[index] * scratch[index]
        biases[index % width] += deltas[index]
      }
      for index in inputDeltas.indices {
        inputDeltas[index] = deltas[index] * block.weights[index % width] * 2 * block.inputs[index]
      }
    }
  }

  /// Halves whatever comes in: a layer without parameters.
  struct HalfLayer: Layer {
    var name: String { "half" }
    func shape(inputs: Int) -> LayerShape { LayerShape(inputs: inputs, outputs: inputs) }
    func initialize(
      _ shape: LayerShape, weights: inout MutableSpan<Float>, biases: inout MutableSpan<Float>,
      using generator: inout RandomGenerator
    ) {}
    func forward(
      _ block: borrowing LayerBlock, outputs: inout MutableSpan<Float>,
      scratch: inout MutableSpan<Float>
    ) {
      for index in outputs.indices { outputs[index] = block.inputs[index] / 2 }
    }
    func backward(
      _ block: borrowing LayerBlock, outputs: Span<Float>, scratch: inout MutableSpan<Float>,
      deltas: inout MutableSpan<Float>, weights: inout MutableSpan<Float>,
      biases: inout MutableSpan<Float>, inputDeltas: inout MutableSpan<Float>
    ) {
      for index in inputDeltas.indices { inputDeltas[index] = deltas[index] / 2 }
    }
  }

  /// A sum of squares, which a linear model cannot tell from its mean.
  private func squares(_ rows: Int, seed: UInt64) throws -> Table {
    try makeTable(rows: rows, columns: 3, seed: seed) { x, _ in
      x[0] * x[0] - 2 * x[1] * x[1] + x[2]
    }
  }

  private func squareNetwork(threads: Int, epochs: Int = 10) -> Perceptron {
    var learner = Perceptron(
      layers: [DenseLayer(units: 6, activation: .identity), SquareLayer(), HalfLayer()],
      objective: SquaredError(), optimizer: SignDescent(), epochs: epochs)
    learner.batchSize = 300
    learner.threads = threads
    return learner
  }

  @Test("train, predict, are saved and read again") func trains() throws {
    let (train, test) = (try squares(600, seed: 1), try squares(200, seed: 2))
    let network = try squareNetwork(threads: 1, epochs: 200).fit(train)
    let linear = try Perceptron(hidden: [], objective: SquaredError(), epochs: 40).fit(train)
    let error = try #require(try network.evaluate(on: test, metrics: [.rmse])["rmse"])
    let linearError = try #require(try linear.evaluate(on: test, metrics: [.rmse])["rmse"])
    #expect(error < 0.5 * linearError)
    #expect(network.layers.map(\.name) == ["dense identity", "square", "half", "dense identity"])
    #expect(network.layers.map(\.weights.count) == [18, 6, 0, 6])

    try withTemporaryFolder { folder in
      let path = folder + "/own.model"
      try network.save(to: path)
      let read = try Network(contentsOf: path, layers: [SquareLayer(), HalfLayer()])
      #expect(try read.scores(for: test) == network.scores(for: test))
      #expect(try bytes(read) == bytes(network))
      let refusal = #expect(throws: LearningError.self) { try Network(contentsOf: path) }
      #expect(refusal?.code == .invalidModelFile)
      #expect(refusal?.reason.contains("'square'") == true)
      #expect(refusal?.reason.contains(path) == true)
    }
  }

  @Test("the model does not depend on threads") func threads() throws {
    let train = try squares(600, seed: 3)
    let expected = try bytes(squareNetwork(threads: 1).fit(train))
    for threads in [2, 3, 7] {
      #expect(try bytes(squareNetwork(threads: threads).fit(train)) == expected)
    }
  }

  /// Dense layers handed over one by one are those that `hidden` means.
  @Test("dense layers by hand are the usual network") func dense() throws {
    let train = try squares(300, seed: 4)
    let usual = try Perceptron(hidden: [9, 5], objective: SquaredError(), epochs: 3).fit(train)
    let byHand = try Perceptron(
      layers: [DenseLayer(units: 9), DenseLayer(units: 5)], objective: SquaredError(), epochs: 3
    ).fit(train)
    #expect(try bytes(byHand) == bytes(usual))
  }

  @Test("dense layers of several activations are read again") func mixed() throws {
    let train = try squares(300, seed: 5)
    let network = try Perceptron(
      layers: [DenseLayer(units: 9, activation: .tanh), DenseLayer(units: 5)],
      objective: SquaredError(), epochs: 3
    ).fit(train)
    try withTemporaryFolder { folder in
      try network.save(to: folder + "/mixed.model")
      let read = try Network(contentsOf: folder + "/mixed.model")
      #expect(try read.scores(for: train) == network.scores(for: train))
    }
  }

  @Test("a layer that cannot take what comes in is refused") func unfit() throws {
    struct Fixed: Layer {
      var base = SquareLayer()
      var name: String { "fixed" }
      func shape(inputs: Int) -> LayerShape { base.shape(inputs: 7) }
      func initialize(
        _ shape: LayerShape, weights: inout MutableSpan<Float>, biases: inout MutableSpan<Float>,
        using generator: inout RandomGenerator
      ) {}
      func forward(
        _ block: borrowing LayerBlock, outputs: inout MutableSpan<Float>,
        scratch: inout MutableSpan<Float>
      ) {}
      func backward(
        _ block: borrowing LayerBlock, outputs: Span<Float>, scratch: inout MutableSpan<Float>,
        deltas: inout MutableSpan<Float>, weights: inout MutableSpan<Float>,
        biases: inout MutableSpan<Float>, inputDeltas: inout MutableSpan<Float>
      ) {}
    }
    let train = try squares(50, seed: 6)
    let error = #expect(throws: LearningError.self) {
      try Perceptron(layers: [Fixed()], objective: SquaredError(), epochs: 1).fit(train)
    }
    #expect(error?.code == .invalidOption)
    #expect(error?.reason.contains("'fixed'") == true)
  }

  @Test("optimizers by name have the learning rate that is asked for")
  func named() {
    for kind in OptimizerKind.allCases {
      #expect(kind.optimizer().complaint == nil)
      #expect(kind.optimizer(learningRate: 0.25).learningRate == 0.25)
      #expect(kind.optimizer().name.lowercased() == kind.rawValue.lowercased())
    }
  }
}
