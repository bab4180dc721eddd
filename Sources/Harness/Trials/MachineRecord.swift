import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What an experiment ran on.
public struct MachineRecord: Sendable, Hashable, Codable {
  /// The processor's name.
  public var processor: String
  /// Logical cores this process may use.
  public var cores: Int
  /// Bytes of memory.
  public var memoryBytes: UInt64
  /// Operating system and version.
  public var system: String
  /// Processor architecture.
  public var architecture: String
  /// Version of the Swift compiler this program was built with, and whether it was optimised.
  public var swift: String
  /// Libraries with their versions, as far as they tell.
  public var libraries: [NamedValue]

  /// A machine from its parts.
  public init(
    processor: String, cores: Int, memoryBytes: UInt64, system: String, architecture: String,
    swift: String, libraries: [NamedValue] = []
  ) {
    self.processor = processor
    self.cores = cores
    self.memoryBytes = memoryBytes
    self.system = system
    self.architecture = architecture
    self.swift = swift
    self.libraries = libraries
  }

  /// The machine this process runs on.
  public static func current(libraries: [NamedValue] = []) -> MachineRecord {
    let info = ProcessInfo.processInfo
    return MachineRecord(
      processor: processorName() ?? "unknown", cores: info.activeProcessorCount,
      memoryBytes: info.physicalMemory, system: systemName(), architecture: architecture,
      swift: swiftVersion + (isOptimised ? ", optimised" : ", not optimised"),
      libraries: libraries)
  }

  /// Peak memory of this process so far, in bytes.
  public static func processPeakBytes() -> Int {
    var usage = rusage()
    #if canImport(Glibc)
      let code = getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
      let code = getrusage(RUSAGE_SELF, &usage)
    #endif
    guard code == 0 else { return 0 }
    // Linux counts in KiB, macOS in bytes.
    #if canImport(Darwin)
      return Int(usage.ru_maxrss)
    #else
      return Int(usage.ru_maxrss) * 1024
    #endif
  }

  private static func processorName() -> String? {
    #if canImport(Darwin)
      var length = 0
      guard sysctlbyname("machdep.cpu.brand_string", nil, &length, nil, 0) == 0 else { return nil }
      var bytes = [UInt8](repeating: 0, count: length)
      guard sysctlbyname("machdep.cpu.brand_string", &bytes, &length, nil, 0) == 0 else {
        return nil
      }
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    #else
      guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else {
        return nil
      }
      for key in ["model name", "Model", "Hardware"] {
        for line in text.split(separator: "\n") where line.hasPrefix(key) {
          guard let colon = line.firstIndex(of: ":") else { continue }
          return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
      }
      return nil
    #endif
  }

  private static func systemName() -> String {
    let version = ProcessInfo.processInfo.operatingSystemVersionString
    #if canImport(Darwin)
      return "macOS \(version)"
    #else
      let kernel = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8))
        .map { ", Linux \($0.trimmingCharacters(in: .whitespacesAndNewlines))" }
      return version + (kernel ?? "")
    #endif
  }

  private static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "arm64"
    #else
      "other"
    #endif
  }

  /// The language version is all a program can ask of its compiler.
  private static var swiftVersion: String {
    #if compiler(>=6.5)
      "Swift 6.5 or later"
    #elseif compiler(>=6.4)
      "Swift 6.4"
    #elseif compiler(>=6.3)
      "Swift 6.3"
    #else
      "Swift 6.2"
    #endif
  }

  private static var isOptimised: Bool {
    var debug = false
    assert(
      {
        debug = true
        return true
      }())
    return !debug
  }
}
