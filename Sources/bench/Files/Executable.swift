import Foundation
import Harness

/// The program that runs.
enum Executable {
  /// Where its file is, or was when it started.
  static var path: String {
    #if os(Linux)
      (try? FileManager.default.destinationOfSymbolicLink(atPath: running)) ?? running
    #else
      running
    #endif
  }

  /// A path that leads to it even if its file was moved or replaced since it started, where there is
  /// such a path.
  static var running: String {
    #if os(Linux)
      "/proc/self/exe"
    #else
      Bundle.main.executablePath ?? CommandLine.arguments[0]
    #endif
  }

  /// SHA-256 of its file; empty if it cannot be read.
  static var digest: String {
    (try? Data(contentsOf: URL(fileURLWithPath: running), options: .mappedIfSafe))
      .map(FileDigest.sha256(of:)) ?? ""
  }
}

/// What of a command line its trials follow from.
enum TrialJournalKey {
  /// The words of the command without those that no number depends on.
  static func command(_ arguments: [String]) -> String {
    arguments.dropFirst().filter { !["--finished-only", "--quiet", "-q", "--json"].contains($0) }
      .joined(separator: "\n")
  }
}
