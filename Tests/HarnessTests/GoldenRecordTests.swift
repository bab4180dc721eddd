import Foundation
import HDF5
import TestSupport
import Testing

@testable import Harness

/// Records of released versions must be read for ever. `Scripts/make_golden_files.py` made them.
@Suite("Records of releases") struct GoldenRecordTests {
  /// Every value of a JSON text under its place, such as `trials.3.seconds.train`.
  private func leaves(_ value: Any, at place: String = "") -> [String: String] {
    var found: [String: String] = [:]
    switch value {
    case let object as [String: Any]:
      for (key, part) in object { found.merge(leaves(part, at: "\(place).\(key)")) { $1 } }
    case let list as [Any]:
      for (index, part) in list.enumerated() {
        found.merge(leaves(part, at: "\(place).\(index)")) { $1 }
      }
    default: found[place] = "\(value)"
    }
    return found
  }

  @Test("nothing of a record is lost when it is read and written", arguments: ["sne", "softmax"])
  func keepsEverything(name: String) throws {
    let path = fixturePath("golden/record-\(name).json")
    let old = leaves(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path))))
    let record = try ResultRecord(contentsOf: path)
    let new = leaves(try JSONSerialization.jsonObject(with: record.json()))
    #expect(old.count > 150)
    for (place, value) in old where new[place] != value {
      Issue.record("\(place) was \(value) and is \(new[place] ?? "not there")")
    }
  }

  @Test("a record's figures") func figures() throws {
    let record = try ResultRecord(contentsOf: fixturePath("golden/record-sne.json"))
    #expect(record.seeds == [1, 2])
    #expect(record.trials.count == 12)
    #expect(record.trials.allSatisfy { $0.status == .finished })
    #expect(record.machine.processor == "AMD EPYC")
    let file = try File(readingFrom: fixturePath("golden/\(try #require(record.predictionsFile))"))
    #expect(try file.contents().items.contains { $0.path == "/row" || $0.path == "row" })
  }
}
