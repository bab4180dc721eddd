public import Foundation

/// The bytes of the file at `path`.
///
/// - Throws: `CocoaError` with the path: `fileReadNoSuchFile` only if there is no such file;
///   ``MemoryShortage`` if there is no memory for it.
public func readFile(at path: String) throws -> Data {
  var status = stat()
  if stat(path, &status) == 0 {
    // A pipe that nobody writes to would never end, a device perhaps neither.
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFREG else {
      let reason =
        kind == S_IFDIR
        ? "it is a folder; name a file in it" : "it is not a regular file; copy it to one"
      throw CocoaError(
        .fileReadUnsupportedScheme,
        userInfo: [NSFilePathErrorKey: path, NSLocalizedDescriptionKey: reason])
    }
    try Memory.require(2 * Int(status.st_size), for: "reading '\(path)'")
  }
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
