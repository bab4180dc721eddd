import Foundation
import Synchronization
import Tabular

/// The way to read a file that somebody else may have made: looked at by another process first
/// (``FileProbe``), then read under a guard (``CrashGuard``).
enum UntrustedFile {
  /// Files that were looked at. Nil where nobody looks: in a process that is not `bench` itself.
  private static let seen = Mutex<Set<String>?>(nil)

  /// From now on files are looked at first.
  static func beginToLook() { seen.withLock { $0 = [] } }

  /// Runs `body`, which reads the HDF5 file at `path`.
  ///
  /// - Throws: ``Failure`` if the file harms whoever reads it, and what `body` throws.
  static func reading<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    let isNew = seen.withLock { $0?.insert(path).inserted ?? false }
    var status = stat()
    // What is no file gets its sentence from the reader.
    if isNew, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      switch FileProbe.look(from: Executable.running, atFile: path) {
      case .harmless: break
      case .crashed:
        throw Failure(.badData, "\(path): reading this file crashes, \(advice)")
      case .endless:
        throw Failure(.badData, "\(path): reading this file does not end, \(advice)")
      }
    }
    return try CrashGuard.reading(path, body)
  }

  private static let advice = "so it is damaged or made to do harm; copy or make it again"
}
