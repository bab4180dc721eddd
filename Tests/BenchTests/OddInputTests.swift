import Foundation
import HDF5
import Testing

@testable import bench

/// Honest input of unusual kinds: read as it is meant, or told about.
struct OddInputTests {
  private func withBench<Result>(_ body: (BenchProcess) throws -> Result) throws -> Result {
    let bench = try BenchProcess()
    defer { bench.clean() }
    return try body(bench)
  }

  /// Runs a command that must end well.
  private func run(_ bench: BenchProcess, _ words: [String]) throws -> BenchProcess.Outcome {
    let outcome = try bench.run(words)
    #expect(outcome.code == 0, "\(words): \(outcome.errors)")
    return outcome
  }

  /// The predictions of `model` for `data.h5`.
  private func predictions(_ bench: BenchProcess) throws -> [Double] {
    let text = try run(
      bench, ["predict", "--model", "m", "--data", "data.h5", "--output", "-"]
    ).output
    let lines = text.split(separator: "\n").map { $0.split(separator: ",") }
    let column = try #require(lines.first?.firstIndex(of: "prediction"))
    return lines.dropFirst().compactMap { Double($0[column]) }
  }

  /// The cross-entropy with a target q is least at the prediction q. Learned from 120 rows by 100
  /// rounds of rate 0.1, predictions come within a thousandth.
  @Test(
    arguments: ["logistic", "softplus(score) - y * score; link=logit"],
    [[0.2, 0.4], [0.2, 0.4, 0.5]])
  func probabilitiesStayProbabilities(objective: String, values: [Double]) throws {
    try withBench { bench in
      let rows = 120
      let targets = (0..<rows).map { values[$0 % values.count] }
      try FileSketch(
        rows: rows, features: targets.map { Float($0) }, targets: targets, hasSizes: false,
        parts: (0..<rows).map { $0 < 100 ? 0 : 1 }, task: nil
      ).write("data.h5", for: bench)
      _ = try run(
        bench,
        [
          "train", "trees", "--data", "data.h5", "--objective", objective, "--model", "m",
          "--rounds",
          "100", "--min-child-rows", "5", "--metric", "log-loss",
        ])
      for (prediction, target) in zip(try predictions(bench), targets) {
        #expect(abs(prediction - target) < 1e-3)
      }
    }
  }

  @Test func softLabelsOfThreeClasses() throws {
    try withBench { bench in
      try File.write(to: bench.folder.appendingPathComponent("data.h5").path) { file in
        let kinds = (0..<90).map { $0 % 3 }
        try file.write("X", kinds.map { Float($0) }, shape: [90, 1])
        try file.write("y", kinds.map { Int32($0) })
        for k in 0..<3 { try file.write("p\(k)", kinds.map { kind in kind == k ? 0.6 : 0.2 }) }
      }
      _ = try run(
        bench,
        [
          "train", "trees", "--data", "data.h5", "--objective", "softmax(soft)", "--row-data",
          "p2=p2", "--min-child-rows", "5", "--rounds", "3",
        ])
    }
  }

  @Test func classesWithoutTrainingRowsAreNamed() throws {
    try withBench { bench in
      let targets = (0..<80).map { row in row % 8 == 3 ? 2.0 : Double(row % 2) }
      try FileSketch(targets: targets, task: "multiclass").write("data.h5", for: bench)
      let outcome = try run(bench, ["train", "trees", "--data", "data.h5", "--rounds", "2"])
      #expect(outcome.errors.contains("no row to train on is of the class '2', but 10 other rows"))
    }
  }

  /// 400 hours as YYYYMMDDHH: 14 different numbers as Float32. A tree on the order of the hours
  /// knows their third of a day exactly.
  @Test func stampsAreToldApart() throws {
    try withBench { bench in
      var stamps: [Int64] = []
      var targets: [Double] = []
      for hour in 0..<400 {
        stamps.append(Int64(2_024_010_100 + hour / 24 * 100 + hour % 24))
        targets.append(Double(hour / 8 * 7919 % 101))
      }
      func write(_ name: String, _ rows: Range<Int>) throws {
        try File.write(to: bench.folder.appendingPathComponent(name).path) { file in
          try file.write("stamp", Array(stamps[rows]))
          try file.write("y", Array(targets[rows]))
        }
      }
      try write("all.h5", 0..<400)
      let outcome = try run(
        bench,
        [
          "train", "trees", "--data", "all.h5", "--features", "stamp", "--model", "m", "--rounds",
          "100", "--min-child-rows", "2", "--bins", "255", "--leaves", "63",
        ])
      #expect(outcome.errors.contains("'stamp' has 400 different values, of which 32-bit features"))
      // Another file has other numbers in its middle: the model's offset counts.
      try write("part.h5", 8..<16)
      let text = try run(
        bench,
        [
          "predict", "--model", "m", "--data", "part.h5", "--features", "stamp", "--output", "-",
        ]
      ).output
      let predicted = text.split(separator: "\n").dropFirst().compactMap {
        Double($0.split(separator: ",")[1])
      }
      #expect(predicted.count == 8)
      for value in predicted { #expect(abs(value - targets[8]) < 5) }
    }
  }

  @Test func columnsThatKnowTooMuchAreNamed() throws {
    try withBench { bench in
      var features: [Float] = []
      for row in 0..<80 { features += [row, row * 31 % 17, row % 7].map { Float($0) } }
      try FileSketch(features: features).write("data.h5", for: bench)
      let outcome = try run(bench, ["train", "trees", "--data", "data.h5", "--rounds", "2"])
      #expect(outcome.errors.contains("column 'x1' equals the target in every row to train on"))
      #expect(outcome.errors.contains("column 'x0' counts the rows"))
      #expect(!outcome.errors.contains("'x2'"))
    }
  }

  /// A column that is no column of times is left alone unless it is asked for, and can be left out.
  @Test func aTimeThatIsNone() throws {
    try withBench { bench in
      try File.write(to: bench.folder.appendingPathComponent("data.h5").path) { file in
        try file.write("X", (0..<80).map { Float($0 * 7 % 11) }, shape: [80, 1])
        try file.write("y", (0..<80).map { Double($0 * 7 % 13) })
        try file.write("time", [1.0, 2.0])
      }
      let words = ["train", "trees", "--data", "data.h5", "--rounds", "2"]
      let outcome = try run(bench, words)
      #expect(outcome.errors.contains("dataset 'time' is not taken for times: it has 2 rows"))
      let without = try run(bench, words + ["--time", "none", "--group", "none"])
      #expect(!without.errors.contains("'time'"))
      #expect(try bench.run(words + ["--time", "time"]).code == 65)
    }
  }
}
