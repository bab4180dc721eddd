import Foundation
import HDF5
import Harness
import Testing

@testable import bench

/// The commands from end to end, as a user runs them.
struct CommandTests {
  private func fleet(_ bench: BenchProcess) throws {
    let outcome = try bench.run(
      ["synth", "pv", "--systems", "8", "--days", "60", "--every", "2", "--output", "fleet.h5"])
    try #require(outcome.code == 0, "\(outcome.errors)")
  }

  @Test func aFleetIsToldOfUnlessQuiet() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    let command = ["synth", "pv", "--systems", "2", "--days", "30", "--output", "two.h5"]
    let told = try bench.run(command)
    #expect(told.code == 0 && told.output.hasPrefix("two.h5: "), "\(told.output)")
    #expect(told.output.hasSuffix(" columns, 2 systems\n"), "\(told.output)")
    let bytes = try Data(contentsOf: bench.folder.appendingPathComponent("two.h5"))
    let quiet = try bench.run(command + ["--quiet"])
    #expect(quiet.code == 0 && quiet.output.isEmpty && quiet.errors.isEmpty)
    #expect(try Data(contentsOf: bench.folder.appendingPathComponent("two.h5")) == bytes)
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func trainPrintsWhatProgramsRead() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try fleet(bench)
    var digests: Set<String> = []
    for threads in ["1", "2", "3"] {
      let outcome = try bench.run([
        "train", "trees", "--data", "fleet.h5", "--objective", "sne", "--rounds", "12",
        "--threads", threads, "--json", "--model", "fleet.model",
      ])
      #expect(outcome.code == 0, "\(outcome.errors)")
      let result = try object(outcome.output)
      for key in ["bin_s", "train_s", "predict_s", "read_s", "test_loss", "rss_gb"] {
        #expect(result[key] is Double, "\(key)")
      }
      #expect(result["rounds"] as? Int == 12)
      #expect(result["threads"] as? Int == Int(threads))
      let metrics = try #require(result["metrics"] as? [String: Double])
      #expect(abs((metrics["sne"] ?? 0) - (result["test_loss"] as? Double ?? 1)) < 1e-9)
      digests.insert(try #require(result["model_sha256"] as? String))
    }
    #expect(digests.count == 1)
  }

  /// A Hessian of -1 where the target is large and of 2 elsewhere, by a formula.
  @Test func trainAndCompareTellWhatThePolicyChanged() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try fleet(bench)
    let formula = "if(y > 20, -0.5, 1) * square(score - y)"
    func arguments(_ json: Bool, _ policy: String) -> [String] {
      [
        "train", "trees", "--data", "fleet.h5", "--objective", formula, "--rounds", "4",
        "--no-check", "--curvature", policy, "--quiet",
      ] + (json ? ["--json"] : [])
    }
    let outcome = try bench.run(arguments(true, "absolute"))
    try #require(outcome.code == 0, "\(outcome.errors)")
    let result = try object(outcome.output)
    let curvature = try #require(result["curvature"] as? [String: Any])
    let rows = try #require(result["train_rows"] as? Int)
    let data = try File(readingFrom: bench.folder.appendingPathComponent("fleet.h5").path)
    let targets = try data.dataset("y").doubles()
    let parts = try data.dataset("split").integers()
    let large = parts.indices.count { parts[$0] == 0 && targets[$0] > 20 }
    #expect(large > 0 && large < rows)
    #expect(curvature["policy"] as? String == "absolute")
    #expect(curvature["hessians"] as? Int == 4 * rows)
    #expect(curvature["changed"] as? Int == 4 * large)
    #expect(curvature["changed_per_round"] as? [Int] == [large, large, large, large])
    #expect(
      try bench.run(arguments(false, "absolute")).output
        .contains("curvature absolute, \(4 * large) of \(4 * rows) Hessians changed ("))
    let mlp = try bench.run([
      "train", "mlp", "--data", "fleet.h5", "--objective", "sne", "--epochs", "1", "--json",
    ])
    #expect(try object(mlp.output)["curvature"] == nil)
    let compared = try bench.run([
      "compare", "--data", "fleet.h5", "--objective", formula, "--baseline", "none", "--learners",
      "trees", "--rounds", "4", "--early-stopping", "0", "--no-check", "--quiet", "--name", "c",
    ])
    #expect(compared.code == 0, "\(compared.errors)")
    #expect(compared.output.contains("Hessians changed:") && compared.output.contains("absolute"))
    let page = try String(
      contentsOf: bench.folder.appendingPathComponent("Reports/c.md"), encoding: .utf8)
    #expect(page.contains("## Curvature"))
  }

  @Test func predictionsAreThoseOfTheModel() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try fleet(bench)
    for learner in ["trees", "mlp"] {
      let trained = try bench.run([
        "train", learner, "--data", "fleet.h5", "--objective", "sne", "--adjust", "--model", "m",
        learner == "trees" ? "--rounds" : "--epochs", "3", "--json",
      ])
      #expect(trained.code == 0, "\(trained.errors)")
      let predicted = try bench.run(
        ["predict", "--model", "m", "--data", "fleet.h5", "--output", "p.h5"])
      #expect(predicted.code == 0, "\(predicted.errors)")
      let file = try File(readingFrom: bench.folder.appendingPathComponent("p.h5").path)
      let predictions = try file.dataset("prediction").doubles()
      let data = try File(readingFrom: bench.folder.appendingPathComponent("fleet.h5").path)
      let targets = try data.dataset("y").doubles()
      let sizes = try data.dataset("size").doubles()
      let parts = try data.dataset("split").integers()
      var sum = 0.0
      var count = 0.0
      for row in parts.indices where parts[row] == 1 {
        let ratio = (predictions[row] - targets[row]) / sizes[row]
        sum += ratio * ratio
        count += 1
      }
      let loss = try #require(try object(trained.output)["test_loss"] as? Double)
      #expect(abs(sum / count - loss) < 1e-9 * max(1, loss))
    }
  }

  @Test func compareWritesAReport() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try fleet(bench)
    let outcome = try bench.run([
      "compare", "--data", "fleet.h5", "--objective", "sne", "--rounds", "20", "--epochs", "3",
      "--hidden", "8", "--output", "out/deep", "--json", "--quiet",
    ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.isEmpty)
    let result = try object(outcome.output)
    let lines = try #require(result["results"] as? [[String: Any]]).filter {
      ["Boosted trees", "MLP"].contains($0["learner"] as? String)
    }
    // Two learners, each under SNE, fitted per unit of size, and under squared error.
    #expect(lines.count == 4)
    #expect(
      lines.compactMap { $0["adjustment"] as? String } == ["score = size * f", "score = size * f"])
    let folder = bench.folder.appendingPathComponent("out/deep")
    let written = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(
      written == ["figures", "fleet-sne-predictions.h5", "fleet-sne.json", "fleet-sne.md"])
    let record = try ResultRecord(contentsOf: folder.appendingPathComponent("fleet-sne.json").path)
    let libraries = record.machine.libraries.map(\.name)
    #expect(Set(libraries).isSuperset(of: ["BLAS", "Curvature", "HDF5"]))
    #expect(Set(libraries).count == libraries.count, "each library is named once")
  }

  @Test func foldsTestEveryRowOnce() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try fleet(bench)
    let outcome = try bench.run([
      "compare", "--data", "fleet.h5", "--learners", "trees", "--objective", "sne", "--form",
      "adjusted", "--baseline", "none", "--rounds", "5", "--folds", "3", "--split-by", "group",
      "--name", "cv", "--quiet",
    ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    var tested: [Int] = []
    for fold in 1...3 {
      let path = bench.folder.appendingPathComponent("Reports/cv-fold-\(fold).json")
      let record = try object(String(decoding: Data(contentsOf: path), as: UTF8.self))
      let data = try #require(record["data"] as? [String: Any])
      tested.append(try #require(data["testRows"] as? Int))
    }
    let data = try File(readingFrom: bench.folder.appendingPathComponent("fleet.h5").path)
    #expect(tested.reduce(0, +) == (try data.dataset("y").rowCount))
  }

  @Test func anInterruptKeepsWhatIsFinished() async throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try fleet(bench)
    let running = try bench.start([
      "train", "trees", "--data", "fleet.h5", "--rounds", "1000000", "--early-stopping", "0",
      "--model", "m", "--json", "--leaves", "4",
    ])
    try await running.waitForProgress("tree ")
    running.process.interrupt()
    let outcome = try running.outcome()
    #expect(outcome.code == 130, "\(outcome.errors)")
    #expect(outcome.errors.contains("interrupted; the model has"))
    // Lines, as this is no terminal; a bar would move the cursor.
    #expect(outcome.errors.contains(/\n?trees squared: \d+ %, tree \d+/))
    #expect(!outcome.errors.contains("\u{1B}") && !outcome.errors.contains("\r"))
    let result = try object(outcome.output)
    #expect(result["interrupted"] as? Bool == true)
    let rounds = try #require(result["rounds"] as? Int)
    #expect(rounds > 0 && rounds < 1_000_000)
    #expect(try bench.files == ["fleet.h5", "m"])
  }

  @Test func everyCommandHasHelpWithAnExample() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    let commands = [
      [], ["compare"], ["train"], ["train", "trees"], ["train", "mlp"], ["predict"],
      ["objectives"], ["datasets"], ["inspect"], ["synth"], ["synth", "pv"],
    ]
    for command in commands {
      let outcome = try bench.run(command + ["--help"])
      #expect(outcome.code == 0)
      #expect(outcome.output.contains("Example: bench"), "\(command)")
    }
  }

  @Test func listings() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try fleet(bench)
    #expect(try bench.run(["objectives"]).output.contains("((score - y) / size)^2"))
    #expect(try bench.run(["datasets"]).output.contains("pv-fleet"))
    let inspected = try bench.run(["inspect", "fleet.h5"])
    #expect(inspected.output.contains("@unit = kWp"))
    let listing = try object(try bench.run(["inspect", "fleet.h5", "--json"]).output)
    #expect((listing["datasets"] as? [[String: Any]])?.count == 6)
  }
}
