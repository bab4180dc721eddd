import OrderedCollections
import Foundation
import Learning
import Losses
import Tabular
import Testing

@testable import MLP

/// Objectives whose rows depend on one another: ranking by groups, Cox by the whole table.
@Suite struct DependentRowsTests {
  /// Squared error that claims to depend on more rows than its own.
  private struct Claiming: Objective {
    let reach: Reach
    var name: String { SquaredError().name }
    var defaultMetric: Metric { SquaredError().defaultMetric }
    var curvature: Curvature { SquaredError().curvature }

    func losses(
      at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
    ) { SquaredError().losses(at: scores, rows, into: &losses) }

    func derivatives(
      at scores: Span<Double>, _ rows: borrowing Rows, gradients: inout MutableSpan<Double>,
      hessians: inout MutableSpan<Double>
    ) { SquaredError().derivatives(at: scores, rows, gradients: &gradients, hessians: &hessians) }
  }

  private static func regression(groups: [Int]? = nil) throws -> Table {
    let table = try makeTable(rows: 301, columns: 4, seed: 9) { x, _ in sin(x[0]) + x[1] * x[2] }
    return try Table(
      features: table.features, featureNames: table.featureNames, target: table.target,
      groups: groups, source: "made")
  }

  /// Rows that do not depend on one another train alike whichever way they are put before the
  /// objective, bit for bit.
  @Test("a claim alone changes nothing", arguments: [32, 128, 400], [1, 2, 3])
  func claims(batchSize: Int, threads: Int) throws {
    // Groups of one row each are drawn as rows are.
    let table = try Self.regression(groups: Array(0..<301))
    func fit(_ objective: any Objective) throws -> Network {
      try Perceptron(
        hidden: [20, 10], objective: objective, epochs: 3, batchSize: batchSize, threads: threads
      ).fit(table, validation: table)
    }
    let plain = try fit(SquaredError())
    for reach in [Reach.group, .table] {
      let network = try fit(Claiming(reach: reach))
      #expect(network.parameters == plain.parameters)
      #expect(
        network.log.rounds.map(\.validationLoss) == plain.log.rounds.map(\.validationLoss))
    }
  }

  @Test("batches hold whole groups and every row once", arguments: [1, 7, 64, 1000])
  func plans(batchSize: Int) throws {
    // Groups of 1, 2, ..., 24 rows, 300 rows in all, and one row more.
    var groups = (1...24).flatMap { [Int](repeating: $0, count: $0) }
    groups.append(99)
    let table = try Self.regression(groups: groups)
    let rows = try ObjectiveRows(table, for: Claiming(reach: .group))
    let plan = BatchPlan(rows, reach: .group, batchSize: batchSize)
    #expect(plan.largestBatch == min(301, max(24, batchSize)))
    var orders: Set<[Int]> = []
    for epoch in 0..<5 as Range<UInt64> {
      var generator = RandomGenerator(seed: 3, stream: epoch)
      let (order, batches) = plan.epoch(&generator)
      orders.insert(order)
      #expect(order.sorted() == Array(0..<301))
      #expect(batches.flatMap { Array($0.places) } == Array(0..<301))
      for batch in batches {
        #expect(batch.places.count <= max(batchSize, batch.blocks.count == 1 ? 24 : 0))
        #expect(batch.blocks.flatMap { Array($0) } == Array(order[batch.places]))
        for block in batch.blocks {
          #expect(Set(groups[block]).count == 1)
          #expect(groups.count { $0 == groups[block.lowerBound] } == block.count)
        }
      }
      // No batch could have taken the first group of the next.
      for (batch, next) in zip(batches, batches.dropFirst()) {
        #expect(batch.places.count + next.blocks[0].count > batchSize)
      }
    }
    #expect(orders.count == 5)
  }

  /// The step of one full batch is the gradient of Cox's whole partial likelihood: parameters move
  /// by the learning rate times central differences of the naive loss.
  @Test func aFullBatchDescendsTheWholeLoss() throws {
    let table = try Self.survival(rows: 200, seed: 3)
    func fit(_ rate: Double) throws -> Network {
      try Perceptron(
        hidden: [], objective: Cox(), optimizer: .sgd(learningRate: rate, momentum: 0), epochs: 1,
        batchSize: 200, weightDecay: 0
      ).fit(table)
    }
    // A rate too small to change any digit leaves the weights as they were drawn.
    let (start, moved) = try (fit(1e-30), fit(1))
    let h: Float = 1e-2
    for index in start.parameters.indices {
      func loss(_ shift: Float) throws -> Double {
        var parameters = start.parameters
        parameters[index] += shift
        let network = Network(
          header: start.header, activation: start.activation, outputScale: start.outputScale,
          stack: start.stack, standardizer: start.standardizer, parameters: parameters)
        return Self.naiveCox(try network.scores(for: table), table)
      }
      let slope = try (loss(h) - loss(-h)) / Double(2 * h)
      let step = Double(start.parameters[index] - moved.parameters[index])
      #expect(abs(step - slope) < 1e-4, "parameter \(index): \(step), \(slope)")
    }
    #expect(zip(start.parameters, moved.parameters).contains { abs($0 - $1) > 0.05 })
  }

  /// The mean over rows of Cox's negative log partial likelihood, term by term.
  private static func naiveCox(_ scores: [Double], _ table: Table) -> Double {
    let (times, events) = (table.target ?? [], table.rowData["event"] ?? [])
    var sum = 0.0
    for row in times.indices where events[row] == 1 {
      let atRisk = times.indices.filter { times[$0] >= times[row] }
      let risk = atRisk.reduce(0.0) { $0 + exp(scores[$1]) }
      sum += log(risk) - scores[row]
    }
    return sum / Double(times.count)
  }

  /// Exponential times whose logarithmic hazard is `x0 - x1 / 2`, a third of them watched for a part
  /// of the time only.
  static func survival(rows: Int, seed: UInt64) throws -> Table {
    var generator = RandomGenerator(seed: seed, stream: 5)
    var events: [Double] = []
    let table = try makeTable(rows: rows, columns: 3, seed: seed) { x, _ in
      let time = -log(1 - generator.uniform()) / exp(x[0] - x[1] / 2)
      let isWatched = generator.uniform() < 0.33
      events.append(isWatched ? 0 : 1)
      return max(time * (isWatched ? generator.uniform() : 1), 1e-9)
    }
    return try table.withRowData("event", events)
  }

  @Test("Cox ranks times, the same for any number of threads", arguments: 0..<2 as Range<UInt64>)
  func cox(seed: UInt64) throws {
    let table = try Self.survival(rows: 1_200, seed: seed + 20)
    let (train, _, test) = try table.split(by: .random(testFraction: 0.4, seed: seed))
    var learner = Perceptron(
      hidden: [16], objective: Cox(), optimizer: .adam(learningRate: 0.01), epochs: 30,
      batchSize: 128, seed: seed, threads: 1)
    let network = try learner.fit(train, validation: test)
    let concordance = try #require(
      network.evaluate(on: test, metrics: [.concordance]).entries.first?.value)
    // The true hazards order about 0.75 of the pairs that can be ordered.
    #expect(concordance > 0.7, "\(concordance)")
    let losses = network.log.rounds.compactMap(\.validationLoss)
    #expect(losses.count == 30 && losses[29] < losses[0])
    for threads in [2, 3] {
      learner.threads = threads
      #expect(try bytes(learner.fit(train, validation: test)) == bytes(network))
    }
  }

  /// Small steps on stale scores of other rows lead where steps on the whole loss lead.
  @Test func batchesOfATableReachTheMinimumOfTheWholeLoss() throws {
    let table = try Self.survival(rows: 400, seed: 8)
    func loss(batchSize: Int?, epochs: Int) throws -> Double {
      let network = try Perceptron(
        hidden: [], objective: Cox(), optimizer: .adam(learningRate: 0.02), epochs: epochs,
        batchSize: batchSize, weightDecay: 0
      ).fit(table)
      return Self.naiveCox(try network.scores(for: table), table)
    }
    let exact = try loss(batchSize: 400, epochs: 600)
    let batches = try loss(batchSize: 32, epochs: 60)
    #expect(abs(batches - exact) < 1e-3 * exact, "\(batches), \(exact)")
  }

  /// Groups of 3 to 40 rows whose relevance, 0 to 4, grows with a product of features.
  private static func queries(_ count: Int, seed: UInt64) throws -> Table {
    var generator = RandomGenerator(seed: seed, stream: 6)
    let groups = (0..<count).flatMap { [Int](repeating: $0, count: 3 + generator.index(below: 38)) }
    let table = try makeTable(rows: groups.count, columns: 4, seed: seed) { x, _ in
      min(4, max(0, (2 + 1.5 * x[0] * x[1] + x[2] + 0.3 * generator.normal()).rounded()))
    }
    return try Table(
      features: table.features, featureNames: table.featureNames, target: table.target,
      groups: groups, source: "made")
  }

  @Test(
    "ranking beats chance by far, the same for any number of threads",
    arguments: ["pairwise", "lambdamart"])
  func ranking(name: String) throws {
    let (train, test) = try (Self.queries(80, seed: 1), Self.queries(40, seed: 2))
    var learner = Perceptron(
      hidden: [24], objective: try Catalogue.objective(name),
      optimizer: .adam(learningRate: 0.01), epochs: 40, batchSize: 128, threads: 1)
    let network = try learner.fit(train, validation: test)
    func ndcg(_ network: Network) throws -> Double {
      try #require(network.evaluate(on: test, metrics: [.ndcg(at: 10)]).entries.first?.value)
    }
    var idle = learner
    idle.epochs = 1
    idle.optimizer = .sgd(learningRate: 1e-30, momentum: 0)
    let (learnt, random) = try (ndcg(network), ndcg(idle.fit(train)))
    #expect(learnt > 0.9 && learnt > random + 0.15, "\(random) to \(learnt)")
    for threads in [2, 3] {
      learner.threads = threads
      #expect(try bytes(learner.fit(train, validation: test)) == bytes(network))
    }
  }

  @Test func groupsOfWeightZeroAreNotThere() throws {
    let table = try Self.queries(30, seed: 3)
    let groups = try #require(table.groups)
    func weighted(_ weight: (Int) -> Double) throws -> Table {
      try Table(
        features: table.features, featureNames: table.featureNames, target: table.target,
        weights: groups.map(weight), groups: groups, source: "made")
    }
    let learner = Perceptron(hidden: [8], objective: PairwiseRanking(), epochs: 3)
    let some = try weighted { $0 % 3 == 0 ? 0 : 1 + Double($0 % 2) }
    let kept = some.subset(groups.indices.filter { groups[$0] % 3 != 0 })
    let model = try bytes(learner.fit(some))
    #expect(try bytes(learner.fit(kept)) == model)
    // Only the ratio of weights counts.
    let quadruple = try weighted { $0 % 3 == 0 ? 0 : 4 * (1 + Double($0 % 2)) }
    #expect(try bytes(learner.fit(quadruple)) == model)
    #expect(try bytes(learner.fit(weighted { $0 % 3 == 0 ? 0 : 1 })) != model)
  }

  @Test(
    "every epoch of a large table has 64 steps at most",
    arguments: [(2048, 128), (64_000, 1000)])
  func defaultBatchSize(rows: Int, expected: Int) {
    let learner = Perceptron(objective: Cox())
    #expect(learner.batchSize(rows: rows, reach: .table) == expected)
  }
}
