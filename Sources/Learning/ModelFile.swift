public import Foundation
import Tabular

/// The one-file format of every model.
///
/// A line that names the format and version, the length of a JSON header with sorted keys, the
/// header, the learner's payload, and a checksum of all of it. Numbers are little-endian. The same
/// model gives the same bytes.
public enum ModelFile {
  /// The newest version read. Models are written in the oldest that can hold them, for the sake of
  /// older readers: 2 has shifted features, 3 the payloads of models that ask for it
  /// (``TrainedModel/fileVersion``), such as forests that know how many rows each node had.
  public static let version = 3
  /// What every model file begins with.
  public static let magic = "CURVATURE MODEL"

  private struct Preamble: Codable {
    var kind: String
    var version: Int
    var header: ModelHeader
  }

  /// The kind of model in the file.
  public static func kind(of path: String) throws -> String {
    let bytes = try Array(readFile(at: path))
    return try naming(path) { () throws(LearningError) in try open(bytes).preamble.kind }
  }

  /// The bytes of a model file.
  public static func bytes<Model: TrainedModel>(of model: Model) throws -> Data {
    let version = max(model.header.featureShifts == nil ? 1 : 2, model.fileVersion)
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
    try read(type, from: Array(readFile(at: path)), of: path)
  }

  /// The model in the bytes of a file that is called `path` in messages.
  static func read<Model: TrainedModel>(
    _ type: Model.Type, from bytes: [UInt8], of path: String
  ) throws(LearningError) -> Model {
    try naming(path) { () throws(LearningError) in
      var (preamble, payload) = try open(bytes)
      guard preamble.kind == Model.kind else {
        throw LearningError(
          .invalidModelFile,
          "it holds a model of kind '\(preamble.kind)', not '\(Model.kind)'")
      }
      let model = try Model(header: preamble.header, payload: &payload)
      guard payload.isAtEnd else { throw damaged("there are bytes after its end") }
      return model
    }
  }

  private static func open(
    _ bytes: [UInt8]
  ) throws(LearningError) -> (preamble: Preamble, payload: BinaryDecoder) {
    guard let lineEnd = bytes.prefix(64).firstIndex(of: UInt8(ascii: "\n")),
      let line = String(bytes: bytes[..<lineEnd], encoding: .utf8), line.hasPrefix(magic)
    else { throw LearningError(.invalidModelFile, "it is not a Curvature model file") }
    guard let found = Int(line.dropFirst(magic.count + 1)), found <= version, found > 0 else {
      throw LearningError(
        .invalidModelFile,
        "it was written by a newer version ('\(line)'); this one reads up to \(version)")
    }
    guard bytes.count > lineEnd + 17 else { throw damaged("it is cut off") }
    var tail = BinaryDecoder(bytes[(bytes.count - 8)...])
    guard try tail.readUInt64() == checksum(bytes.dropLast(8)) else {
      throw damaged("its checksum does not match")
    }
    var decoder = BinaryDecoder(bytes[(lineEnd + 1)...].dropLast(8))
    let headerBytes = try decoder.readBytes(Int(clamping: decoder.readUInt64()))
    guard let preamble = try? JSONDecoder().decode(Preamble.self, from: Data(headerBytes)) else {
      throw damaged("its header cannot be read")
    }
    guard preamble.header.featureShifts?.values.allSatisfy(\.isSound) ?? true else {
      throw damaged("a feature is divided by nothing")
    }
    return (preamble, decoder)
  }

  /// Has every refusal within `body` begin with the file's name.
  private static func naming<Result>(
    _ path: String, _ body: () throws(LearningError) -> Result
  ) throws(LearningError) -> Result {
    do {
      return try body()
    } catch {
      throw LearningError(error.code, "\(path): \(error.reason)")
    }
  }

  private static func damaged(_ reason: String) -> LearningError {
    LearningError(.invalidModelFile, "the model file is damaged: \(reason)")
  }

  /// FNV-1a, 64 bits: detects damage, not malice.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}
