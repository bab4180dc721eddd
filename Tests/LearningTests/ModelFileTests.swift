import Foundation
import Learning
import Losses
import Tabular
import TestSupport
import Testing

@Suite("Model files")
struct ModelFileTests {
  static func model() throws -> ConstantModel {
    let table = try Table(features: [1, 2, 3, 4], featureNames: ["a", "b"], target: [0, 1])
    return ConstantModel(
      header: ModelHeader(
        objective: SizeNormalisedSquaredError().adjusted(), initialScores: [0.1], table: table))
  }

  func withFile(_ bytes: Data, _ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "model-\(UUID().uuidString)"
    try bytes.write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test("a saved model comes back whole, with the same bytes")
  func roundTrip() throws {
    let path = NSTemporaryDirectory() + "model-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let model = try Self.model()
    try model.save(to: path)
    let loaded = try ConstantModel(contentsOf: path)
    #expect(loaded.header == model.header)
    #expect(loaded.header.objective.adjustment == .multiplied(by: "size"))
    #expect(loaded.payload == model.payload)
    #expect(try ModelFile.bytes(of: loaded) == Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(try ModelFile.kind(of: path) == "constant")
  }

  /// The last eight bytes as FNV-1a by its definition (offset basis 14695981039346656037, prime
  /// 1099511628211): were the constants changed, no file of an earlier version could be read.
  @Test("the checksum is the one of every file ever written")
  func checksum() throws {
    let bytes = Array(try ModelFile.bytes(of: Self.model()))
    #expect(bytes == DamagedBytes.withChecksum(bytes))
    // Of "CURVATURE MODEL 1\n" alone, computed with another program.
    #expect(
      DamagedBytes.withChecksum(Array("CURVATURE MODEL 1\n".utf8) + [UInt8](repeating: 0, count: 8))
        .suffix(8) == [6, 106, 45, 47, 143, 233, 251, 6])
  }

  @Test("every truncation and every flipped byte is refused")
  func damage() throws {
    let bytes = try ModelFile.bytes(of: Self.model())
    for length in stride(from: 0, to: bytes.count, by: 3) {
      try withFile(bytes.prefix(length)) { path in
        #expect(throws: LearningError.self) { try ConstantModel(contentsOf: path) }
      }
    }
    for place in stride(from: 0, to: bytes.count, by: 5) {
      var flipped = bytes
      flipped[place] ^= 0x10
      try withFile(flipped) { path in
        #expect(throws: LearningError.self, "byte \(place)") {
          try ConstantModel(contentsOf: path)
        }
      }
    }
  }

  @Test("a newer version and another kind are refused by name")
  func foreign() throws {
    var text = try ModelFile.bytes(of: Self.model())
    text.replaceSubrange(0..<17, with: Data("CURVATURE MODEL 9".utf8))
    try withFile(text) { path in
      let error = #expect(throws: LearningError.self) { try ConstantModel(contentsOf: path) }
      #expect(error?.reason.contains("newer version") == true)
    }
    struct Other: TrainedModel {
      static let kind = "other"
      var header: ModelHeader
      var log = TrainingLog()
      init(header: ModelHeader, payload: inout BinaryDecoder) { self.header = header }
      func outputs(features: [Float], rowCount: Int, threads: Int?) -> [Double] { [] }
      func encodePayload(into encoder: inout BinaryEncoder) {}
    }
    try withFile(try ModelFile.bytes(of: Self.model())) { path in
      let error = #expect(throws: LearningError.self) { try Other(contentsOf: path) }
      #expect(error?.reason.contains("'constant', not 'other'") == true)
    }
  }

  @Test("a file that is there but cannot be read is not called missing")
  func unreadable() throws {
    let folder = FileManager.default.temporaryDirectory.path
    let unreadable = #expect(throws: CocoaError.self) { try ConstantModel(contentsOf: folder) }
    #expect(unreadable?.code != .fileReadNoSuchFile)
    #expect(unreadable?.userInfo[NSFilePathErrorKey] as? String == folder)
    let missing = #expect(throws: CocoaError.self) { try ModelFile.kind(of: "/no/such.model") }
    #expect(missing?.code == .fileReadNoSuchFile)
  }

  @Test("writing into a folder that does not exist says so")
  func unwritable() throws {
    let error = #expect(throws: FileReplacementError.self) {
      try Self.model().save(to: "/no/such/folder/m.model")
    }
    #expect(error?.description.contains("does not exist") == true)
  }
}
