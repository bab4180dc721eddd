import Foundation
import Tabular
import Testing

@Suite struct FileReplacementTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("replace-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test func replacesWholeFiles() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("a.txt")
      try replaceFile(at: file.path, with: Data("one".utf8))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
      try replaceFile(at: file.path, with: Data("two".utf8))
      #expect(try String(contentsOf: file, encoding: .utf8) == "two")
      let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.txt"])
    }
  }

  @Test func aFailureKeepsTheOldFile() throws {
    struct Stop: Error {}
    try withFolder { folder in
      let file = folder.appendingPathComponent("a.txt")
      try replaceFile(at: file.path, with: Data("one".utf8))
      #expect(throws: Stop.self) {
        try replaceFile(at: file.path) { temporary in
          try Data("half".utf8).write(to: URL(fileURLWithPath: temporary))
          throw Stop()
        }
      }
      #expect(try String(contentsOf: file, encoding: .utf8) == "one")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.txt"])
    }
  }

  @Test func aLinkStaysALink() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("a.txt")
      let link = folder.appendingPathComponent("link")
      try replaceFile(at: file.path, with: Data("one".utf8))
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
      try replaceFile(at: link.path, with: Data("two".utf8))
      #expect(try String(contentsOf: file, encoding: .utf8) == "two")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == file.path)
    }
  }

  @Test func aLinkThatLeadsToNothingYetStaysALink() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("deep"), withIntermediateDirectories: true)
      for (name, destination) in [("first", "second"), ("second", "deep/file"), ("loop", "loop")] {
        try FileManager.default.createSymbolicLink(
          atPath: folder.appendingPathComponent(name).path, withDestinationPath: destination)
      }
      try replaceFile(at: folder.appendingPathComponent("first").path, with: Data("one".utf8))
      let written = folder.appendingPathComponent("deep/file")
      #expect(try String(contentsOf: written, encoding: .utf8) == "one")
      #expect(
        try FileManager.default.destinationOfSymbolicLink(
          atPath: folder.appendingPathComponent("first").path) == "second")
      #expect(throws: (any Error).self) {
        try replaceFile(at: folder.appendingPathComponent("loop/x").path, with: Data())
      }
    }
  }

  @Test func placesThatCannotBeWritten() throws {
    try withFolder { folder in
      for path in ["\(folder.path)/none/a.txt", folder.path, "/dev/null"] {
        #expect(throws: FileReplacementError.self) { try replaceFile(at: path, with: Data()) }
      }
      #expect(FileManager.default.fileExists(atPath: "/dev/null"))
    }
  }
}
