public import Foundation
import Tabular

/// The one-file format of every model.
///
/// A line that names the format and version, the length of a JSON header with sorted keys, the
/// header, the learner's payload, and a checksum of all of it. Numbers are little-endian. The same
/// model gives the same bytes.
public enum ModelFile {
  /// The newest version read. Models with shifted features are written in it; others in version 1,
  /// which older readers understand.
  public static let version = 2
  private static let magic = "CURVATURE MODEL"

  private struct Preamble: Codable {
    var kind: String
    var version: Int
    var header: ModelHeader
  }

  /// The kind of model in the file, without reading all of it.
  public static func kind(of path: String) throws -> String {
    try open(path).preamble.kind
  }

  /// The bytes of a model file.
  public static func bytes<Model: TrainedModel>(of model: Model) throws -> Data {
    let version = model.header.featureShifts == nil ? 1 : 2
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let header = try encoder.encode(
      Preamble(kind: Model.kind, version: version, header: model.header))
    var body = BinaryEncoder()
    body.append(Array("\(magic) \(version)\n".utf8))
    body.append(UInt64(header.count))
    body.append(Array(header))
    model.encodePayload(into: &body)
    body.append(checksum(body.bytes[...]))
    return Data(body.bytes)
  }

  static func write(_ model: some TrainedModel, to path: String) throws {
    try replaceFile(at: path, with: bytes(of: model))
  }

  static func read<Model: TrainedModel>(_ type: Model.Type, from path: String) throws -> Model {
    var (preamble, payload) = try open(path)
    guard preamble.kind == Model.kind else {
      throw LearningError(
        .invalidModelFile,
        "\(path): it holds a model of kind '\(preamble.kind)', not '\(Model.kind)'")
    }
    do {
      let model = try Model(header: preamble.header, payload: &payload)
      guard payload.isAtEnd else { throw damaged(path, "there are bytes after its end") }
      return model
    } catch let error as LearningError {
      throw LearningError(error.code, "\(path): \(error.reason)")
    }
  }

  private static func open(
    _ path: String
  ) throws -> (preamble: Preamble, payload: BinaryDecoder) {
    let bytes = try Array(readFile(at: path))
    guard let lineEnd = bytes.prefix(64).firstIndex(of: UInt8(ascii: "\n")),
      let line = String(bytes: bytes[..<lineEnd], encoding: .utf8), line.hasPrefix(magic)
    else {
      throw LearningError(.invalidModelFile, "\(path): it is not a Curvature model file")
    }
    guard let found = Int(line.dropFirst(magic.count + 1)), found <= version, found > 0 else {
      throw LearningError(
        .invalidModelFile,
        "\(path): it was written by a newer version ('\(line)'); this one reads up to \(version)")
    }
    guard bytes.count > lineEnd + 17 else { throw damaged(path, "it is cut off") }
    var tail = BinaryDecoder(bytes[(bytes.count - 8)...])
    guard try tail.readUInt64() == checksum(bytes.dropLast(8)) else {
      throw damaged(path, "its checksum does not match")
    }
    var decoder = BinaryDecoder(bytes[(lineEnd + 1)...].dropLast(8))
    let headerBytes = try decoder.readBytes(Int(clamping: decoder.readUInt64()))
    do {
      let preamble = try JSONDecoder().decode(Preamble.self, from: Data(headerBytes))
      guard preamble.header.featureShifts?.values.allSatisfy(\.isSound) ?? true else {
        throw damaged(path, "a feature is divided by nothing")
      }
      return (preamble, decoder)
    } catch let error as LearningError {
      throw error
    } catch {
      throw damaged(path, "its header cannot be read")
    }
  }

  private static func damaged(_ path: String, _ reason: String) -> LearningError {
    LearningError(.invalidModelFile, "\(path): the model file is damaged: \(reason)")
  }

  /// FNV-1a, 64 bits: detects damage, not malice.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}
