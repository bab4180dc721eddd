import Foundation
import Synchronization

/// The files that are being written and are not whole yet, so that a process that is told to end
/// can remove them from within a signal handler.
public enum PartialFiles {
  /// The addresses of paths as C strings; 0 for none. The strings are never freed: a handler may
  /// look at them at any time, and there are few.
  private static let slots: [Slot] = (0..<16).map { _ in Slot() }

  private final class Slot: Sendable {
    let address = Atomic<UInt>(0)
  }

  /// Brings everything that ``removeAll()`` touches into being: a handler may not.
  public static func prepare() { _ = slots.count }

  /// Removes them all. Safe to call in a signal handler after ``prepare()``.
  public static func removeAll() {
    for slot in slots {
      let address = slot.address.load(ordering: .sequentiallyConsistent)
      // Safe because: the address is 0 or of a string that is whole and never freed.
      if let path = UnsafePointer<CChar>(bitPattern: address) { unlink(path) }
    }
  }

  /// Runs `body`, which writes a file at a path beside `path`; the file is removed if it is still
  /// there at the end.
  static func with<Result>(
    besides path: String, _ body: (_ temporaryPath: String) throws -> Result
  ) rethrows -> Result {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    removeAbandoned(besides: url.lastPathComponent, in: folder)
    let number = written.wrappingAdd(1, ordering: .relaxed).newValue
    let temporary =
      "\(folder)/\(prefix(url.lastPathComponent))\(getpid())-\(number)\(suffix)"
    let slot = strdup(temporary).flatMap { name in
      slots.first { slot in
        slot.address.compareExchange(
          expected: 0, desired: UInt(bitPattern: name), ordering: .sequentiallyConsistent
        ).exchanged
      }
    }
    defer {
      unlink(temporary)
      slot?.address.store(0, ordering: .sequentiallyConsistent)
    }
    return try body(temporary)
  }

  private static let written = Atomic(0)
  private static let suffix = ".partial"

  /// Names of files end at 255 bytes.
  private static func prefix(_ name: String) -> String { ".\(name.prefix(48))." }

  /// Removes what a process that was killed left beside a file of this name.
  private static func removeAbandoned(besides name: String, in folder: String) {
    let prefix = prefix(name)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for other in names where other.hasPrefix(prefix) && other.hasSuffix(suffix) {
      let middle = other.dropFirst(prefix.count).dropLast(suffix.count)
      let numbers = middle.split(separator: "-", omittingEmptySubsequences: false)
      guard numbers.count == 2, let process = pid_t(numbers[0]), process > 0,
        process != getpid(), kill(process, 0) == -1, errno == ESRCH
      else { continue }
      unlink("\(folder)/\(other)")
    }
  }
}
