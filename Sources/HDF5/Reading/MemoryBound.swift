import Foundation
import Synchronization

/// A bound on the memory that libhdf5 takes while it reads texts of varying length.
///
/// For each text the file states a length, of up to 4 GiB, and the library takes so much memory
/// before it looks whether the text is there. Such texts are never compressed, so that a file's
/// own size bounds them all. The bound is one of the whole process (`RLIMIT_AS`): other threads that
/// take memory meanwhile would fail, too. So it is off until a program that reads files on one
/// thread, before others work, turns it on. Linux alone enforces it.
package enum MemoryBound {
  private static let isOn = Atomic<Bool>(false)
  /// What the library and the allocator may take beside the texts.
  private static let spare = 64 << 20

  /// Turns the bound on or off for reads to come.
  package static func turn(on: Bool) { isOn.store(on, ordering: .relaxed) }

  /// Runs `body`, in which memory for not more than twice the file's bytes can be taken.
  static func during<Result, Failure: Error>(
    textsOf file: File, isOn wanted: Bool, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard wanted, isOn.load(ordering: .relaxed), let taken = addressSpace() else {
      return try body()
    }
    #if os(Linux)
      let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
      var before = rlimit()
      guard getrlimit(resource, &before) == 0 else { return try body() }
      var bounded = before
      bounded.rlim_cur = min(before.rlim_cur, rlim_t(taken + 2 * file.byteCount + spare))
      guard setrlimit(resource, &bounded) == 0 else { return try body() }
      defer { setrlimit(resource, &before) }
    #endif
    return try body()
  }

  /// The process's address space in bytes; nil where it is not known.
  private static func addressSpace() -> Int? {
    guard let file = fopen("/proc/self/statm", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, Int32(line.count), file) != nil else { return nil }
    let pages = line.prefix { $0 != 32 }.reduce(0) { $0 * 10 + Int($1) - 48 }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
