import Foundation
import Synchronization
import Tabular

/// Ends the process from within a signal handler, where almost nothing is allowed.
enum LastWords {
  /// The address of the C strings that name the folders to remove if they are empty, the innermost
  /// first, nil after the last; never freed. 0 for none.
  private static let folders = Atomic<UInt>(0)

  /// Brings everything that a handler touches into being.
  static func prepare() { _ = folders.load(ordering: .sequentiallyConsistent) }

  /// Says which folders, the innermost first, have no use if the end leaves them empty.
  static func removeIfEmpty(_ paths: [String]) {
    let names = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
      capacity: paths.count + 1)
    for (place, path) in paths.enumerated() { (names + place).initialize(to: strdup(path)) }
    (names + paths.count).initialize(to: nil)
    folders.store(UInt(bitPattern: names), ordering: .sequentiallyConsistent)
  }

  /// Writes a text that is part of the program to standard error.
  static func write(_ text: StaticString) {
    _ = Foundation.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }

  /// Removes what is half written or empty, and ends the process. Only calls that POSIX allows in a
  /// handler: atomic loads, `unlink`, `rmdir`, `_exit`.
  static func end(_ code: Int32) -> Never {
    PartialFiles.removeAll()
    let folders = folders.load(ordering: .sequentiallyConsistent)
    // Safe because: the address is 0 or of memory that is whole and never freed.
    if var name = UnsafePointer<UnsafePointer<CChar>?>(bitPattern: folders) {
      while let folder = name.pointee {
        rmdir(folder)
        name += 1
      }
    }
    _exit(code)
  }
}
