import Foundation
import Tabular

/// Where results go: looked at before the work, so that a typing error does not cost an hour.
enum OutputFile {
  /// Refuses a path that could not be written.
  ///
  /// - Throws: `FileReplacementError`.
  static func check(_ path: String) throws {
    let url = URL(fileURLWithPath: path)
    try checkFolder(url.deletingLastPathComponent().path, for: path)
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw FileReplacementError(path: path, reason: "it is a folder")
    }
  }

  /// Makes `folder` and those above it where they are missing.
  ///
  /// - Throws: `FileReplacementError`.
  static func makeFolder(_ folder: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw FileReplacementError(path: folder, reason: "the folder cannot be made")
    }
    try checkFolder(folder, for: folder)
  }

  private static func checkFolder(_ folder: String, for path: String) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
    else {
      throw FileReplacementError(path: path, reason: "the folder '\(folder)' does not exist")
    }
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw FileReplacementError(path: path, reason: "the folder '\(folder)' may not be written to")
    }
  }
}
