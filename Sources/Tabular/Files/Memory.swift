import Foundation

/// How much memory the process may still take.
public enum Memory {
  /// Bytes that can be had beyond what the process has: the least of what its limits (`ulimit -v`,
  /// control groups) leave and what the machine has free, swap included. Nil if nothing is known.
  public static func available() -> Int? {
    [leftOfAddressSpace(), leftOfControlGroup(), freeOnMachine()].compactMap { $0 }.min()
  }

  /// Refuses work that needs more than there is.
  ///
  /// - Parameters:
  ///   - bytes: what the work needs at least, beyond what the process has.
  ///   - purpose: what it is for: `reading data.h5`.
  /// - Throws: ``MemoryShortage``.
  public static func require(_ bytes: Int, for purpose: String) throws(MemoryShortage) {
    guard let available = available(), bytes > available else { return }
    throw MemoryShortage(needed: bytes, available: available, purpose: purpose)
  }

  private static func leftOfAddressSpace() -> Int? {
    var limit = rlimit()
    #if os(Linux)
      getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    #else
      getrlimit(RLIMIT_AS, &limit)
    #endif
    guard let most = Int(exactly: limit.rlim_cur), most < 1 << 60 else { return nil }
    // Pages of the whole address space come first.
    guard let pages = numbers(in: "/proc/self/statm").first else { return nil }
    return max(0, most - pages * Int(sysconf(Int32(_SC_PAGESIZE))))
  }

  private static func leftOfControlGroup() -> Int? {
    for (most, used) in [
      ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
      (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes"
      ),
    ] {
      guard let most = numbers(in: most).first, most < 1 << 60, let used = numbers(in: used).first
      else { continue }
      // What files fill of it is given back: count on half of it.
      return max(0, most - used / 2)
    }
    return nil
  }

  private static func freeOnMachine() -> Int? {
    guard let text = text(of: "/proc/meminfo") else { return nil }
    var kilobytes = 0
    for line in text.split(separator: "\n")
    where line.hasPrefix("MemAvailable:") || line.hasPrefix("SwapFree:") {
      kilobytes += line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }
    return kilobytes > 0 ? kilobytes << 10 : nil
  }

  private static func numbers(in path: String) -> [Int] {
    text(of: path)?.split(whereSeparator: \.isWhitespace).compactMap { Int($0) } ?? []
  }

  private static func text(of path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }
}

/// Work that needs more memory than there is.
public struct MemoryShortage: Error, Sendable, CustomStringConvertible {
  /// Bytes that the work needs at least.
  public let needed: Int
  /// Bytes that there were.
  public let available: Int
  /// What it is for.
  public let purpose: String

  public var description: String {
    "not enough memory: \(purpose) needs about \(Self.text(needed)), and "
      + "\(Self.text(available)) are left; use fewer rows or columns, or raise the limit (ulimit -v)"
  }

  /// Bytes in the unit that reads best.
  public static func text(_ bytes: Int) -> String {
    bytes < 1_000_000_000
      ? "\(max(1, (bytes + 500_000) / 1_000_000)) MB"
      : "\(Double((bytes + 50_000_000) / 100_000_000) / 10) GB"
  }
}
