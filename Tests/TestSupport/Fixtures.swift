import Foundation

/// The path of a file in `Tests/Fixtures`.
public func fixturePath(_ name: String) -> String {
  URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/\(name)").path
}

/// The text of a file in `Tests/Fixtures`, which must be there.
public func fixtureText(_ name: String) -> String {
  guard let text = try? String(contentsOfFile: fixturePath(name), encoding: .utf8) else {
    preconditionFailure("there is no file \(fixturePath(name))")
  }
  return text
}
