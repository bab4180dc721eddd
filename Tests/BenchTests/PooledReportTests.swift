import Foundation
import HDF5
import Harness
import Testing

@testable import bench

/// What belongs to a whole run: folds together, weights, notes, metrics that suit.
struct PooledReportTests {
  private func text(_ path: String, _ bench: BenchProcess) throws -> String {
    String(
      decoding: try Data(contentsOf: bench.folder.appendingPathComponent(path)), as: UTF8.self)
  }

  /// The mean and spread of the page are those of the folds' own records.
  @Test func foldsArePooled() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch(hasParts: false).write("data.h5", for: bench)
    let outcome = try bench.run([
      "compare", "--data", "data.h5", "--learners", "trees", "--rounds", "3", "--folds", "3",
      "--objective", "sne", "--form", "plain", "--output", "out", "--name", "cv", "--quiet",
    ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    for name in ["cv.md", "cv.json"] { #expect(outcome.output.contains("  out/\(name)")) }
    let pooled = try JSONDecoder().decode(
      PooledRecord.self,
      from: Data(contentsOf: bench.folder.appendingPathComponent("out/cv.json")))
    #expect(pooled.isComplete && pooled.plannedFolds == 3)
    #expect(pooled.folds.map(\.report) == ["cv-fold-1", "cv-fold-2", "cv-fold-3"])
    #expect(pooled.folds.map(\.testRows).reduce(0, +) == 80)
    let line = try #require(pooled.lines.first)
    let values = try pooled.folds.map { fold in
      let record = try ResultRecord(
        contentsOf: bench.folder.appendingPathComponent("out/\(fold.report).json").path)
      return try #require(record.finishedTrials(of: line.combination).first?.testScore("rmsne"))
    }
    let mean = values.reduce(0, +) / 3
    let squares = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
    #expect(abs(try #require(line.mean["rmsne"]) - mean) < 1e-12)
    #expect(abs(try #require(line.deviation?["rmsne"]) - (squares / 2).squareRoot()) < 1e-12)
    let page = try text("out/cv.md", bench)
    for fold in 1...3 { #expect(page.contains("| [Fold \(fold)](cv-fold-\(fold).md) |")) }
    #expect(page.contains("Mean ± standard deviation over the test rows of 3 folds"))
    #expect(page.contains("`cv.json`"))
  }

  @Test func aPooledReportDoesNotReplaceItsData() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileManager.default.createDirectory(
      at: bench.folder.appendingPathComponent("out"), withIntermediateDirectories: true)
    try FileSketch().write("out/n.json", for: bench)
    let outcome = try bench.run([
      "compare", "--data", "out/n.json", "--folds", "2", "--name", "n", "--output", "out",
    ])
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("which is an input"))
  }

  /// Weighted metrics are said to be, by which column; unweighted ones are not.
  @Test func weightsAreSaid() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    let compare = [
      "compare", "--data", "data.h5", "--learners", "trees", "--rounds", "3", "--quiet", "--output",
      "out", "--name", "n",
    ]
    let plain = try bench.run(compare)
    #expect(plain.code == 0 && !plain.output.contains("weighted"))
    #expect(try !text("out/n.md", bench).contains("weighted"))
    let weighted = try bench.run(compare + ["--weight", "size"])
    #expect(weighted.code == 0, "\(weighted.errors)")
    #expect(weighted.output.contains("Metrics are weighted by the column 'size'."))
    let page = try text("out/n.md", bench)
    #expect(page.contains("Metrics and losses are weighted by the column size."))
    #expect(page.contains("| Row weights | size |"))
  }

  /// Metrics of rows that all weigh nothing are undefined.
  @Test func testRowsWithoutWeightAreRefused() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    // Every fourth row is a test row.
    try FileSketch(sizes: (0..<80).map { $0 % 4 == 3 ? 0 : 1 }).write("data.h5", for: bench)
    for command in [["train", "trees"], ["compare", "--objective", "squared"]] {
      let outcome = try bench.run(command + ["--data", "data.h5", "--weight", "size"])
      #expect(outcome.code == 65)
      #expect(outcome.errors.contains("data.h5: every row to test on has weight 0"))
      #expect(try bench.files == ["data.h5"])
    }
  }

  @Test func rowDataThatNothingReadsIsNoted() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    let train = ["train", "trees", "--data", "data.h5", "--rounds", "3"]
    let noted = try bench.run(train + ["--row-data", "height=size"])
    #expect(noted.code == 0, "\(noted.errors)")
    #expect(noted.errors.contains("note: no objective or metric reads row data 'height'"))
    let read = try bench.run(train + ["--row-data", "size=size"])
    #expect(read.code == 0 && read.errors.isEmpty)
  }

  /// Squared error of a relevance says nothing of an order.
  @Test func rankingIsJudgedByOrder() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try File.write(to: bench.folder.appendingPathComponent("rank.h5").path) { file in
      try file.write("X", (0..<240).map { Float(($0 * 7919) % 101) }, shape: [80, 3])
      try file.write("y", (0..<80).map { Double(($0 * 31) % 4) })
      try file.write("group", (0..<80).map { Int32($0 / 8) })
    }
    let trained = try bench.run([
      "train", "trees", "--data", "rank.h5", "--objective", "lambdamart", "--rounds", "3", "--json",
      "--split-by", "group",
    ])
    let object = try JSONSerialization.jsonObject(with: Data(trained.output.utf8))
    let metrics = (object as? [String: Any])?["metrics"] as? [String: Any]
    #expect(metrics?.keys.sorted() == ["map", "ndcg(10)"], "\(trained.errors)")
    let compared = try bench.run([
      "compare", "--data", "rank.h5", "--objective", "lambdamart", "--learners", "trees",
      "--rounds", "3", "--split-by", "group", "--quiet",
    ])
    #expect(compared.code == 0, "\(compared.errors)")
    #expect(compared.output.contains("NDCG@10") && !compared.output.contains("RMSE"))
  }

  /// A model whose scores outnumber its class names.
  @Test func aClassWithoutNameIsItsNumber() throws {
    let text = PredictionText(
      scores: [0, 1, 2, 2, 1, 0], predictions: [0, 0, 1, 1, 0, 0], labels: [2, 0], width: 3,
      classNames: ["no", "yes"])
    var lines: [String] = []
    try text.write { lines.append($0) }
    let rows = lines.joined(separator: "\n").split(separator: "\n")
    #expect(rows[1].hasSuffix(",2"))
    #expect(rows[2].hasSuffix(",no"))
  }
}
