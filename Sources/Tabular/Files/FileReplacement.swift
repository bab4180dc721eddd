public import Foundation

/// Writes a file beside `path` and renames it over `path` when `body` succeeds.
///
/// A crash or an error leaves the old file or the new one, never half of one. What a process that
/// was killed left beside `path` is removed.
///
/// - Parameter body: writes the whole file at the temporary path it is given.
/// - Throws: what `body` throws, or ``FileReplacementError`` if the folder cannot be written.
public func replaceFile<Result>(
  at path: String, _ body: (_ temporaryPath: String) throws -> Result
) throws -> Result {
  let target = targetOfLinks(path)
  let old = try FileReplacementError.lookAtPlace(target, for: path)
  return try PartialFiles.with(besides: target) { temporary in
    func failure(_ reason: String) -> FileReplacementError {
      FileReplacementError(path: path, reason: reason, stage: .writing)
    }
    let result: Result
    do {
      result = try body(temporary)
    } catch let error as CocoaError {
      throw failure(reason(for: error))
    }
    if let old { chmod(temporary, old.st_mode & 0o7777) }
    guard synchronised(temporary), rename(temporary, target) == 0 else {
      throw failure(String(cString: strerror(errno)))
    }
    return result
  }
}

/// Writes `contents` to `path` as ``replaceFile(at:_:)`` does.
public func replaceFile(at path: String, with contents: Data) throws {
  try replaceFile(at: path) { try contents.write(to: URL(fileURLWithPath: $0)) }
}

/// Brings a file's bytes to the disk, so that the renaming never comes before them.
private func synchronised(_ path: String) -> Bool {
  let descriptor = open(path, O_RDONLY)
  guard descriptor >= 0 else { return false }
  defer { close(descriptor) }
  return fsync(descriptor) == 0
}

private func reason(for error: CocoaError) -> String {
  let underlying = error.userInfo[NSUnderlyingErrorKey] as? any Error
  if let code = (underlying as? POSIXError)?.code.rawValue {
    return String(cString: strerror(code))
  }
  return (underlying ?? error).localizedDescription
}

/// Where a file at `path` is written: a link stays a link, and what it leads to is replaced, even
/// where there is nothing yet.
public func targetOfLinks(_ path: String) -> String {
  var url = URL(fileURLWithPath: path)
  // A link that leads to itself leads nowhere.
  for _ in 0..<40 {
    guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: url.path) else {
      break
    }
    url = URL(fileURLWithPath: next, relativeTo: url.deletingLastPathComponent()).absoluteURL
  }
  return url.resolvingSymlinksInPath().path
}

/// A file that cannot be written.
public struct FileReplacementError: Error, Sendable, CustomStringConvertible {
  /// When it turned out.
  public enum Stage: Sendable {
    /// Before a byte was written: the place is no good.
    case place
    /// While the file was written, as on a full disk.
    case writing
  }

  /// The file.
  public let path: String
  /// Why not.
  public let reason: String
  /// When it turned out.
  public let stage: Stage

  /// An error for `path`.
  public init(path: String, reason: String, stage: Stage = .place) {
    self.path = path
    self.reason = reason
    self.stage = stage
  }

  public var description: String {
    let remedy = stage == .place ? "" : " or free space there"
    return "cannot write '\(path)': \(reason); choose another place\(remedy)"
  }

  /// The state of the file at `target` that `path` leads to; nil if there is none.
  ///
  /// - Throws: an error if nothing can be written there.
  fileprivate static func lookAtPlace(_ target: String, for path: String) throws -> stat? {
    func refusal(_ reason: String) -> FileReplacementError {
      FileReplacementError(path: path, reason: reason)
    }
    let folder = URL(fileURLWithPath: target).deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
      isFolder.boolValue
    else { throw refusal("the folder '\(folder)' does not exist") }
    guard access(folder, W_OK) == 0 else {
      throw refusal("the folder '\(folder)' is not writable (\(String(cString: strerror(errno))))")
    }
    var old = stat()
    guard stat(target, &old) == 0 else { return nil }
    let kind = old.st_mode & S_IFMT
    guard kind != S_IFDIR else { throw refusal("it is a folder") }
    guard kind == S_IFREG else { throw refusal("it is not a regular file") }
    return old
  }
}
