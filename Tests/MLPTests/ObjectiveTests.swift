import Foundation
import Learning
import Losses
import Tabular
import Testing

@testable import MLP

@Suite struct ObjectiveTests {
  /// Each shipped objective with closures of the same arithmetic.
  static let pairs: [(name: String, shipped: any Objective, custom: any Objective)] = [
    (
      "squared", SquaredError(),
      CustomObjective(
        "squared",
        loss: { row in
          let difference = row.score - row.target
          return difference * difference
        }
      ) { row in .init(gradient: 2 * (row.score - row.target), hessian: 2) }
    ),
    (
      "sne", SizeNormalisedSquaredError(),
      CustomObjective(
        "sne", rowData: ["size"], scoreAdjustment: .multiplied(by: "size"), metric: .rmsne,
        loss: { row in
          let ratio = (row.score - row.target) / row.data[0]
          return ratio * ratio
        }
      ) { row in
        let size = row.data[0]
        return .init(
          gradient: 2 * (row.score - row.target) / (size * size), hessian: 2 / (size * size))
      }
    ),
    (
      "logistic", Logistic(),
      CustomObjective(
        "logistic", link: .logit, metric: .logLoss,
        loss: { row in
          let positive: Double = row.target * StableMath.softplus(-row.score)
          return positive + (1 - row.target) * StableMath.softplus(row.score)
        }
      ) { row in
        let p = StableMath.sigmoid(row.score)
        return .init(gradient: p - row.target, hessian: p * (1 - p))
      }
    ),
    (
      "softmax", SoftmaxCrossEntropy(classes: 3),
      CustomObjective(
        "softmax", scoresPerRow: 3, link: .softmax, metric: .logLoss,
        loss: { row in StableMath.logSumExp(row.scores) - row.scores[Int(row.target)] }
      ) { row, gradients, hessians in
        for k in 0..<3 { gradients[k] = row.scores[k] }
        StableMath.softmax(&gradients, in: 0..<3)
        for k in 0..<3 { hessians[k] = gradients[k] * (1 - gradients[k]) }
        gradients[Int(row.target)] -= 1
      }
    ),
  ]

  private func table(for name: String) throws -> Table {
    try makeTable(rows: 150, columns: 3, seed: 4, sizes: true) { x, size in
      switch name {
      case "sne": size * (0.3 + 0.1 * x[0] * x[1])
      case "logistic": x[0] * x[1] > 0 ? 1 : 0
      case "softmax": x[0] > 0 ? 2 : (x[1] > 0 ? 1 : 0)
      default: x[0] * x[1]
      }
    }
  }

  @Test("closures of the same arithmetic give the same bytes", arguments: 0..<4, [1, 2])
  func closures(index: Int, threads: Int) throws {
    let (name, shipped, custom) = Self.pairs[index]
    let table = try table(for: name)
    var learner = Perceptron(
      hidden: [12], objective: shipped, epochs: 8, batchSize: 64,
      earlyStopping: .init(rounds: 2), threads: threads)
    let first = try bytes(learner.fit(table, validation: table))
    learner.objective = custom
    #expect(try bytes(learner.fit(table, validation: table)) == first)
  }

  @Test func anObjectiveWithoutALossStopsEarlyToo() throws {
    let objective = CustomObjective("bare") { row in
      .init(gradient: 2 * (row.score - row.target), hessian: 2)
    }
    let table = try table(for: "squared")
    var learner = Perceptron(hidden: [12], objective: objective, epochs: 8)
    let bare = try learner.fit(table, validation: table)
    #expect(bare.log.lossIsIntegrated)
    learner.objective = SquaredError()
    let full = try learner.fit(table, validation: table)
    #expect(!full.log.lossIsIntegrated)
    #expect(bare.parameters == full.parameters)
    // The integral of the gradient is the loss up to what it was at the start: here the mean
    // squared deviation from the mean, since the first scores are the mean.
    let targets = try #require(table.target)
    let sum: Double = targets.reduce(0.0, +)
    let mean = sum / 150
    let squares: [Double] = targets.map { ($0 - mean) * ($0 - mean) }
    let start = squares.reduce(0.0, +) * (1 / 150)
    for (a, b) in zip(bare.log.rounds, full.log.rounds) {
      let (integrated, loss) = try (#require(a.validationLoss), #require(b.validationLoss))
      #expect(abs(integrated + start - loss) < 1e-6)
    }
  }

  @Test("a loss and its multiple train alike", arguments: [0.25, 1024, 3, 1e-9])
  func multiples(factor: Double) throws {
    let table = try table(for: "squared")
    var learner = Perceptron(hidden: [12], objective: SquaredError(), epochs: 5)
    let plain = try learner.fit(table)
    learner.objective = CustomObjective("scaled") { row in
      .init(gradient: factor * (2 * (row.score - row.target)), hessian: factor * 2)
    }
    let scaled = try learner.fit(table)
    if factor.significand == 1 {
      // A power of two changes no digit.
      #expect(scaled.parameters == plain.parameters)
    }
    let predictions = try zip(scaled.predictions(for: table), plain.predictions(for: table))
    for (a, b) in predictions { #expect(abs(a - b) < 1e-3) }
  }

  @Test("the unit of the target does not matter", arguments: [1e-12, 1e12])
  func units(factor: Double) throws {
    let table = try table(for: "squared")
    let other = try table.withTarget(try #require(table.target).map { $0 * factor + 7 * factor })
    let learner = Perceptron(hidden: [12], objective: SquaredError(), epochs: 5)
    let a = try learner.fit(table).predictions(for: table)
    let b = try learner.fit(other).predictions(for: other)
    for (a, b) in zip(a, b) { #expect(abs(b / factor - 7 - a) < 1e-3) }
  }

  @Test func theScaleOfSquaredErrorIsTheDeviationOfTheTarget() throws {
    // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, standard deviation 2, the textbook example.
    let table = try makeTable(
      columns: [[1, 2, 3, 4, 5, 6, 7, 8]], target: [2, 4, 4, 4, 5, 5, 7, 9])
    let network = try Perceptron(hidden: [2], objective: SquaredError(), epochs: 1).fit(table)
    #expect(network.header.initialScores == [5])
    #expect(network.outputScale == [2])
    // A link other than the identity gives scores without a unit.
    let classes = try makeTable(columns: [[1, 2, 3, 4]], target: [0, 0, 0, 1])
    let logistic = try Perceptron(hidden: [2], objective: Logistic(), epochs: 1).fit(classes)
    #expect(logistic.outputScale == [1])
  }

  @Test("sizes over five decades are fitted per unit of size", arguments: 0..<2)
  func fiveDecades(seed: UInt64) throws {
    func table(_ rows: Int, _ seed: UInt64) throws -> Table {
      try makeTable(rows: rows, columns: 2, seed: seed, sizes: true) { x, size in
        size * (0.5 + 0.2 * sin(2 * x[0]) + 0.1 * x[1])
      }
    }
    let (train, test) = try (table(600, seed), table(200, seed + 10))
    var learner = Perceptron(
      hidden: [32], objective: SizeNormalisedSquaredError(),
      optimizer: .adam(learningRate: 0.01), epochs: 60, batchSize: 64, seed: seed)
    let adjusted = try learner.fit(train).evaluate(on: test, metrics: [.rmsne]).entries[0].value
    // A constant yield per unit of size misses by the spread of the terms:
    // sqrt(0.2^2 / 2 + 0.1^2) = 0.17.
    #expect(adjusted < 0.04)
    learner.adjustsScores = false
    let plain = try learner.fit(train).evaluate(on: test, metrics: [.rmsne]).entries[0].value
    #expect(plain > 5 * adjusted)
  }
}
