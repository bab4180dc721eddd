import Foundation
import Harness

/// Names of reports: different objectives, as they were typed, give different names.
enum ReportName {
  /// The name of a report on `data` under objectives as the command line gives them.
  static func name(data: String, objectives: [String]) -> String {
    let joined = objectives.map(slug).joined(separator: "-")
    guard joined.count > 80 else { return "\(data)-\(joined)" }
    return "\(data)-\(joined.prefix(64))-\(digest(objectives.joined(separator: "\n")))"
  }

  /// `quantile(0.9)` as `quantile-0.9`. What would lose its operators, or is long, ends in a digest
  /// of the text.
  static func slug(_ text: String) -> String {
    let plain = text.split { !letters.contains($0) }.joined(separator: "-")
    let isCall =
      text.allSatisfy { letters.contains($0) || "(),= ".contains($0) }
      && text.count { $0 == "(" } <= 1
    guard isCall, !plain.isEmpty, plain.count <= 40 else {
      return [String(plain.prefix(24)), digest(text)].filter { !$0.isEmpty }
        .joined(separator: "-")
    }
    return plain
  }

  private static let letters = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._")

  private static func digest(_ text: String) -> String {
    String(FileDigest.sha256(of: Data(text.utf8)).prefix(8))
  }
}
