import ArgumentParser
import Foundation
import Tabular

/// Where results go: looked at before the work, so that a typing error does not cost an hour.
enum OutputFile {
  /// Refuses a path that could not be written, or that is one of the `inputs`.
  ///
  /// - Throws: `ValidationError` for an input, `FileReplacementError` otherwise.
  static func check(
    _ path: String, option: String = "--output", keeping inputs: [String] = []
  ) throws {
    for input in inputs where isSameFile(path, input) {
      throw ValidationError(
        "\(option) would replace '\(path)', which is an input; choose another place")
    }
    let url = URL(fileURLWithPath: targetOfLinks(path))
    try checkFolder(url.deletingLastPathComponent().path, for: path)
    var old = stat()
    guard stat(path, &old) == 0 else { return }
    let kind = old.st_mode & S_IFMT
    guard kind != S_IFDIR else { throw FileReplacementError(path: path, reason: "it is a folder") }
    guard kind == S_IFREG else {
      throw FileReplacementError(path: path, reason: "it is not a regular file")
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

  /// Whether two paths lead to one file, through links too. A file that is not there is no other.
  static func isSameFile(_ a: String, _ b: String) -> Bool {
    var first = stat()
    var second = stat()
    guard stat(a, &first) == 0, stat(b, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// Runs `body`; if it fails, those of `paths` that it created are removed.
  static func removingPartial<Result>(
    _ paths: [String], _ body: () throws -> Result
  ) throws -> Result {
    let created = paths.filter { !FileManager.default.fileExists(atPath: $0) }
    do {
      return try body()
    } catch {
      for path in created { try? FileManager.default.removeItem(atPath: path) }
      throw error
    }
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

/// The folder of reports. What was made of it goes again if nothing is written into it.
struct OutputFolder {
  /// Folders that were not there, the innermost first.
  private let made: [String]

  /// Makes `path` and the folders above it where they are missing.
  ///
  /// - Throws: `FileReplacementError`.
  init(making path: String) throws {
    var missing: [String] = []
    var url = URL(fileURLWithPath: path).appendingPathComponent("figures").standardizedFileURL
    while url.path != "/", !FileManager.default.fileExists(atPath: url.path) {
      missing.append(url.path)
      url.deleteLastPathComponent()
    }
    made = missing
    do {
      try OutputFile.makeFolder(path)
    } catch {
      removeIfEmpty()
      throw error
    }
    LastWords.removeIfEmpty(made)
  }

  /// Removes the folders that were made and are empty.
  func removeIfEmpty() {
    // A folder with something in it refuses.
    for folder in made { rmdir(folder) }
  }
}
