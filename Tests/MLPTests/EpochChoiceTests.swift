import Foundation
import Losses
import Tabular
import Testing

@testable import MLP

/// Epochs chosen on held-out rows, and the network fitted again on all.
@Suite struct EpochChoiceTests {
  private func noise(_ rows: Int, seed: UInt64) throws -> Table {
    var generator = RandomGenerator(seed: seed)
    return try makeTable(rows: rows, columns: 6, seed: seed) { x, _ in x[0] + generator.normal() }
  }

  /// The network is that of all rows after the chosen epochs of the search's schedule, for any number
  /// of threads.
  @Test func theRefitEndsAtTheChosenEpoch() throws {
    let train = try noise(600, seed: 1)
    var learner = Perceptron(
      hidden: [32], objective: SquaredError(), optimizer: .adam(learningRate: 0.01), seed: 3,
      threads: 1)
    let chosen = try learner.fit(train)
    let choice = try #require(chosen.log.choice)
    #expect(choice.basis == .heldOut && choice.isRefitted && choice.heldOutRows == 90)
    #expect(choice.mostRounds == 200 && choice.patience == 50)
    #expect(chosen.log.bestRound < 200 && chosen.log.refitRounds?.count == chosen.log.bestRound)
    let losses = chosen.log.rounds.compactMap(\.validationLoss)
    #expect(losses.indices.min { losses[$0] < losses[$1] } == chosen.log.bestRound - 1)
    for threads in [2, 3] {
      learner.threads = threads
      #expect(try bytes(learner.fit(train)) == bytes(chosen))
    }
    // Ended by hand at that epoch, 200 epochs on all rows give the same network: so the learning rate
    // falls over 200 epochs in the refit, too.
    learner.epochs = 200
    let byHand = try learner.fit(train, validation: nil) { $0.round < chosen.log.bestRound }
    #expect(byHand.parameters == chosen.parameters)
  }

  @Test func epochsAloneAreExact() throws {
    let train = try noise(300, seed: 2)
    let learner = Perceptron(
      hidden: [32], objective: SquaredError(), optimizer: .adam(learningRate: 0.05), epochs: 40)
    let network = try learner.fit(train, validation: noise(100, seed: 9))
    let losses = network.log.rounds.compactMap(\.validationLoss)
    #expect(losses.count == 40 && network.log.bestRound == 40)
    // The best epoch was an earlier one: what is kept is what was asked for.
    #expect(losses[39] > losses.min() ?? .infinity)
    #expect(try bytes(learner.fit(train)) == bytes(network))
  }

  /// The documented numbers: two million rows, between 15 and 200 epochs, 500 below 500 rows.
  @Test(arguments: [(10, 500), (499, 500), (500, 200), (20_000, 100), (1_000_000, 15)])
  func plannedEpochs(rows: Int, expected: Int) {
    #expect(Perceptron(objective: SquaredError()).plannedEpochs(rows: rows) == expected)
    #expect(Perceptron(objective: SquaredError(), epochs: 7).plannedEpochs(rows: rows) == 7)
  }
}
