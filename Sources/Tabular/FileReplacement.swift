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
  // A link stays a link: what it leads to is replaced.
  let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
  let folder = url.deletingLastPathComponent().path
  let temporary = "\(folder)/.\(UUID().uuidString).partial"
  func refusal(_ reason: String) -> FileReplacementError {
    FileReplacementError(path: path, reason: reason)
  }
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
  else { throw refusal("the folder '\(folder)' does not exist") }
  guard access(folder, W_OK) == 0 else {
    throw refusal("the folder '\(folder)' is not writable (\(String(cString: strerror(errno))))")
  }
  var old = stat()
  let isThere = stat(url.path, &old) == 0
  if isThere {
    let kind = old.st_mode & S_IFMT
    guard kind != S_IFDIR else { throw refusal("it is a folder") }
    guard kind == S_IFREG else { throw refusal("it is not a regular file") }
  }
  // A failed write must not leave its remains behind.
  defer { unlink(temporary) }
  let result: Result
  do {
    result = try body(temporary)
  } catch let error as CocoaError {
    throw refusal(reason(for: error))
  }
  if isThere { chmod(temporary, old.st_mode & 0o7777) }
  guard synchronised(temporary), rename(temporary, url.path) == 0 else {
    throw refusal(String(cString: strerror(errno)))
  }
  return result
}

/// Brings a file's bytes to the disk, so that the renaming never comes before them.
private func synchronised(_ path: String) -> Bool {
  let descriptor = open(path, O_RDONLY)
  guard descriptor >= 0 else { return false }
  defer { close(descriptor) }
  return fsync(descriptor) == 0
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
    "cannot write '\(path)': \(reason); choose another place or free space there"
  }
}
