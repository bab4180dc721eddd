import Foundation
import HDF5
import Learning
import Tabular
import Testing

@testable import Harness

struct RecordTests {
  private func folder() throws -> String {
    let path = NSTemporaryDirectory() + "harness-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  @Test func jsonKeepsNumbersThatJSONHasNoWordFor() throws {
    var record = try Samples.experiment(seeds: [1]).run().record
    record.trials[0].scores[0].test = .nan
    record.trials[0].validationLosses = [.infinity, -.infinity, 0.1, 1e300, -0.0]
    let data = try record.json()
    let again = try ResultRecord(json: data)
    #expect(try again.json() == data)
    #expect(again.trials[0].scores[0].test.isNaN)
    #expect(again.trials[0].validationLosses == [.infinity, -.infinity, 0.1, 1e300, 0])
    #expect(again.trials[1] == record.trials[1])
    #expect(String(decoding: data, as: UTF8.self).contains("\"nan\""))
  }

  /// Records written before curvature was kept have no such key.
  @Test func curvatureIsKeptAndMayBeMissing() throws {
    var record = try Samples.experiment(seeds: [1]).run().record
    #expect(record.trials[0].curvature == nil)
    let use = CurvatureUse(policy: "absolute", hessians: 40, changedPerRound: [3, 0, 0, 1])
    record.trials[0].curvature = use
    let again = try ResultRecord(json: record.json())
    #expect(again.trials[0].curvature == use && again.trials[1].curvature == nil)
    #expect(use.changed == 4 && use.share == 0.1)
  }

  @Test func recordsOfNewerVersionsAndOtherFilesAreRefused() throws {
    var record = try Samples.experiment(seeds: [1]).run().record
    record.version = ResultRecord.currentVersion + 1
    let newer = try record.json()
    #expect(throws: HarnessError.self) { try ResultRecord(json: newer) }
    #expect { try ResultRecord(json: Data("[1".utf8), source: "x.json") } throws: { error in
      "\(error)".hasPrefix("x.json: it is not a result record")
    }
    #expect { try ResultRecord(json: Data("{\"version\": 1}".utf8)) } throws: { error in
      "\(error)".contains("is missing")
    }
  }

  @Test func filesHoldRecordAndPredictions() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let result = try Samples.experiment().run()
    let written = try result.write(to: folder, name: "lines")
    #expect(written.predictionsFile == "lines-predictions.h5")
    let read = try ResultRecord(contentsOf: "\(folder)/lines.json")
    #expect(try read.json() == written.json())
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
        "lines-predictions.h5", "lines.json",
      ])
    let trial = result.predictions.trials[4]
    let table = try Table(
      contentsOf: "\(folder)/lines-predictions.h5", features: "trial_005/prediction,size",
      target: "y")
    #expect(table.target == result.predictions.targets)
    let stored: [Float] = (0..<table.rowCount).map { table.features[2 * $0] }
    #expect(stored == trial.predictions.map { Float($0) })
  }

  @Test func nothingIsWrittenIntoAMissingFolder() throws {
    let result = try Samples.experiment(seeds: [1]).run()
    let missing = NSTemporaryDirectory() + "missing-\(UUID().uuidString)"
    #expect(throws: FileReplacementError.self) { try result.write(to: missing, name: "x") }
    #expect(!FileManager.default.fileExists(atPath: missing))
  }

  @Test func theMachineIsDescribed() {
    let machine = MachineRecord.current(libraries: [.init("HDF5", "1.14")])
    #expect(machine.cores > 0 && machine.memoryBytes > 1 << 20)
    #expect(!machine.processor.isEmpty && !machine.system.isEmpty)
    #expect(machine.swift.hasPrefix("Swift 6"))
    #expect(MachineRecord.processPeakBytes() > 1 << 20)
  }
}
