public import Foundation

/// The bytes of the file at `path`.
///
/// - Throws: `CocoaError` with the path: `fileReadNoSuchFile` only if there is no such file.
public func readFile(at path: String) throws -> Data {
  do {
    return try Data(contentsOf: URL(fileURLWithPath: path))
  } catch {
    var code = (error as? CocoaError)?.code ?? .fileReadUnknown
    if !FileManager.default.fileExists(atPath: path) {
      code = .fileReadNoSuchFile
    } else if code == .fileReadNoSuchFile {
      code = .fileReadUnknown
    }
    throw CocoaError(
      code, userInfo: [NSFilePathErrorKey: path, NSUnderlyingErrorKey: error as NSError])
  }
}
