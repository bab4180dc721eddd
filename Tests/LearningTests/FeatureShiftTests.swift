import Foundation
import Learning
import Losses
import Tabular
import Testing

/// Models of features that were shifted when their table was read.
@Suite("Shifted features")
struct FeatureShiftTests {
  private let shifts = ["stamp": FeatureShift.whole(offset: 2_024_010_100, step: 1)]

  private func table(_ shifts: [String: FeatureShift]) throws -> Table {
    try Table(
      features: [1, 2, 3, 4], featureNames: ["stamp", "b"], target: [0, 1], featureShifts: shifts)
  }

  private func model(_ shifts: [String: FeatureShift]) throws -> ConstantModel {
    ConstantModel(
      header: ModelHeader(objective: SquaredError(), initialScores: [0], table: try table(shifts)))
  }

  private func firstLine(_ bytes: Data) -> String {
    String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self)
  }

  @Test("a model keeps them, in a version that older readers refuse")
  func roundTrip() throws {
    let path = NSTemporaryDirectory() + "model-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model(shifts).save(to: path)
    #expect(try ConstantModel(contentsOf: path).header.featureShifts == shifts)
    #expect(firstLine(try ModelFile.bytes(of: model(shifts))) == "CURVATURE MODEL 2")
    #expect(firstLine(try ModelFile.bytes(of: model([:]))) == "CURVATURE MODEL 1")
  }

  @Test("a table that was shifted otherwise is refused, either way")
  func otherShifts() throws {
    let model = try model(shifts)
    #expect(try model.header.features(of: table(shifts)) == [1, 2, 3, 4])
    let plain = #expect(throws: LearningError.self) {
      try model.header.features(of: table([:]))
    }
    #expect(plain?.code == .columnMismatch)
    #expect(plain?.reason.contains("'stamp' less an offset") == true)
    let other = ["stamp": FeatureShift.whole(offset: 2_024_010_101, step: 1)]
    #expect(throws: LearningError.self) { try model.header.features(of: table(other)) }
    #expect(throws: LearningError.self) {
      try self.model([:]).header.features(of: table(shifts))
    }
    // A column that the model does not read may be anything.
    let wider = try Table(
      features: [9, 1, 2], featureNames: ["c", "stamp", "b"],
      featureShifts: shifts.merging(["c": .real(offset: 1)]) { first, _ in first })
    #expect(try model.header.features(of: wider) == [1, 2])
  }

  @Test("a step of nothing is a damaged file")
  func unsound() throws {
    let path = NSTemporaryDirectory() + "model-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model(["stamp": .whole(offset: 0, step: 0)]).save(to: path)
    let error = #expect(throws: LearningError.self) { try ConstantModel(contentsOf: path) }
    #expect(error?.code == .invalidModelFile)
    #expect(error?.reason.contains("divided by nothing") == true)
  }
}
