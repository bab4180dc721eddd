public import Foundation
import Tabular

extension ResultRecord {
  /// The record as JSON text.
  public func json() throws -> Data { try Self.json(of: self) }

  /// A record of any kind as JSON text, so that all of them look alike.
  static func json(of record: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoder.encode(record) + Data("\n".utf8)
  }

  /// Reads a record from JSON text.
  ///
  /// - Throws: ``HarnessError`` if it is not a record, or of a newer version.
  public init(json data: Data, source: String = "record") throws(HarnessError) {
    struct Versioned: Codable { var version: Int }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      let found = try decoder.decode(Versioned.self, from: data).version
      guard found <= Self.currentVersion else {
        throw HarnessError(
          "\(source): the record is of version \(found); this program reads up to "
            + "\(Self.currentVersion)")
      }
      self = try decoder.decode(Self.self, from: data)
    } catch let error as HarnessError {
      throw error
    } catch {
      throw HarnessError("\(source): it is not a result record: \(Self.sentence(for: error))")
    }
  }

  /// Reads a record from a file.
  public init(contentsOf path: String) throws {
    try self.init(json: readFile(at: path), source: path)
  }

  /// Writes the record to one file, replacing it whole or not at all.
  public func write(to path: String) throws {
    try replaceFile(at: path, with: json())
  }

  private static func sentence(for error: any Error) -> String {
    guard let error = error as? DecodingError else { return "it is not JSON text" }
    func at(_ path: [any CodingKey]) -> String { path.map(\.stringValue).joined(separator: ".") }
    switch error {
    case .keyNotFound(let key, let context):
      return "'\(at(context.codingPath + [key]))' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "'\(at(context.codingPath))' has another type than it should"
    default:
      return "it is not JSON text"
    }
  }
}
