import Foundation
import Learning
import Losses
import Tabular
import Testing

@testable import MLP

@Suite struct TrainingTests {
  private func exclusiveOr() throws -> Table {
    try makeTable(columns: [[0, 0, 1, 1], [0, 1, 0, 1]], target: [0, 1, 1, 0])
  }

  @Test(
    "learns exclusive or, which no linear model can", arguments: 0..<5 as Range<UInt64>,
    [Activation.relu, .tanh, .sigmoid])
  func exclusiveOr(seed: UInt64, activation: Activation) throws {
    let table = try exclusiveOr()
    let network = try Perceptron(
      hidden: [16], activation: activation, objective: Logistic(),
      optimizer: .adam(learningRate: 0.05), epochs: 300, weightDecay: 0, seed: seed
    ).fit(table)
    #expect(try network.evaluate(on: table, metrics: [.accuracy])["accuracy"] == 1)
    #expect(try network.evaluate(on: table, metrics: [.logLoss]).entries[0].value < 0.05)
  }

  @Test("the defaults learn exclusive or", arguments: 0..<5)
  func exclusiveOrByDefault(seed: UInt64) throws {
    let table = try exclusiveOr()
    let network = try Perceptron(objective: Logistic(), seed: seed).fit(table)
    #expect(try network.evaluate(on: table, metrics: [.accuracy])["accuracy"] == 1)
  }

  @Test(
    "each optimizer lowers the loss",
    arguments: [
      Adam(learningRate: 0.01), AdamW(learningRate: 0.01),
      SGD(learningRate: 0.05, momentum: 0.9), SGD(learningRate: 0.1, momentum: 0),
    ] as [any Optimizer])
  func optimizers(optimizer: any Optimizer) throws {
    let table = try makeTable(rows: 300, columns: 3, seed: 1) { x, _ in x[0] * x[1] + x[2] }
    var learner = Perceptron(
      hidden: [16], objective: SquaredError(), optimizer: optimizer, epochs: 40, batchSize: 32)
    learner.recordsTrainingLoss = true
    let network = try learner.fit(table)
    let losses = network.log.rounds.compactMap(\.trainLoss)
    #expect(losses.count == 40)
    // The target's variance is 2: two independent terms of variance 1.
    #expect(losses[39] < 0.3)
    // The recorded loss is that of the model: with one score, squared error is RMSE squared.
    let rmse = try network.evaluate(on: table, metrics: [.rmse]).entries[0].value
    #expect(abs(losses[39] - rmse * rmse) < 1e-9)
  }

  /// Two, three and four slices per batch, and a last batch of one row.
  @Test("the model does not depend on threads", arguments: [32, 128, 256, 300])
  func threads(batchSize: Int) throws {
    let table = try makeTable(rows: 601, columns: 5, seed: 2) { x, _ in sin(x[0]) + x[1] * x[2] }
    var models: [Data] = []
    for threads in [1, 2, 3] {
      let learner = Perceptron(
        hidden: [40, 30], objective: SquaredError(), epochs: 3, batchSize: batchSize, seed: 7,
        threads: threads)
      let network = try learner.fit(table, validation: table)
      #expect(network.log.threads == threads)
      models.append(try bytes(network))
      let outputs = network.outputs(features: table.features, rowCount: 601, threads: 1)
      #expect(
        outputs == network.outputs(features: table.features, rowCount: 601, threads: threads))
    }
    #expect(models[0] == models[1])
    #expect(models[0] == models[2])
  }

  @Test func theSeedDecides() throws {
    let table = try makeTable(rows: 100, columns: 2, seed: 3) { x, _ in x[0] }
    func fit(_ seed: UInt64) throws -> Data {
      try bytes(
        Perceptron(hidden: [8], objective: SquaredError(), epochs: 2, seed: seed).fit(table))
    }
    #expect(try fit(1) == fit(1))
    #expect(try fit(1) != fit(2))
  }

  @Test("a row of weight 2 counts like two rows", arguments: 0..<3)
  func weights(seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed)
    let x = (0..<40).map { _ in Float(generator.normal()) }
    let y = x.map { Double($0 * $0) }
    let weights = (0..<40).map { Double($0 % 3) }
    let repeated = (0..<40).flatMap { [Int](repeating: $0, count: $0 % 3) }
    let weighted = try makeTable(columns: [x], target: y, weights: weights)
    let expanded = try makeTable(columns: [repeated.map { x[$0] }], target: repeated.map { y[$0] })
    // The whole table is one batch, so that chance does not tell the two apart.
    let learner = Perceptron(
      hidden: [12], activation: .tanh, objective: SquaredError(),
      optimizer: .sgd(learningRate: 0.1, momentum: 0.5), epochs: 60, batchSize: 64,
      // Counted per row, and there are more rows in the expanded table.
      weightDecay: 0, seed: seed)
    let a = try learner.fit(weighted).predictions(for: weighted)
    let b = try learner.fit(expanded).predictions(for: weighted)
    for (a, b) in zip(a, b) { #expect(abs(a - b) < 1e-3) }
    let unweighted = try learner.fit(makeTable(columns: [x], target: y)).predictions(for: weighted)
    #expect(zip(a, unweighted).contains { abs($0 - $1) > 0.01 })
  }

  @Test func missingValuesAreLearnedFrom() throws {
    var generator = RandomGenerator(seed: 5)
    var (x, y): ([Float], [Double]) = ([], [])
    for row in 0..<400 {
      let value = Float(generator.normal())
      x.append(row % 4 == 0 ? .nan : value)
      y.append(row % 4 == 0 ? 5 : Double(value))
    }
    let table = try makeTable(columns: [x], target: y)
    let network = try Perceptron(
      hidden: [16], objective: SquaredError(), optimizer: .adam(learningRate: 0.01), epochs: 60
    ).fit(table)
    let predictions = try network.predictions(for: table)
    // Without the indicator a missing value would look like the mean, whose target is about 0.
    #expect(abs(predictions[0] - 5) < 0.3)
    #expect(try network.evaluate(on: table, metrics: [.rmse]).entries[0].value < 0.3)
  }

  @Test("early stopping keeps the best epoch", arguments: 0..<3)
  func earlyStopping(seed: UInt64) throws {
    // Pure noise: the validation loss soon rises.
    var generator = RandomGenerator(seed: seed)
    let noise = (0..<400).map { _ in generator.normal() }
    var next = noise.makeIterator()
    let table = try makeTable(rows: 400, columns: 6, seed: seed) { _, _ in next.next() ?? 0 }
    let (train, _, validation) = try table.split(by: .random(testFraction: 0.5, seed: seed))
    let network = try Perceptron(
      hidden: [64], objective: SquaredError(), optimizer: .adam(learningRate: 0.01), epochs: 200,
      earlyStopping: .init(rounds: 5), seed: seed
    ).fit(train, validation: validation)
    let losses = network.log.rounds.compactMap(\.validationLoss)
    #expect(losses.count == network.log.bestRound + 5)
    #expect(losses[network.log.bestRound - 1] == losses.min())
    let rmse = try network.evaluate(on: validation, metrics: [.rmse]).entries[0].value
    #expect(abs(rmse * rmse - (losses.min() ?? .nan)) < 1e-9)
  }

  /// The rule in the documentation of `batchSize`: 16 steps per epoch if 16 rows or more make one.
  @Test(
    "small tables get small batches",
    arguments: [(1, 16), (511, 16), (512, 32), (1347, 64), (2047, 64), (2048, 128), (60_000, 128)])
  func defaultBatchSize(rows: Int, expected: Int) {
    var learner = Perceptron(objective: SquaredError())
    #expect(learner.batchSize(rows: rows, reach: .row) == expected)
    learner.batchSize = 77
    #expect(learner.batchSize(rows: rows, reach: .row) == 77)
  }

  @Test(
    "weight decay pulls weights, not biases, towards 0",
    arguments: [
      Adam(learningRate: 0.01), AdamW(learningRate: 0.01), SGD(learningRate: 0.05),
    ] as [any Optimizer])
  func weightDecay(optimizer: any Optimizer) throws {
    let table = try makeTable(rows: 200, columns: 2, seed: 3) { x, _ in x[0] - 2 * x[1] + 10 }
    func norm(_ decay: Double) throws -> Float {
      try Perceptron(
        hidden: [8], objective: SquaredError(), optimizer: optimizer, epochs: 60,
        weightDecay: decay
      ).fit(table).layers.flatMap(\.weights).reduce(0) { $0 + $1 * $1 }
    }
    #expect(try norm(400) < norm(0) * 0.8)
    // A pull this strong leaves the mean, through initial score and bias.
    let flat = try Perceptron(
      hidden: [8], objective: SquaredError(), optimizer: .adam(learningRate: 0.01), epochs: 60,
      weightDecay: 1e5
    ).fit(table)
    let mean = try #require(table.target).reduce(0.0, +)
    for prediction in try flat.predictions(for: table) {
      #expect(abs(prediction - mean / 200) < 0.1)
    }
  }

  @Test func progressMayEndTheTraining() throws {
    let table = try makeTable(rows: 50, columns: 2, seed: 3) { x, _ in x[0] }
    var seen: [Int] = []
    let network = try Perceptron(hidden: [4], objective: SquaredError(), epochs: 20).fit(
      table, validation: nil
    ) { round in
      seen.append(round.round)
      return round.round < 3
    }
    #expect(seen == [1, 2, 3])
    #expect(network.log.rounds.count == 3)
    #expect(network.log.bestRound == 3)
  }

  @Test("any number of layers fits", arguments: [[], [1], [3, 2, 4]])
  func depths(hidden: [Int]) throws {
    let table = try makeTable(rows: 200, columns: 2, seed: 3) { x, _ in 3 * x[0] - x[1] + 10 }
    let network = try Perceptron(
      hidden: hidden, activation: .identity, objective: SquaredError(),
      optimizer: .adam(learningRate: 0.02), epochs: 150, weightDecay: 0
    ).fit(table)
    #expect(network.layers.map(\.outputs) == hidden + [1])
    // A linear target is within reach of linear layers of any depth.
    #expect(try network.evaluate(on: table, metrics: [.r2]).entries[0].value > 0.999)
  }

  @Test func aRowIsPredictedAloneAsAmongOthers() throws {
    let table = try makeTable(rows: 300, columns: 4, seed: 8) { x, _ in x[0] * x[1] }
    let network = try Perceptron(hidden: [33], objective: SquaredError(), epochs: 3).fit(table)
    let all = try network.predictions(for: table)
    for row in [0, 7, 255, 256, 299] {
      let alone = try network.predictions(for: table.subset([row]))
      #expect(abs(alone[0] - all[row]) < 1e-5)
    }
    #expect(try network.predictions(for: table.subset([])) == [])
  }
}
