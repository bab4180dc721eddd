import BoostedTrees
import Foundation
import HDF5
import Harness
import Losses
import Tabular
import Testing

/// Which rows are tested on, and how rounds are chosen: by default, and the same in every command.
@Suite struct ProtocolTests {
  /// A file of 600 rows in 30 groups of 20, of which each stands at one level; times in no order.
  private func write(
    _ name: String, for bench: BenchProcess, groups: Bool = false, times: [Double]? = nil,
    relevance: Bool = false, parts: Bool = false
  ) throws {
    var generator = RandomGenerator(seed: 5)
    let levels = (0..<30).map { _ in generator.normal() }
    let x = (0..<600).map { _ in generator.normal() }
    let y = (0..<600).map { levels[$0 / 20] + x[$0] + 0.5 * generator.normal() }
    try File.write(to: bench.folder.appendingPathComponent(name).path) { file in
      try file.write(
        "X", (0..<600).flatMap { [Float(x[$0]), Float(levels[$0 / 20])] }, shape: [600, 2])
      try file.write("y", relevance ? y.map { min(4, max(0, ($0 + 2).rounded())) } : y)
      try file.write("size", (0..<600).map { 1 + Double($0 % 7) })
      if groups { try file.write("group", (0..<600).map { Int32($0 / 20) }) }
      if let times { try file.write("time", times) }
      if parts { try file.write("split", (0..<600).map { UInt8($0 % 4 == 3 ? 1 : 0) }) }
    }
  }

  /// The record of a comparison, without the trials of learners that have no rounds.
  private func trials(_ bench: BenchProcess, _ arguments: [String]) throws -> ResultRecord {
    let outcome = try bench.run(
      ["compare", "--name", "c", "--quiet", "--baseline", "none"] + arguments)
    try #require(outcome.code == 0, "\(outcome.errors)")
    var record = try ResultRecord(
      contentsOf: bench.folder.appendingPathComponent("Reports/c.json").path)
    record.trials.removeAll { !["Boosted trees", "MLP"].contains($0.combination.learner) }
    return record
  }

  private func result(_ bench: BenchProcess, _ arguments: [String]) throws -> [String: Any] {
    let outcome = try bench.run(["train"] + arguments + ["--json", "--quiet"])
    try #require(outcome.code == 0, "\(outcome.errors)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  /// Rows without a time are left out where times decide, and only there: the file's own split needs
  /// none, folds by time do.
  @Test func missingTimesMatterWhereTimesDecide() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    let times = (0..<600).map { $0 % 10 == 3 ? Double.nan : Double($0) }
    try write("times.h5", for: bench, times: times)
    try write("both.h5", for: bench, times: times, parts: true)
    let quick = ["--objective", "squared", "--rounds", "3", "--learners", "trees"]
    func notes(_ data: String, _ options: [String] = []) throws -> String {
      let outcome = try bench.run(
        ["compare", "--data", data, "--name", "n", "--baseline", "none"] + quick + options)
      try #require(outcome.code == 0, "\(outcome.errors)")
      return outcome.errors
    }
    #expect(try notes("times.h5").contains("60 rows have no time"))
    #expect(try !notes("both.h5").contains("no time"))
    #expect(try notes("both.h5", ["--folds", "2"]).contains("60 rows have no time"))
    #expect(try !notes("times.h5", ["--split-by", "random"]).contains("no time"))
  }

  /// By definition: the same options are the same fit, byte for byte. The library is a third way.
  @Test(arguments: [[], ["--early-stopping", "5"], ["--rounds", "9"], ["--split-by", "random"]])
  func trainAndCompareFitTheSameTrees(options: [String]) throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try write("data.h5", for: bench, groups: true)
    let data = ["--data", "data.h5", "--objective", "sne"] + options
    let trained = try result(bench, ["trees"] + data)
    let digest = try #require(trained["model_sha256"] as? String)
    let compared = try trials(bench, data + ["--learners", "trees"])
    #expect(compared.trials.map(\.modelSHA256) == [digest])
    #expect(compared.trials.first?.adjustment == "score = size * f")
    guard options != ["--early-stopping", "5"] else { return }
    let path = bench.folder.appendingPathComponent("data.h5").path
    let table = try Table(contentsOf: path, rowData: ["size"])
    let isRandom = options.contains("random")
    let rule: SplitMethod = isRandom ? .random : .usual(for: table)
    let (train, _, _) = try table.split(by: rule.split(testFraction: 0.2, seed: 1))
    let forest = try Booster(
      objective: SizeNormalisedSquaredError(), rounds: options.contains("--rounds") ? 9 : nil,
      holdOut: HoldOut(rule: isRandom ? .random : nil)
    ).fit(train)
    #expect(FileDigest.sha256(of: try ModelFile.bytes(of: forest)) == digest)
    if options.contains("--rounds") { #expect(forest.roundCount == 9) }
  }

  @Test(arguments: [["--epochs", "4"], []])
  func trainAndCompareFitTheSameNetwork(options: [String]) throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try write("data.h5", for: bench)
    let data = ["--data", "data.h5", "--objective", "squared", "--hidden", "4"] + options
    let digest = try result(bench, ["mlp"] + data)["model_sha256"] as? String
    let compared = try trials(bench, data + ["--learners", "mlp", "--seeds", "2"])
    #expect(compared.trials.first?.modelSHA256 == digest)
    #expect(compared.trials.first?.choice?.isRefitted == options.isEmpty)
    // Chance has a part in a network, and the second seed is a fit of its own.
    #expect(compared.trials.map(\.repeatsSeed) == [nil, nil])
    let second = try result(bench, ["mlp"] + data + ["--seed", "2"])["model_sha256"] as? String
    #expect(compared.trials.last?.modelSHA256 == second)
  }

  @Test func fitsWithoutChanceAreMarked() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try write("data.h5", for: bench)
    let record = try trials(
      bench, ["--data", "data.h5", "--objective", "squared", "--learners", "trees", "--seeds", "3"])
    #expect(record.trials.map(\.repeatsSeed) == [nil, 1, 1])
    #expect(record.trials.first?.choice?.heldOutRule == .random)
    #expect(record.trials.first?.choice?.heldOutRows == 72)
  }

  /// With times the latest rows are tested, with groups alone whole groups are; both are said.
  @Test func timeAndGroupsAreRespectedByDefault() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    let times = (0..<600).map { Double(($0 * 211) % 600) }
    try write("time.h5", for: bench, groups: true, times: times)
    let options = ["--learners", "trees", "--rounds", "3", "--objective", "absolute"]
    let byTime = try trials(bench, ["--data", "time.h5"] + options).data
    #expect(byTime.splitFacts?.rule == .time && byTime.splitFacts?.trainRowsFromTestOn == 0)
    #expect(byTime.splitFacts?.testSpan?.first == 480 && byTime.testRows == 120)
    #expect(byTime.splitFacts?.testGroupsInTraining == 30)
    let trained = try bench.run(["train", "trees", "--data", "time.h5", "--rounds", "3"])
    #expect(
      trained.output.contains(
        "split     every row learned from is earlier than the first test row (times 480 to 599)"))
    #expect(trained.output.contains("split     all 30 test groups are learned from as well"))
    try write("group.h5", for: bench, groups: true)
    let byGroup = try trials(bench, ["--data", "group.h5"] + options).data
    #expect(byGroup.splitFacts?.rule == .group && byGroup.splitFacts?.testGroupsInTraining == 0)
    #expect(byGroup.splitFacts?.testGroups == 6)
    let random = try trials(
      bench, ["--data", "time.h5", "--split-by", "random"] + options)
    #expect(random.data.splitFacts?.rule == .random)
    #expect(random.data.splitFacts?.trainRowsFromTestOn ?? 0 > 100)
  }

  /// Rows without a time are told and left out; never a training row at or after the first test row.
  @Test func missingTimesAreSetAsideAloud() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    var times = (0..<600).map { Double(($0 * 211) % 600) }
    for row in stride(from: 7, to: 600, by: 10) { times[row] = .nan }
    try write("nan.h5", for: bench, times: times)
    let outcome = try bench.run([
      "compare", "--data", "nan.h5", "--objective", "absolute", "--learners", "trees", "--rounds",
      "3", "--name", "c",
    ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("60 rows have no time (the first is row 7) and are left out"))
    let record = try ResultRecord(
      contentsOf: bench.folder.appendingPathComponent("Reports/c.json").path)
    #expect(record.data.splitFacts?.rowsWithoutTime == 60 && record.data.rowCount == 540)
    #expect(record.data.splitFacts?.trainRowsFromTestOn == 0)
    try write("none.h5", for: bench, times: [Double](repeating: .nan, count: 600))
    let asked = try bench.run(
      ["train", "trees", "--data", "none.h5", "--rounds", "3", "--split-by", "time"])
    #expect(asked.code == 65 && asked.errors.contains("no row has a time"), "\(asked.errors)")
    let unasked = try bench.run(["train", "trees", "--data", "none.h5", "--rounds", "3"])
    #expect(unasked.code == 0 && unasked.errors.contains("does not tell rows apart"))
  }

  /// A survival time that is the target is not when a row happened: the longest survivors would all
  /// be test rows.
  @Test func aTargetCalledTimeIsNoTime() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    var generator = RandomGenerator(seed: 2)
    let x = (0..<400).map { _ in generator.normal() }
    try File.write(to: bench.folder.appendingPathComponent("cox.h5").path) { file in
      try file.write("X", x.map(Float.init), shape: [400, 1])
      try file.write("time", x.map { 1 + exp($0) * generator.uniform() })
      try file.write("event", (0..<400).map { Double($0 % 3 == 0 ? 0 : 1) })
    }
    let options = ["--data", "cox.h5", "--target", "time", "--objective", "cox", "--rounds", "3"]
    let outcome = try bench.run(["train", "trees"] + options)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(
      outcome.errors.contains("dataset 'time' is the target, and so not taken for the time of the"))
    #expect(!outcome.output.contains("earlier than the first test row"))
    let asked = try bench.run(["train", "trees", "--time", "time"] + options)
    #expect(asked.output.contains("earlier than the first test row"), "\(asked.errors)")
  }

  @Test func rankingNeverTearsAQuery() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try write("queries.h5", for: bench, groups: true, relevance: true)
    let data = [
      "--data", "queries.h5", "--objective", "lambdamart", "--learners", "trees", "--rounds", "3",
    ]
    for options in [[], ["--split-by", "random"]] {
      let record = try trials(bench, data + options)
      #expect(record.data.splitFacts?.rule == .group)
      #expect(record.data.splitFacts?.testGroupsInTraining == 0)
    }
    try write("loose.h5", for: bench, relevance: true)
    let loose = try bench.run(["train", "trees", "--data", "loose.h5", "--objective", "lambdamart"])
    #expect(loose.code == 65 && loose.errors.contains("name one with --group"), "\(loose.errors)")
    let folds = try bench.run(
      ["compare", "--name", "f", "--folds", "3", "--baseline", "none", "--quiet"] + data)
    #expect(folds.code == 0, "\(folds.errors)")
    for fold in 1...3 {
      let record = try ResultRecord(
        contentsOf: bench.folder.appendingPathComponent("Reports/f-fold-\(fold).json").path)
      #expect(record.data.splitFacts?.testGroupsInTraining == 0)
      #expect(record.data.splitFacts?.testGroups == 10)
    }
  }

  @Test func foldsFollowTheTimes() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try write("time.h5", for: bench, times: (0..<600).map { Double(($0 * 211) % 600) })
    let outcome = try bench.run([
      "compare", "--name", "f", "--folds", "3", "--learners", "trees", "--rounds", "3", "--data",
      "time.h5", "--baseline", "none",
    ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("note: folds follow the times"))
    for fold in 1...3 {
      let data = try ResultRecord(
        contentsOf: bench.folder.appendingPathComponent("Reports/f-fold-\(fold).json").path
      ).data
      #expect(data.trainRows == 150 * fold && data.testRows == 150)
      #expect(data.splitFacts?.testSpan?.first == Double(150 * fold))
    }
  }
}
