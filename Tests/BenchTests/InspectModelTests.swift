import Foundation
import TestSupport
import Testing

/// `bench inspect` on model files: those of releases, whose content is known.
@Suite("Inspecting models") struct InspectModelTests {
  private func inspect(_ path: String, _ more: [String] = []) throws -> BenchProcess.Outcome {
    let bench = try BenchProcess()
    defer { bench.clean() }
    return try bench.run(["inspect", path] + more)
  }

  private func json(_ name: String) throws -> [String: Any] {
    let outcome = try inspect(fixturePath("golden/\(name).model"), ["--json"])
    #expect(outcome.code == 0)
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require(object as? [String: Any])
  }

  @Test("a forest in text") func forest() throws {
    let text = try inspect(fixturePath("golden/forest-sne-adjusted.model")).output
    // The numbers of trees and leaves are those that the file was trained with.
    #expect(text.contains("a forest in a Curvature model file, 2779 bytes, checksum right"))
    #expect(text.contains("objective   sne\n"))
    #expect(text.contains("link        identity, 1 score per row, started at "))
    #expect(text.contains("adjustment  score = size * f\n"))
    #expect(text.contains("features    5: wind, sun, noise, kind of day, last\n"))
    #expect(text.contains("trees       6 in 6 rounds, 36 leaves in all, at most 6 leaves and "))
    #expect(text.contains("row data    size\n"))
  }

  @Test("a network in text") func network() throws {
    let text = try inspect(fixturePath("golden/network-softmax.model")).output
    // Five columns and two indicators of missing values; (7 + 1) 5 + (5 + 1) 4 + (4 + 1) 3.
    #expect(text.contains("layers      7 - 5 - 4 - 3, sigmoid, 79 weights and biases\n"))
    #expect(text.contains("classes     3: ash, beech, élm\n"))
    #expect(text.contains("objective   softmax(classes=3)\n"))
  }

  @Test("as JSON") func asJSON() throws {
    let forest = try json("forest-quantiles")
    #expect(forest["kind"] as? String == "forest")
    #expect(forest["scores_per_row"] as? Int == 3)
    #expect((forest["initial_scores"] as? [Double])?.count == 3)
    #expect(forest["objective_text"] as? String == "quantile(0.1, 0.5, 0.9)")
    #expect((forest["sha256"] as? String)?.count == 64)
    let trees = try #require(forest["trees"] as? [String: Any])
    #expect(trees["rounds"] as? Int == 6 && trees["count"] as? Int == 18)
    let formula = try json("forest-formula")
    #expect(formula["row_data"] as? [String] == ["size"])
    #expect(formula["objective_text"] as? String == "square((score - y) / size)")
    let network = try json("network-linear")
    #expect((network["network"] as? [String: Any])?["sizes"] as? [Int] == [7, 1])
    #expect(network["link"] as? String == "log")
  }

  @Test("a damaged model and no file end with a sentence") func damaged() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    var data = try Data(contentsOf: URL(filePath: fixturePath("golden/forest-squared.model")))
    data[data.count / 2] ^= 1
    try data.write(to: bench.folder.appendingPathComponent("bad.model"))
    let bad = try bench.run(["inspect", "bad.model"])
    #expect(bad.code == 65 && bad.errors.contains("bad.model: the model file is damaged"))
    let missing = try bench.run(["inspect", "nothing.model"])
    #expect(missing.code == 66 && missing.errors.contains("nothing.model"))
    try FileManager.default.createDirectory(
      at: bench.folder.appendingPathComponent("folder"), withIntermediateDirectories: true)
    let folder = try bench.run(["inspect", "folder"])
    #expect(folder.code == 66 && folder.errors.contains("folder"), "\(folder.errors)")
  }
}
