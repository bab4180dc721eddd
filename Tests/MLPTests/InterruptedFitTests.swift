import Foundation
import Synchronization
import Learning
import Losses
import OrderedCollections
import Tabular
import TestSupport
import Testing

@testable import MLP

/// A fit that is interrupted after any epoch, written down, read by a fresh session and continued ends
/// in the bytes of a fit that was never interrupted.
@Suite("Interrupted fits") struct InterruptedFitTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let learner: Perceptron
    var validates = false
    var table: @Sendable () throws -> Table = {
      try makeTable(rows: 230, columns: 3, seed: 8) { x, _ in x[0] * x[1] + 3 }
    }
  }

  private static func learner(
    _ objective: any Objective, _ optimizer: any Optimizer = .adam(learningRate: 0.02)
  ) -> Perceptron {
    Perceptron(
      hidden: [7], objective: objective, optimizer: optimizer, epochs: 5, batchSize: 32, seed: 4,
      threads: 2)
  }

  private static func stopping(_ learner: Perceptron) -> Perceptron {
    var learner = learner
    (learner.epochs, learner.earlyStopping) = (40, EarlyStopping(rounds: 3))
    learner.recordsTrainingLoss = true
    return learner
  }

  private static func groups(_ rows: Int) throws -> Table {
    let table = try makeTable(rows: rows, columns: 3, seed: 9) { x, _ in x[0] > 0.3 ? 2 : 0 }
    return try Table(
      features: table.features, featureNames: table.featureNames, target: table.target,
      groups: (0..<rows).map { $0 / 10 }, source: "groups")
  }

  /// Times, of which a fourth is cut off.
  private static func times(_ rows: Int) throws -> Table {
    let table = try makeTable(rows: rows, columns: 3, seed: 10) { x, _ in 1 + x[0].magnitude }
    return try Table(
      features: table.features, featureNames: table.featureNames, target: table.target,
      rowData: ["event": (0..<rows).map { $0 % 4 == 0 ? 0 : 1 }], source: "times")
  }

  static let cases: [Case] = [
    Case(testDescription: "Adam", learner: learner(SquaredError())),
    Case(testDescription: "AdamW", learner: learner(SquaredError(), .adamW(learningRate: 0.02))),
    Case(testDescription: "SGD", learner: learner(SquaredError(), .sgd(learningRate: 0.05))),
    Case(
      testDescription: "an optimizer of one's own",
      learner: learner(SquaredError(), OwnPartsTests.SignDescent())),
    Case(
      testDescription: "early stopping",
      learner: stopping(learner(SquaredError(), .adam(learningRate: 0.3))), validates: true),
    Case(
      testDescription: "an objective without a loss, early stopping",
      learner: {
        let objective = CustomObjective("no loss") { row in
          .init(gradient: row.score - row.target, hessian: 1)
        }
        return stopping(learner(objective, .adam(learningRate: 0.3)))
      }(), validates: true),
    Case(
      testDescription: "rows of a group compared", learner: learner(PairwiseRanking()),
      table: { try groups(200) }),
    Case(
      testDescription: "all rows compared", learner: learner(Cox()),
      table: { try times(180) }),
  ]

  @Test("end in the same bytes", arguments: cases)
  func resumes(fit: Case) throws {
    let table = try fit.table()
    let train = table.subset(Array(0..<table.rowCount - 60))
    let validation =
      fit.validates ? table.subset(Array(table.rowCount - 60..<table.rowCount)) : nil
    var whole = try Perceptron.TrainingSession(fit.learner, train, validation: validation)
    var states = [try JSONEncoder().encode(whole.state)]
    while try whole.step() { states.append(try JSONEncoder().encode(whole.state)) }
    #expect(whole.isFinished && states.count > 4)
    let expected = try whole.network()
    #expect(try bytes(fit.learner.fit(train, validation: validation)) == bytes(expected))

    for (epoch, state) in states.enumerated() {
      // On another number of threads, too.
      var learner = fit.learner
      learner.threads = 1 + epoch % 3
      let decoded = try JSONDecoder().decode(Perceptron.TrainingState.self, from: state)
      #expect(decoded.epoch == epoch)
      var session = try Perceptron.TrainingSession(
        learner, train, validation: validation, resuming: decoded)
      #expect(session.state == decoded)
      while try session.step() {}
      let network = try session.network()
      #expect(try bytes(network) == bytes(expected), "after epoch \(epoch)")
      #expect(network.log.bestRound == expected.log.bestRound)
      #expect(network.log.rounds.map(\.validationLoss) == expected.log.rounds.map(\.validationLoss))
      #expect(network.log.rounds.map(\.trainLoss) == expected.log.rounds.map(\.trainLoss))
    }
  }

  @Test("a state of another fit is refused, and names what differs") func refusals() throws {
    let table = try Self.cases[0].table()
    let learner = Self.cases[0].learner
    var session = try Perceptron.TrainingSession(learner, table)
    _ = try session.step()
    let state = session.state
    let others: [(String, (inout Perceptron) -> Void)] = [
      ("seed", { $0.seed = 5 }), ("optimizer", { $0.optimizer = .sgd() }),
      ("layer", { $0.hidden = [8] }), ("epochs", { $0.epochs = 6 }),
      ("batch size", { $0.batchSize = 16 }), ("weight decay", { $0.weightDecay = 0 }),
      ("objective", { $0.objective = PseudoHuber(delta: 1) }),
    ]
    for (word, change) in others {
      var other = learner
      change(&other)
      let error = #expect(throws: LearningError.self) {
        try Perceptron.TrainingSession(other, table, resuming: state)
      }
      #expect(error?.code == .invalidOption)
      #expect(error?.reason.contains(word) == true, "\(word): \(error?.reason ?? "")")
    }
    var damaged = state
    damaged.optimizerState.removeLast()
    #expect(throws: LearningError.self) {
      try Perceptron.TrainingSession(learner, table, resuming: damaged)
    }
  }

  /// Losses beyond every number are no reason to lose a checkpoint.
  @Test("numbers that are not finite are written down and read") func extremes() throws {
    let session = try Perceptron.TrainingSession(
      Self.cases[0].learner, try Self.cases[0].table())
    var state = session.state
    state.parameters[0] = -.infinity
    state.bestLoss = [.nan]
    state.curve = [EpochRecord(TrainingRound(round: 1, trainLoss: .infinity, seconds: 0.1))]
    let read = try JSONDecoder().decode(
      Perceptron.TrainingState.self, from: JSONEncoder().encode(state))
    #expect(read.parameters == state.parameters && read.bestLoss[0].isNaN)
    #expect(read.rounds[0].trainLoss == .infinity && read.rounds[0].seconds == 0.1)
  }

  /// What is asked of the objective's curvature does not grow with the rows.
  @Test("the curvature rule is looked up once per fit") func curvature() throws {
    func looks(rows: Int) throws -> Int {
      let counter = CountingObjective.Counter()
      let table = try makeTable(rows: rows, columns: 1, seed: 11) { x, _ in x[0] }
      var learner = Perceptron(hidden: [], objective: CountingObjective(counter), epochs: 1)
      learner.checksObjective = false
      _ = try learner.fit(table)
      return counter.count.load(ordering: .relaxed)
    }
    let few = try looks(rows: 4_000)
    #expect(few > 0)
    #expect(try looks(rows: 40_000) == few)
  }
}
