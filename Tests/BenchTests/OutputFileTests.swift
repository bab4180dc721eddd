import Foundation
import Tabular
import Testing

@testable import bench

/// Where results may go, looked at before the work.
struct OutputFileTests {
  /// Runs `body` with a folder of its own.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  private func write(_ path: String) throws { try Data("x".utf8).write(to: .init(filePath: path)) }

  /// The reason of a refusal; empty for none.
  private func refusal(_ path: String, keeping inputs: [String] = []) -> String {
    do {
      try OutputFile.check(path, keeping: inputs)
      return ""
    } catch { return "\(error)" }
  }

  @Test func placesThatCanBeWritten() throws {
    try withFolder { folder in
      try write("\(folder)/old")
      #expect(refusal("\(folder)/new").isEmpty && refusal("\(folder)/old").isEmpty)
      #expect(refusal("\(folder)/old", keeping: ["\(folder)/other"]).isEmpty)
      #expect(refusal(folder).contains("it is a folder"))
      #expect(refusal("/dev/null").contains("it is not a regular file"))
      #expect(refusal("\(folder)/none/new").contains("'\(folder)/none' does not exist"))
      #expect(refusal("\(folder)/old/new").contains("does not exist"))
      #expect(refusal("\(folder)/old", keeping: ["\(folder)/old"]).contains("which is an input"))
      // A link to an input is the input.
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/link", withDestinationPath: "\(folder)/old")
      #expect(refusal("\(folder)/link", keeping: ["\(folder)/old"]).contains("which is an input"))
      #expect(OutputFile.isSameFile("\(folder)/link", "\(folder)/old"))
      try write("\(folder)/second")
      #expect(!OutputFile.isSameFile("\(folder)/second", "\(folder)/old"))
      #expect(!OutputFile.isSameFile("\(folder)/none", "\(folder)/none"))
    }
  }

  @Test func foldersThatAreMissingAreMade() throws {
    try withFolder { folder in
      try OutputFile.makeFolder("\(folder)/a/b/c")
      try OutputFile.makeFolder("\(folder)/a/b/c")
      #expect(exists("\(folder)/a/b/c"))
      try write("\(folder)/file")
      #expect(throws: FileReplacementError.self) { try OutputFile.makeFolder("\(folder)/file/d") }
    }
  }

  @Test func whatAFailedRunCreatedGoes() throws {
    struct Failure: Error {}
    try withFolder { folder in
      let paths = ["old", "new", "never"].map { "\(folder)/\($0)" }
      try write(paths[0])
      #expect(throws: Failure.self) {
        try OutputFile.removingPartial(paths) {
          try write(paths[1])
          throw Failure()
        }
      }
      #expect(exists(paths[0]) && !exists(paths[1]))
      let result = try OutputFile.removingPartial(paths) {
        try write(paths[1])
        return 7
      }
      #expect(result == 7 && exists(paths[0]) && exists(paths[1]))
    }
  }

  @Test func foldersOfNothingGoAgain() throws {
    try withFolder { folder in
      try OutputFile.makeFolder("\(folder)/kept")
      try OutputFolder(making: "\(folder)/kept/out/deep").removeIfEmpty()
      #expect(exists("\(folder)/kept") && !exists("\(folder)/kept/out"))
      let used = try OutputFolder(making: "\(folder)/kept/out/deep")
      try write("\(folder)/kept/out/report")
      used.removeIfEmpty()
      #expect(exists("\(folder)/kept/out/report") && !exists("\(folder)/kept/out/deep"))
      // Folders that were there stay, empty or not.
      try OutputFolder(making: "\(folder)/kept").removeIfEmpty()
      #expect(exists("\(folder)/kept"))
    }
  }
}
