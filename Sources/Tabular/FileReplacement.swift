import Foundation

/// Writes a file beside `path` and renames it over `path` when `body` succeeds.
///
/// A crash or an error leaves the old file or the new one, never half of one.
///
/// - Parameter body: writes the whole file at the temporary path it is given.
/// - Throws: what `body` throws, or ``FileReplacementError`` if the folder cannot be written.
public func replaceFile<Result>(
  at path: String, _ body: (_ temporaryPath: String) throws -> Result
) throws -> Result {
  let url = URL(fileURLWithPath: path)
  let folder = url.deletingLastPathComponent().path
  let temporary =
    "\(folder)/.\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).partial"
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
  else {
    throw FileReplacementError(path: path, reason: "the folder '\(folder)' does not exist")
  }
  if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
    throw FileReplacementError(path: path, reason: "it is a folder")
  }
  // A failed write must not leave its remains behind.
  defer { unlink(temporary) }
  let result: Result
  do {
    result = try body(temporary)
  } catch let error as CocoaError {
    throw FileReplacementError(path: path, reason: reason(for: error))
  }
  guard rename(temporary, path) == 0 else {
    throw FileReplacementError(path: path, reason: String(cString: strerror(errno)))
  }
  return result
}

/// Writes `contents` to `path` as ``replaceFile(at:_:)`` does.
public func replaceFile(at path: String, with contents: Data) throws {
  try replaceFile(at: path) { try contents.write(to: URL(fileURLWithPath: $0)) }
}

private func reason(for error: CocoaError) -> String {
  let underlying = error.userInfo[NSUnderlyingErrorKey] as? any Error
  return (underlying ?? error).localizedDescription
}

/// A file that cannot be written.
public struct FileReplacementError: Error, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// Why not.
  public let reason: String

  /// An error for `path`.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String {
    "cannot write '\(path)': \(reason); choose another place with --output or free space there"
  }
}
