import OrderedCollections
import Foundation
import Learning
import Losses
import Tabular

@testable import Harness

/// The cheapest learner there is: after round `r` its output is `slope * (1 - 1 / (r + 1))` times
/// the first feature plus a little that depends on the seed. It stands in for trees and networks so
/// that the harness is tested alone.
struct LineLearner: Learner {
  var objective: any Objective
  var adjustsScores = false
  var checksObjective = false
  var recordsTrainingLoss = false
  var seed: UInt64 = 0
  var threads: Int?
  var rounds = 4
  var slope = 1.0
  var failure: LearningError?

  func fit(
    _ train: Table, validation: Table?, progress: ((TrainingRound) -> Bool)?
  ) throws(LearningError) -> LineModel {
    if let failure { throw failure }
    let rows = try ObjectiveRows(train, for: fittedObjective)
    let validationRows = try validation.map { table throws(LearningError) in
      try ObjectiveRows(table, for: fittedObjective)
    }
    var model = LineModel(
      header: ModelHeader(
        objective: fittedObjective,
        initialScores: [Double](repeating: 0, count: objective.scoresPerRow), table: train),
      slope: 0, offset: Double(seed % 7) / 100)
    model.log.prepareSeconds = 0.25
    model.log.trainSeconds = 1.5
    model.log.threads = threads ?? 1
    for round in 1...rounds {
      model.slope = slope * (1 - 1 / Double(round + 1))
      var entry = TrainingRound(round: round, seconds: 0)
      func loss(_ rows: ObjectiveRows, _ table: Table) -> Double {
        let scores = model.outputs(
          features: table.features, rowCount: table.rowCount, threads: nil)
        var tracker = LossTracker(fittedObjective, rows, scores: scores)
        return tracker.loss(at: scores)
      }
      if recordsTrainingLoss { entry.trainLoss = loss(rows, train) }
      if let validation, let validationRows {
        entry.validationLoss = loss(validationRows, validation)
      }
      model.log.rounds.append(entry)
      model.log.bestRound = round
      guard progress?(entry) ?? true else { break }
    }
    return model
  }
}

struct LineModel: TrainedModel {
  static var kind: String { "line" }
  var header: ModelHeader
  var log = TrainingLog()
  var slope: Double
  var offset: Double

  init(header: ModelHeader, slope: Double, offset: Double) {
    self.header = header
    self.slope = slope
    self.offset = offset
  }

  func outputs(features: [Float], rowCount: Int, threads: Int?) -> [Double] {
    let width = header.objective.scoresPerRow
    let columns = header.featureNames.count
    return (0..<rowCount).flatMap { row in
      (0..<width).map { k in
        slope * Double(features[row * columns]) * (k == 0 ? 1 : -1) + offset * Double(k + 1)
      }
    }
  }

  func encodePayload(into encoder: inout BinaryEncoder) {
    encoder.append(slope)
    encoder.append(offset)
  }

  init(header: ModelHeader, payload: inout BinaryDecoder) throws(LearningError) {
    self.header = header
    slope = try payload.readDouble()
    offset = try payload.readDouble()
  }
}

enum Samples {
  /// Systems of sizes from 2 to 5000, `rowsEach` rows of each in time order; the target is about
  /// `size * x`. The last quarter of each system's rows are test rows, the fifth before it validation
  /// rows.
  static func fleet(systems: Int = 12, rowsEach: Int = 20, seed: UInt64 = 1) throws -> Table {
    var generator = RandomGenerator(seed: seed)
    var features: [Float] = []
    var targets: [Double] = []
    var sizes: [Double] = []
    var groups: [Int] = []
    var parts: [Table.Part] = []
    for system in 0..<systems {
      let size = 2 * pow(2500, Double(system) / Double(systems - 1))
      for row in 0..<rowsEach {
        let x = generator.uniform()
        features += [Float(x), Float(size)]
        targets.append(size * (x + 0.1 * generator.normal()))
        sizes.append(size)
        groups.append(system)
        parts.append(
          4 * row >= 3 * rowsEach ? .test : 20 * row >= 12 * rowsEach ? .validation : .train)
      }
    }
    return try Table(
      features: features, featureNames: ["x", "size"], target: targets, groups: groups,
      parts: parts, rowData: ["size": sizes], source: "fleet")
  }

  /// Rows of `classes` classes that the first feature tells apart.
  static func classes(_ classes: Int, rows: Int = 90, seed: UInt64 = 1) throws -> Table {
    var generator = RandomGenerator(seed: seed)
    let targets = (0..<rows).map { Double($0 % classes) }
    return try Table(
      features: targets.flatMap { [Float($0 - 0.5 + 0.8 * generator.normal()), 1] },
      featureNames: ["x", "one"], target: targets,
      classNames: (0..<classes).map { "class \($0)" }, source: "classes")
  }

  /// An experiment of line learners on ``fleet(systems:rowsEach:seed:)``.
  static func experiment(
    seeds: [UInt64] = [1, 2], learners: [LearnerPlan]? = nil, table: Table? = nil
  ) throws -> Experiment {
    let table = try table ?? fleet()
    var experiment = try Experiment(
      title: "Lines",
      data: ExperimentData(table, split: .column, name: "fleet"),
      learners: learners ?? [line("Near", slope: 1.2), line("Far", slope: 2)],
      objectives: [
        ObjectivePlan(
          name: "SNE", objective: SizeNormalisedSquaredError(), forms: [.plain, .adjusted]),
        ObjectivePlan(name: "Squared error", objective: SquaredError(), isBaseline: true),
      ], seeds: seeds)
    experiment.resamples = 50
    return experiment
  }

  static func line(
    _ name: String, slope: Double = 1.2, failure: LearningError? = nil
  ) -> LearnerPlan {
    LearnerPlan(name: name, kind: .trees, options: [.init("slope", "\(slope)")], plannedRounds: 4) {
      LineLearner(
        objective: $0, adjustsScores: $1, seed: $2, threads: $3, slope: slope, failure: failure)
    }
  }
}
