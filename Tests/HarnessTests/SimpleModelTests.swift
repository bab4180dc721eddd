import Formulas
import Baselines
import Foundation
import Learning
import Losses
import Tabular
import Testing

@testable import Harness

struct SimpleModelTests {
  private func experiment(_ seeds: [UInt64] = [1, 2]) throws -> Experiment {
    var experiment = try Samples.experiment(seeds: seeds)
    let simple = try SimpleModels(for: experiment.objectives, data: experiment.data)
    experiment.simpleModels = simple.plans
    experiment.simpleModelNotes = simple.notes
    return experiment
  }

  /// They run once, before everything else, and every learner is compared with the best of them.
  @Test func learnersAreComparedWithTheBest() throws {
    let record = try experiment().run().record
    let simple = record.trials.filter { record.isSimple($0.combination) }
    #expect(simple.map(\.combination.learner) == ["Constant", "Linear", "Column as is"])
    #expect(simple.allSatisfy { $0.seed == 1 && $0.status == .finished && $0.kind.isSimple })
    #expect(simple.allSatisfy { $0.combination.form == .adjusted && $0.modelSHA256 != nil })
    #expect(record.trials.count == 3 + 12)
    // The target is the size times x and a little noise: x as it stands and the line both know.
    let scores = simple.compactMap { $0.testScore("rmsne") }
    #expect(scores[1] < 0.13 && scores[2] < 0.13 && scores[0] > 0.2)
    let best = simple[scores[1] < scores[2] ? 1 : 2].combination
    let compared = record.comparisons.filter { $0.question == .simple && $0.metric == "rmsne" }
    #expect(compared.count == 6 && compared.allSatisfy { $0.b == best })
    #expect(compared.allSatisfy { $0.seeds == 2 && $0.familySize == 6 })
    #expect(compared.allSatisfy { ($0.adjustedPValue ?? 0) >= ($0.pValue ?? 1) })
    // Other questions are about learners alone.
    #expect(
      record.comparisons.allSatisfy { $0.question == .simple || !record.isSimple($0.b) })
    #expect(record.smallestDifference == 0.01)
    #expect(record.simpleModels?.map(\.words).first == "the best constant")
    #expect(record.simpleModelNotes?.contains { $0.hasPrefix("The column x, per unit") } == true)
  }

  /// A family of six needs p-values finer than its number of resamples allows; they are raised.
  @Test func familiesTakeEnoughResamples() throws {
    let record = try experiment([1]).run().record
    let compared = try #require(record.comparisons.first { $0.question == .simple })
    #expect(compared.resamples == 360)
  }

  @Test func recordsWithThemAreReadBack() throws {
    let record = try experiment([1]).run().record
    #expect(try ResultRecord(json: record.json()).json() == record.json())
    #expect(record.version == 2)
  }

  /// A record of the version before: it lacks what is new.
  @Test func olderRecordsAreRead() throws {
    let record = try Samples.experiment(seeds: [1]).run().record
    var object = try #require(
      JSONSerialization.jsonObject(with: record.json()) as? [String: Any])
    object["version"] = 1
    for key in ["smallestDifference", "simpleModels", "simpleModelNotes", "metricNotes", "slices"] {
      object[key] = nil
    }
    let old = try ResultRecord(json: JSONSerialization.data(withJSONObject: object))
    #expect(old.simpleModels == nil && old.slices == nil && old.trials.count == 6)
    object["version"] = 3
    #expect(throws: HarnessError.self) {
      try ResultRecord(json: JSONSerialization.data(withJSONObject: object))
    }
  }

  @Test func aColumnMayBeNamed() throws {
    let experiment = try Samples.experiment(seeds: [1])
    let named = try SimpleModels(
      for: experiment.objectives, data: experiment.data, persistence: "size")
    #expect(named.plans.last?.learner.options == [NamedValue("column", "size")])
    #expect(named.plans.last?.learner.name == "Persistence")
    #expect(throws: HarnessError.self) {
      try SimpleModels(for: experiment.objectives, data: experiment.data, persistence: "week")
    }
  }

  /// The note's share is 1 less the squares of the errors over those of the distances from the mean,
  /// of the training rows, per unit of size.
  @Test func howMuchAColumnExplainsIsSaid() throws {
    let experiment = try Samples.experiment(seeds: [1])
    let train = experiment.data.train
    let sizes = try #require(train.rowData["size"])
    let goals = zip(try #require(train.target), sizes).map { $0 / $1 }
    let mean = goals.reduce(0, +) / Double(goals.count)
    let (errors, distances) = goals.indices.reduce((0.0, 0.0)) { sums, row in
      let error = goals[row] - Double(train.features[row * train.columnCount])
      return (sums.0 + error * error, sums.1 + (goals[row] - mean) * (goals[row] - mean))
    }
    let percent = (1000 * (1 - errors / distances)).rounded() / 10
    #expect((50..<100).contains(percent))
    let simple = try SimpleModels(for: experiment.objectives, data: experiment.data)
    #expect(
      simple.notes.contains(
        "The column x, per unit of size, was found by its values: as it stands it explains "
          + "\(percent) % of the target's variance on the training rows."), "\(simple.notes)")
    let named = try SimpleModels(
      for: experiment.objectives, data: experiment.data, persistence: "x")
    #expect(named.notes.contains { $0.hasPrefix("The column x, per unit of size, was named: ") })
  }

  /// What has no line is said to have none, and is no failed trial.
  @Test func whatIsLeftOutIsSaid() throws {
    let table = try Samples.fleet()
    let data = try ExperimentData(table, split: .column, name: "fleet")
    let odd = BatchObjective("two scores", scoresPerRow: 2) { scores, _, gradients, hessians in
      for index in gradients.indices {
        gradients[index] = scores[index]
        hessians[index] = 1
      }
    }
    let simple = try SimpleModels(for: [ObjectivePlan(name: "odd", objective: odd)], data: data)
    #expect(simple.plans.filter { $0.objective == "odd" }.map(\.learner.name) == ["Constant"])
    #expect(
      simple.notes.first
        == "There is no straight line under odd: it gives no loss by which a line could be fitted, "
        + "only derivatives.")
  }

  private func simple(
    _ text: String, metric: Metric? = nil, sizes: Bool = true
  ) throws -> [String] {
    var table = try Samples.fleet()
    if !sizes { table = try table.withoutRowData }
    let data = try ExperimentData(table, split: .column, name: "fleet")
    let plan = ObjectivePlan(
      name: text, objective: try parseObjective(text), forms: [.plain, .adjusted])
    let metrics = metric.map { [$0] } ?? MetricChoice.metrics(for: [plan], data: data.test)
    return try SimpleModels(for: [plan], data: data, metrics: metrics).plans.map {
      "\($0.learner.name), \($0.objective)\($0.form == .adjusted ? ", adjusted" : "")"
    }
  }

  /// A name, a text and the loss that the leading metric measures: each is met by a line that aims
  /// at what it is judged by, and by one per unit of size where there are sizes.
  @Test func linesAimAtWhatIsJudged() throws {
    #expect(
      try simple("absolute", sizes: false) == ["Constant, absolute", "Linear, absolute"])
    let text = "abs(score - y)"
    #expect(try simple(text, sizes: false) == ["Constant, \(text)", "Linear, \(text)"])
    #expect(
      try simple("huber(1)", sizes: false) == [
        "Constant, huber(1)", "Linear, huber(1)", "Constant, absolute", "Linear, absolute",
      ])
    #expect(
      try simple("(score - y)^4", sizes: false) == [
        "Constant, (score - y)^4", "Linear, (score - y)^4", "Constant, squared", "Linear, squared",
      ])
    #expect(
      try simple(text) == [
        "Constant, \(text)", "Linear, \(text)", "Linear, sne, adjusted",
        "Column as is, sne, adjusted",
      ])
    let sne = "square((score - y) / size)"
    #expect(
      try simple(sne) == [
        "Constant, \(sne), adjusted", "Linear, \(sne), adjusted",
        "Column as is, \(sne), adjusted",
      ])
    // The same line is fitted once, whether it is there for the metric or for the sizes.
    #expect(
      try simple(text, metric: .rmsne).filter { $0 == "Linear, sne, adjusted" }.count == 1)
  }

  /// An experiment with simple models of an objective of their own runs and is written.
  @Test func theirOwnObjectivesAreRun() throws {
    let table = try Samples.fleet()
    var experiment = try Experiment(
      title: "t", data: ExperimentData(table, split: .column, name: "t"),
      learners: [Samples.line("Line")],
      objectives: [.init(name: "huber", objective: Huber(delta: 1))])
    experiment.simpleModels = try SimpleModels(
      for: experiment.objectives, data: experiment.data, metrics: experiment.metrics
    ).plans
    experiment.resamples = 50
    let record = experiment.run().record
    let own = Combination(learner: "Linear", objective: "sne", form: .adjusted)
    #expect(record.finishedTrials(of: own).first?.testScore("mae")?.isFinite == true)
    #expect(record.objectives.map(\.name) == ["huber", "absolute", "sne"])
    // On systems of 2 to 5000 the line per unit of size is the one to beat.
    #expect(record.comparisons.first { $0.question == .simple }?.b == own)
    #expect(try ResultRecord(json: record.json()).json() == record.json())
  }

  /// The same model file under every seed is one fit.
  @Test func equalFitsCountOnce() throws {
    var record = try experiment().run().record
    let near = Combination(learner: "Near", objective: "SNE", form: .plain)
    #expect(record.distinctTrials(of: near).count == 2)
    for index in record.trials.indices where record.trials[index].combination == near {
      record.trials[index].modelSHA256 = "same"
    }
    #expect(record.distinctTrials(of: near).count == 1)
    #expect(record.finishedTrials(of: near).count == 2)
  }
}

struct SliceTests {
  @Test func everySystemIsTold() throws {
    let record = try Samples.experiment(seeds: [1]).run().record
    let slices = try #require(record.slices)
    let groups = slices.filter { $0.kind == .group }
    #expect(groups.count == 12 && groups.allSatisfy { $0.rows == 5 && $0.metric == "rmsne" })
    let sizes = slices.filter { $0.kind == .size }
    #expect(sizes.count == record.sizeBuckets.count)
    // The mean of squares over slices that cover all rows is that of all rows.
    let combination = record.trials[0].combination
    let sum = groups.reduce(0.0) {
      let value = $1.value(of: combination) ?? .nan
      return $0 + value * value
    }
    let whole = try #require(record.trials[0].testScore("rmsne"))
    #expect(abs((sum / 12).squareRoot() - whole) < 1e-12)
  }

  /// More than 500 groups would be a list that nobody reads; one group is the whole.
  @Test(arguments: [(500, 5, 500), (501, 5, 0), (2, 5, 2), (1, 5, 0), (3, 4, 0)])
  func groupsAreToldUpToANumber(systems: Int, testRows: Int, told: Int) throws {
    let table = try Samples.fleet(systems: max(systems, 2), rowsEach: 4 * testRows)
    let some = systems > 1 ? table : table.subset(Array(0..<4 * testRows))
    var experiment = try Samples.experiment(seeds: [1], table: some)
    experiment.resamples = 2
    let slices = experiment.run().record.slices ?? []
    #expect(slices.count { $0.kind == .group } == told)
  }

  @Test func classesAreTold() throws {
    let table = try Samples.classes(3, rows: 300)
    let experiment = try Experiment(
      title: "t",
      data: ExperimentData(table, split: .random(testFraction: 0.3, seed: 1), name: "t"),
      learners: [Samples.line("Line")],
      objectives: [.init(name: "S", objective: SoftmaxCrossEntropy(classes: 3))])
    let record = experiment.run().record
    let slices = try #require(record.slices).filter { $0.kind == .label }
    #expect(slices.map(\.name) == ["class 0", "class 1", "class 2"])
    #expect(slices.allSatisfy { $0.metric == "accuracy" && $0.values.count == 1 })
  }

  /// Quarters by ranks; where targets repeat there are fewer, and every row is in one.
  @Test func quartersOfTargets() {
    let quarters = Experiment.quarters((0..<100).map(Double.init))
    #expect(quarters.map(\.rows.count) == [25, 25, 25, 25])
    let mostlyZero = (0..<100).map { $0 < 60 ? 0 : Double($0) }
    let fewer = Experiment.quarters(mostlyZero)
    #expect(fewer.map(\.rows.count).reduce(0, +) == 100 && fewer.count == 2)
    #expect(Experiment.quarters([Double](repeating: 1, count: 100)).isEmpty)
    #expect(Experiment.quarters([1, 2, 3]).isEmpty)
  }
}

struct FoldComparisonTests {
  private func folds() throws -> [ResultRecord] {
    try (0..<3 as Range<UInt64>).map { fold in
      var experiment = try Samples.experiment(
        seeds: [1], table: Samples.fleet(systems: 12, seed: fold + 5))
      let simple = try SimpleModels(for: experiment.objectives, data: experiment.data)
      experiment.simpleModels = simple.plans
      return experiment.run().record
    }
  }

  /// Means and t test by hand from the folds' own records.
  @Test func differencesOverFolds() throws {
    let folds = try folds()
    let pooled = PooledRecord(
      folds.enumerated().map { ("fold-\($0.offset)", $0.element) }, plannedFolds: 3)
    let comparisons = try #require(pooled.comparisons)
    let near = Combination(learner: "Near", objective: "SNE", form: .adjusted)
    let baseline = Combination(learner: "Near", objective: "Squared error", form: .plain)
    let found = try #require(
      comparisons.first { $0.a == near && $0.b == baseline && $0.metric == "rmsne" })
    let differences = try folds.map { fold in
      try #require(fold.finishedTrials(of: near).first?.testScore("rmsne"))
        - #require(fold.finishedTrials(of: baseline).first?.testScore("rmsne"))
    }
    let mean = differences.reduce(0, +) / 3
    let ratio =
      Double(folds[0].data.testRows) / Double(folds[0].data.trainRows)
    let variance = differences.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 2
    // The critical value of two degrees of freedom.
    let reach = 4.302652729749462 * ((1.0 / 3 + ratio) * variance).squareRoot()
    #expect(abs(found.difference.value - mean) < 1e-12 * abs(mean))
    #expect(abs(found.difference.high - (mean + reach)) < 1e-9 * reach)
    #expect(found.unit == .folds && found.unitCount == 3 && found.resamples == 0)
    let simple = comparisons.filter { $0.question == .simple && $0.metric == "rmsne" }
    #expect(simple.count == 6 && Set(simple.map(\.b)).count == 1)
    #expect(simple.allSatisfy { $0.familySize == 6 })
  }

  /// Means by hand of the times of three folds, of which one has a trial that failed.
  @Test func timesAndNotesOfFolds() throws {
    var folds = try folds()
    for (fold, train) in [1.5, 3, 1.5].enumerated() {
      for index in folds[fold].trials.indices {
        folds[fold].trials[index].seconds = .init(prepare: 0.25, train: train, predict: 7)
      }
    }
    folds[0].metricNotes = ["one", "two"]
    folds[2].metricNotes = ["two", "three"]
    folds[2].trials[0].status = .failed
    folds[2].trials[0].failure = "no luck"
    let pooled = PooledRecord(
      folds.enumerated().map { ("fold-\($0.offset)", $0.element) }, plannedFolds: 3)
    #expect(pooled.metricNotes == ["one", "two", "three"])
    let last = try #require(pooled.lines.first { $0.combination == folds[0].trials[1].combination })
    #expect(abs(last.trainSeconds - (1.75 + 3.25 + 1.75) / 3) < 1e-12)
    #expect(last.finished == 3 && last.failed == 0)
    let first = try #require(
      pooled.lines.first { $0.combination == folds[0].trials[0].combination })
    #expect(abs(first.trainSeconds - (1.75 + 3.25) / 2) < 1e-12)
    #expect(first.finished == 2 && first.failed == 1)
    #expect(pooled.failures.count == 1 && pooled.failures[0].hasSuffix("fold 3: no luck"))
  }

  @Test func oneFoldComparesNothing() throws {
    let fold = try Samples.experiment(seeds: [1]).run().record
    #expect(PooledRecord([("one", fold)], plannedFolds: 3).comparisons?.isEmpty == true)
  }
}

extension Table {
  /// The table without its side columns.
  fileprivate var withoutRowData: Table {
    get throws {
      try Table(
        features: features, featureNames: featureNames, target: target, groups: groups,
        parts: parts, source: source)
    }
  }
}
