import Foundation
import HDF5
import Testing

@testable import bench

/// Bad input, as users bring it: the right exit code, a sentence with file, place and remedy, and
/// no output left behind.
struct BadInputTests {
  /// A bad input.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    /// Written as `data.h5`; nil for none.
    var sketch: FileSketch?
    var arguments: String
    var code: Int32
    /// Each must be in the message.
    var says: [String]

    var testDescription: String { name }

    init(
      _ name: String, _ sketch: FileSketch?, _ arguments: String, _ code: Int32, _ says: String...
    ) {
      self.name = name
      self.sketch = sketch
      self.arguments = arguments
      self.code = code
      self.says = says
    }
  }

  static let good = FileSketch()
  static let targets = (0..<80).map { Double(($0 * 31) % 17) }
  static let sizes = (0..<80).map { Double($0 % 5 + 1) }

  static func changed(_ values: [Double], at row: Int, to value: Double) -> [Double] {
    var values = values
    values[row] = value
    return values
  }

  /// Class 1 in half of the rows to test on and nowhere else.
  static let classedInTest = (0..<80).map { row in row % 8 == 7 ? 1.0 : 0.0 }

  static let train = "train trees --data data.h5 --rounds 3 --model out.model"
  static let sne = "\(train) --objective sne"

  static let cases: [Case] = [
    Case("missing file", nil, train, 66, "data.h5", "there is no such file"),
    Case(
      "missing dataset", good, "\(train) --target yy", 65, "data.h5", "'yy'", "'y'", "did you mean"
    ),
    Case("missing features", good, "\(train) --features Z", 65, "data.h5", "'Z'", "'X'"),
    Case("wrong rank", good, "\(train) --target X", 65, "data.h5", "'X'", "80 x 3"),
    Case("wrong row count", good, "\(train) --weight short", 65, "'short'", "40 rows", "80"),
    Case(
      "NaN target", FileSketch(targets: changed(targets, at: 7, to: .nan)), train, 65, "data.h5",
      "row 7", "target"),
    Case(
      "infinite target", FileSketch(targets: changed(targets, at: 9, to: .infinity)), train, 65,
      "row 9", "inf"),
    Case("no size", FileSketch(hasSizes: false), sne, 65, "data.h5", "size", "--row-data size="),
    Case(
      "zero size", FileSketch(sizes: changed(sizes, at: 4, to: 0)), sne, 65, "data.h5", "row 4",
      "'size' is 0.0", "greater than 0"),
    Case(
      "negative size", FileSketch(sizes: changed(sizes, at: 5, to: -2)), sne, 65, "row 5", "-2.0"),
    Case(
      "NaN size", FileSketch(sizes: changed(sizes, at: 6, to: .nan)), sne, 65, "row 6", "nan",
      "finite"),
    Case(
      "bad size among the test rows", FileSketch(sizes: changed(sizes, at: 7, to: 0)), sne, 65,
      "row 7", "size"),
    Case(
      "single class", FileSketch(targets: [Double](repeating: 1, count: 80), task: "binary"),
      "\(train) --objective logistic", 65, "data.h5", "class '1'", "at least two"),
    Case(
      "three classes for logistic", FileSketch(targets: (0..<80).map { Double($0 % 3) }),
      "\(train) --objective logistic", 65, "3 classes", "--objective softmax"),
    Case(
      "too many classes", FileSketch(rows: 2000, targets: (0..<2000).map { Double($0) }),
      "\(train) --objective softmax", 65, "2000", "too many"),
    Case(
      "fractions for classes", FileSketch(targets: changed(targets, at: 11, to: 0.25)),
      "\(train) --objective softmax", 65, "data.h5", "such as 0.25 in row 11", "'softmax'"),
    Case(
      "numbers for logistic",
      FileSketch(targets: changed([Double](repeating: 0.5, count: 80), at: 3, to: 1.5)),
      "\(train) --objective logistic", 65, "such as 1.5 in row 3", "probabilities from 0 to 1"),
    Case(
      "labels of probabilities", FileSketch(targets: (0..<80).map { Double($0 % 3) / 4 }),
      "\(train) --objective logistic --metric accuracy", 65, "'accuracy' needs a target",
      "holds probabilities", "--metric log-loss"),
    Case(
      "one class to train on",
      FileSketch(targets: classedInTest, task: "binary"),
      train, 65, "data.h5", "every row to train on is of the class '0'"),
    Case(
      "one row", FileSketch(rows: 1, targets: [1], sizes: [1], hasParts: false), train, 65,
      "data.h5", "no rows are left"),
    Case(
      "no test rows", FileSketch(parts: [UInt8](repeating: 0, count: 80)), train, 65, "data.h5",
      "no rows are left for testing"),
    Case(
      "no training rows", FileSketch(parts: [UInt8](repeating: 1, count: 80)), train, 65,
      "no rows are left for training"),
    Case(
      "unknown part", FileSketch(parts: [UInt8](repeating: 7, count: 80)), train, 65, "'split'",
      "row 0", "0 for train"),
    Case(
      "infinite feature", FileSketch(features: [.infinity] + [Float](repeating: 1, count: 239)),
      train, 65, "data.h5", "row 0", "inf"),
    Case(
      "no folder for the model", good,
      "train trees --data data.h5 --rounds 3 --model nowhere/out.model", 73, "nowhere",
      "does not exist"),
    Case(
      "folder in place of the model", good, "train trees --data data.h5 --rounds 3 --model .", 73,
      "it is a folder"),
    Case(
      "a report where a file is", good, "compare --data data.h5 --output data.h5", 73, "data.h5"),
    Case(
      "misspelt objective", good, "train trees --data data.h5 --objective squred", 64,
      "did you mean 'squared'?"),
    Case(
      "misspelt metric", good, "train trees --data data.h5 --metric rmes", 64,
      "did you mean 'rmse'?"),
    Case("misspelt learner", good, "compare --learners tree", 64, "did you mean 'trees'?"),
    Case("a target among the features", good, "\(train) --features X,y", 65, "'y'", "target"),
    Case(
      "labels of a number", good, "\(train) --metric accuracy", 65, "'accuracy' needs a target",
      "'y' is a number"),
    Case(
      "order of a number", good, "compare --data data.h5 --metric auc", 65,
      "'auc' needs a target of classes"),
    Case(
      "a number of three classes", FileSketch(targets: (0..<80).map { Double($0 % 3) }),
      "\(train) --objective softmax --metric rmse", 65, "'rmse' needs a target that is a number"),
    Case(
      "one class of three", FileSketch(targets: (0..<80).map { Double($0 % 3) }),
      "\(train) --objective softmax --metric f1", 65, "'f1' needs two classes"),
    Case(
      "an error of an order", good, "\(train) --objective lambdamart --metric rmse", 65,
      "'lambdamart' only orders rows", "--metric ndcg(10) or map"),
    Case(
      "misspelt row data", good, "\(sne) --row-data siz=size", 64, "row data 'siz'",
      "did you mean 'size'?"),
    Case("misspelt command", nil, "compar", 64, "'compar'", "did you mean 'compare'?"),
    Case(
      "misspelt learner to train", nil, "train tree", 64, "'tree' of 'train'",
      "did you mean 'trees'?"),
    Case("help on nothing", nil, "help inspct", 64, "'inspct'", "did you mean 'inspect'?"),
    Case("row data without a path", good, "\(train) --row-data size", 64, "NAME=PATH"),
    Case("no such option", good, "train trees --round 5", 64, "--round"),
    Case("split by group without groups", good, "\(train) --split-by group", 65, "group column"),
    Case(
      "a model that is data", good, "predict --model data.h5 --data data.h5 --output p.h5", 65,
      "data.h5", "not a Curvature model"),
    Case(
      "no model", good, "predict --model none.model --data data.h5 --output p.h5", 66,
      "none.model", "no file"),
    Case(
      "output over input", good, "predict --model a --data data.h5 --output ./data.h5", 64,
      "is an input"),
    Case("inspect nothing", nil, "inspect none.h5", 66, "none.h5"),
    Case("too few days", nil, "synth pv --days 3 --output fleet.h5", 64, "at least 10 kept days"),
    Case("no day kept", nil, "synth pv --every 0 --output fleet.h5", 64, "'0'", "--every"),
    Case("fleet nowhere", nil, "synth pv --output no/fleet.h5", 73, "no", "does not exist"),
  ]

  @Test(arguments: cases)
  func isRefused(_ bad: Case) throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try bad.sketch?.write("data.h5", for: bench)
    let before = try bench.files
    let outcome = try bench.run(bad.arguments.split(separator: " ").map(String.init))
    #expect(outcome.code == bad.code, "\(outcome.errors)")
    let message = outcome.errors.split(separator: "\n").first { $0.hasPrefix("bench: error: ") }
    let sentence = String(try #require(message, "\(outcome.errors)"))
    for part in bad.says { #expect(sentence.contains(part), "\(sentence)") }
    #expect(outcome.output.isEmpty)
    #expect(try bench.files == before)
    if bad.code != 64 { #expect(outcome.errors.split(separator: "\n").count == 1) }
  }

  @Test func filesThatAreNotHDF5() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    for (name, contents) in [("text.h5", "a,b\n1,2\n"), ("empty.h5", "")] {
      try Data(contents.utf8).write(to: bench.folder.appendingPathComponent(name))
      let outcome = try bench.run(["train", "trees", "--data", name])
      #expect(outcome.code == 65)
      #expect(outcome.errors.contains("bench: error: \(name): "))
    }
  }

  @Test func aFileCutShort() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try Self.good.write("whole.h5", for: bench)
    let whole = try Data(contentsOf: bench.folder.appendingPathComponent("whole.h5"))
    try whole.prefix(whole.count / 2).write(to: bench.folder.appendingPathComponent("cut.h5"))
    let outcome = try bench.run(["train", "trees", "--data", "cut.h5", "--model", "m"])
    #expect(outcome.code == 65)
    #expect(outcome.errors.contains("cut.h5"))
    #expect(try bench.files == ["cut.h5", "whole.h5"])
  }

  @Test func textWhereNumbersAreDue() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try Self.good.write("data.h5", for: bench)
    let outcome = try bench.run(
      ["train", "trees", "--data", "data.h5", "--features", "X,split,short"])
    #expect(outcome.code == 65)
    #expect(outcome.errors.contains("'short'"))
  }

  /// Not mistakes: constant and all-missing columns, class labels that are not 0 to K-1.
  @Test func oddDataIsTaken() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    var features = (0..<240).map { Float(($0 * 7919) % 101) / 50 }
    for row in 0..<80 {
      features[row * 3] = 5
      features[row * 3 + 1] = .nan
    }
    let labels = (0..<80).map { row in features[row * 3 + 2] > 1 ? 42.0 : -7 }
    try FileSketch(features: features, targets: labels, task: "binary")
      .write("data.h5", for: bench)
    for learner in ["trees", "mlp"] {
      let outcome = try bench.run(
        ["train", learner, "--data", "data.h5", "--model", "m", "--json", "--quiet"])
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.errors.isEmpty)
      let result = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
      let object = try #require(result as? [String: Any])
      #expect(object["objective"] as? String == "logistic")
      let predicted = try bench.run([
        "predict", "--model", "m", "--data", "data.h5", "--output", "-",
      ])
      let lines = predicted.output.split(separator: "\n")
      #expect(lines.count == 81)
      #expect(lines[0] == "score,prediction,label")
      #expect(lines.dropFirst().allSatisfy { $0.hasSuffix(",42") || $0.hasSuffix(",-7") })
    }
  }
}
