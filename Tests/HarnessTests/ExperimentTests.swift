import Foundation
import Learning
import Losses
import Tabular
import Testing

@testable import Harness

struct ExperimentTests {
  @Test func everyCombinationRunsUnderEverySeedInOrder() throws {
    let result = try Samples.experiment().run()
    let record = result.record
    #expect(record.isComplete)
    #expect(record.trials.count == 2 * 3 * 2)
    #expect(record.trials.map(\.seed) == [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2])
    #expect(
      record.combinations.map(\.description).prefix(3) == [
        "Near, SNE", "Near, SNE (adjusted)", "Near, Squared error",
      ])
    #expect(record.metrics.first?.name == "rmsne")
    #expect(record.trials.allSatisfy { $0.status == .finished && $0.rounds == 4 })
    #expect(
      record.trials.allSatisfy { $0.trainLosses.count == 4 && $0.validationLosses.count == 4 })
    #expect(result.predictions.trials.count == 12)
  }

  /// Metrics of the record against their definition, from the predictions kept beside it.
  @Test func scoresFollowFromThePredictions() throws {
    let result = try Samples.experiment().run()
    let test = result.predictions
    for (record, trial) in zip(result.record.trials, test.trials) {
      let ratios = test.targets.indices.map {
        (trial.predictions[$0] - test.targets[$0]) / test.sizes[$0]
      }
      let expected = (ratios.map { $0 * $0 }.reduce(0, +) / Double(ratios.count)).squareRoot()
      let score = try #require(record.testScore("rmsne"))
      #expect(abs(score - expected) < 1e-12 * (1 + expected))
    }
  }

  /// The adjusted form multiplies the output by the size; the plain form does not.
  @Test func formsDiffer() throws {
    let result = try Samples.experiment(seeds: [1]).run()
    let plain = result.predictions.trials[0]
    let adjusted = result.predictions.trials[1]
    for (row, size) in result.predictions.sizes.enumerated() {
      #expect(abs(adjusted.predictions[row] - plain.predictions[row] * size) < 1e-9 * size)
    }
    #expect(result.record.trials[1].adjustment == "score = size * f")
    #expect(result.record.trials[0].adjustment == nil)
  }

  @Test func comparisonsAnswerTheThreeQuestions() throws {
    let record = try Samples.experiment().run().record
    let whole = record.comparisons.filter { $0.bucket == nil && $0.metric == "rmsne" }
    #expect(whole.count { $0.question == .objective } == 4)
    #expect(whole.count { $0.question == .form } == 2)
    #expect(whole.count { $0.question == .learner } == 3)
    #expect(whole.allSatisfy { $0.seeds == 2 && $0.unit == .groups && $0.unitCount == 12 })
    #expect(record.comparisons.contains { $0.metric == "rmse" && $0.bucket == nil })
    let near = Combination(learner: "Near", objective: "SNE", form: .adjusted)
    let comparison = try #require(whole.first { $0.a == near && $0.question == .objective })
    let a = try #require(
      Spread(record.finishedTrials(of: near).compactMap { $0.testScore("rmsne") }))
    #expect(abs(comparison.aValue - a.mean) < 1e-12)
    #expect(abs(comparison.difference.value - (comparison.aValue - comparison.bValue)) < 1e-12)
    #expect(comparison.verdict == .better)
    // Within buckets only objectives are compared.
    let inBuckets = record.comparisons.filter { $0.bucket != nil }
    #expect(Set(inBuckets.map(\.question)) == [.objective])
    #expect(inBuckets.count == 4 * record.sizeBuckets.count { $0.rows > 0 })
    // Each bucket has its rows; buckets of fewer than five systems get no interval.
    for comparison in record.comparisons {
      guard let bucket = comparison.bucket else { continue }
      #expect(comparison.rows == record.sizeBuckets[bucket].rows)
      #expect(comparison.unitCount == record.sizeBuckets[bucket].groups)
      #expect(comparison.difference.low.isNaN == (comparison.unitCount < 5))
    }
  }

  @Test func aFailedTrialStaysInTheRecord() throws {
    let failure = LearningError(.invalidOption, "the slope is odd; choose another")
    let learners = [Samples.line("Good"), Samples.line("Bad", failure: failure)]
    let record = try Samples.experiment(seeds: [3], learners: learners).run().record
    #expect(record.isComplete)
    #expect(
      record.trials.map(\.status) == [.finished, .finished, .finished, .failed, .failed, .failed])
    #expect(record.trials.last?.failure == "the slope is odd; choose another")
    #expect(record.comparisons.allSatisfy { $0.a.learner == "Good" && $0.b.learner == "Good" })
    #expect(record.sample?.columns.count == 3)
  }

  /// A fit that ends in NaN is a failure with a sentence, not a row of empty scores.
  @Test func aDivergedTrialHasFailed() throws {
    let learners = [Samples.line("Good"), Samples.line("Wild", slope: .infinity)]
    let record = try Samples.experiment(seeds: [3], learners: learners).run().record
    let wild = record.trials.filter { $0.combination.learner == "Wild" }
    #expect(wild.allSatisfy { $0.status == .failed && $0.scores.isEmpty && $0.rounds == 4 })
    #expect(wild.first?.failure?.contains("diverged") == true)
  }

  @Test func stoppingKeepsWhatIsFinished() throws {
    var events = 0
    let result = try Samples.experiment().run { progress in
      if case .round(let round) = progress.event, progress.trial == 3, round.round == 2 {
        return false
      }
      events += 1
      return true
    }
    let record = result.record
    #expect(!record.isComplete)
    #expect(record.trials.map(\.status).prefix(4) == [.finished, .finished, .cancelled, .notRun])
    #expect(record.trials.count == 12)
    #expect(record.trials[2].rounds == 2 && record.trials[2].scores.isEmpty)
    #expect(record.trials[2].failure == nil)
    #expect(result.predictions.trials.count == 2)
    // Beginning, four rounds and end of two trials; beginning, one round and end of the third.
    #expect(events == 2 * 6 + 3)
  }

  @Test func stoppingBeforeTheFirstTrial() throws {
    let record = try Samples.experiment().run { _ in false }.record
    #expect(!record.isComplete)
    #expect(record.trials.allSatisfy { $0.status == .notRun && $0.rounds == 0 })
    #expect(record.comparisons.isEmpty && record.sample == nil)
  }

  /// Two runs give the same record apart from times, memory and dates.
  @Test func runsRepeat() throws {
    func timeless(_ record: ResultRecord) -> ResultRecord {
      var record = record
      record.began = ""
      record.ended = ""
      for index in record.trials.indices {
        record.trials[index].seconds = nil
        record.trials[index].processPeakBytes = nil
      }
      return record
    }
    let first = try timeless(Samples.experiment().run().record).json()
    let second = try timeless(Samples.experiment().run().record).json()
    #expect(first == second)
  }

  @Test(arguments: [2, 3])
  func classesAreCountedByTargetAndPrediction(count: Int) throws {
    let table = try Samples.classes(count)
    let objective: any Objective = count == 2 ? Logistic() : SoftmaxCrossEntropy(classes: count)
    var experiment = try Experiment(
      title: "Classes",
      data: ExperimentData(table, split: .stratified(testFraction: 0.3, seed: 1), name: "classes"),
      learners: [Samples.line("Line")], objectives: [.init(name: "Plain", objective: objective)])
    experiment.resamples = 20
    let result = experiment.run()
    let record = result.record
    #expect(record.data.task == (count == 2 ? .binary : .multiclass))
    #expect(record.metrics.map(\.name).prefix(2).contains("accuracy"))
    let trial = try #require(record.trials.first)
    #expect(trial.status == .finished)
    let confusion = trial.confusion
    let right = confusion.indices.reduce(0) { $0 + confusion[$1][$1] }
    let accuracy = try #require(trial.testScore("accuracy"))
    #expect(abs(accuracy - Double(right) / Double(record.data.testRows)) < 1e-12)
    for target in 0..<count {
      let rows: Int = result.predictions.targets.count { Int($0) == target }
      #expect(confusion[target].reduce(0, +) == rows)
    }
    #expect(confusion.count == count)
    #expect(record.sizeBuckets.isEmpty)
    #expect((record.sample == nil) == (count > 2))
  }

  @Test func uselessExperimentsAreRefused() throws {
    let data = try ExperimentData(Samples.fleet(), split: .column, name: "fleet")
    let squared = ObjectivePlan(name: "Squared", objective: SquaredError())
    func refuses(
      _ learners: [LearnerPlan], _ objectives: [ObjectivePlan], _ seeds: [UInt64] = [1]
    ) -> Bool {
      (try? Experiment(
        title: "", data: data, learners: learners, objectives: objectives, seeds: seeds)) == nil
    }
    let line = Samples.line("Line")
    #expect(!refuses([line], [squared]))
    #expect(refuses([], [squared]))
    #expect(refuses([line], []))
    #expect(refuses([line], [squared], []))
    #expect(refuses([line], [squared], [1, 1]))
    #expect(refuses([line, line], [squared]))
    #expect(refuses([line], [squared, squared]))
    let never = ObjectivePlan(name: "Squared", objective: SquaredError(), forms: [.adjusted])
    #expect(refuses([line], [never]))
  }
}
