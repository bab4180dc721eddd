import Foundation
import HDF5
import Harness
import Testing

@testable import bench

/// What `compare` holds learners against, and how its verdict reads.
struct SimpleModelCommandTests {
  private let compare = [
    "compare", "--data", "data.h5", "--learners", "trees", "--rounds", "3", "--quiet", "--output",
    "out", "--name", "n",
  ]

  private func record(_ bench: BenchProcess) throws -> ResultRecord {
    try ResultRecord(contentsOf: bench.folder.appendingPathComponent("out/n.json").path)
  }

  @Test func everyComparisonHasSimpleModels() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    let outcome = try bench.run(compare + ["--objective", "sne"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("Constant, SNE") && outcome.output.contains("Linear, SNE"))
    #expect(outcome.output.contains("  How sure: ") && outcome.output.contains("RMSNE"))
    let simple = try record(bench).simpleModels?.map(\.name)
    #expect(simple?.prefix(2) == ["Constant", "Linear"])
    #expect(try record(bench).comparisons.contains { $0.question == .simple })
    let page = String(
      decoding: try Data(contentsOf: bench.folder.appendingPathComponent("out/n.md")),
      as: UTF8.self)
    // One bold sentence, then a list.
    let lines = page.components(separatedBy: "\n")
    #expect(lines[2].hasPrefix("**") && lines[2].hasSuffix("**") && lines[4].hasPrefix("* *"))
  }

  @Test func theyCanBeLeftOut() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    let outcome = try bench.run(compare + ["--baselines", "none"])
    #expect(outcome.code == 0 && !outcome.output.contains("Constant"))
    #expect(try record(bench).simpleModels?.isEmpty == true)
    let both = try bench.run(compare + ["--baselines", "none", "--persistence", "x0"])
    #expect(both.code == 64 && both.errors.contains("exclude each other"))
  }

  @Test func aColumnCanBeNamed() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    let wrong = try bench.run(compare + ["--persistence", "week"])
    #expect(wrong.code == 65)
    #expect(wrong.errors.contains("there is no feature 'week' to take as a prediction"))
    let right = try bench.run(compare + ["--persistence", "x1", "--smallest-difference", "0.05"])
    #expect(right.code == 0, "\(right.errors)")
    #expect(right.output.contains("Persistence"))
    #expect(right.output.contains("A difference matters from 5 % on."))
    #expect(right.output.contains("\n  How sure: ") && !right.output.contains("\\n"))
    #expect(try record(bench).simpleModelNotes?.contains { $0.contains("x1") } == true)
  }

  /// A percentage of a target of 0 is undefined, and the report says how many there are.
  @Test func percentagesOfNothing() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    // Every fourth row is a test row; of those 20 every second target is 0.
    var targets = (0..<80).map { Double(1 + $0 % 5) }
    for row in stride(from: 3, to: 80, by: 8) { targets[row] = 0 }
    try FileSketch(targets: targets, hasSizes: false).write("data.h5", for: bench)
    let outcome = try bench.run(
      compare + ["--objective", "smape", "--metric", "mape", "--metric", "mae"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("MAPE is undefined: the target is 0 in 10 of 20 rows"))
    #expect(!outcome.output.contains("e+") && outcome.output.contains("MAE"))
  }

  /// Quantiles: what they cover, whether they cross, and what they share with a plain prediction.
  @Test func quantilesAreJudged() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch(hasSizes: false).write("data.h5", for: bench)
    let outcome = try bench.run(compare + ["--objective", "quantile(0.1,0.5,0.9)"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    for title in ["Coverage of the 80 % interval", "Crossing quantiles", "MAE of the median"] {
      #expect(outcome.output.contains(title))
    }
    #expect(
      try record(bench).comparisons.contains {
        $0.question == .objective && $0.metric.hasPrefix("median-mae(")
      })
  }

  /// Trees use no chance here: three seeds are one fit.
  @Test func fitsWithoutChanceCountOnce() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    let outcome = try bench.run(compare + ["--seeds", "3", "--objective", "sne"])
    #expect(outcome.code == 0 && !outcome.output.contains("±"), "\(outcome.output)")
  }
}
