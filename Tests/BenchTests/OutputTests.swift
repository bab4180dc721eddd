import Foundation
import Testing

@testable import bench

/// Where results go: no input is replaced, no report replaces another of the same run, and nothing
/// partial stays.
struct OutputTests {
  private func compare(_ bench: BenchProcess, _ arguments: String) throws -> BenchProcess.Outcome {
    try bench.run(
      "compare --learners trees --rounds 3 --quiet \(arguments)".split(separator: " ")
        .map(String.init))
  }

  @Test(arguments: ["data.h5", "./data.h5", "link.h5"])
  func aModelDoesNotReplaceItsData(model: String) throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    let path = bench.folder.appendingPathComponent("data.h5")
    try FileManager.default.createSymbolicLink(
      atPath: bench.folder.appendingPathComponent("link.h5").path,
      withDestinationPath: "data.h5")
    let before = try Data(contentsOf: path)
    for learner in ["trees", "mlp"] {
      let outcome = try bench.run(["train", learner, "--data", "data.h5", "--model", model])
      #expect(outcome.code == 64)
      #expect(outcome.errors.contains("--model would replace '\(model)', which is an input"))
    }
    #expect(try Data(contentsOf: path) == before)
  }

  @Test(arguments: [
    ("", "data-sne-predictions.h5"), ("--objective sne", "data-sne.json"),
    ("--name n", "n-predictions.h5"), ("--name n --folds 2", "n-fold-2.md"),
    ("--baseline huber(2)", "data-huber-2.md"),
    ("--name n", "figures/n-error-by-size.svg"),
  ])
  func aReportDoesNotReplaceItsData(options: String, output: String) throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileManager.default.createDirectory(
      at: bench.folder.appendingPathComponent("out/figures"), withIntermediateDirectories: true)
    let path = "out/\(output)"
    try FileSketch().write(path, for: bench)
    // The data file is found under another name, as its report would be called after it.
    try FileManager.default.createSymbolicLink(
      atPath: bench.folder.appendingPathComponent("data.h5").path, withDestinationPath: path)
    let before = try Data(contentsOf: bench.folder.appendingPathComponent(path))
    let outcome = try compare(bench, "--data data.h5 --output out \(options)")
    #expect(outcome.code == 64, "\(outcome.errors)")
    #expect(outcome.errors.contains("which is an input"))
    #expect(try Data(contentsOf: bench.folder.appendingPathComponent(path)) == before)
  }

  @Test func objectivesThatDifferInParametersHaveTheirOwnReports() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    for objective in ["quantile(0.1)", "quantile(0.9)"] {
      let outcome = try compare(
        bench, "--data data.h5 --output out --baseline none --objective \(objective)")
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    let written = try FileManager.default.contentsOfDirectory(
      atPath: bench.folder.appendingPathComponent("out").path)
    #expect(written.contains("data-quantile-0.1.md"))
    #expect(written.contains("data-quantile-0.9.md"))
  }

  @Test(arguments: ["", "a/b", ".hidden", "two\nlines"])
  func namesThatAreNoFileNames(name: String) throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    let outcome = try bench.run(["compare", "--name", name])
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("--name is '\(name)'; it must be a file name"))
    let nameless = try bench.run(["train", "trees", "--data", ""])
    #expect(nameless.code == 64 && nameless.errors.contains("--data is empty"))
  }

  @Test func slugsTellObjectivesApart() {
    #expect(ReportName.slug("sne") == "sne")
    #expect(ReportName.slug("poisson(exposure)") == "poisson-exposure")
    #expect(ReportName.slug("huber(delta=1.5)") == "huber-delta-1.5")
    let formulas = [
      "square((score - y) / size)", "square((score - y) * size)", "square(score - y)", "-1", "1",
      String(repeating: "score + ", count: 80) + "y", "square(y)",
    ]
    #expect(Set(formulas.map(ReportName.slug)).count == formulas.count)
    for formula in formulas { #expect(ReportName.slug(formula).count <= 40) }
    #expect(ReportName.name(data: "d", objectives: formulas).count <= 100)
    // Eight digits of SHA-256 are enough: that of "-1" begins with them (sha256sum).
    #expect(ReportName.slug("-1") == "1-1bad6b8c")
    let forty = String(repeating: "a", count: 40)
    #expect(ReportName.slug(forty) == forty && ReportName.slug(forty + "a").count == 24 + 1 + 8)
    // 81 letters are too many for a name, 80 are not.
    #expect(ReportName.name(data: "d", objectives: [forty, String(forty.dropLast())]).count == 82)
    #expect(ReportName.name(data: "d", objectives: [forty, forty]).count == 2 + 64 + 1 + 8)
  }

  @Test(arguments: ["", "--objective sne", "--name n"])
  func filesOfOneNameAreRefused(options: String) throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    for folder in ["a", "b"] {
      try FileManager.default.createDirectory(
        at: bench.folder.appendingPathComponent(folder), withIntermediateDirectories: true)
      try FileSketch().write("\(folder)/data.h5", for: bench)
    }
    let outcome = try compare(bench, "--data a/data.h5 --data b/data.h5 --output out \(options)")
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("'a/data.h5' and 'b/data.h5' would both write the report"))
    #expect(try bench.files == ["a", "b"])
  }

  @Test func failedTrialsStandUnderTheTable() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    // The logarithm of a negative target is no number.
    var targets = (0..<80).map { Double(($0 * 31) % 17) }
    targets[8] = -50
    try FileSketch(targets: targets).write("negative.h5", for: bench)
    let outcome = try bench.run([
      "compare", "--data", "negative.h5", "--learners", "trees", "--baselines", "none",
      "--rounds", "3", "--quiet", "--objective", "square(score - log(y))", "--output", "out",
    ])
    #expect(outcome.code == 2, "\(outcome.errors)")
    #expect(
      outcome.errors
        == "bench: error: 1 of 2 trials failed; the report has the others, and says why\n")
    #expect(outcome.output.contains("\nFailed:\n  Boosted trees, square(score - log(y)), seed 1: "))
  }

  @Test func aFailedComparisonLeavesNoFolder() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch(hasSizes: false).write("data.h5", for: bench)
    let outcome = try compare(bench, "--data data.h5 --objective sne --output out/deep")
    #expect(outcome.code == 65)
    #expect(try bench.files == ["data.h5"])
  }

  @Test func aFolderInPlaceOfAReportIsSeenBeforeTheWork() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    try FileManager.default.createDirectory(
      at: bench.folder.appendingPathComponent("out/data-sne.md"),
      withIntermediateDirectories: true)
    let outcome = try compare(bench, "--data data.h5 --objective sne --output out")
    #expect(outcome.code == 73)
    #expect(outcome.errors.contains("it is a folder"))
    let left = try FileManager.default.contentsOfDirectory(
      atPath: bench.folder.appendingPathComponent("out").path)
    #expect(left == ["data-sne.md"])
  }

  @Test func columnsThatTellNothingAreNamed() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    var features = (0..<240).map { Float(($0 * 7919) % 101) / 50 }
    for row in 0..<80 {
      features[row * 3] = 5
      features[row * 3 + 1] = .nan
    }
    try FileSketch(features: features).write("data.h5", for: bench)
    let train = ["train", "trees", "--data", "data.h5", "--rounds", "3"]
    let compare = ["compare", "--data", "data.h5", "--learners", "trees", "--rounds", "3"]
    for command in [train, compare] {
      let outcome = try bench.run(command)
      #expect(outcome.code == 0)
      #expect(outcome.errors.contains("note: data.h5: column 'x0' has the same value in every row"))
      #expect(outcome.errors.contains("note: data.h5: column 'x1' is missing in every row"))
      #expect(try bench.run(command + ["--quiet"]).errors.isEmpty)
    }
    let report = bench.folder.appendingPathComponent("Reports/data-sne.md")
    let page = String(decoding: try Data(contentsOf: report), as: UTF8.self)
    #expect(page.contains("| Features with the same value in every training row | x0 |"))

    try FileSketch(features: [Float](repeating: 5, count: 240)).write("flat.h5", for: bench)
    let flat = try bench.run(["train", "trees", "--data", "flat.h5"])
    #expect(flat.code == 65)
    #expect(flat.errors.contains("flat.h5: no feature tells anything"))
  }

  @Test func unnamedColumnsAreCounted() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("three.h5", for: bench)
    let features = (0..<320).map { Float(($0 * 7919) % 101) / 50 }
    try FileSketch(features: features).write("four.h5", for: bench)
    let trained = try bench.run(
      ["train", "trees", "--data", "three.h5", "--rounds", "3", "--model", "m"])
    #expect(trained.code == 0, "\(trained.errors)")
    let outcome = try bench.run(["predict", "--model", "m", "--data", "four.h5", "--output", "-"])
    #expect(outcome.code == 65)
    #expect(outcome.errors.contains("four.h5: it has 4 columns without names"))
    #expect(outcome.output.isEmpty)
  }

  @Test func fileOrderForTimesIsSaid() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    for command in [["train", "trees"], ["compare", "--learners", "trees"]] {
      let outcome = try bench.run(
        command + ["--data", "data.h5", "--rounds", "3", "--split-by", "time"])
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("note: data.h5: there is no column of times"))
    }
  }
}
